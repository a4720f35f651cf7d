"""Confidence in words."""

import pytest

from app.confidence import confidence

SAID = {"level": "high", "probability": 0.8, "signals": {"rerank": 0.7, "moon_phase": 0.1}}


def test_how_often_answers_alike_were_right_is_said():
    shown = confidence({"confidence": SAID | {"alike": {"n": 80, "right": 71}}})
    assert shown["words"] == "Answers like this one were right 9 times in 10."


def test_signals_are_named_in_plain_words():
    assert confidence({"confidence": SAID})["signals"] == [
        ["How well the best passage fits on close reading", 0.7],
        ["moon phase", 0.1],
    ]


@pytest.mark.parametrize(("record", "expected"), [({}, None), ({"confidence": None}, None)])
def test_an_answer_without_a_confidence_shows_none(record, expected):
    assert confidence(record) is expected


def test_an_answer_older_than_the_calibration_gets_no_words():
    assert confidence({"confidence": SAID})["words"] == ""
