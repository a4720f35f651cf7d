"""A question for several things that rows are called by, however they are typed: once for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.ask.tables.properties import names_of
from rag.ask.texts.rows import Row

# "A check-up and a night guard", "small, medium or large".
_JOINED = re.compile(
    r"(?:,\s*|\s*,?\s+(?:and|or|vs\.?|versus)\s+|\s*&\s*)(?:(?:the|an?|our|your|my)\s+)?", re.IGNORECASE
)
_Place = tuple[int, int]


def asked_of_each(question: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return a question once for each of the things that it joins, "express and overnight"; nothing for any other.

    That names have capitals or numbers is seen without the tables, see `rag.ask.question.form.read_shape`.

    Args:
        question: Its words.
        rows: Of the tables of the passages.
    """
    asked = question.casefold()
    names = {folded for row in rows for name in names_of(row) if (folded := name.casefold()) in asked}
    named = (name for name in names if any(map(str.isalpha, name)))
    places = list(_longest(place for name in named for place in _places(name, question)))
    for first in range(len(places)):
        last = first
        while last + 1 < len(places) and _JOINED.fullmatch(question[places[last][1] : places[last + 1][0]]):
            last += 1
        start, end = places[first][0], places[last][1]
        things = dict.fromkeys(question[a:b] for a, b in places[first : last + 1])
        if len(things) > 1:
            return tuple(f"{question[:start]}{thing}{question[end:]}" for thing in things)
    return ()


def _places(name: str, question: str) -> Iterator[_Place]:
    for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", question, re.IGNORECASE):
        yield match.span()


def _longest(places: Iterator[_Place]) -> Iterator[_Place]:
    """Yield the places in order, without those that lie in another one or overlap one before."""
    end = 0
    for place in sorted(places, key=lambda place: (place[0], -place[1])):
        if place[0] >= end:
            yield place
            end = place[1]
