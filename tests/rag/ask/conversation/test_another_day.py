"""A turn that only names a day asks the question before it of that day, and of the same thing."""

from functools import partial

import pytest

from rag.ask.conversation import follow_up
from rag.ask.conversation.another_day import asks_of_a_day, on_another_day, on_day_of_month
from rag.ask.conversation.follow_up import asks_of_another
from rag.ask.conversation.topic import names_anew

standalone = partial(follow_up.standalone, today="2026-06-01")
BRANCH = "When does the Harbour branch open?"


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        # A day takes the place of no thing, no person and no place.
        ([BRANCH], "And on Saturday?", f"{BRANCH} And on Saturday?"),
        ([BRANCH], "and saturday?", f"{BRANCH} and saturday?"),
        (["Who leads Vault?"], "and on 4 March?", "Who leads Vault? and on 4 March?"),
        (["Is the Porto office open?"], "and at Christmas?", "Is the Porto office open? and at Christmas?"),
        (["How long is it guaranteed in Spain?"], "and in 2025?", "How long is it guaranteed in Spain? and in 2025?"),
        (["who is on call for radio?"], "and tomorrow?", "who is on call for radio? and tomorrow?"),
        (
            ["What are the hours of the shop?"],
            "what about weekends?",
            "What are the hours of the shop? what about weekends?",
        ),
        # It takes that of the day which was asked of before.
        ([BRANCH, "and on Saturday?"], "and on Sunday?", f"{BRANCH} and on Sunday?"),
        (["On Friday, when does Harbour Hall open?"], "and Saturday?", "On Saturday, when does Harbour Hall open?"),
        (["Is Harbour Hall open on Friday?"], "and tomorrow?", "Is Harbour Hall open tomorrow?"),
        (["Is Harbour Hall open tomorrow?"], "and on Monday?", "Is Harbour Hall open on Monday?"),
        (["Is it open Monday to Friday?"], "and at the weekend?", "Is it open at the weekend?"),
        (["Who is on call on 3 July 2026?"], "and on 4 July 2026?", "Who is on call on 4 July 2026?"),
        (["Who leads the Friday group?"], "and on Saturday?", "Who leads the Saturday group?"),
        (["Who is on call this week?"], "and next week?", "Who is on call next week?"),
        (["What was the fee in Q3 2024?"], "and in Q4 2024?", "What was the fee in Q4 2024?"),
        (["Is support open tomorrow?"], "and today?", "Is support open today?"),
        (["Is support open tomorrow?"], "and the day after tomorrow?", "Is support open the day after tomorrow?"),
        # And a day of the month that of its month.
        (["When is it open on 24 December 2026?"], "and the 25th?", "When is it open on 25 December 2026?"),
        (["Is it open on December 24th?", "and on the 25th?"], "and the 26th?", "Is it open on December 26?"),
    ],
)
def test_the_question_before_is_asked_of_another_day(history, text, expected):
    assert standalone(text, history) == (expected, ())


def test_a_day_in_between_is_not_what_a_conversation_is_about():
    assert standalone("what does it cost?", [BRANCH, "and on Saturday?"]) == ("what does it cost? (Harbour branch)", ())
    assert not asks_of_another("and on Saturday?", [BRANCH])
    assert names_anew("and on Saturday?", [BRANCH]) == ()


@pytest.mark.parametrize("text", ["and on the Kestrel 6?", "Who works on Saturday?", "on Saturdays", "and may I?", ""])
def test_anything_else_is_no_day(text):
    assert not asks_of_a_day(text)


@pytest.mark.parametrize(
    "asked", ["Where is the 24th floor?", "Is it open from 1 May to 3 May?", "Is it open on Friday, 1 May?"]
)
def test_a_day_of_the_month_takes_no_other_place(asked):
    assert on_day_of_month("and the 25th?", asked) == ""


def test_a_question_without_a_day_is_asked_of_none():
    assert on_another_day("and on Friday?", "How long may I keep it?") == ""
    assert on_another_day("and the Kestrel 6?", "Is it open on Friday?") == ""
