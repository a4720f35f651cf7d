"""Hours of the day are read in the notations of people, with what they bound, and compared."""

import pytest

from rag.ask.texts.clock import apart, clocks


def hours(text):
    return [(clock.starts, clock.ends, clock.at) for clock in clocks(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("open from 9:00 to 17:00", [(540, 1020, None)]),
        ("open 8.30 am – 5 pm", [(510, 1020, None)]),
        ("9 to 5 pm", [(540, 1020, None)]),
        ("from 1 to 5 pm", [(780, 1020, None)]),
        ("9:00 to 5:00", [(540, 1020, None)]),
        ("open from 9 to 17.", [(540, 1020, None)]),
        ("Opening hours: 9-17", [(540, 1020, None)]),
        ("Opening hours: 9.00 to 17.30.", [(540, 1050, None)]),
        ("open from 9h to 17h", [(540, 1020, None)]),
        ("The desk is staffed 0900 to 1730 hrs", [(540, 1050, None)]),
        ("between 09:00 and 11:00", [(540, 660, None)]),
        ("22:00 to 6:00", [(1320, 360, None)]),
        ("by 5 pm", [(None, 1020, None)]),
        ("no later than 6 p.m.", [(None, 1080, None)]),
        ("The cut-off for orders is 16:00", [(None, 960, None)]),
        ("at 17:30 at the latest", [(None, 1050, None)]),
        ("closes at 18:00", [(None, 1080, None)]),
        ("until midnight", [(None, 1440, None)]),
        ("opens daily at 09:00", [(540, None, None)]),
        ("after 13:30", [(810, None, None)]),
        ("at half past nine", [(None, None, 570)]),
        ("quarter to five", [(None, None, 285)]),
        ("at noon", [(None, None, 720)]),
        ("12 am", [(None, None, 0)]),
        ("at 17.30 h", [(None, None, 1050)]),
        ("at 9:00 and 17:00", [(None, None, 540), (None, None, 1020)]),
    ],
)
def test_hours_are_read(text, told):
    assert hours(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "costs 17.30 euros",
        "mixed 1:30 with water",
        "a screen of 16:9",
        "version 5.12:00",
        "from 9 to 17 euros",
        "open to 9 of 17 people",
        "open to all from 9.00 to 17.00 euros",
        "open in the years 2019 to 2023.",
        "open 0900 to 17",
        "in the afternoon",
        "at 25:00",
    ],
)
def test_what_only_looks_like_an_hour_is_none(text):
    assert clocks(text) == ()


def one(text):
    (clock,) = clocks(text)
    return clock


@pytest.mark.parametrize(
    ("left", "right", "differ"),
    [
        ("by 5 pm", "by 17:00", False),
        ("until midnight", "until 24:00", False),
        ("by noon", "by 12:00", False),
        ("at 7 o'clock", "at 19:00", False),
        ("at 07:00", "at 19:00", True),
        ("at about 10:00", "at 10:30", False),
        ("at about 10:00", "at 12:30", True),
        ("by 5 pm", "by 18:00", True),
        ("9:00 to 17:00", "8:30 to 17:00", True),
        ("open until 23:00", "closes at 22:00", True),
        ("from 15:00", "until 11:00", None),
        ("at 15:00", "until 16:00", None),
    ],
)
def test_hours_are_compared_on_the_sides_that_both_tell(left, right, differ):
    assert apart(one(left), one(right)) is differ
    assert apart(one(right), one(left)) is differ


def test_only_the_sides_that_are_asked_for_count():
    assert apart(one("9:00 to 17:00"), one("8:30 to 17:00"), ("ends",)) is False


def test_the_words_that_bound_an_hour_belong_to_it():
    text = "It is open from 9:00 to 17:00."
    (clock,) = clocks(text)
    assert text[clock.span.start : clock.span.end] == "from 9:00 to 17:00"
    assert clock.text == "9:00 to 17:00"
