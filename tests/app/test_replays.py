"""What a person reads of a question that was asked again."""

from __future__ import annotations

import pytest

from app.replays import told
from rag.types import Difference, Replay

RECORD = {"answer": "It is 36 months.", "message": ""}
VERSION = Difference("documents", "Kettle has another version", "v1", "v2")
SAID = Difference("statements", "other statements", [{"text": "24 months.", "citations": ["d1@v1:0-9"]}], [])


@pytest.mark.parametrize(
    ("circumstances", "differences", "words"),
    [
        ((), (), "The same answer, from the very same documents, models and settings."),
        ((VERSION,), (), "The same answer, though not everything that it rests on is as it was."),
        ((VERSION,), (SAID,), "Not the same. What changed first: documents."),
        ((), (SAID,), "Not the same. What changed first: statements."),
    ],
)
def test_whether_it_is_the_same_and_what_changed_first(circumstances, differences, words):
    assert told(Replay("a1", circumstances, differences, RECORD, kept=False))["words"] == words


def test_the_items_of_the_answer_of_today_are_told_apart():
    record = {"answer": "It covers:\naccidental damage\ntheft", "message": ""}
    assert told(Replay("a1", (), (SAID,), record, kept=False))["answer"] == "It covers: accidental damage; theft"


@pytest.mark.parametrize(
    ("difference", "recorded", "now"),
    [
        (VERSION, "v1", "v2"),
        (SAID, "24 months.", "–"),
        (
            Difference(
                "statements", "other statements", [{"text": "Passport"}, {"text": "Deposit"}], [{"text": "Keys"}]
            ),
            "Passport; Deposit",
            "Keys",
        ),
        (Difference("confidence", "another", 0.94912, 0.5), "0.949", "0.500"),
        (
            Difference("outcome", "another", ["refused", "weak_evidence"], ["answered", None]),
            "Refused: not clear enough to answer",
            "Answered",
        ),
        (
            Difference("models", "another", {"ref": "bundled:x", "sha256": "a" * 64}, None),
            f"bundled:x ({'a' * 12})",
            "–",
        ),
        (
            Difference("settings", "others", {"min_confidence": 0.5}, {"min_confidence": 0.6}),
            "min confidence: 0.500",
            "min confidence: 0.600",
        ),
        (Difference("passages", "other passages", ["d1@v1:0-9"], ["d2@v1:0-9"]), "", ""),
        (Difference("documents", "the documents changed", 3, 5), "", ""),
    ],
    ids=lambda value: value.part if isinstance(value, Difference) else None,
)
def test_both_values_are_told_as_people_read_them(difference, recorded, now):
    (shown,) = told(Replay("a1", (), (difference,), RECORD, kept=False))["differences"]
    assert (shown["recorded"], shown["now"]) == (recorded, now)


def test_a_long_value_is_cut_at_a_word():
    long = Difference("software", "another", "word " * 200, "1.0")
    (shown,) = told(Replay("a1", (long,), (), RECORD, kept=False))["circumstances"]
    assert shown["recorded"].endswith("word …")
    assert len(shown["recorded"]) < 410
