"""What is asked of the model over sentence vectors, and at what cost."""

from __future__ import annotations

import pytest

from rag.safety.screening import addresses_somebody, asks


@pytest.mark.parametrize("sentence", ["Turns the lamp white?", "Really?!", "The lamp (white?).", "So?? …"])
def test_a_question_is_one_whatever_stands_behind_its_mark(sentence):
    assert asks(sentence)
    assert addresses_somebody(sentence)


def test_a_mark_inside_a_sentence_asks_nothing():
    assert not asks("The lamp? turns white")


@pytest.mark.timeout(20)
def test_a_long_run_of_marks_costs_no_time():
    assert not asks("x" + "?" * 100_000 + " x")
    assert not addresses_somebody("x" + "?" * 100_000 + " x")
