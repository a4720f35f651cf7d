"""From runs to lines and tables in reading order: rows, columns, ruled and aligned tables."""

from __future__ import annotations

import itertools
import re
import statistics
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.ingest.parsers.pdf_merged import merged_cells, said_in_each
from rag.ingest.parsers.pdf_runs import Rule, Run

MIN_COLUMN_ROWS = 4
"""So many rows on each side make two columns of text; fewer are a table or chance."""

MIN_COLUMN_WORDS = 3.5
"""Columns of text hold about so many words in a line; cells of tables hold fewer."""

MIN_FILLED = 0.4
"""A grid with fewer filled cells is a form; empty cells would only blur it."""

_CLOSE_PT = 3.0
# A mark stands at most so many sizes before its text.
_MARK_ROOM = 4.0
_BULLET = re.compile(r"[•●○▪■□◦‣➢✓]")
# Signs that a table may hold too: they belong to a text only where nothing else is in the row.
_NUMBER = re.compile(r"[–·*o-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]{1,4}\)")


Row = list[Run]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text; ``right`` is the margin that it could have reached."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    right: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the cells of its rows; ``ruled`` where lines part them."""

    rows: tuple[tuple[str, ...], ...]
    top: float
    bottom: float
    ruled: bool

    def holds(self, row: Row) -> bool:
        """Tell whether a row of the page stands where the table does."""
        return self.top <= row[0].base <= self.bottom


def to_rows(runs: Sequence[Run]) -> list[Row]:
    """Return runs that share a base line as rows from top to bottom, each from left to right."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: (run.base, run.x0)):
        row = next((row for row in rows[-3:] if _same_line(row[-1], run)), None)
        if row is None:
            rows.append([run])
        else:
            row.append(run)
    return [_with_mark(sorted(row, key=lambda run: run.x0)) for row in rows]


def _with_mark(row: Row) -> Row:
    """Return a row whose bullet or number, which programs draw by itself, stands with the text behind it.

    Two such rows below each other would pass for a table.
    """
    if len(row) < 2 or row[1].x0 - row[0].x1 > _MARK_ROOM * row[1].size:
        return row
    mark, text, *others = row
    if _BULLET.fullmatch(mark.text) or (not others and _NUMBER.fullmatch(mark.text)):
        joined = replace(text, text=f"{mark.text} {text.text}", x0=mark.x0, top=min(mark.top, text.top))
        return [joined, *others]
    return row


def read_page(runs: Sequence[Run], rules: Sequence[Rule]) -> list[Line | Table]:
    """Return lines and tables of a page in reading order; text that stands across comes last."""
    if _is_vertical(runs):
        return [_line(list(runs), max(run.x1 for run in runs))]
    upright = [run for run in runs if run.upright]
    tables, left = ruled_tables(upright, rules)
    pieces: list[Line | Table] = []
    for region in _regions(to_rows(left)):
        pieces += _read_region(region)
    for table in tables:
        at = next((n for n, piece in enumerate(pieces) if _top(piece) > table.top), len(pieces))
        pieces.insert(at, table)
    pieces += [_line([run], run.x1) for run in runs if not run.upright]
    return pieces


def ruled_tables(runs: Sequence[Run], rules: Sequence[Rule]) -> tuple[list[Table], list[Run]]:
    """Return the tables that lines draw, and the runs outside them."""
    tables: list[Table] = []
    left = list(runs)
    for grid in _grids(rules):
        xs = _edges([edge for rule in grid if not rule.horizontal for edge in (rule.x0, rule.x1)])
        ys = _edges([edge for rule in grid if rule.horizontal for edge in (rule.y0, rule.y1)])
        inside = [run for run in left if _inside(run, xs, ys)]
        if len(xs) < 3 or len(ys) < 3 or not inside:
            continue
        merged = merged_cells(grid, xs, ys)
        first = {(r, c): (cell.rows[0], cell.columns[0]) for cell in merged for r in cell.rows for c in cell.columns}
        cells: dict[tuple[int, int], list[Run]] = {}
        for run in inside:
            place = bisect_right(ys, run.base - run.size / 4) - 1, bisect_right(xs, (run.x0 + run.x1) / 2) - 1
            cells.setdefault(first.get(place, place), []).append(run)
        if len({row for row, _ in cells}) < 2 or len({column for _, column in cells}) < 2:
            continue
        n_rows, n_columns = len(ys) - 1, len(xs) - 1
        own = [tuple(_cell(cells.get((row, column), [])) for column in range(n_columns)) for row in range(n_rows)]
        rows = said_in_each(own, merged)
        top, bottom = min(run.top for run in inside), max(run.base for run in inside)
        tables.append(Table(_drop_empty_columns([row for row in rows if any(row)]), top, bottom, ruled=True))
        taken = set(map(id, inside))
        left = [run for run in left if id(run) not in taken]
    return tables, left


def _is_vertical(runs: Sequence[Run]) -> bool:
    # Chinese and Japanese written from top to bottom: the order of drawing is all there is to go by.
    single = [run for run in runs if len(run.text) == 1 and run.text > "\u2e80"]
    return len(single) > 20 and len(single) > 0.8 * len(runs)


def _same_line(last: Run, run: Run) -> bool:
    return abs(last.base - run.base) <= 0.35 * min(last.size, run.size)


def _top(piece: Line | Table) -> float:
    return piece.top if isinstance(piece, Table) else piece.base


def _cell(runs: list[Run]) -> str:
    return " ".join(" ".join(run.text for run in row) for row in to_rows(runs))


def _drop_empty_columns(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    kept = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    if sum(bool(cell) for row in rows for cell in row) < MIN_FILLED * len(kept) * len(rows):
        return tuple(tuple(cell for cell in row if cell) for row in rows)
    return tuple(tuple(row[column] for column in kept) for row in rows)


def _grids(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Yield groups of lines that touch each other, that of the last line first."""
    drawn = list(rules)[:4000]
    x0, x1, y0, y1 = np.array([(rule.x0, rule.x1, rule.y0, rule.y1) for rule in drawn]).reshape(-1, 4).T
    is_left = np.ones(len(drawn), dtype=bool)
    for last in reversed(range(len(drawn))):
        group, edge = [], [last] if is_left[last] else []
        is_left[last] = False
        while edge:
            rule = drawn[edge.pop()]
            group.append(rule)
            # All at once: a page of a printed workbook has thousands.
            touching = is_left & (rule.x0 - _CLOSE_PT <= x1) & (x0 - _CLOSE_PT <= rule.x1)
            touching &= (rule.y0 - _CLOSE_PT <= y1) & (y0 - _CLOSE_PT <= rule.y1)
            is_left &= ~touching
            edge += np.flatnonzero(touching).tolist()
        if len(group) >= 4:
            yield group


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _CLOSE_PT:
            edges.append(value)
    return edges


