"""Hours of the day in a sentence, made comparable, with where they stand in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.lexis import NUMBER_WORDS
from rag.sentences import Span

Side = Literal["starts", "ends", "at"]
SIDES: tuple[Side, ...] = ("starts", "ends", "at")
"""What may be told of an hour."""
_DAY, _HALF = 24 * 60, 12 * 60
# How far hours may be apart of which one is told with "about", in minutes.
_ROUGH = 60

_HALVES, _OF_CLOCK = r"[ap]\.?\s?m\b\.?", r"o['’]\s?clock\b"
_NOT_IN_NUMBER = r"(?<![\w.,:/€$£-])"
# "Half past nine", "12 noon", "5 pm", "9 o'clock", "17:00", "17.30 h".
_TIME = (
    rf"(?:\b(?:half past|quarter (?:past|to)) (?:\d{{1,2}}|{'|'.join(NUMBER_WORDS)})\b(?:\s?(?:{_HALVES}|{_OF_CLOCK}))?"
    r"|(?:\b12 )?\b(?:noon|midday|midnight)\b"
    rf"|{_NOT_IN_NUMBER}\d{{1,2}}(?:[:.][0-5]\d)?\s?(?:{_HALVES}|{_OF_CLOCK})"
    rf"|{_NOT_IN_NUMBER}(?:[01]?\d|2[0-4]):[0-5]\d(?![:\w]|\.\d)(?:\s?(?:h|hrs)\b)?"
    rf"|{_NOT_IN_NUMBER}(?:[01]\d|2[0-4])\.[0-5]\d\s?(?:h|hrs)\b)"
)
# "At 9:00 and 17:00" are two; "between 9:00 and 17:00" is one.
_TO = r"\s*(?:-|–|—|\bto\b|\btill\b|\buntil\b|(?(between)\band\b|(?!)))\s*"
_TIMES = re.compile(
    rf"(?P<between>\bbetween\s+)?(?P<one>{_TIME}|{_NOT_IN_NUMBER}\d{{1,2}}(?={_TO}{_TIME}))"
    rf"(?:{_TO}(?P<two>{_TIME.replace(_NOT_IN_NUMBER, '')}))?",
    re.IGNORECASE,
)
# "Open from 9 to 17", "9.00 to 17.00", "0900-1700": bare numbers are hours only behind such a word.
_BARE = re.compile(
    r"\b(?:open(?:ing)?|hours|staffed|manned)\b[^.;€$£\d]{0,40}?(?<![€$£\d])"
    r"(?:(?P<one>\d{1,2}(?:\.[0-5]\d)?)|(?P<four>0\d[0-5]\d))\s*(?:h|hrs)?\s*(?:-|–|—|\bto\b)\s*"
    r"(?P<two>(?(four)\d\d[0-5]\d|\d{1,2}(?:\.[0-5]\d)?))"
    r"(?=\s*(?:h\b|hrs\b|[.,;)|]|$|on\b|every\b|each\b|daily\b))(?![.,:]\d)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:\b(?:from|between|after|since|earliest(?: at)?|(?:no|not) (?:earlier than|before))"
    r"|\b(?:open(?:s|ing)?|start(?:s|ing)?|begin(?:s|ning)?)(?: \w+){0,2}? at)\s*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|up to|by|before|latest(?: at)?|(?:no|not) later than"
    r"|(?P<shuts>clos(?:es?|ing)|shuts?)(?: \w+){0,2}? at|(?:ends?|ending|finish(?:es)?)(?: \w+){0,2}? at)"
    r"|\b(?:deadline|cut-?off)(?: time)?\b[^.;:]{0,40}?(?: is(?: at)?| at|:))\s*$",
    re.IGNORECASE,
)
_LEADS = (
    r"from|between|after|since|until|till|up to|by|before|at|around|about|is|the|(?:no|not) (?:earlier|later) than"
    r"|not before"
)
# The words directly before an hour that go with it.
_LEADING = re.compile(rf"(?:\b(?:{_LEADS})\s+)+$", re.IGNORECASE)
# "Mixed 1:30 with water" tells no hour: two numbers alone are one only behind such a word, a sign, or a weekday.
_PLAIN = re.compile(r"\d\d?:\d\d")
_TELLS_AN_HOUR = re.compile(
    rf"(?:^|[^\w\s]|days?|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|and|or|to|{_LEADS}))\s*$", re.IGNORECASE
)
# So many characters before an hour are looked at.
_BEFORE = 80
_AT_AN_END = re.compile(r"\s*,?\s*at the (?:(?P<until>latest)|earliest)\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:\b(?:about|around|approximately|roughly|ca\.?|circa)|~)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour of the day, or from one to another, in minutes since midnight; ``None`` for what is not told.

    Args:
        span: Where it stands, with the words that bound it.
        text: As written, without those.
        starts: From when.
        ends: Until when.
        at: At what hour.
        rough: Whether it is told with "about".
        halved: Whether morning and evening may be meant alike, as by "9 o'clock".
        shuts: Whether it is told as when something closes.
    """

    span: Span
    text: str
    starts: int | None = None
    ends: int | None = None
    at: int | None = None
    rough: bool = False
    halved: bool = False
    shuts: bool = False

    @property
    def told(self) -> tuple[Side, ...]:
        """What is told of it."""
        hours = (self.starts, self.ends, self.at)
        return tuple(side for side, hour in zip(SIDES, hours, strict=True) if hour is not None)

    def hour(self, side: Side) -> int | None:
        """Return what is told of a side."""
        return {"starts": self.starts, "ends": self.ends, "at": self.at}[side]

    def holds(self, other: Clock) -> bool:
        """Tell whether the hour of another lies between the two of this one."""
        hours = [other.hour(side) for side in other.told]
        return all((self.starts or 0) <= hour <= (self.ends or _DAY) for hour in hours if hour is not None)


