"""How answers end, in words."""

from __future__ import annotations

from typing import get_args

import pytest

from rag.receipts.outcomes import OUTCOMES, outcome_in_words, refusal, refused_as
from rag.types import Outcome, RefusalReason


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"outcome": "answered", "mode": "quoted"}, "Answered, quoted"),
        ({"outcome": "partial", "mode": "generated"}, "Answered in part, written from what the documents say"),
        ({"outcome": "refused", "mode": "quoted", "reason": "no_evidence"}, "Refused: nothing found"),
        ({"outcome": "refused", "reason": "policy"}, "Refused: nothing can be answered just now"),
        ({"outcome": "failed", "mode": "quoted"}, "Failed"),
    ],
)
def test_an_outcome_is_told_without_its_names(record, words):
    assert outcome_in_words(record) == words


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"reason": "policy", "models": {"policy": {"ref": "policy:1", "sha256": ""}}}, "policy"),
        ({"reason": "policy", "models": {}}, "broken_policy"),
        ({"reason": "weak_evidence", "held_back": True}, "held_back"),
        ({"reason": "weak_evidence", "held_back": False}, "weak_evidence"),
        ({"reason": "ambiguous_question", "readings": ["Which?"]}, "ambiguous_question"),
        ({"reason": "ambiguous_question", "readings": []}, "unclear_question"),
        ({"reason": None}, ""),
    ],
)
def test_one_reason_for_different_things_is_told_apart(record, why):
    assert refused_as(record) == why


def test_every_outcome_and_reason_has_words():
    assert set(OUTCOMES) == set(get_args(Outcome))
    told = [refusal({"reason": reason, "readings": ["Which?"]}) for reason in get_args(RefusalReason)]
    assert len({each.heading for each in told}) == len(told)
    assert refusal({}) not in told
