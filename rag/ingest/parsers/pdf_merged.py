"""Cells of a ruled table that reach over several rows or columns: no line parts these in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.ingest.parsers.pdf_runs import Rule

Place = tuple[int, int]
"""Row and column of a grid, from 0."""

_SLACK_PT = 3.0
"""So far from the edge of a row or column a line lies that draws it."""


_MAX_CELLS = 20_000
"""A grid with more is a drawing."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A cell over the rows and columns of a grid."""

    rows: range
    columns: range


def merged_cells(rules: Sequence[Rule], xs: Sequence[float], ys: Sequence[float]) -> list[Merged]:
    """Return the cells that reach over several rows or columns; each is a box with a line on all of its sides.

    Args:
        rules: The lines of one grid.
        xs: Edges of its columns, from the left.
        ys: Edges of its rows, from the top.
    """
    if (len(xs) - 1) * (len(ys) - 1) > _MAX_CELLS:
        return []
    above = _drawn([(r.y0, r.y1, r.x0, r.x1) for r in rules if r.horizontal], ys, xs)
    beside = _drawn([(r.x0, r.x1, r.y0, r.y1) for r in rules if not r.horizontal], xs, ys)
    seen: set[Place] = set()
    found: list[Merged] = []
    for place in ((row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)):
        if place in seen:
            continue
        cells = _open(place, above, beside, len(ys) - 1, len(xs) - 1)
        seen |= cells
        rows = range(place[0], max(row for row, _ in cells) + 1)
        columns = range(min(column for _, column in cells), max(column for _, column in cells) + 1)
        if 1 < len(cells) == len(rows) * len(columns) and _closed(rows, columns, above, beside):
            found.append(Merged(rows, columns))
    return found


def _drawn(
    lines: Sequence[tuple[float, float, float, float]], at: Sequence[float], along: Sequence[float]
) -> set[Place]:
    """Return which pieces of the edges are drawn, as numbers of edge and of the piece along it."""
    middles = [(start + end) / 2 for start, end in pairwise(along)]
    drawn: set[Place] = set()
    for low, high, start, end in lines:
        edge = bisect_left(at, low - _SLACK_PT)
        if edge < len(at) and at[edge] <= high + _SLACK_PT:
            drawn.update((edge, n) for n in range(bisect_left(middles, start), bisect_left(middles, end)))
    return drawn


def _open(place: Place, above: set[Place], beside: set[Place], n_rows: int, n_columns: int) -> set[Place]:
    """Return the places that no line parts from one."""
    cells, edge = {place}, [place]
    while edge:
        row, column = edge.pop()
        near = [
            (row - 1, column, (row, column) in above),
            (row + 1, column, (row + 1, column) in above),
            (row, column - 1, (column, row) in beside),
            (row, column + 1, (column + 1, row) in beside),
        ]
        for r, c, parted in near:
            if not parted and 0 <= r < n_rows and 0 <= c < n_columns and (r, c) not in cells:
                cells.add((r, c))
                edge.append((r, c))
    return cells


def _closed(rows: range, columns: range, above: set[Place], beside: set[Place]) -> bool:
    ends = all((edge, column) in above for edge in (rows.start, rows.stop) for column in columns)
    return ends and all((edge, row) in beside for edge in (columns.start, columns.stop) for row in rows)


def said_in_each(own: Sequence[Sequence[str]], merged: Sequence[Merged]) -> list[tuple[str, ...]]:
    """Return the cells of rows; what one holds over several rows is repeated in each that says more.

    In the first row it is repeated in its columns too, which have it for a name.

    Args:
        own: Cells of the grid, what is merged in its first place.
        merged: Of the same grid.
    """
    rows = [list(cells) for cells in own]
    for cell in merged:
        text = own[cell.rows.start][cell.columns.start]
        for row in cell.rows:
            others = (other for n, other in enumerate(own[row]) if n not in cell.columns)
            if text and any(others):
                for column in cell.columns if row == 0 else cell.columns[:1]:
                    rows[row][column] = text
    return [tuple(cells) for cells in rows]
