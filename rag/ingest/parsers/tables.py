"""Rows of tables as blocks, the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.types import RawBlock

MAX_HEADER_CELL = 80
"""Longer cells are no column names."""

MAX_REPEATED = 200
"""Longer values that span several columns stand in the first of them only."""

_NUMBER = re.compile(r"^[\s$€£¥+(-]*\d[\d.,:/ %)-]*[\w$€£¥]{0,3}$")


def table_blocks(rows: Iterable[Sequence[str]], *, page: int | None = None, header: bool = True) -> Iterator[RawBlock]:
    """Yield the non-empty rows as blocks.

    Args:
        rows: Cells of each row.
        page: Page, slide or sheet.
        header: Whether the first non-empty row names the columns.
    """
    for row in rows:
        if text := join_cells(row):
            yield RawBlock("table_header" if header else "table_row", text, page=page)
            header = False


def join_cells(cells: Sequence[str]) -> str:
    """Return the cells of a row joined by `` | ``; empty cells at its end are left out."""
    clean = [" ".join(cell.split()) for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    return " | ".join(clean)


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first of some rows names the columns, where the file does not say so itself.

    It does when all its cells are filled, short, distinct and no numbers, and a later row holds a number
    below at least one of them, or there are three columns or more.
    """
    if len(rows) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    if len(first) < 2 or not all(first[1:]) or len(set(first)) < len(first):
        return False
    if any(is_number(cell) or len(cell) > MAX_HEADER_CELL for cell in first):
        return False
    numeric_below = any(is_number(cell) for row in rows[1:] for cell in row[1:])
    return numeric_below or len(first) >= 3


def is_number(cell: str) -> bool:
    """Say whether a cell is a number, an amount, a percentage, a date or a time."""
    return bool(_NUMBER.match(cell.strip()))
