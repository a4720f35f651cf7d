"""The owner's bar is written into the policy, and nothing else in it changes."""

import pytest

from rag.errors import InputError, SettingsError
from rag.safety.bar import set_bar, with_bar
from rag.safety.policy import default_text, read_policy


def test_a_home_without_a_policy_gets_the_default_one_with_the_bar(tmp_path):
    policy = set_bar(tmp_path / "policy.toml", 0.62, before=0.4, by="owner")
    assert policy.answers.min_confidence == 0.62
    assert policy.topics == read_policy(tmp_path / "none.toml").topics
    assert policy.use.sha256 != read_policy(tmp_path / "none.toml").use.sha256


def test_the_line_says_who_set_it_when_and_what_it_was(tmp_path):
    set_bar(tmp_path / "policy.toml", 0.62, before=0.4, by="owner\n[visible]")
    (line,) = [
        line for line in (tmp_path / "policy.toml").read_text().splitlines() if line.startswith("min_confidence")
    ]
    assert line.startswith("min_confidence = 0.62  # set by owner[visible] on 20")
    assert line.endswith("UTC, 0.40 before")


def test_only_its_line_changes(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text('version = "ours"\n\n[answers]\nmin_confidence = 0.5\nrefuse_overrides = false\n')
    policy = set_bar(path, 0.7, before=0.5, by="owner")
    assert (policy.version, policy.answers.refuse_overrides) == ("ours", False)
    lines = path.read_text().splitlines()
    assert [line for line in lines if not line.startswith("min_confidence")] == [
        'version = "ours"',
        "",
        "[answers]",
        "refuse_overrides = false",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('version = "1"\n', 'version = "1"\n\n[answers]\nmin_confidence = 0.70  # x\n'),
        ("[answers]\n[visible]\n", "[answers]\nmin_confidence = 0.70  # x\n[visible]\n"),
        ("[answers]  # ours\n# min_confidence = 0.4\n", "[answers]  # ours\nmin_confidence = 0.70  # x\n"),
        (
            "[answers]\n[[topics]]\nmin_confidence = 1\n",
            "[answers]\nmin_confidence = 0.70  # x\n[[topics]]\nmin_confidence = 1\n",
        ),
    ],
)
def test_the_line_comes_into_its_own_table(text, expected):
    assert with_bar(text, 0.7, "x") == expected


def test_setting_it_twice_leaves_one_line():
    twice = with_bar(with_bar(default_text(), 0.7, "x"), 0.5, "y")
    assert [line for line in twice.splitlines() if "min_confidence =" in line] == ["min_confidence = 0.50  # y"]


def test_a_policy_with_a_mistake_is_not_touched(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text('version = "1"\n[answers]\nmin_confidense = 0.5\n')
    with pytest.raises(SettingsError, match="did you mean"):
        set_bar(path, 0.7, before=0.4, by="owner")
    assert "0.7" not in path.read_text()


def test_what_is_no_confidence_is_refused(tmp_path):
    with pytest.raises(InputError):
        set_bar(tmp_path / "policy.toml", 1.2, before=0.4, by="owner")
    assert not (tmp_path / "policy.toml").exists()


@pytest.mark.parametrize("head", ["[answers]", "[ answers ]", '["answers"]'])
def test_the_line_that_holds_is_replaced_before_one_that_is_commented_out(tmp_path, head):
    path = tmp_path / "policy.toml"
    path.write_text(f'version = "1"\n{head}\n# min_confidence = 0.35\nmin_confidence = 0.5\n', encoding="utf-8")
    assert set_bar(path, 0.7, before=0.5, by="owner").answers.min_confidence == 0.7
    assert "# min_confidence = 0.35\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "answers",
    [
        "answers.min_confidence = 0.5",
        "answers = {min_confidence = 0.5}",
        '[answers]\n"min_confidence" = 0.5',
        '[[caveats]]\nname = "a"\nwords = ["b"]\ntext = """\n[answers]\n"""',
    ],
)
def test_a_policy_that_holds_the_bar_in_another_form_is_left_alone(tmp_path, answers):
    path = tmp_path / "policy.toml"
    path.write_text(f'version = "1"\n{answers}\n', encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=r"0\.70 cannot be written") as caught:
        set_bar(path, 0.7, before=0.5, by="owner")
    assert "[answers]" in caught.value.hint
    assert path.read_bytes() == before
