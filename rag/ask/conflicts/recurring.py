"""Find where two sentences give other hours, weekdays or months for what a question asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.ask.conflicts.alignment import Said
from rag.ask.conflicts.habits import Habit, Hours, habits, timeless
from rag.ask.conflicts.told import Told
from rag.ask.conflicts.wording import alike, speaks_of
from rag.ask.texts.clock import SIDES, Clock, Side, apart, clocks
from rag.ask.texts.days import Days, exclude, weekdays
from rag.types import Query

_ASKS_HOUR = re.compile(
    r"\b(?:(?:what|which) (?:time|hour)s?|when|until|till|how (?:late|early)|(?<!many )(?<!much )(?:hours|times?)"
    r"|deadline|cut-?off|latest|earliest|closing|opening|o['’]clock)\b",
    re.IGNORECASE,
)
_ASKS_WEEKDAY = re.compile(r"\b(?:(?:what|which) (?:week)?days?|when|how often|hours|(?<!many )days)\b", re.IGNORECASE)
_ASKS_MONTH = re.compile(r"\b(?:(?:what|which) months?|when|how often|season|time of (?:the )?year)\b", re.IGNORECASE)
_ASKS_YES_OR_NO = re.compile(
    r"^\W*(?:(?:and|but|so|hi|hello)\W+)?(?:can|could|do|does|is|are|will|would|may|must|should|has|have|am)\b",
    re.IGNORECASE,
)
_ASKS_END = re.compile(
    r"\b(?:until|till|how late|clos(?:e|es|ed|ing)|shuts?|latest|deadline|cut-?off|ends?|ending|finish(?:es)?|last"
    r"|by (?:when|what time))\b",
    re.IGNORECASE,
)
_ASKS_START = re.compile(
    r"\b(?:from (?:when|what time)|how early|earliest|starts?|begins?|opens|opening time"
    r"|(?:do|does|will|to) (?:\w+ ){0,5}?open)\b",
    re.IGNORECASE,
)
_MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class _Difference:
    """Two moments that cannot both hold."""

    mine: Clock | Days
    other: Clock | Days


class Recurring:
    """Tells whether sentences of two documents give other hours, weekdays or months for what a question asks.

    Precision comes first: both must say the same in the same words but for that (`rag.ask.conflicts.wording`), neither
    may tell of one day or of what was, and no document may give what the other gives too. Hours are compared for the
    same weekdays, and on the side that is asked for: "until when" does not ask from when.

    Args:
        query: The question.
        sentences: All sentences of the evidence.
    """

    def __init__(self, query: Query, sentences: Sequence[Said]) -> None:
        text = query.text
        self._yes_or_no = bool(_ASKS_YES_OR_NO.search(text))
        self._hours = clocks(text)
        self._on = frozenset[int]().union(*(each.days for each in weekdays(text)))
        asks = (("clock", _ASKS_HOUR, self._hours), ("weekday", _ASKS_WEEKDAY, self._on), ("month", _ASKS_MONTH, ()))
        self._kinds = {kind for kind, asked, named in asks if (named if self._yes_or_no else asked.search(text))}
        if self._on and not self._yes_or_no:
            # "When do you close on Fridays?" asks for no day.
            self._kinds.discard("weekday")
        self._sides = SIDES if self._yes_or_no else _sides(text)
        self._query = replace(query, text=timeless(text))
        self._told = Told(sentences, habits)

    def differ(self, mine: Said, other: Said) -> tuple[str, str] | None:
        """Return what two sentences say differently, in the words of each; ``None`` where they do not."""
        for ours in self._told.by(mine) if self._kinds else ():
            for theirs in self._told.by(other):
                found = self._difference(ours, theirs)
                if found and alike(self._query, ours.bare, theirs.bare) and not self._both_say(found, ours, theirs):
                    return found.mine.text, found.other.text
        return None

    def _difference(self, mine: Habit, other: Habit) -> _Difference | None:
        if mine.near and other.near and not mine.near & other.near:
            return None
        days, in_months = (mine.days, other.days), (mine.months, other.months)
        found: _Difference | None = None
        if "clock" in self._kinds and not _excluded(*in_months):
            found = self._in_hours(mine.hours, other.hours)
        # Where hours or days differ too, it is another of several.
        beside = any(apart(one, two) for one in mine.clocks for two in other.clocks)
        if found is None and "weekday" in self._kinds and not beside and not _excluded(*in_months):
            found = self._in_days(*days)
        if found is None and "month" in self._kinds and not beside and not _excluded(*days):
            found = self._in_days(*in_months)
        return found

    def _in_hours(self, mine: Sequence[Hours], other: Sequence[Hours]) -> _Difference | None:
        alone = len(mine) == len(other) == 1
        for one in mine:
            for two in other:
                if not self._one_day(one.on, two.on, alone=alone) or len(one.clocks) != len(two.clocks):
                    continue
                pairs = list(zip(one.clocks, two.clocks, strict=True))
                # "Orders by 14:00 are there at 6:30": the hour beside it must be the same.
                if sum(apart(*pair) is not False for pair in pairs) == 1:
                    unlike = (pair for pair in pairs if self._unlike(*pair))
                    if found := next((_Difference(*pair) for pair in unlike), None):
                        return found
        return None

    def _unlike(self, one: Clock, two: Clock) -> bool:
        if not self._yes_or_no:
            return bool(apart(one, two, self._sides))
        return bool(apart(one, two)) and any(one.holds(asked) != two.holds(asked) for asked in self._hours)

    def _one_day(self, on: frozenset[int] | None, on_too: frozenset[int] | None, *, alone: bool) -> bool:
        """Tell whether two hours hold for the same weekdays, those that are asked for among them."""
        if self._on:
            return bool(on and on_too and self._on <= on & on_too)
        told = on or on_too or frozenset()
        return on == on_too or (alone and None in (on, on_too) and told >= _MONDAY_TO_FRIDAY)

    def _in_days(self, one: Days | None, two: Days | None) -> _Difference | None:
        if not (one and two and one.says_when and two.says_when and exclude(one, two)):
            return None
        if self._yes_or_no and (self._on <= one.days) == (self._on <= two.days):
            return None
        return _Difference(one, two)

    def _both_say(self, found: _Difference, mine: Habit, other: Habit) -> bool:
        """Tell whether one document also gives what the other gives: it knows of several then."""
        for own, moment in ((mine, found.other), (other, found.mine)):
            told = self._told.by_document(own.bare.document_id)
            if any(each.gives(moment) and speaks_of(each.bare, mine.bare, other.bare) for each in told):
                return True
        return False


def _sides(question: str) -> tuple[Side, ...]:
    """Return which hours a question asks for: when something begins, when it ends, or all."""
    ends, starts = bool(_ASKS_END.search(question)), bool(_ASKS_START.search(question))
    if ends == starts:
        return SIDES
    return ("ends", "at") if ends else ("starts", "at")


def _excluded(one: Days | None, two: Days | None) -> bool:
    """Tell whether two sentences name other days, or other months, or only one of them names any."""
    return (one is None) != (two is None) or (one is not None and two is not None and one.days != two.days)