def _inside(run: Run, xs: Sequence[float], ys: Sequence[float]) -> bool:
    if not xs or not ys:
        return False
    middle = (run.x0 + run.x1) / 2
    return xs[0] - 1 <= middle <= xs[-1] + 1 and ys[0] - 1 <= run.base - run.size / 4 <= ys[-1] + 1


def _regions(rows: list[Row]) -> Iterator[list[Row]]:
    """Yield regions in reading order: what stands above columns, the left column, the right one, and so on."""
    plain: list[Row] = []
    at = 0
    while at < len(rows):
        end, gutter = _band(rows, at)
        if gutter is None or not _is_columns(rows[at:end], gutter):
            plain.append(rows[at])
            at += 1
            continue
        if plain:
            yield plain
            plain = []
        runs = [run for row in rows[at:end] for run in row]
        yield from _regions(to_rows([run for run in runs if run.x1 <= gutter]))
        yield from _regions(to_rows([run for run in runs if run.x1 > gutter]))
        at = end
    if plain:
        yield plain


def _band(rows: list[Row], start: int) -> tuple[int, float | None]:
    """Return where the rows end that leave a common gap free from ``start`` on, and the middle of that gap."""
    left, right = min(run.x0 for row in rows for run in row), max(run.x1 for row in rows for run in row)
    gaps: list[tuple[float, float]] = [(left + 0.2 * (right - left), right - 0.2 * (right - left))]
    end = start
    while end < len(rows):
        remaining = gaps
        for run in rows[end]:
            remaining = [part for gap in remaining for part in _without(gap, run)]
        if not remaining:
            break
        gaps, end = remaining, end + 1
    band = [run for row in rows[start:end] for run in row]
    sided = [gap for gap in gaps if _both_sides(band, gap)]
    if not sided:
        return end, None
    best = max(sided, key=lambda gap: gap[1] - gap[0])
    return end, (best[0] + best[1]) / 2


