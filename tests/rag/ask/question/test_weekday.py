"""Hours of today and tomorrow are asked for by their weekdays."""

import pytest

from rag.ask.question.weekday import on_weekday

WEDNESDAY = "2026-06-03"


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("When do you open tomorrow?", "When do you open on Thursday?"),
        ("Is the shop open today until six?", "Is the shop open on Wednesday until six?"),
        ("How long is the desk staffed the day after tomorrow?", "How long is the desk staffed on Friday?"),
        ("What are tomorrow's hours?", "What are Thursday's hours?"),
        ("Are you closed until tomorrow?", "Are you closed until Thursday?"),
        ("opening hours today and tomorrow", "opening hours on Wednesday and Thursday"),
    ],
)
def test_hours_are_asked_for_by_the_weekday(question, plain):
    assert on_weekday(question, WEDNESDAY) == plain


@pytest.mark.parametrize("question", ["Who is on call tomorrow?", "When do you open on Friday?", "opening hours"])
def test_another_question_stays_as_it_is(question):
    assert on_weekday(question, WEDNESDAY) == question
