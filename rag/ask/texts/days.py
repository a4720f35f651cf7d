"""Weekdays and months in a sentence, with where they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.dates import MONTHS, dates, dates_as_written
from rag.sentences import Span

_MONTH_NAMES = tuple(month[:3] for month in MONTHS)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?:(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?(?!['’]s)\b"
    r"|(?:Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun|MON|TUES?|WEDS?|THU(?:RS?)?|FRI|SAT|SUN)\b\.?)"
)
_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_THROUGH = r"\s*(?:-|–|—|\bto\b|\btill\b|\buntil\b|\bthrough\b)\s*"
_JOIN = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s*[/&+]\s*|\s+(?:and|or)\s+)(?:on\s+)?"
_NAMED = {
    "weekdays": range(5), "weekends": range(5, 7), "daily": range(7), "every day": range(7),
    "seven days a week": range(7), "7 days a week": range(7),
}  # fmt: skip
_WEEKDAY_LIST = re.compile(
    r"(?P<told>(?:\b(?:[Oo]n|[Ee]very|[Ee]ach|[Ff]rom|[Bb]etween)\s+){1,3}|(?:\b(?:is|are)|[:|])\s+)?"
    rf"(?P<days>\b{_WEEKDAY}(?:{_THROUGH}{_WEEKDAY})?(?:{_JOIN}{_WEEKDAY}(?:{_THROUGH}{_WEEKDAY})?)*"
    # "Daily allowances" are on no days.
    rf"|\b(?i:{'|'.join(_NAMED)})\b(?!\s+(?!from\b|between\b|until\b|till\b|at\b|by\b|before\b|after\b|and\b)[a-z]))"
)
_MONTH_LIST = re.compile(
    r"(?P<told>\b(?:[Ii]n|[Bb]y|[Uu]ntil|[Ff]rom|[Ss]ince|[Ee]very|[Ee]ach|[Bb]etween|is|are)\s+|[:|]\s+)"
    rf"(?P<days>{_MONTH}(?:(?:{_THROUGH}|{_JOIN}){_MONTH})*)(?!\s*,?\s*\d|\w)"
)
_ONE_DAY = re.compile(f"{_WEEKDAY}|{_MONTH}")
_RANGED = re.compile(rf"(?<=[\w.]){_THROUGH}(?=[A-Z])")
# "May I …?" and "June Harper" name no month, and "march" and "may" are words.
_NAMED_MONTH = re.compile(
    r"\b(?:(?:(?i:january|february|april|june|july|august|september|october|november|december)|March|May)"
    r"|(?:(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
    r"|(?<=\bin )(?:may|march))\b(?!['’]s\b|\s+(?:I|we|you|he|she|they|it)\b)"
    r"(?!\s+(?!Mon|Tue|Wed|Thu|Fri|Sat|Sun)[A-Z][a-z])"
)
# "1 April to 30 September", "mid-June until the end of August".
_THROUGH_MONTHS = re.compile(
    rf"(?:,?\s*\d{{1,2}}(?:st|nd|rd|th)?)?(?:,?\s*\d{{4}})?{_THROUGH}(?:and including\s+)?(?:the\s+)?"
    rf"(?:(?:end|beginning|start|middle)\s+of\s+|mid-?\s*|early\s+|late\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?",
    re.IGNORECASE,
)
# "24 December", "25 to 28 Dec", "24, 29 and 30 December", "December 25 to 28".
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?:(?:{_THROUGH}|{_JOIN}){_DAY})*"
_ANY_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_DAYS_OF_MONTH = re.compile(
    rf"(?<![\w.:])(?:(?P<days>{_DAYS})\s+(?:of\s+)?(?P<month>{_ANY_MONTH})"
    rf"|(?P<first>{_ANY_MONTH})\s+(?P<later>{_DAYS})\b(?![.:]\d))",
    re.IGNORECASE,
)
_THROUGH_DAYS = re.compile(rf"(?:,?\s*\d{{4}})?{_THROUGH}(?:and including\s+)?(?:{_WEEKDAY}\s*,?\s*)?")
_NUMBER = re.compile(r"\d+")
_LEAP_YEAR, _DAYS_A_YEAR = 2024, 366

# A cell that holds one day and nothing else.
_ONE_DAY_ALONE = re.compile(
    r"(?:[A-Z][a-z]{1,8}\.?,?\s+)?(?:\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Za-z]{3,9}\.?"
    r"(?:,?\s+\d{4})?|[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?)"
)
_WHOLE_DAY = re.compile(r"(?:\d{4}|-)-\d\d-\d\d")
WEEKLY = re.compile(r"week|monday", re.IGNORECASE)
"""The days of a column that is called so are the first of weeks."""
REACHES = re.compile(
    r"\b(?:from|since|after|start\w*|begin\w*|until|till|by|before|to|end\w*|deadline|due|latest|between)\b",
    re.IGNORECASE,
)
"""Words by which something is asked, or told, from a day on, until one, or between two."""


@dataclass(frozen=True, slots=True)
class Days:
    """Weekdays, or months.

    Args:
        kind: Which of both.
        span: Where they stand, with the words that bound them.
        text: As written, without those.
        days: Monday is 0, January is 1.
        through: Whether they are told as from one to another, which leaves nothing out.
        says_when: Whether they say when something is, rather than which: "on Tuesdays", not "the Tuesday group".
    """

    kind: Literal["weekday", "month"]
    span: Span
    text: str
    days: frozenset[int]
    through: bool
    says_when: bool


def weekdays(text: str) -> tuple[Days, ...]:
    """Return the weekdays in a text, in order; those of one list or range together."""
    return tuple(_weekdays(text))


def months(text: str) -> tuple[Days, ...]:
    """Return the months in a text that have no day and no year beside them, in order; those of one list together."""
    found = []
    for match in _MONTH_LIST.finditer(text):
        prefix, written = match["told"], match["days"]
        members = _members(written, 12, between="etween" in prefix)
        start = match.start("told") if prefix[0].isalpha() else match.start("days")
        through = "etween" in prefix or bool(_RANGED.search(written))
        found.append(Days("month", Span(start, match.end()), written, members, through, says_when=True))
    return tuple(found)


def named_months(text: str) -> frozenset[int]:
    """Return the months that a text names, those between the ends of a range among them; January is 1."""
    found: set[int] = set()
    last = end = 0
    for match in _NAMED_MONTH.finditer(text):
        month = _MONTH_NAMES.index(match[0][:3].casefold()) + 1
        if last and _THROUGH_MONTHS.fullmatch(text, end, match.start()):
            found |= {(last - 1 + step) % 12 + 1 for step in range((month - last) % 12)}
        found.add(month)
        last, end = month, match.end()
    return frozenset(found)


def named_days(text: str) -> frozenset[int]:
    """Return the days of the year that a text names, those between the ends of a range among them; 1 January is 1.

    Every year counts as a leap year, and none is told from another.
    """
    found: set[int] = set()
    last = end = 0
    for match in _DAYS_OF_MONTH.finditer(text):
        place = _MONTH_NAMES.index((match["month"] or match["first"])[:3].casefold()) + 1
        days = [day for day in _joined_days(match["days"] or match["later"], place) if day]
        if last and days and _THROUGH_DAYS.fullmatch(text, end, match.start()):
            found |= _days_between(last, days[0])
        found |= set(days)
        last, end = days[-1] if days else 0, match.end()
    whole = (day[-5:] for day in dates(text) if _WHOLE_DAY.fullmatch(day))
    return frozenset(found | {_day_of_year(int(day[:2]), int(day[3:])) for day in whole} - {0})


def week_from(days: frozenset[int]) -> frozenset[int]:
    """Return the days of the weeks that begin on some days, see `named_days`."""
    return frozenset((day - 1 + step) % _DAYS_A_YEAR + 1 for day in days for step in range(7))


def exclude(one: Days, other: Days) -> bool:
    """Tell whether two lists of days cannot both hold: two ranges that differ, or lists that each miss a day."""
    if one.through and other.through:
        return one.days != other.days
    return not (one.days <= other.days or other.days <= one.days)


def _weekdays(text: str) -> Iterator[Days]:
    for match in _WEEKDAY_LIST.finditer(text):
        written, prefix = match["days"], match["told"] or ""
        named = _NAMED.get(written.casefold())
        between = "etween" in prefix
        members = frozenset(named) if named else _members(written, 7, between=between)
        short = re.fullmatch(r"(?i:Mon|Wed|Sat|Sun)\.?", written)
        is_key = not text[: match.start()].strip() and re.match(r"\s*[:|]", text[match.end() :])
        if short and not (is_key or prefix.strip().isalpha() or re.match(r"\W*(?:\d|$)", text[match.end() :])):
            # "Sun" and "Sat" are words too.
            continue
        through = bool(named) or between or bool(_RANGED.search(written))
        whole = not re.search(r"\w", text[: match.start("days")] + text[match.end() :])
        several = len(members) > 1 or written.endswith("s") or bool(named)
        start = match.start("told") if prefix[:1].isalpha() else match.start("days")
        yield Days("weekday", Span(start, match.end()), written, members, through, bool(prefix) or several or whole)


def _members(written: str, n: int, *, between: bool) -> frozenset[int]:
    """Return the days or months of a list, those between the ends of a range among them ("between May and July")."""
    names = _WEEKDAYS if n == 7 else _MONTH_NAMES
    first = 0 if n == 7 else 1
    found: set[int] = set()
    last, end = -1, 0
    for match in _ONE_DAY.finditer(written):
        place = names.index(match[0][:3].casefold())
        if last >= 0 and (between or re.fullmatch(_THROUGH, written[end : match.start()])):
            found |= {(last + step) % n for step in range((place - last) % n)}
        found.add(place)
        last, end = place, match.end()
    return frozenset(place + first for place in found)


def _joined_days(written: str, month: int) -> list[int]:
    """Return the days of a month in "24, 29, 30" and "25-28", those between the ends of a range among them."""
    found: list[int] = []
    end = 0
    for match in _NUMBER.finditer(written):
        day = _day_of_year(month, int(match[0]))
        if found and found[-1] and re.fullmatch(rf"\D*?{_THROUGH}", written[end : match.start()]):
            found += sorted(_days_between(found[-1], day))
        found.append(day)
        end = match.end()
    return found


def _days_between(first: int, last: int) -> set[int]:
    """Return the days behind one up to another, over the end of the year where that comes first."""
    return {(first - 1 + step) % _DAYS_A_YEAR + 1 for step in range((last - first) % _DAYS_A_YEAR)}


def _day_of_year(month: int, day: int) -> int:
    try:
        return date(_LEAP_YEAR, month, day).timetuple().tm_yday
    except ValueError:
        return 0


def one_day(cell: str, column: str) -> str:
    """Return the date that a cell is and nothing else; empty where its column tells of weeks, or from when on."""
    found = dates(cell) if _ONE_DAY_ALONE.fullmatch(cell) else ()
    return found[0] if len(found) == 1 and not (REACHES.search(column) or WEEKLY.search(column)) else ""


def whole_days(text: str) -> dict[str, str]:
    """Return the dates of a text that are days, with or without a year, each as it is written there."""
    return {day: written for day, written in dates_as_written(text).items() if _WHOLE_DAY.fullmatch(day)}


def same_day(one: str, other: str) -> bool:
    """Tell whether two dates are the same as far as both are told."""
    short, long = sorted((one, other), key=lambda day: not day.startswith("--"))
    return one == other or one.startswith(other) or other.startswith(one) or _is_end(short, long)


def _is_end(day: str, date: str) -> bool:
    return day.startswith("--") and date.endswith(day[1:])
