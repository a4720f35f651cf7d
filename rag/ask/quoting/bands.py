"""Bands of a quantity, "over 15 up to 60 minutes": which of several a number of the question falls in."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from rag import lexis
from rag.ask.texts.rows import CELLS, cell_texts, continued_header, header_of, is_row
from rag.ask.texts.values import Value, values
from rag.sentences import Span
from rag.types import Chunk, Hit

# From its first digit on and whole, so that a long run of digits is read once.
_NUMBER = r"(?<![\d.,])\d[\d.,]*+"
_SIGN = r"(?:[€$£]\s?|\b(?:EUR|USD|GBP)\s)?"
_UNIT = r"(?:\s?(?!or\b|and\b|up\b|to\b|but\b)[^\W\d_]{1,12}\b|\s?[%°]\s?[CF]?)?"
_THAN = r"older|longer|heavier|higher|larger|bigger|later|greater|taller|wider|thicker|warmer"
_LESS_THAN = r"younger|shorter|lighter|lower|smaller|fewer|earlier|colder|cheaper"
# "Over 15 up to 60 minutes", "£300.01 to £1,000".
_TO = r"(?: (?:and )?(?:up to|to|but (?:at most|under|less than))(?: under| at most)?|\s?[-–])\s?"
_RANGE = rf"(?:\b(?:over|from|more than|at least) )?({_SIGN})({_NUMBER}){_UNIT}{_TO}{_SIGN}({_NUMBER})"
# What says the same as the bounds that `rag.ask.texts.values` reads; the first that fits is taken, and each only once.
_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), told)
    for pattern, told in (
        (rf"\b(?:no|not) (?:{_THAN}|more) than\b", "at most"),
        (rf"\b(?:no|not) (?:{_LESS_THAN}|less) than\b", "at least"),
        (rf"\b(?:{_THAN}) than\b|\b(?:above|beyond|exceeding)\b|(?<![<>])>=?|≥", "over"),
        (rf"\b(?:{_LESS_THAN}) than\b|\b(?:below|within)\b|(?<![<>])<=?|≤|\buntil\b", "under"),
        (_RANGE, r"\1\2 to \3"),
        (rf"({_SIGN}{_NUMBER}{_UNIT}) (?:or|and) (?:{_THAN}|more|over|up(?:wards)?)\b", r"at least \1"),
        (rf"({_SIGN}{_NUMBER}{_UNIT}) (?:or|and) (?:{_LESS_THAN}|less|under)\b", r"at most \1"),
        (r"\bup to and including\b", "up to"),
    )
)
# The unit of a column: "Weight (kg)", "Rise, m".
_COLUMN_UNIT = re.compile(r"(?:\(\s*(?:in )?|,\s*(?:in )?|\bin )([^\W\d_]{1,8}|[%€$£]|°\s?[CF])\s*\)?$")
# "25 to 49 units" is a band of printers too, "groups of 10 to 20 people" one of children.
_ANYTHING = frozenset(
    f"n {stem}" for stem in lexis.stems("units items pieces people persons participants heads guests")
)
_BOUND_WORDS = lexis.stems("over under least most more less than up to from")
_BARE = re.compile(rf"(?<![:€$£])({_NUMBER})(?=\s*(?:(?:and|or) (?:more|over|less|under|up(?:wards)?)\s*)?$)")
# A column that is called by what is counted in it: "Words", "Guests".
_COUNTED = re.compile(r"(?:people|[^\W\d_]{3,}s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Band:
    """What a quantity may be.

    Args:
        kind: What can be compared, see `rag.ask.texts.values.Value`.
        low: Its least, in the unit of its kind; minus infinity where there is none.
        high: Its most.
    """

    kind: str
    low: float
    high: float

    def holds(self, number: float) -> bool:
        """Tell whether a number of the same kind lies in the band, its ends among it."""
        return self.low <= number <= self.high

    def closer_than(self, other: Band) -> bool:
        """Tell whether both are open at the same end and this one lies inside the other."""
        if (self.low, other.low) == (-math.inf, -math.inf):
            return self.high < other.high
        return (self.high, other.high) == (math.inf, math.inf) and self.low > other.low


def bands(text: str) -> list[Band]:
    """Return the bands that a text tells, in order; a number without bounds is none."""
    return [band for value in values(_rewritten(text)) if (band := _band(value))]


class Banded:
    """Tells which sentences are about another band than the numbers of a question.

    Rows of a table, lines such as "over 60 minutes: 25 %", and sentences with words in common may give the bands of one
    quantity. Where one of them holds the question's number, those beside it that do not speak of another case, and so
    does the wider of two that are open at the same end.

    Args:
        question: Its words.
    """

    def __init__(self, question: str) -> None:
        told = values(question)
        self._values = [v for v in told if v.low == v.high and v.bound in {"exact", "about"}]
        self._kinds = {value.kind for value in self._values}
        counted = [kind for kind in self._kinds if kind.startswith("n ")]
        # What is counted, where it is one thing.
        self._counted = counted[0] if len(counted) == 1 else ""

    def __bool__(self) -> bool:
        """Tell whether the question gives a quantity."""
        return bool(self._values)

    def kept(self, hits: Sequence[Hit], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
        """Return, for each passage, those of its sentences that may speak of the question's case."""
        sections: dict[tuple[str, tuple[str, ...]], list[_Told]] = defaultdict(list)
        for place, (hit, own) in enumerate(zip(hits, spans, strict=True)):
            chunk = hit.passage.chunk
            told = [self._told(chunk, place, span) for span in own]
            sections[chunk.document_id, chunk.headings] += [each for each in told if each.bands]
        others = {
            (each.place, each.span)
            for section in sections.values()
            for each in section
            if any(self._instead(other, each) for other in section)
        }
        return [[span for span in own if (place, span) not in others] for place, own in enumerate(spans)]

    def met_in(self, text: str) -> str:
        """Return those quantities of the question, in its words, that a text holds within a band."""
        found = self._of_kinds(text) if self else []
        return " ".join(
            value.text for value in self._values if any(b.kind == value.kind and b.holds(value.low) for b in found)
        )

    def _told(self, chunk: Chunk, place: int, span: Span) -> _Told:
        text = chunk.text[span.start : span.end]
        row = is_row(text)
        if row:
            text = with_units(text, header_of(chunk.text, span.start) or continued_header(chunk.context))
        found = self._of_kinds(text)
        key, colon, _ = text.partition(":")
        keyed = row or (bool(colon) and bool(self._of_kinds(key)))
        return _Told(place, span, found, text, row=row, keyed=keyed)

    def _of_kinds(self, text: str) -> list[Band]:
        """Return the bands of a text that the question's quantities can fall in; those of anything hold any count."""
        told = (replace(b, kind=self._counted) if self._counted and b.kind in _ANYTHING else b for b in bands(text))
        return [band for band in told if band.kind in self._kinds]

    def _instead(self, one: _Told, other: _Told) -> bool:
        """Tell whether a sentence speaks of the question's case where another one speaks of the next."""
        if not (self._fits(one.bands) and one.beside(other)):
            return False
        if not self._fits([band for band in other.bands if band.kind in {each.kind for each in one.bands}]):
            return True
        return other.keyed and len(one.bands) == len(other.bands) == 1 and one.bands[0].closer_than(other.bands[0])

    def _fits(self, found: Sequence[Band]) -> bool:
        """Tell whether of every quantity some band holds a number of the question."""
        met = {band.kind for band in found for v in self._values if v.kind == band.kind and band.holds(v.low)}
        return met == {band.kind for band in found}


