"""Weekdays and months are read with their ranges, and lists that cannot both hold are told."""

import pytest

from rag.ask.texts.days import exclude, months, named_months, weekdays


@pytest.mark.parametrize(
    ("text", "days", "through"),
    [
        ("Monday to Friday", {0, 1, 2, 3, 4}, True),
        ("Mon–Thu & Sat", {0, 1, 2, 3, 5}, True),
        ("from Saturday to Monday", {5, 6, 0}, True),
        ("every Tuesday and Thursday", {1, 3}, False),
        ("on weekdays", {0, 1, 2, 3, 4}, True),
        ("open daily from 9:00", set(range(7)), True),
        ("Collection day: Wed", {2}, False),
        ("Sat, Sun: 9:00", {5, 6}, False),
        ("MON-FRI 9:00-17:00", {0, 1, 2, 3, 4}, True),
        ("Weds & Thurs", {2, 3}, False),
        ("Sun: closed", {6}, False),
    ],
)
def test_weekdays_are_read(text, days, through):
    (found,) = weekdays(text)
    assert (found.days, found.through) == (days, through)


@pytest.mark.parametrize(
    "text",
    [
        "The Sun is out",
        "Sun is bad for it",
        "the SAT score",
        "Monday's mail",
        "daily allowances",
        "within 3 working days",
    ],
)
def test_what_only_looks_like_a_weekday_is_none(text):
    assert weekdays(text) == ()


def test_a_weekday_before_a_noun_says_which_and_not_when():
    assert [found.says_when for found in weekdays("The Tuesday group meets on Fridays")] == [False, True]


@pytest.mark.parametrize(
    ("text", "days", "through"),
    [
        ("in March", {3}, False),
        ("from May to September", {5, 6, 7, 8, 9}, True),
        ("between November and February", {11, 12, 1, 2}, True),
        ("every March and September", {3, 9}, False),
        ("Month: October", {10}, False),
    ],
)
def test_months_are_read(text, days, through):
    (found,) = months(text)
    assert (found.days, found.through) == (days, through)


@pytest.mark.parametrize(
    "text", ["in March 2026", "by 3 March", "March 3", "You may in any case", "by the end of March"]
)
def test_a_month_with_a_day_or_a_year_or_a_part_of_one_is_none(text):
    assert months(text) == ()


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("every Tuesday", "every Thursday", True),
        ("Monday to Friday", "Monday to Thursday", True),
        ("Monday to Friday", "on Wednesday", False),
        ("on Tuesdays and Fridays", "on Fridays", False),
        ("on Tuesdays and Fridays", "on Mondays and Fridays", True),
        ("Mon–Fri", "on weekdays", False),
    ],
)
def test_lists_that_each_miss_a_day_exclude_each_other_and_ranges_that_differ(left, right, told):
    (one,), (other,) = weekdays(left), weekdays(right)
    assert exclude(one, other) is told
    assert exclude(other, one) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("June to August", {6, 7, 8}),
        ("from 1 October 2026 until the end of March", {10, 11, 12, 1, 2, 3}),
        ("April 1 – 30 June; Dec.", {4, 5, 6, 12}),
        ("saturday in june", {6}),
        ("open in may and on 3 May", {5}),
        ("April, May and September", {4, 5, 9}),
        ("May I ask June Harper? You may march to June's desk.", set()),
        ("Mark the marmalade, then decide.", set()),
    ],
)
def test_months_are_read_with_those_between(text, told):
    assert named_months(text) == told
