"""Receipts as the widgets get them."""

from __future__ import annotations

import pytest

from app import stories
from rag.types import LedgerCheck, LedgerFault, ListedAnswer, Receipt, SourceChange

RECORD = {
    "receipt": "a1",
    "question": "How long?",
    "asked_by": "ada",
    "asked_at": "2026-11-28T06:59:01.000+00:00",
    "space": "default",
    "outcome": "refused",
    "reason": "weak_evidence",
    "statements": [],
    "sides": [
        {
            "text": "24 months.",
            "citations": [
                {
                    "n": 3,
                    "document": "d1",
                    "title": "Kettle",
                    "version": "v1",
                    "start": 0,
                    "end": 9,
                    "quote": "24 months.",
                }
            ],
        }
    ],
    "passages": [
        {
            "title": "Kettle",
            "document": "d1",
            "chunk": "d1@v1:0-9",
            "score": 0.873,
            "origin": ["dense"],
            "path": [],
            "text": "24 months.",
        }
    ],
    "confidence": {"probability": 0.0, "level": "low", "signals": {}},
}


def listed(*verdicts, changes=()):
    return ListedAnswer("a1", "2026-11-28", "ada", "How long?", "answered", None, 0.9, "high", "", changes, verdicts)


@pytest.mark.parametrize(
    ("verdicts", "judged"),
    [((), ""), (("right",), "right"), (("wrong", "wrong"), "wrong"), (("right", "wrong"), "disputed")],
)
def test_what_people_say_is_one_word(verdicts, judged):
    assert stories.entry(listed(*verdicts))["judged"] == judged


def test_who_asked_and_what_changed_stand_in_a_line_of_the_list():
    change = SourceChange("d1", "Kettle", "changed", "v1", "v2", "", (1,), quotes_stand=False)
    shown = stories.entry(listed(changes=(change,)))
    assert shown["who"] == "ada"
    assert shown["stale"] == [
        {"text": "“Kettle” has changed since; what is quoted no longer stands in it.", "stands": False}
    ]


def test_sources_and_passages_open_by_their_number_and_keep_the_rest_of_their_label():
    sections = {each["title"]: each["lines"] for each in stories.story(Receipt(RECORD, (), None, ()))["sections"]}
    assert [(line["opens"], line["label"]) for line in sections["Sources"]] == [({"kind": "citation", "n": 3}, "")]
    assert [(line["opens"], line["label"]) for line in sections["Passages"]] == [({"kind": "passage", "n": 1}, "0.873")]
    assert all(line["opens"] is None for line in sections["Question"])


def test_of_many_faults_some_are_shown_and_all_are_counted():
    faults = (LedgerFault("record", "a1", "It was changed."),) * (stories.MAX_FAULTS + 1)
    found = stories.check(LedgerCheck(1, 0, 1, 0, 0, None, faults))
    assert (len(found["faults"]), found["n_faults"]) == (stories.MAX_FAULTS, stories.MAX_FAULTS + 1)
