"""What is in force answers first, on the day of the question; a disagreement that nothing settles refuses with both."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag.ask.flow import ask, preview
from rag.ingest.find import find_files
from rag.ingest.flow import ingest, remove, restate
from rag.receipts.replay import replay
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_workspace

TODAY = "2026-06-08"
OLD = """---
title: Returns and refunds (2023)
effective: 2023-04-01
---

# Returns

Orders from our web shop can be sent back within 14 days of delivery.

Engraved items are exchanged within 9 weeks of delivery.
"""
NEW = """---
title: Returns and refunds (2025)
effective: 2025-09-01
---

# Returns

Orders from our web shop can be sent back within 30 days of delivery.

Gift cards are paid back within 6 weeks of their purchase.
"""
POLICY = "# Dead on arrival\n\nA product is dead on arrival when it fails within 14 days of delivery.\n"
RUNBOOK = "# Handling an RMA\n\nA unit that fails within 21 days of delivery is treated as dead on arrival.\n"
WINDOW = "Within how many days of delivery can orders from the web shop be sent back?"
ARRIVAL = "How many days after delivery does a unit count as dead on arrival?"
DOCUMENTS = {"returns-2023.md": OLD, "returns-2025.md": NEW, "doa.md": POLICY, "rma.md": RUNBOOK}


def titles(answer):
    return {citation.title for statement in answer.verdict.statements for citation in statement.citations}


def test_the_edition_in_force_answers_and_the_receipt_names_the_other(workspace):
    answer = ask(Question(WINDOW, as_of=TODAY), workspace)
    assert "30 days" in answer.text
    assert titles(answer) == {"Returns and refunds (2025)"}
    record = workspace.catalog.answer(answer.receipt)
    assert (record["today"], record["as_of"]) == (TODAY, TODAY)
    back = {each["title"]: each["set_back"] for each in record["standings"]}
    assert "superseded since 1 September 2025" in back["Returns and refunds (2023)"]


@pytest.mark.parametrize("bar", [0.0, 0.5])
def test_what_only_an_edition_of_before_tells_is_answered_from_it_and_marked_at_any_bar(workspace, bar):
    choices = replace(workspace.ask_choices, min_confidence=bar)
    question = Question("Within how many weeks of delivery are engraved items exchanged?", as_of=TODAY)
    answer = preview(question, workspace, choices=choices)
    assert "9 weeks" in answer.text
    assert titles(answer) == {"Returns and refunds (2023)"}
    assert "“Returns and refunds (2023)” is not in force: superseded since 1 September 2025." in answer.message
    # The passages that are shown are those that were read.
    assert "Returns and refunds (2023)" in {hit.passage.title for hit in answer.passages}


@pytest.mark.parametrize("said", ["under the old rules", "in the previous edition", "in the former policy"])
def test_the_edition_before_answers_where_it_is_named(workspace, said):
    answer = preview(Question(f"{WINDOW.removesuffix('?')} {said}?", as_of=TODAY), workspace)
    assert titles(answer) == {"Returns and refunds (2023)"}
    assert "14 days" in answer.text
    assert "This is as of 31 August 2025; “Returns and refunds (2023)” is superseded" in answer.message


def test_an_edition_of_before_is_silent_where_the_one_in_force_seems_to_answer(tmp_path):
    policies = Path(__file__).parents[3] / "corpus" / "documents" / "policies"
    with open_workspace(load_settings(home=tmp_path, env={})) as opened:
        ingest(find_files([policies / "returns-2023.md", policies / "returns-2025.md"]), opened)
        question = Question("How many days do I have to return a web shop order?", as_of=TODAY)
        assert "Returns and refunds (2023)" not in titles(preview(question, opened))
        asked = replace(question, text=f"{question.text.removesuffix('?')} under the old rules?")
        assert titles(preview(asked, opened)) == {"Returns and refunds (2023)"}


def test_as_of_an_earlier_day_the_earlier_edition_answers_and_says_what_became_of_it(workspace):
    answer = preview(Question(WINDOW, as_of="2024-02-02"), workspace)
    assert titles(answer) == {"Returns and refunds (2023)"}
    asked = preview(Question(f"In 2024: {WINDOW}", as_of=TODAY), workspace)
    assert titles(asked) == {"Returns and refunds (2023)"}
    assert "superseded since 1 September 2025" in asked.message


def test_a_disagreement_refuses_with_both_sides_quoted_to_the_letter(workspace):
    answer = ask(Question(ARRIVAL, as_of=TODAY), workspace)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "conflicting_evidence")
    record = workspace.catalog.answer(answer.receipt)
    assert {side["text"] for side in record["sides"]} == {
        POLICY.strip().rsplit("\n", 1)[1],
        RUNBOOK.strip().rsplit("\n", 1)[1],
    }
    for side in record["sides"]:
        (cited,) = side["citations"]
        text = workspace.catalog.text(cited["document"], cited["version"]).text
        assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert workspace.catalog.check_ledger().n_quotes >= 2
    assert replay(answer.receipt, workspace).same


def test_a_person_settles_it(workspace):
    (runbook,) = [info for info in workspace.catalog.documents("default") if info.name == "rma.md"]
    restate(runbook.id, {"status": "draft"}, workspace)
    try:
        answer = preview(Question(ARRIVAL, as_of=TODAY), workspace)
    finally:
        restate(runbook.id, {}, workspace)
    assert answer.verdict.outcome == "answered"
    assert titles(answer) == {"Dead on arrival"}
    assert "21 days" in answer.message
    assert len(answer.verdict.sides) == 2


def test_a_removed_side_leaves_no_words_in_the_record(workspace, tmp_path):
    path = tmp_path / "late.md"
    path.write_text("# Late desk\n\nA device that fails within 33 days of delivery is treated as dead on arrival.\n")
    ingest(find_files([path]), workspace)
    answer = ask(Question(ARRIVAL, as_of=TODAY), workspace)
    (late,) = [info for info in workspace.catalog.documents("default") if info.name == "late.md"]
    assert "33 days" in str(workspace.catalog.answer(answer.receipt))
    remove(late.id, workspace)
    assert "33 days" not in str(workspace.catalog.answer(answer.receipt))


def test_a_past_day_is_not_answered_from_a_later_edition(workspace):
    today = preview(Question("Within how many weeks are gift cards paid back?", as_of=TODAY), workspace)
    assert "6 weeks" in today.text
    then = preview(Question("Within how many weeks were gift cards paid back in June 2024?", as_of=TODAY), workspace)
    assert then.verdict.outcome == "refused"


def test_a_day_anywhere_in_a_question_is_answered_from_the_edition_of_that_day(workspace):
    asked = "Within how many days of delivery could orders from the web shop be sent back"
    for said in (f"{asked} as of March 2024?", f"{asked} in 2024?", f"{asked} before June 2024?"):
        answer = preview(Question(said, as_of=TODAY), workspace)
        assert titles(answer) == {"Returns and refunds (2023)"}, said
        assert "14 days" in answer.text


def test_a_refusal_about_a_past_day_names_its_edition_and_misses_no_word_of_the_day(workspace):
    text = "How were refunds of gift vouchers for orders from the web shop taxed as of March 2024?"
    answer = preview(Question(text, as_of=TODAY), workspace)
    assert answer.verdict.outcome == "refused"
    assert not any("2024" in word for word in answer.verdict.missing)
    assert answer.message.startswith("On 31 March 2024 “Returns and refunds (2023)” was in force.")
    assert answer.passages[0].passage.title == "Returns and refunds (2023)"


ROOMS = (
    "# Rooms for hire\n\nPupils: practice rooms free, up to 3 hours a week, key at the office against a £10 deposit.\n"
)
MEETING = (
    "# Staff meeting, 10 May 2026\n\n**Practice rooms.** Room 13 is out of use because of damp, until after Easter. "
    "Pupils may book at most two hours a week until then, instead of three.\n"
)


def test_what_a_meeting_changed_is_told_in_place_of_the_sheet_that_still_gives_what_held_before(tmp_path):
    (tmp_path / "rooms.md").write_text(ROOMS)
    (tmp_path / "minutes.md").write_text(MEETING)
    with open_workspace(load_settings(home=tmp_path / "home", env={})) as opened:
        ingest(find_files([tmp_path / "rooms.md", tmp_path / "minutes.md"]), opened)
        answer = ask(Question("How many hours a week can pupils use practice rooms?", as_of=TODAY), opened)
        assert "two hours a week" in answer.text
        assert titles(answer) == {"Staff meeting, 10 May 2026"}
        assert "“Rooms for hire” says 3 hours" in answer.message
        back = {each["title"]: each["set_back"] for each in opened.catalog.answer(answer.receipt)["standings"]}
        assert "it tells of the change" in back["Rooms for hire"]
        assert replay(answer.receipt, opened).same
        other = preview(Question("What deposit is there on the key of a practice room?", as_of=TODAY), opened)
        assert "£10" in other.text
