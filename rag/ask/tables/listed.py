"""Rows of one table that have a thing in common: "which codes belong to Ember?", "which parts fit the Drift Duo?".

Each row is an answer, so that none is left out; what is asked for stands in the column that the question calls.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import lexis
from rag.ask.tables.properties import Asked
from rag.ask.tables.vocabulary import RELATIONS
from rag.ask.texts.rows import CELLS, Cell, Row, is_number, leads_on, name_column, says_nothing, words_of
from rag.types import Query

_LIST = re.compile(
    r"^\W*(?:(?:which|what|whose)\b|(?:list|name|show|give)(?: me)?(?: all)?\b)(?: (?:are|were))?(?: all)?(?: of)?"
    r"(?: the| our)? (?P<what>[a-z][a-z -]{2,40})",
    re.IGNORECASE,
)
# So many rows are still an answer that can be read.
_MOST = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that answer together.

    Args:
        rows: Each with the cell that is asked for.
        share: How much of the question's words of meaning they account for, in 0..1.
    """

    rows: tuple[tuple[Row, Cell], ...]
    share: float


def listed(query: Query, rows: Sequence[Row]) -> Listed | None:
    """Return the rows of a table that hold the thing of a question; ``None`` where it asks for no several of them.

    The question calls the column that it asks for by a word in the plural, and the thing by what stands in a cell of
    two rows or more. No other word of meaning is left over, and no other table fits as well.

    Args:
        query: What is asked.
        rows: Of the evidence's tables, those of better passages first.
    """
    begun = _LIST.match(query.text)
    if begun is None:
        return None
    asked = Asked(query.text, "any")
    plural = frozenset(word for word in lexis.stems(begun["what"]) if _is_plural(word, query.text))
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    found: list[tuple[int, Listed]] = []
    for own in tables.values():
        each = (_held(asked, own, column) for column in _columns(own, plural))
        found += next(filter(None, each), [])
    most = max((n for n, _ in found), default=0)
    best = [each for n, each in found if n == most]
    told = {frozenset(cell.text for _, cell in each.rows) for each in best}
    return best[0] if len(told) == 1 else None


def _columns(rows: Sequence[Row], plural: frozenset[str]) -> list[int]:
    """Return the columns that are called so; where the whole table is, those that may name its rows, the best first."""
    headers = [frozenset(words_of(header)) for header in _headers(rows)]
    called = [n for n, header in enumerate(headers) if plural & header]
    if called or not plural & frozenset(words_of(rows[0].caption.replace("-", " "))):
        return called[:1]
    first = name_column(rows[0].cells)
    return list(
        dict.fromkeys([*(n for n, header in enumerate(headers) if "name" in header), first, *range(len(headers))])
    )


def _headers(rows: Sequence[Row]) -> list[str]:
    """Return what the columns are called; the first row of a table of two columns says it, if any does."""
    names = [cell.header.replace("_", " ") for cell in rows[0].cells]
    first = rows[0].table[1].split(CELLS)
    return first if not any(names) and len(first) == len(names) else names


def _held(asked: Asked, rows: Sequence[Row], column: int) -> list[tuple[int, Listed]]:
    """Return the rows of a table that share a thing of the question in one of their other columns."""
    found = []
    headers = _headers(rows)
    called = asked.told(f"{headers[column]} {rows[0].caption}", frozenset())
    called |= frozenset(n for n in asked.content if asked.words[n] in RELATIONS)
    for n in range(len(headers)):
        named = {
            id(row): places
            for row in rows
            if n != column and n < len(row.cells) and (places := _thing(asked, row.cells[n]))
        }
        longest = max(named.values(), key=len, default=frozenset())
        holding = [row for row in rows if named.get(id(row)) == longest and longest]
        distinct = {tuple(cell.text for cell in row.cells): row for row in holding if column < len(row.cells)}
        told = called | asked.told(headers[n], longest)
        if 2 <= len(distinct) <= _MOST and asked.accounted(longest, told, rows[0].caption):
            places = longest | told
            content = asked.content - asked.days or asked.content
            answers = _answers(list(distinct.values()), column, n)
            if answers:
                found.append((len(places), Listed(answers, len(places & content) / len(content))))
    return found


def _answers(rows: Sequence[Row], column: int, thing: int) -> tuple[tuple[Row, Cell], ...]:
    """Return each row with its cell; where the column says only yes and no, those with yes, by their names."""
    if any(not says_nothing(row.cells[column].text) for row in rows):
        return tuple((row, row.cells[column]) for row in rows)
    name = next(n for n in (name_column(rows[0].cells), *range(len(rows[0].cells))) if n not in {column, thing})
    return tuple((row, row.cells[name]) for row in rows if row.cells[column].text.casefold() == "yes")


def _thing(asked: Asked, cell: Cell) -> frozenset[int]:
    """Return where a thing that a cell holds stands in the question."""
    names = (item for item in cell.items if leads_on(item) or (not is_number(item) and any(map(str.isdigit, item))))
    return max(map(asked.places, names), key=len, default=frozenset())


def _is_plural(stem: str, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(stem)}\w*s\b", text, re.IGNORECASE))
