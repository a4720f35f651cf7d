"""What a receipt begins with, in plain sentences."""

from __future__ import annotations

import pytest

from rag.receipts.summary import in_short
from rag.types import Receipt, SourceChange

ROW = "KR-620 | Kestrel 6 Pro | 379"
CITED = {"n": 1, "document": "d1", "title": "Price list 2026", "version": "ab12cd34ef56", "page": 1, "quote": ROW}
ANSWERED = {
    "receipt": "a1",
    "outcome": "answered",
    "reason": None,
    "asked_at": "2026-11-28T03:18:00.123+00:00",
    "statements": [{"text": ROW, "citations": [CITED]}],
    "standings": [{"document": "d1", "status": "in force", "from": "2026-02-01"}],
    "confidence": {"probability": 0.9, "level": "high", "alike": {"n": 200, "right": 181}},
}
REFUSED = {**ANSWERED, "outcome": "refused", "statements": [], "standings": []}


def told(record, *changes):
    return in_short(Receipt(record, (), None, changes))


def changed(**how):
    return SourceChange("d1", "Price list 2026", "changed", "ab", "cd", "", (1,), **how)


def test_an_answer_says_what_was_answered_from_where_how_sure_and_that_it_holds():
    first, second = told(ANSWERED)
    assert first == (
        "On 28 November 2026, at 03:18 UTC, the question was answered with “KR-620 – Kestrel 6 Pro – 379”, from "
        "“Price list 2026” (in force from 1 February 2026, version ab12cd34)."
    )
    assert second == (
        "High confidence: answers like this one were right 9 times in 10. The documents that it cites have not changed "
        "since."
    )


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("The waiver covers:", "accidental damage", "theft"), "The waiver covers: accidental damage; theft"),
        (("1 | Plug it in.", "2 | Press the button."), "1 – Plug it in. 2 – Press the button."),
        ((ROW, "KR-610 | Kestrel 5 | 199"), "KR-620 – Kestrel 6 Pro – 379; KR-610 – Kestrel 5 – 199"),
    ],
)
def test_items_and_rows_are_told_apart(texts, words):
    record = {**ANSWERED, "statements": [{"text": text, "citations": [CITED]} for text in texts]}
    assert f"with “{words}”, from" in told(record)[0]


def test_what_happened_since_takes_the_place_of_that_it_holds():
    _, stands = told(ANSWERED, changed(quotes_stand=True))
    assert stands.endswith("9 times in 10. “Price list 2026” has changed since; what is quoted still stands in it.")
    assert told(ANSWERED, changed(quotes_stand=False))[1].endswith("what is quoted no longer stands in it.")


def test_words_that_went_with_their_document_are_told_as_gone():
    gone = {**ANSWERED, "statements": [{"text": "", "citations": [{**CITED, "title": "", "quote": ""}]}]}
    assert "with words that have been removed since with their document." in told(gone)[0]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"reason": "weak_evidence"}, "what the documents say did not answer it clearly enough"),
        (
            {"reason": "weak_evidence", "held_back": True, "settings": {"min_confidence": 0.95}},
            "what was found was less sure (0.90) than the bar of 0.95",
        ),
        ({"reason": "policy", "models": {}}, "the policy could not be read"),
        ({"reason": "policy", "models": {"policy": {}}}, "the policy does not let it be answered here"),
    ],
)
def test_a_refusal_says_why_and_that_nothing_can_have_changed(more, why):
    first, second = told({**REFUSED, **more})
    assert first == f"On 28 November 2026, at 03:18 UTC, no answer was given: {why}."
    assert second == "It cites no document, so nothing that it rests on can have changed."


def test_a_long_answer_is_cut_between_words():
    long = {**ANSWERED, "statements": [{"text": "word " * 100, "citations": [CITED]}]}
    assert "word …”" in told(long)[0]
    assert len(told(long)[0]) < 500
