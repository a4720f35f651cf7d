"""Rows of a table that are steps, or a numbered list."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag import lexis
from rag.ask.texts.rows import CELLS, cell_texts, continued_header, is_row
from rag.ask.texts.steps import Line, are_orders

# What a column of such numbers is called; one of the latter may count anything, rooms or prices. In so many columns
# before it stands whose steps they are.
_STEPS, _NUMBERS = frozenset(("step", "steps", "step no")), frozenset(("no", "nr", "number", "order", "#"))
_MOST_KEYS = 2
# What lists how many there are of each thing has so many columns, and so many rows at most.
_COLUMNS, _MOST_THINGS = 2, 20
_WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Rows of a table that count from one.

    Args:
        key: What stands in front of the number of each: whose steps they are; empty for nothing.
        lines: In their order.
        things: Whether they are none to follow: "a | Public liability certificate".
    """

    key: str
    lines: tuple[Line, ...]
    things: bool = False


def steps_of(lines: Sequence[Line], context: str) -> list[CountedRows]:
    """Return the steps that rows of a table are, or the things that it counts: those of one table, or of several in it.

    The column of the numbers says so, "Step | What to do | How long", or most of what stands behind them are orders.
    Things are all rows of a table. In front of the numbers may stand whose steps they are, and at what: "Saltmarket |
    closing | 1 | Lock the copy room".
    """
    headers = (row for row in (lines[0].text, continued_header(context)) if is_row(row))
    names = (
        (n, name.casefold().rstrip(".")) for row in headers for n, name in enumerate(cell_texts(row)[: _MOST_KEYS + 1])
    )
    column, called = next(
        ((n, name) for n, name in names if name in _STEPS | _NUMBERS or (not name and not n)), (None, "")
    )
    if column is None:
        rows = lines[1:] if len(lines) > 2 and lines[1].number == 1 else lines
        return [CountedRows("", tuple(rows))] if _are_steps(rows) else _stock(lines)
    groups: list[tuple[str, list[Line]]] = []
    for line in lines:
        key, number = numbered(line.text, column)
        if number == 1:
            groups.append((key, [line]))
        elif groups and number == len(groups[-1][1]) + 1 and key == groups[-1][0]:
            groups[-1][1].append(line)
    n_rows = sum(numbered(line.text, column)[1] > 0 for line in lines)
    found = [
        CountedRows(
            key, tuple(rows), called not in _STEPS and not are_orders([_behind(row.text, column) for row in rows])
        )
        for key, rows in groups
    ]
    told = [each for each in found if not each.things or (len(each.lines) == n_rows > 1 and not each.key)]
    return told or _stock(lines)


def _behind(row: str, column: int) -> str:
    """Return what stands in a row behind its number, but for a time or another number."""
    return next((cell for cell in cell_texts(row)[column + 1 :] if _WORD.search(cell)), "")


def numbered(row: str, column: int) -> tuple[str, int]:
    """Return what stands in a row in front of its number, or of its letter, and that; 0 for none."""
    cells = [*cell_texts(row), *[""] * (_MOST_KEYS + 1)]
    said = cells[column].rstrip(".)")
    letter = ord(said) - ord("a") + 1 if len(said) == 1 and "a" <= said <= "z" else 0
    return CELLS.join(cells[:column]), int(said) if said.isdecimal() else letter


def _are_steps(rows: Sequence[Line]) -> bool:
    """Tell whether rows of a table are steps: a number and what to do, most of them orders."""
    told = [line.text.split(CELLS, 1)[-1] for line in rows]
    whole = all(line.number == n for n, line in enumerate(rows, rows[0].number)) and rows[0].number > 0
    return whole and len(rows) > 1 and not any(CELLS in text for text in told) and are_orders(told)


def _stock(lines: Sequence[Line]) -> list[CountedRows]:
    """Return the rows of a table that says how many there are of each thing, "Blankets | 16"; none of another one."""
    cells = [cell_texts(line.text) for line in lines]
    counts = all(len(row) == _COLUMNS and row[1].isdecimal() and not row[0].isdecimal() for row in cells[1:])
    is_stock = 2 < len(lines) <= _MOST_THINGS and counts and not cells[0][-1].isdecimal()
    return [CountedRows("", tuple(lines[1:]), things=True)] if is_stock else []


def is_named(question: str, key: str, keys: Collection[str]) -> bool:
    """Tell whether a question may mean the steps of one thing among those of several in a table.

    It does not where it names others in a column: of "H7 | start", "H7 | stop" and "U2 | detergent", none tells how to
    change the detergent of the H7.

    Args:
        question: Its words.
        key: What stands in front of the steps.
        keys: What stands in front of any.
    """
    said = lexis.stems(question)
    for n, cell in enumerate(cell_texts(key)):
        column = {each[n] for each in map(cell_texts, keys) if n < len(each)}
        named = {each for each in column if lexis.stems(each) and lexis.stems(each) <= said}
        if named and cell not in named:
            return False
    return True
