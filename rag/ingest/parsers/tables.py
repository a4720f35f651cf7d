"""Rows of tables as blocks, the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile, zip_longest

from rag.types import RawBlock

MAX_HEADER_CELL = 80
"""Longer cells are no column names."""

MAX_HEADER_ROWS = 4
"""More rows name no columns."""

MAX_REPEATED = 200
"""Longer values that span several columns stand in the first of them only."""

_BAR = re.compile(r"(?<!\S)\| (?=\S)|(?<=\S) \|\Z")
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
    """Return the cells of a row joined by `` | ``; empty cells at its end are left out.

    A bar within a cell, as in a command, stands at the word behind it, so that it parts no cells: ``ps |grep x``.
    """
    clean = [_BAR.sub("|", " ".join(cell.split())) for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    return " | ".join(clean)


def with_one_header(rows: Sequence[Sequence[str]], n_header: int) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """Return the titles that a table begins with, and its rows with the names of its columns in one of them.

    A name over several columns is told apart by those below it: ``Price | Price`` and ``Month | Year`` become
    ``Price Month | Price Year``.

    Args:
        rows: None is empty; a value over several columns is repeated in each, or stands alone.
        n_header: How many of them, from the first, may name columns.
    """
    titles = list(takewhile(lambda row: sum(map(bool, row)) == 1, rows))
    if len(titles) == len(rows):
        return [], list(rows)
    head, *below = rows[len(titles) :]
    n_more, n_names = 0, n_header - len(titles) if n_header < len(rows) else 0
    for row in below[: max(0, min(n_names, MAX_HEADER_ROWS) - 1)]:
        if not any(name and name == other for name, other in pairwise(head)) or sum(map(bool, row)) == 1:
            break
        head = [_below(name, other) for name, other in zip_longest(head, row, fillvalue="")]
        n_more += 1
    return titles, [head, *below[n_more:]]


def n_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows name columns, the titles above them included, for `with_one_header`.

    There are two where the second does nothing but tell apart names that reach over several columns.
    """
    n_titles = sum(1 for _ in takewhile(lambda row: sum(map(bool, row)) == 1, rows))
    if len(rows) < n_titles + 3:
        return n_titles + 1
    head, second = rows[n_titles], rows[n_titles + 1]
    below = [*second, *[""] * len(head)]
    over = {at for n, (name, other) in enumerate(pairwise(head)) if name and name == other for at in (n, n + 1)}
    is_told = bool(over) and all(below[at] and below[at] != head[at] for at in over)
    beside = [at for at in range(len(head)) if at not in over]
    is_same = all(below[at] in {"", head[at]} for at in beside) and len(second) <= len(head)
    return n_titles + (2 if is_told and is_same and (beside or not any(map(is_number, second))) else 1)


def _below(name: str, other: str) -> str:
    # A name over several rows stands in each.
    return name if f" {name}".endswith(f" {other}") else f"{name} {other}".strip()


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
