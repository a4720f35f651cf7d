"""Days, weekdays and months: what holds on Fridays is no answer for Saturday where the same place tells of that too."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag import lexis
from rag.ask.texts.days import WEEKLY, named_days, named_months, week_from, weekdays
from rag.ask.texts.rows import cell_texts, continued_header, header_of, is_row
from rag.dates import MONTHS, dates
from rag.sentences import Span
from rag.types import Hit

_MONTH = rf"(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*"
# "Can I collect it on Thursday?" is answered by the days on which one can, "other than Saturday" asks of the rest; and
# what happens if Monday is a holiday, or to what was sent by Friday, happens on another day.
_ASKS_WHETHER = re.compile(
    r"^\W*(?:(?:and|but|so|ok|hi|hello)\W+)*(?:can|could|do|does|did|is|are|was|were|will|would|may|must|should|has"
    r"|have|had)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(
    r"\b(?:other than|except|excluding|besides|apart from|not|\w+n['’]t|which days?|what days?|if|unless"
    r"|(?:bank|public|a) holiday|ordered|placed|sent|posted|booked|arriv\w+|instead)\b"
    r"|\b(?:by|before|after|until|till|from|since|following)\s+(?:\w+\s+)?(?:\w{3,6}day|weekend)"
    rf"|\b(?:before|after|until|till|since|following)\s+(?:\w+\s+)?{_MONTH}\b|\bwhich months?\b|\bwhat months?\b"
    rf"|\b(?:by|between|from|to)\s+(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+\d)",
    re.IGNORECASE,
)
_ONE = re.compile(r"\bweek(end|day)\b", re.IGNORECASE)
# Words of weekdays, months and hours tell nothing of what it is that happens then.
_TIMES = lexis.stems(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun weekday"
    f" weekend day daily week time hour clock o'clock am pm noon midnight {' '.join(MONTHS)} month season"
)
_DATED = re.compile(r"(?:\d{4}|-)-(\d\d)(?=-|$)")
_DaysOf = Callable[[str], frozenset[int]]


class OnDays:
    """Tells which sentences are about other weekdays, other months or other days of them than those of a question.

    Where a sentence names a day of the question, those of the same section that name only other days give way to it, as
    far as it speaks of the same: it holds every word of the question that they hold, or says nothing else. A section
    below "Saturday" and one below "Monday to Friday" are one, each with its days. So it is with months, "June to
    August", "1 April to 30 September", and with days of them, "25 to 28 Dec", also where a question asks whether
    something is so then. The row of a week holds all of its days.

    Args:
        question: Its words.
    """

    def __init__(self, question: str) -> None:
        asked = {_weekdays: _weekdays(question), named_months: _months(question)}
        if _ASKS_WHETHER.search(question):
            asked.clear()
        asked[named_days] = named_days(question)
        otherwise = bool(_ASKS_OTHERWISE.search(question))
        self._asked = {days_of: days for days_of, days in asked.items() if days and not otherwise}
        self._stems = lexis.stems(question) - _TIMES

    def __bool__(self) -> bool:
        """Tell whether the question asks of some weekdays, months or days."""
        return bool(self._asked)

    def kept(self, hits: Sequence[Hit], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
        """Return, for each passage, those of its sentences that may speak of the question's days."""
        others = {each for days_of, asked in self._asked.items() for each in self._others(days_of, asked, hits, spans)}
        return [[span for span in own if (place, span) not in others] for place, own in enumerate(spans)]

    def _others(
        self, days_of: _DaysOf, asked: frozenset[int], hits: Sequence[Hit], spans: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[int, Span]]:
        """Yield what speaks of other days of one kind, with the place of its passage."""
        sections: dict[tuple[str, tuple[str, ...]], list[_Told]] = defaultdict(list)
        for place, (hit, own) in enumerate(zip(hits, spans, strict=True)):
            for told in _told(place, hit, own, days_of):
                sections[hit.passage.chunk.document_id, told.path].append(told)
        for section in sections.values():
            on_days = [each for each in section if each.days & asked]
            yield from (
                (each.place, each.span)
                for each in section
                if not each.days & asked and any(self._instead(one, each) for one in on_days)
            )

    def _instead(self, one: _Told, other: _Told) -> bool:
        """Tell whether a sentence about a day of the question says for it what another one says for other days."""
        if one.row:
            return self._stems & other.stems <= one.stems
        alike = bool(self._stems & one.stems & other.stems) and self._stems & other.stems <= one.stems
        return alike or one.stems <= self._stems | other.stems


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence with the days that it names, or else the nearest heading; ``path`` are the headings without days."""

    place: int
    span: Span
    days: frozenset[int]
    stems: frozenset[str]
    path: tuple[str, ...]
    row: bool


def _told(place: int, hit: Hit, spans: Sequence[Span], days_of: _DaysOf) -> Iterator[_Told]:
    chunk = hit.passage.chunk
    for span in spans:
        text = chunk.text[span.start : span.end]
        row = is_row(text)
        columns = cell_texts(header_of(chunk.text, span.start) or continued_header(chunk.context)) if row else []
        if sum(bool(days_of(column)) for column in columns) > 1:
            # Its days are those of the columns.
            continue
        headings = chunk.place(chunk.start + span.start)[1]
        above = next((days for heading in reversed(headings) if (days := days_of(heading))), frozenset())
        days = days_of(text) or above
        if days_of is named_days and any(map(WEEKLY.search, columns)):
            days = week_from(days)
        if days:
            stems = {lexis.stem(term) for term in lexis.terms(text) if term.isalpha()} - _TIMES
            path = tuple(heading for heading in headings if not days_of(heading))
            yield _Told(place, span, days, frozenset(stems), path, row)


def _weekdays(text: str) -> frozenset[int]:
    return frozenset[int]().union(*(each.days for each in weekdays(_ONE.sub(r"week\1s", text))))


def _months(question: str) -> frozenset[int]:
    """Return the months of a question, those of its dates among them."""
    of_dates = (_DATED.match(day) for day in dates(question))
    return named_months(question) | {int(found[1]) for found in of_dates if found}
