"""What a sentence tells of when something is: its hours, each for which weekdays, its weekdays and its months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.ask.conflicts.alignment import Said
from rag.ask.conflicts.bare import Bare
from rag.ask.conflicts.sayings import Saying, sayings
from rag.ask.conflicts.wording import hangs_on
from rag.ask.texts.clock import Clock, apart, clocks
from rag.ask.texts.days import Days, months, weekdays
from rag.dates import dates
from rag.sentences import Span

# What no hour, weekday or month is without, so that most sentences are not read any further.
_MAY_TELL = re.compile(
    r"\d|day|daily|weekend|noon|midnight|clock|\bhalf past|\bquarter"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    re.IGNORECASE,
)
# What is told of one day, or of what was, is no habit that another could contradict.
_ONCE = re.compile(
    r"\b(?:was|were|had|did|today|tonight|tomorrow|yesterday|(?:this|next|last|coming) (?:week|month|year|\w+day))\b",
    re.IGNORECASE,
)
# "A ferry leaves on Tuesday", "there is a course on Thursday": one of several.
_ONE_OF = re.compile(
    r"^\W*(?:an?|one|some|several|two|three)\s|\b(?:there (?:is|are)|also|too|one of|some of|for example|e\.g\.)(?!\w)",
    re.IGNORECASE,
)
_ONLY_A_MONTH = re.compile(r"--\d\d")
_CLOSED = re.compile(r"\b(?:closed|shut)\b", re.IGNORECASE)
_CLOSES = re.compile(r"\b(?:clos(?:es?|ing)|shuts?)\b", re.IGNORECASE)
# What may stand between hours and the weekdays behind them.
_DIRECTLY = re.compile(r"\s*\(?")
# Of a line that is taken though it has few words.
_MOST_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of the day for some weekdays, in order; ``None`` where none are said."""

    clocks: tuple[Clock, ...]
    on: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Habit:
    """What a sentence, a part of it or a cell tells of when something is.

    Args:
        bare: What is left of it.
        hours: Its hours of the day.
        days: Its weekdays, where they are told once.
        months: Its months.
        near: Stems of the words that the first of these hangs on.
    """

    bare: Bare
    hours: tuple[Hours, ...]
    days: Days | None
    months: Days | None
    near: frozenset[str]

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """All hours of the day."""
        return tuple(clock for hours in self.hours for clock in hours.clocks)

    def gives(self, moment: Clock | Days) -> bool:
        """Tell whether it has an hour, or days, that are the same as some."""
        if isinstance(moment, Clock):
            return any(apart(clock, moment) is False for clock in self.clocks)
        named = self.days if moment.kind == "weekday" else self.months
        return named is not None and named.days == moment.days


def habits(said: Said) -> tuple[Habit, ...]:
    """Return what a sentence tells of when something is; nothing where it tells of one day, of what was, or of some."""
    if not _MAY_TELL.search(said.text):
        return ()
    found = (_habit(said, saying) for saying in sayings(said))
    return tuple(habit for habit in found if habit is not None)


def tells_when(text: str) -> bool:
    """Tell whether a line says when something is, behind a colon: "Cut-off: 18:00"."""
    short = len(text) <= _MOST_CHARACTERS and re.search(r"\w:\s", text)
    return bool(short) and bool(clocks(text) or weekdays(text) or months(text))


def timeless(text: str) -> str:
    """Return a question without its hours, weekdays and months; what closes is open until then."""
    return _blanked(_opened(text), clocks(text), (*weekdays(text), *months(text)))


def _habit(said: Said, saying: Saying) -> Habit | None:
    text = saying.text
    hours, days, in_months = clocks(text), weekdays(text), months(text)
    if not (hours or days or in_months) or _ONCE.search(text) or _ONE_OF.search(text):
        return None
    if any(not _ONLY_A_MONTH.fullmatch(date) for date in dates(text)):
        return None
    held = _by_days(text, hours, days)
    if held is None or len(in_months) > 1:
        return None
    told = _opened(text) if any(clock.shuts for clock in hours) else text
    return Habit(
        Bare(said.hit, said.span, _blanked(told, hours, (*days, *in_months)), saying.kind),
        held,
        days[0] if len(days) == 1 else None,
        in_months[0] if in_months else None,
        hangs_on(told, _spans(hours, (*days, *in_months))[0]),
    )


def _by_days(text: str, hours: Sequence[Clock], days: Sequence[Days]) -> tuple[Hours, ...] | None:
    """Return the hours of a sentence by their weekdays; ``None`` where it does not show which go together.

    Weekdays come before their hours ("Monday to Friday 9:00 to 17:00, Saturday 9:00 to 13:00"), or directly behind
    them. Hours before all weekdays hold on the others ("9:00 to 17:00, on Fridays until 15:00").
    """
    if not hours:
        return ()
    if days and _CLOSED.search(text):
        return None
    told: list[Clock | Days] = sorted([*hours, *days], key=lambda each: each.span)
    if isinstance(told[-1], Days):
        told = _turned(text, told)
    if any(isinstance(one, Days) and isinstance(two, Days) for one, two in pairwise(told)):
        return None
    on: frozenset[int] | None = None
    found: dict[frozenset[int] | None, tuple[Clock, ...]] = {}
    for each in told:
        if isinstance(each, Days):
            on = each.days
        if isinstance(each, Clock):
            found[on] = (*found.get(on, ()), each)
    return tuple(Hours(clocks, days) for days, clocks in found.items()) or None


def _turned(text: str, told: Sequence[Clock | Days]) -> list[Clock | Days]:
    """Return hours and the weekdays directly behind each with the weekdays first; nothing where they are not so."""
    pairs = list(zip(told[::2], told[1::2], strict=False))
    behind = all(
        isinstance(one, Clock) and isinstance(two, Days) and _DIRECTLY.fullmatch(text[one.span.end : two.span.start])
        for one, two in pairs
    )
    return [each for one, two in pairs for each in (two, one)] if behind and len(told) % 2 == 0 else []


def _opened(text: str) -> str:
    """Return a text, letter for letter as long, in which what closes is open: it is until then."""
    return _CLOSES.sub(lambda match: "open".ljust(len(match[0])), text)


def _blanked(text: str, hours: Sequence[Clock], days: Sequence[Days]) -> str:
    for start, end in reversed(_spans(hours, days)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _spans(hours: Sequence[Clock], days: Sequence[Days]) -> list[Span]:
    return sorted([*(clock.span for clock in hours), *(each.span for each in days)])
