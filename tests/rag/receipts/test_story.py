"""A receipt in words says what was in force, what was set back and why, and what documents that disagree say."""

from rag.receipts.story import tell
from rag.types import Receipt

CITED = {
    "n": 1,
    "document": "d1",
    "title": "Runbook",
    "version": "v1",
    "page": None,
    "start": 0,
    "end": 8,
    "quote": "21 days.",
    "headings": [],
}
RECORD = {
    "receipt": "r1",
    "question": "How many days?",
    "space": "default",
    "outcome": "refused",
    "reason": "conflicting_evidence",
    "message": "They disagree.",
    "statements": [],
    "sides": [{"text": "21 days.", "support": 1.0, "citations": [CITED]}],
    "as_of": "2026-06-08",
    "standings": [
        {
            "document": "d2",
            "title": "Returns 2023",
            "status": "superseded",
            "from": "2023-04-01",
            "until": "2025-08-31",
            "in_force": False,
            "set_back": "superseded since 1 September 2025; “Returns 2025” is in force",
        }
    ],
    "confidence": {"probability": 0.0, "level": "low", "signals": {}},
}


def told(title):
    (section,) = [each for each in tell(Receipt(RECORD, (), None, ())) if each.title == title]
    return section.lines


def test_the_sides_stand_with_their_sources():
    (line,) = told("Documents that disagree")
    assert (line.label, line.text, line.below) == ("[1]", "21 days.", ("Runbook",))
    assert told("Sources")[0].text == "“21 days.”"


def test_the_words_of_a_removed_document_are_no_empty_quote():
    side = {"text": "", "support": 1.0, "citations": [CITED | {"quote": "", "title": ""}]}
    sections = tell(Receipt(RECORD | {"sides": [side]}, (), None, ()))
    (source,) = next(each for each in sections if each.title == "Sources").lines
    assert (source.text, source.below[0]) == ("(removed with its document)", "(removed)")


def test_a_sheet_is_called_so():
    side = {"text": "21 days.", "support": 1.0, "citations": [CITED | {"page": 2}]}
    sections = tell(Receipt(RECORD | {"sides": [side]}, (), None, (), {"d1": "sheet"}))
    assert next(each for each in sections if each.title == "Documents that disagree").lines[0].below == (
        "Runbook, sheet 2",
    )


def test_what_was_set_back_is_told_with_the_reason():
    day, document = told("In force")
    assert (day.label, day.text) == ("as of", "2026-06-08")
    assert document.text == "Returns 2023 from 2023-04-01 until 2025-08-31"
    assert document.below == ("set back: superseded since 1 September 2025; “Returns 2025” is in force",)


def test_what_a_question_took_out_of_an_earlier_answer_is_told_with_its_place():
    carried = {"text": "Mara Lindqvist", "document": "d1", "chunk": "d1@v1:0-42", "start": 27, "end": 41}
    query = {"original": "her number?", "text": "her number? (Mara Lindqvist)", "carried": [carried]}
    section = next(each for each in tell(Receipt(RECORD | {"query": query}, (), None, ())) if each.title == "Question")
    line = next(line for line in section.lines if line.label == "looked up as")
    assert line.below == ("“Mara Lindqvist” was said before (d1@v1:0-42)",)
