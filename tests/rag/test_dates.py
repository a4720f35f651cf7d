"""Dates are read off a text, and span the days that they name."""

import pytest

from rag.dates import (
    dates,
    day_beside,
    days_of,
    of_another_year,
    span_of,
    told_from_today,
    without_second_years,
    years_of,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on 2026-06-15", ("2026-06-15",)),
        ("who is on call on 15 June 2026?", ("2026-06-15",)),
        ("the week of 22 June", ("--06-22",)),
        ("from June 1st, 2026 to July 3", ("2026-06-01", "--07-03")),
        ("in October 2026", ("2026-10",)),
        ("the outage in march", ("--03",)),
        ("sold until 2027", ("2027",)),
        ("sales of Q3 2026", ("2026-Q3",)),
        ("HXSA-2026-03", ()),
        ("gültig bis 31.12.2025", ("2025-12-31",)),
        ("on 03/04/2025", ()),
        ("until 2026/06/30.", ("2026-06-30",)),
        ("from 2026/6/1 to 2026.06.30", ("2026-06-01", "2026-06-30")),
        ("on 2024 March 31st, not 2023", ("2024-03-31",)),
        ("June 15, 2026 July 3", ("2026-06-15", "--07-03")),
        ("in 2024/25", ()),
        ("by 2024.3.1, as 10.2024.03.31 and /blog/2024/03/31/a do", ()),
        ("2026-02-01T00:00:00Z", ("2026-02-01",)),
        ("may I march in for 2104 euros", ()),
        ("Which of the 3 may I use?", ()),
        ("This may take a while.", ()),
        ("on 3 may 2026, or in May", ("2026-05-03", "--05")),
    ],
)
def test_dates(text, found):
    assert dates(text) == found


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2026-06-15", ("2026-06-15", "2026-06-15")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2026-Q3", ("2026-07-01", "2026-09-30")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("--06-22", None),
        ("2025-02-30", None),
        ("2026-Q5", None),
        ("2026-Qx", None),
    ],
)
def test_a_date_spans_its_days(written, days):
    assert span_of(written) == days


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2024-03-31", ("2024-03-31", "2024-03-31")),
        (" 2024/03/31 ", ("2024-03-31", "2024-03-31")),
        ("2024.03.31", ("2024-03-31", "2024-03-31")),
        ("2024 March 31", ("2024-03-31", "2024-03-31")),
        ("31 March 2024", ("2024-03-31", "2024-03-31")),
        ("31.03.2024", ("2024-03-31", "2024-03-31")),
        ("March 2024", ("2024-03-01", "2024-03-31")),
        ("Q1 2024", ("2024-01-01", "2024-03-31")),
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024/03", None),
        ("2024 or so", None),
        ("before 2024", None),
        ("2024-02-30", None),
        ("31 March", None),
        ("2024-03-31, 2024-04-01", None),
        ("", None),
    ],
)
def test_a_text_that_is_a_date_and_nothing_else(written, days):
    assert days_of(written) == days


def test_a_day_beside_another_crosses_months_and_leap_days():
    assert day_beside("2024-03-01", -1) == "2024-02-29"
    assert day_beside("2025-12-31", 1) == "2026-01-01"
    assert day_beside("9999-12-31", 1) == "9999-12-31"
    assert day_beside("0001-01-01", -1) == "0001-01-01"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("grant for 2025/26, and 2023–2024", {"2025", "2023"}),
        ("the year 1999-00 and 1999/2000", {"1999"}),
        ("from 2025-04-01 to 2026-03", set()),
        ("2011-12 may be a December", set()),
        ("orders 2025-27 and 12025-26 and 2025-261", set()),
    ],
)
def test_years_that_reach_into_the_next(text, years):
    assert years_of(text) == years


def test_a_year_that_reaches_into_the_next_is_called_by_its_first():
    assert without_second_years("price in 2025-26, from 2025-04-01") == "price in 2025, from 2025-04-01"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("who is on call Today?", [0]),
        ("this  week or next week", [0, 7]),
        ("tomorrow, not yesterday", [1, -1]),
        ("the day after  tomorrow, not the day before yesterday", [2, -2]),
        ("weekly", []),
    ],
)
def test_days_told_by_their_distance_from_today(text, days):
    assert list(told_from_today(text).values()) == days


def test_the_first_that_names_such_a_year_tells_whether_it_is_another():
    assert of_another_year("price in 2024-25", "no year", "Prices 2025-26", "2024-25")
    assert not of_another_year("price in 2024-25", "Prices 2024/25", "2025-26")
    assert not of_another_year("price in 2024-25", "Prices")
    assert not of_another_year("price", "Prices 2025-26")