def _without(gap: tuple[float, float], run: Run) -> list[tuple[float, float]]:
    parts = [(gap[0], min(gap[1], run.x0)), (max(gap[0], run.x1), gap[1])]
    return [part for part in parts if part[1] - part[0] >= 0.6 * run.size]


def _both_sides(runs: Sequence[Run], gap: tuple[float, float]) -> bool:
    return any(run.x1 <= gap[0] + 1 for run in runs) and any(run.x0 >= gap[1] - 1 for run in runs)


def _is_columns(band: list[Row], gutter: float) -> bool:
    runs = [run for row in band for run in row]
    for side in ([run for run in runs if run.x1 <= gutter], [run for run in runs if run.x1 > gutter]):
        lines = to_rows(side)
        if len(lines) < MIN_COLUMN_ROWS:
            return False
        words = statistics.mean(sum(len(run.text.split()) for run in line) for line in lines)
        width = max(run.x1 for run in side) - min(run.x0 for run in side)
        filled = statistics.mean(line[-1].x1 - line[0].x0 for line in lines)
        if words < MIN_COLUMN_WORDS or filled < 0.5 * width:
            return False
    return True


def _read_region(rows: list[Row]) -> Iterator[Line | Table]:
    right = max(run.x1 for row in rows for run in row)
    at = 0
    while at < len(rows):
        end = _table_end(rows, at)
        table = aligned_table(rows[at:end]) if end - at >= 2 else None
        if table is not None:
            yield table
            at = end
        else:
            yield _line(rows[at], right)
            at += 1


def _table_end(rows: list[Row], start: int) -> int:
    """Return where consecutive rows of several cells end; lines inside a cell belong to them."""
    if len(rows[start]) < 2:
        return start + 1
    end = start + 1
    while end < len(rows):
        gap = rows[end][0].base - rows[end - 1][0].base
        size = rows[end][0].size
        if gap > 4 * size:
            break
        if len(rows[end]) < 2 and not (gap < 1.6 * size and _under_cell(rows[end][0], rows[start:end])):
            break
        end += 1
    return end


def _under_cell(run: Run, rows: Sequence[Row]) -> bool:
    starts = [cell.x0 for row in rows for cell in row[1:]]
    return any(abs(run.x0 - start) < _CLOSE_PT for start in starts)


def aligned_table(rows: Sequence[Row]) -> Table | None:
    """Return the table that rows make whose cells stand below each other, or ``None``."""
    columns: list[list[float]] = []
    for run in sorted((run for row in rows for run in row), key=lambda run: run.x0):
        if columns and run.x0 < columns[-1][1] - 1:
            columns[-1][1] = max(columns[-1][1], run.x1)
        else:
            columns.append([run.x0, run.x1])
    if len(columns) < 2:
        return None
    cells = [_cells(row, columns) for row in rows]
    filled = [sum(map(bool, row)) for row in cells]
    if sum(count >= 2 for count in filled) < max(2, 0.6 * len(rows)):
        return None
    bases = [row[0].base for row in rows]
    return Table(_join_wrapped(cells, bases), min(run.top for run in rows[0]), bases[-1], ruled=False)


def _cells(row: Row, columns: Sequence[Sequence[float]]) -> list[str]:
    cells = [""] * len(columns)
    for run in row:
        column = bisect_right([column[0] for column in columns], run.x0 + 0.01) - 1
        cells[column] = f"{cells[column]} {run.text}".strip()
    return cells


def _join_wrapped(cells: list[list[str]], bases: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    """Join a row with the one above where lines stand closer than rows and some cells are empty."""
    gaps = [after - before for before, after in itertools.pairwise(bases)]
    narrow = min(gaps, default=0.0) * 1.15
    wide = max(gaps, default=0.0) > 1.25 * min(gaps, default=0.0)
    rows = [cells[0]]
    for row, gap in zip(cells[1:], gaps, strict=True):
        if (wide and gap <= narrow and not all(row)) or (not row[0] and sum(map(bool, row)) == 1):
            rows[-1] = [f"{above} {below}".strip() for above, below in zip(rows[-1], row, strict=True)]
        else:
            rows.append(row)
    return tuple(tuple(row) for row in rows)


def _line(row: Row, right: float) -> Line:
    sizes = sorted(row, key=lambda run: len(run.text))
    return Line(
        text=" ".join(run.text for run in row),
        x0=row[0].x0,
        x1=max(run.x1 for run in row),
        base=row[0].base,
        size=sizes[-1].size,
        bold=all(run.bold for run in row),
        right=right,
    )
