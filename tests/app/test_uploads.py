"""What a session sees of the uploads of all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import rag.ingest
from app.background import Batch
from app.uploads import TOLD_OTHERS, for_browser, shown
from rag.types import DocumentInfo, FileReport, Flag, FlagDecision, ParseReport

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDER = Flag("hidden", 0, 8, "is not displayed", severe=True)
WARNING = "8 characters that the file hides from its readers were left out."
REPORT = ParseReport(None, 8, 0, warnings=(WARNING,), flags=(ORDER,))
INFO = DocumentInfo("d1", "default", "/a.html", "a.html", "A", "text/html", "v1", 1, 9, 1, 8, "", "", (), REPORT)


def ended(owner, ago=timedelta(0), *reports):
    batch = Batch(Path("none"), (), owner, reports=reports, ended_at=NOW - ago)
    batch.finished.set()
    return batch


def seen(*batches, session="mine"):
    return shown(batches, lambda _: INFO, session=session, now=NOW)


def test_what_others_have_uploaded_is_told_for_a_while_and_what_is_mine_stays():
    long_ago = TOLD_OTHERS + timedelta(seconds=1)
    mine, others, old = ended("mine", long_ago), ended("other"), ended("other", long_ago)
    assert [(each["id"], each["own"]) for each in seen(mine, others, old)] == [(mine.id, True), (others.id, False)]


def test_what_waits_or_runs_is_shown_to_everyone():
    assert [each["state"] for each in seen(Batch(Path("none"), (), "other"))] == ["waiting"]


@pytest.mark.parametrize(
    ("decisions", "held", "warnings"),
    [
        ((), True, ["Some passages wait for your decision; the rest is searched.", WARNING]),
        (("kept_out",), False, ["Decided: left out.", WARNING]),
        (("released",), False, ["Decided: used.", WARNING.replace("left out", "released")]),
    ],
)
def test_a_held_file_is_told_of_as_somebody_has_decided_since(decisions, held, warnings):
    made = tuple(FlagDecision(choice, "local", "2026-03-01") for choice in decisions)
    live = replace(INFO, report=replace(REPORT, decisions=made))
    batch = ended("mine", timedelta(0), FileReport("/a.html", "a.html", "added", "d1", "v1", report=REPORT))
    (told,) = shown([batch], lambda _: live, session="mine", now=NOW)
    assert (told["files"][0]["held"], told["files"][0]["warnings"]) == (held, warnings)


def test_a_held_file_that_is_removed_needs_nobody():
    batch = ended("mine", timedelta(0), FileReport("/a.html", "a.html", "added", "d1", "v1", report=REPORT))
    (told,) = shown([batch], lambda _: None, session="mine", now=NOW)
    assert (told["files"][0]["held"], told["files"][0]["warnings"][0]) == (False, "It has been removed since.")


def test_no_hint_names_a_setting_in_the_browser():
    sources = Path(rag.ingest.__file__).parent.rglob("*.py")
    hints = [hint for path in sources for hint in re.findall(r'hint=f?"([^"]*raise [^"]*)"', path.read_text("utf-8"))]
    hints = [hint.replace("{which}", "ingest.max_file_mb") for hint in hints]
    assert len(hints) > 8
    assert all("ingest." in hint for hint in hints)
    assert not any("ingest." in for_browser(hint) for hint in hints)
    assert for_browser("Split the file, or raise ingest.max_pages.") == (
        "Split the file, or ask whoever runs Footnote for a higher limit."
    )