@dataclass(frozen=True)
class _Told:
    """A sentence with the bands that it gives; ``keyed`` where they are what a row or line begins with."""

    place: int
    span: Span
    bands: Sequence[Band]
    text: str
    row: bool
    keyed: bool

    def beside(self, other: _Told) -> bool:
        """Tell whether both may give bands of one quantity."""
        if not {band.kind for band in self.bands} & {band.kind for band in other.bands} or self.row != other.row:
            return False
        return (self.keyed and other.keyed) or bool(self.words & other.words)

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems of the words beside numbers, units and what says a bound."""
        text = _rewritten(self.text)
        quantities = lexis.stems(" ".join(value.text for value in values(text)))
        own = {lexis.stem(term) for term in lexis.terms(text) if term.isalpha()}
        return frozenset(own - quantities - _BOUND_WORDS)


def with_units(row: str, header: str) -> str:
    """Return a row of a table with the units of its columns behind numbers that have none."""
    units = [_unit(column) for column in cell_texts(header)]
    pairs = zip_longest(cell_texts(row), units[: len(cell_texts(row))])
    return CELLS.join(_BARE.sub(rf"\1 {unit}", cell) if unit else cell for cell, unit in pairs)


def _unit(column: str) -> str:
    """Return the unit of a column, or what is counted in it; empty where its name tells neither."""
    if unit := _COLUMN_UNIT.search(column):
        return unit[1]
    return column.lower() if _COUNTED.fullmatch(column) else ""


def _band(value: Value) -> Band | None:
    if value.bound == "least":
        return Band(value.kind, value.low, math.inf)
    if value.bound == "most":
        return Band(value.kind, -math.inf, value.high)
    return Band(value.kind, value.low, value.high) if value.low < value.high else None


def _rewritten(text: str) -> str:
    for pattern, told in _REWRITTEN:
        text = pattern.sub(told, text)
    return text
