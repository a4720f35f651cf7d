"""Dates as texts write them, in ISO 8601, whole or in part, and the days that such a date spans."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta

MONTHS = tuple("january february march april may june july august september october november december".split())
"""The months in order, lower case."""
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
"""The weekdays in order, lower case."""
_SHORT = [month[:3] for month in MONTHS]
_MONTH = (
    # "Which of the 3 may I use?" and "this may take a while" name no month.
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|may(?!\s+[a-z])|june?|july?"
    r"|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR, _DAY = r"((?:19|20)\d\d)", r"(\d{1,2})(?:st|nd|rd|th)?"
_SINCE = r"\b(?:in|since|until|till|by|of|from|before|after|for|during|last|this|next)\s+"
# Each with the groups that year, month and day stand in; 0 for none.
_DATES: tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), groups)
    for pattern, groups in (
        (rf"(?<![\w-]){_YEAR}-(\d\d)-(\d\d)(?:\b|T)", (1, 2, 3)),
        (rf"(?<![\w-]){_YEAR}-(\d\d)\b(?!-)", (1, 2, 0)),
        # Not in the path of a page; with points only as "2026.06.15", since "2026.6.1" is a version.
        (rf"(?<![\w/-])(?<!\d\.){_YEAR}/(\d\d?)/(\d\d?)(?:\b|T)(?![/.]\d)", (1, 2, 3)),
        (rf"(?<![\w/-])(?<!\d\.){_YEAR}\.(\d\d)\.(\d\d)(?:\b|T)(?![/.]\d)", (1, 2, 3)),
        (rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", (3, 2, 1)),
        # In "June 15, 2026 July 3" the year belongs to the day before it.
        (rf"(?<!\d\s)(?<!\d,\s)\b{_YEAR},?\s+{_MONTH}\s+{_DAY}\b", (1, 2, 3)),
        (rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR})?", (3, 1, 2)),
        (rf"\b{_MONTH}\s+{_YEAR}", (2, 1, 0)),
        (rf"{_SINCE}{_MONTH}(?!\s+\d)", (0, 1, 0)),
        (rf"\b(q[1-4])\s+{_YEAR}", (2, 1, 0)),
        (rf"{_SINCE}{_YEAR}\b(?!-|[/.]\d)", (1, 0, 0)),
    )
)
# "31.12.2025" has one reading only; "03/04/2025" has two and is left alone.
_DOTTED = re.compile(rf"(?<![\d.])(\d{{1,2}})\.(\d{{1,2}})\.{_YEAR}(?![\d.])")
# "2024-25", "2024/2025": a year that reaches into the next. "2011-12" may be a December and is none.
_REACHING = re.compile(r"(?<![\w/-])((?:19|20)\d\d)\s?[-/–]\s?((?:19|20)?\d\d)(?![\w/-]\d|\d)")
_FROM_TODAY = {
    "today": 0, "tonight": 0, "right now": 0, "this week": 0, "tomorrow": 1, "day after tomorrow": 2, "yesterday": -1,
    "day before yesterday": -2, "next week": 7, "coming week": 7, "last week": -7,
}  # fmt: skip
_TOLD = re.compile(
    r"\b(?:today|tonight|(?:day\s+after\s+)?tomorrow|(?:day\s+before\s+)?yesterday|right\s+now"
    r"|(?:this|next|coming|last)\s+week)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def dates(text: str) -> tuple[str, ...]:
    """Return the dates of a text in ISO 8601, in order, without repetition.

    They are whole (``2026-06-15``), without a year (``--06-22``), or only a month, a quarter or a year (``2026-03``,
    ``2026-Q1``, ``2026``).
    """
    found = _found(text)
    return tuple(dict.fromkeys(found[span] for span in sorted(found)))


def dates_as_written(text: str) -> dict[str, str]:
    """Return the dates of a text, see `dates`, each with the words in which it first stands there."""
    found = _found(text)
    return {found[span]: text[slice(*span)] for span in sorted(found, reverse=True)}


def years_of(text: str) -> frozenset[str]:
    """Return the years of a text that reach into the next, ``2024-25``, by the one in which each begins."""
    return frozenset(match[1] for match in _REACHING.finditer(text) if _reaches(*match.groups()))


def of_another_year(text: str, *told: str) -> bool:
    """Return whether a text asks for a year that reaches into the next, and the first that names one names another."""
    asked = years_of(text)
    named = next((years for each in told if (years := years_of(each))), asked)
    return bool(asked) and not named & asked


def without_second_years(text: str) -> str:
    """Return a text in which a year that reaches into the next is called by the one in which it begins."""
    return _REACHING.sub(lambda match: match[1] if _reaches(*match.groups()) else match[0], text)


def days_of(written: str) -> tuple[str, str] | None:
    """Return the first and the last day of a text that is a date and nothing else; ``None`` for any other text."""
    text = written.strip()
    # A bare year is one only behind such a word, and what a person put there themselves asks for another day.
    found, end = _found(f"in {text}"), len(f"in {text}")
    whole = found.get((len("in "), end)) or found.get((0, end))
    return span_of(whole) if whole and not re.match(_SINCE, text, re.IGNORECASE) else None


def told_from_today(text: str) -> dict[tuple[int, int], int]:
    """Return how many days lie between today and each day that is named by that, by where its words begin and end.

    Of another week it is the same day of that week: ``next week`` is 7.
    """
    return {match.span(): _FROM_TODAY[re.sub(r"\s+", " ", match[0].casefold())] for match in _TOLD.finditer(text)}


def span_of(written: str) -> tuple[str, str] | None:
    """Return the first and the last day of a whole date, a month, a quarter or a year; ``None`` where there is none."""
    if len(written) == 7 and written[5] == "Q" and written[6] in "1234":
        quarter = int(written[6])
        first, last = f"{written[:4]}-{3 * quarter - 2:02}", f"{written[:4]}-{3 * quarter:02}"
        begins, ends = span_of(first), span_of(last)
        return (begins[0], ends[1]) if begins and ends else None
    match = _ISO.fullmatch(written)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first_day = date(year, month or 1, day or 1)
        last_month = month or 12
        last_day = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        return None
    return first_day.isoformat(), last_day.isoformat()


def _reaches(first: str, second: str) -> bool:
    return int(second) == (int(first) + 1) % (100 if len(second) == 2 else 10_000) and int(second) != 12


def _found(text: str) -> dict[tuple[int, int], str]:
    """Return the dates of a text by where they begin and end."""
    found: dict[tuple[int, int], str] = {}
    for pattern, groups in _DATES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(left < end and start < right for left, right in found):
                found[start, end] = _date(*(match[group] or "" if group else "" for group in groups))
    for match in _DOTTED.finditer(text):
        found[match.span()] = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    return found


def _date(year: str, month: str, day: str) -> str:
    if month[:1] in {"q", "Q"}:
        return f"{year}-{month.upper()}"
    if not month:
        return year
    number = int(month) if month.isdigit() else _SHORT.index(month[:3].casefold()) + 1
    return "-".join((year or "-", f"{number:02}", *([f"{int(day):02}"] if day else [])))


def today() -> str:
    """Return the day that it is in UTC, in ISO 8601."""
    return datetime.now(UTC).date().isoformat()


def day_beside(day: str, n_days: int) -> str:
    """Return the day that lies so many days after another, or before it; both in ISO 8601.

    Beyond the first and the last day of the calendar, 0001-01-01 and 9999-12-31, it is that day.
    """
    try:
        return (date.fromisoformat(day) + timedelta(days=n_days)).isoformat()
    except OverflowError:
        return (date.max if n_days > 0 else date.min).isoformat()


def weekday_of(day: str) -> str:
    """Return the weekday of a whole date in ISO 8601, lower case."""
    return WEEKDAYS[date.fromisoformat(day).weekday()]