def clocks(text: str) -> tuple[Clock, ...]:
    """Return the hours of the day in a text, in order.

    ``from 9 am to 5 pm`` starts at 540 and ends at 1020, ``by 18:00`` ends at 1080, ``at noon`` is at 720.
    """
    found = []
    for match in _TIMES.finditer(text):
        span = Span(match.start("one"), match.end())
        if match["two"] or not _PLAIN.fullmatch(match["one"]) or _TELLS_AN_HOUR.search(_before(text, span)):
            found.append(_clock(text, span, match["one"], match["two"] or ""))
    for match in _BARE.finditer(text):
        begins = "one" if match["one"] else "four"
        span = Span(match.start(begins), match.end("two"))
        free = not any(clock.span.overlaps(span) for clock in found)
        one, two = _with_colon(match[begins]), _with_colon(match["two"])
        if free and int(one[:-3]) <= 24 >= int(two[:-3]):
            found.append(_clock(text, span, one, two))
    return tuple(sorted(found, key=lambda clock: clock.span))


def apart(one: Clock, other: Clock, sides: Sequence[Side] = SIDES) -> bool | None:
    """Tell whether two hours differ on a side; ``None`` where none of the sides is told of both."""
    pairs = [(one.hour(side), other.hour(side)) for side in sides]
    told = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
    slack = _ROUGH if one.rough or other.rough else 0
    halved = one.halved or other.halved
    return any(_between(mine, theirs, halved=halved) > slack for mine, theirs in told) if told else None


def _between(one: int, other: int, *, halved: bool) -> int:
    minutes = abs(one - other)
    return min(minutes % _HALF, -minutes % _HALF) if halved else minutes


def _clock(text: str, span: Span, one: str, two: str) -> Clock:
    written, before = text[span.start : span.end], _before(text, span)
    about = _ABOUT.search(before)
    before, rough = before[: about.start()] if about else before, bool(about)
    leading = _LEADING.search(before)
    left = max(0, span.start - _BEFORE) + (leading.start() if leading else len(before))
    if two:
        first, last = _range(one, two)
        return Clock(Span(left, span.end), written, first, last, rough=rough)
    hour, halved = _minutes(one)
    behind, until = _AT_AN_END.match(text, span.end), _UNTIL.search(before)
    ends = bool(behind["until"]) if behind else bool(until)
    starts = not ends and bool(behind or _FROM.search(before))
    return Clock(
        Span(left, behind.end() if behind else span.end),
        written,
        hour % _DAY if starts else None,
        (hour or _DAY) if ends else None,
        None if starts or ends else hour % _DAY,
        rough,
        halved,
        shuts=bool(until and until["shuts"]),
    )


def _with_colon(hour: str) -> str:
    """Return an hour that is written as "9", "9.00" or "0900" with a colon."""
    digits = hour.replace(".", "")
    return f"{digits[:-2]}:{digits[-2:]}" if len(digits) > 2 else f"{digits}:00"


def _before(text: str, span: Span) -> str:
    return text[max(0, span.start - _BEFORE) : span.start]


def _range(one: str, two: str) -> tuple[int, int]:
    """Return both ends of a range: "9 to 5 pm" and "9:00 to 5:00" end in the afternoon, as does what begins there."""
    last, open_half = _minutes(two)
    first, _ = _minutes(one)
    half_told = re.search(_HALVES, two, re.IGNORECASE)
    if half_told and not re.search(rf"{_HALVES}|[a-z]{{4}}", one, re.IGNORECASE):
        first = first % _HALF + (last // _HALF) * _HALF
        first -= _HALF if first >= last else 0
    if open_half and last <= first <= _HALF:
        last += _HALF
    return first % _DAY, last or _DAY


def _minutes(written: str) -> tuple[int, bool]:
    """Return the minutes since midnight, and whether the other half of the day may be meant."""
    plain = written.casefold()
    if "noon" in plain or "midday" in plain:
        return _HALF, False
    if "midnight" in plain:
        return 0, False
    words = [NUMBER_WORDS.get(word, word) for word in re.findall(r"\d+|[a-z]+", plain)]
    told = [int(word) for word in words if word.isdigit()]
    hour, minute = told[0], told[1] if len(told) > 1 else 0
    minutes = hour * 60 + minute
    minutes += 30 if "half" in plain else 15 if "quarter past" in plain else -15 if "quarter to" in plain else 0
    half = re.search(r"([ap])\.?\s?m\b", plain)
    if half:
        return (minutes % _HALF) + (_HALF if half[1] == "p" else 0), False
    # "At 8:00" may be in the evening; "08:00" and "13:00" may not.
    return minutes, not plain.startswith("0") and 0 < hour <= 12
