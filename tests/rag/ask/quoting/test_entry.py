"""A code by itself asks for its entry, not for a sentence that mentions it."""

from dataclasses import replace

import pytest

from rag.ask.flow import preview
from rag.ask.quoting.entry import Entry
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import load_settings
from rag.types import Hit, Question
from rag.wiring import open_workspace

MANUAL = """# Kettle errors

Code | Meaning | What to do
---|---|---
K-17 | Boils dry | Fill it above the mark
K-18 | Lid open | Close the lid

# Bracken desk

If the display goes dark, nothing was saved and the kettle stays in K-17 until the next day.

# RB-31: a kettle that whistles

Take the lid off before you do anything else with it.

# Spare parts

Part | Fits
---|---
Heating coil, long | K-17 repairs
Bracken kettle (BK-900) | all coils
"""


@pytest.fixture
def hit(passage_of):
    def under(*headings):
        passage = passage_of("…")
        return Hit(replace(passage, chunk=replace(passage.chunk, headings=headings)), 1.0, (), {})

    return under


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    home, folder = (tmp_path_factory.mktemp(name) for name in ("home", "documents"))
    (folder / "kettle.md").write_text(MANUAL, encoding="utf-8")
    with open_workspace(load_settings(home=home, env={"FOOTNOTE_MODELS__RUNTIME": "torch-float32"})) as workspace:
        ingest(find_files([folder]), workspace)
        yield workspace


@pytest.mark.parametrize("question", ["HX-2104", "what is hx-2104?", "HX-2104 HX-2105", "What's HX-2104"])
def test_codes_alone_have_an_entry(question):
    assert Entry(question)


@pytest.mark.parametrize("question", ["router", "HX-2104 after an update", "who repairs HX-2104", ""])
def test_what_asks_more_has_none(question, hit):
    entry = Entry(question)
    assert not entry
    assert entry.worth("HX-2104 | Rejected", hit(), position=0) == 0


def test_an_entry_is_worth_more_than_what_stands_below_the_code_than_what_begins_with_it(hit):
    entry, elsewhere = Entry("hx-2104"), hit("Errors")

    def worth(*texts):
        (same,) = {entry.worth(text, elsewhere, position=3) for text in texts}
        return same

    entries = worth("HX-2104 | Rejected", "- HX-2104: rejected", "**HX-2104** – says no", "Router (HX-2104) | 2031")
    below = entry.worth("Check the password.", hit("Errors", "HX-2104: rejected"), position=0)
    named = worth(
        "Red | HX-2104", "Red | HX-2104, no password | call", "1 | Rejected (HX-2104) | call", "HX-2104 is old."
    )
    assert entries > below > named > 0


@pytest.mark.parametrize(
    "text",
    [
        "See HX-2104.",
        "HX-21040 | Another",
        "HX-2104-B | Another",
        "1 | Codes HX-2100 to HX-2104, all | read them",
        "Rejected (HX-2104)",
    ],
)
def test_a_mention_or_another_code_gains_nothing(text, hit):
    assert Entry("HX-2104").worth(text, hit("Errors of HX-2104"), position=0) == 0


def test_only_the_first_sentence_below_a_heading_is_its_entry(hit):
    entry, below = Entry("RB-08"), hit("RB-08: caller verification")
    assert entry.worth("Verify the caller.", below, position=0) > 0
    assert entry.worth("Then listen.", below, position=1) == 0


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("K-17", "K-17 | Boils dry | Fill it above the mark"),
        ("what is k-17?", "K-17 | Boils dry | Fill it above the mark"),
        ("RB-31", "Take the lid off before you do anything else with it."),
        ("BK-900", "Bracken kettle (BK-900) | all coils"),
    ],
)
def test_a_code_is_answered_with_its_entry(workspace, code, first):
    answer = preview(Question(code), workspace)
    drafts = [answer.verdict.statements, *(each.statements for each in answer.verdict.candidates)]
    assert next(statements[0].text for statements in drafts if statements) == first


def test_with_a_code_nothing_is_quoted_that_does_not_name_it(workspace):
    said = preview(Question("K-17"), workspace).verdict.statements
    assert said
    assert all("K-17" in statement.text for statement in said)


def test_a_title_or_heading_names_what_stands_below_it(hit):
    entry = Entry("HX-21")
    assert entry.names("See hx-21.", hit())
    assert entry.names("Call.", hit("Errors of HX-21", "What to do"))
    assert not entry.names("HX-210 is another.", hit("Errors"))
