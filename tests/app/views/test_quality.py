"""The Quality view: what a bar costs and saves, and setting it."""

from __future__ import annotations

import pytest

from rag.errors import InputError
from rag.safety.policy import read_policy


@pytest.fixture
def quality(screen):
    """The view, in a home whose policy sets no bar."""
    path = screen.service.workspace().home.path / "policy.toml"
    path.unlink(missing_ok=True)
    screen.state.destination = "quality"
    yield screen.run()
    path.unlink(missing_ok=True)


def test_it_shows_the_bar_in_use_and_what_others_would_do(quality):
    shown = quality.content("quality")
    assert shown["bar"] == quality.service.settings.answer.min_confidence
    assert (shown["from_policy"], shown["may_set"], shown["own"]) == (False, True, False)
    assert shown["bars"][0]["shown"] >= shown["bars"][-1]["shown"]
    assert all("Answers like this one" in band["words"] or "Too few" in band["words"] for band in shown["bands"])
    assert shown["signals"]


def test_the_owner_sets_the_bar_in_the_policy_and_receipts_tell_it(quality):
    before = quality.service.workspace().policy.use.sha256
    quality.service.set_bar(0.62)
    shown = quality.run().content("quality")
    assert (shown["bar"], shown["from_policy"]) == (0.62, True)
    workspace = quality.service.workspace()
    assert read_policy(workspace.home.path / "policy.toml").answers.min_confidence == 0.62
    assert workspace.policy.use.sha256 != before


def test_the_policy_in_force_is_shown_with_its_hash_and_its_mistakes(quality):
    home = quality.service.workspace().home.path
    shown = quality.content("policy")
    assert (shown["own"], shown["mistake"]) == (False, "")
    assert "[masking]" in shown["text"]
    assert shown["sha256"] == quality.service.workspace().policy.use.sha256
    (masked,) = shown["masked"]
    assert masked["where"] == "copies for a customer, exported receipts and logs"
    assert masked["kinds"].endswith("social security numbers and phone numbers")
    assert shown["contacts"] == []
    own = 'version = "mine"\n[masking]\nlogs = []\ncontacts = ["help@hexmoor.example"]\n'
    (home / "policy.toml").write_text(own, encoding="utf-8")
    shown = quality.run().content("policy")
    assert [each["where"] for each in shown["masked"]] == ["copies for a customer and exported receipts", "logs"]
    assert (shown["masked"][1]["kinds"], shown["contacts"]) == ("", ["help@hexmoor.example"])
    (home / "policy.toml").write_text('version = "mine"\n[answers]\nmin_confidence = "0.9"\n', encoding="utf-8")
    shown = quality.run().content("policy")
    assert shown["own"]
    assert "min_confidence" in shown["mistake"]
    assert "masked" not in shown
    assert (quality.contents("notice"), quality.contents("quality")) == ([], [])


def test_what_is_no_confidence_is_said_and_changes_nothing(quality):
    with pytest.raises(InputError):
        quality.service.set_bar(7.0)
    assert not quality.service.workspace().policy.answers.min_confidence
