"""Tables that plain text sets with spaces, tabs or bars, as mails and text files have them."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.ingest.parsers.tables import looks_like_header

_Kind = Literal["bars", "tabs", "spaces", "rule", "deeper", "prose"]
_Cells = list[tuple[int, str]]

# Two spaces are a gap between columns; dots lead from a thing to its price.
_GAP = re.compile(r" {2,}| ?\.{4,} ?")
_TAB_WIDTH = 8
_BARS = "|│┃║"
_BAR = re.compile(rf"[{_BARS}]")
# Under the names of columns, or around the whole: "-----  ----", "+----+----+", "|:---|---:|".
_RULE = re.compile(rf"(?=.*[-=_─━═]{{3}})[-=_─━═┼┿╪╬├┤┌┐└┘┬┴╔╗╚╝╠╣╦╩+:\s{_BARS}]+")
_UNDERLINE = re.compile(r"-+|=+|_+")
_MARK = re.compile(r"(?:[-*•‣◦–]|\d{1,3}[.)]|[a-z][.)])")
# So many lines have to agree: one that is longer than its column does not undo a table of seven.
_SHARE = 0.85
# Two lines are a table with three columns, three lines with two.
_LEAST_CELLS = 6
_WORD, _NUMBER = re.compile(r"[^\W\d]+"), re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Lines that are a table.

    Args:
        rows: Cells of each row, as many in each, at least two.
        header: Whether the first row names the columns.
    """

    rows: tuple[tuple[str, ...], ...]
    header: bool


def cut(lines: Sequence[str]) -> Iterator[list[str] | Columns]:
    """Yield the lines of a paragraph in their order, each run of them that is a table as one.

    Cells are divided by bars or tabs, or by two spaces or more where they begin, or end, below each other. What is
    indented below a later column goes on in the row above. Labels ("Phone:   210") and marks of a list are no column.
    Takes time in proportion to the text.

    Args:
        lines: With the white space before them.
    """
    prose: list[str] = []
    for kind, run in _runs(lines):
        if (table := _TABLES[kind](run) if kind in _TABLES else None) is None:
            prose += run
            continue
        if prose:
            yield prose
        prose = []
        yield table
    if prose:
        yield prose


def _runs(lines: Sequence[str]) -> Iterator[tuple[_Kind, list[str]]]:
    """Yield the lines by what divides their cells; rules, and what is indented deeper, go with the lines above them."""
    kind: _Kind = "prose"
    run: list[str] = []
    for line in lines:
        own = _kind(line, run[0] if run else "")
        ruled = kind == "rule" and own in _TABLES
        with_table = own in {"rule", "deeper"} and kind in _TABLES
        underlines = own == "rule" and kind == "prose" and _UNDERLINE.fullmatch(line.strip())
        if run and not (ruled or own == kind or with_table or underlines):
            yield kind, run
            run = []
        if ruled or not run:
            kind = own
        run.append(line)
    if run:
        yield kind, run


def _kind(line: str, first: str) -> _Kind:
    if _RULE.fullmatch(line):
        return "rule"
    if _BAR.search(line):
        return "bars"
    inner = line.strip()
    if "\t" in inner:
        return "tabs"
    if _GAP.search(inner):
        return "spaces"
    return "deeper" if _indent(line) >= _indent(first) + 2 and not _MARK.match(inner) else "prose"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _with_bars(run: Sequence[str]) -> Columns | None:
    return _counted(run, _between_bars)


def _between_bars(line: str) -> list[str]:
    cells = [cell.strip() for cell in _BAR.split(line.strip())]
    # A bar in front stands around the row, and so does one behind it then.
    around = not cells[0]
    return cells[around : len(cells) - (around and not cells[-1])]


def _with_tabs(run: Sequence[str]) -> Columns | None:
    """Return the table of lines with tabs: one between two cells, else as many as it takes to align them."""
    by_one = _counted(run, lambda line: [cell.strip().strip('"') for cell in line.strip(" ").split("\t")])
    return by_one or _counted(run, lambda line: re.split(r"\s*\t\s*", line.strip())) or _with_spaces(run)


def _counted(run: Sequence[str], cells_of: Callable[[str], list[str]]) -> Columns | None:
    """Return the table of lines that nearly all have the same number of cells."""
    rows = [cells_of(line) for line in run if not _RULE.fullmatch(line)]
    counts = Counter(len(row) for row in rows)
    width, n = counts.most_common(1)[0] if counts else (0, 0)
    if n < _SHARE * len(rows) or max(counts, default=0) > width:
        return None
    return _table([(*row, *[""] * (width - len(row))) for row in rows], run)


def _with_spaces(run: Sequence[str]) -> Columns | None:
    """Return the table of lines whose cells stand below each other."""
    found = [_cells(line) for line in run if not _RULE.fullmatch(line)]
    columns = _stretches(found)
    if len(columns) < 2:
        return None
    ends = [end for _, end in columns]
    rows: list[list[_Cells]] = []
    for cells in found:
        row: list[_Cells] = [[] for _ in columns]
        for start, text in cells:
            place = bisect_right(ends, start)
            row[place].append((start, text))
        if rows and not row[0] and sum(map(bool, row)) == 1 and cells[0][0] >= columns[1][0]:
            place = next(n for n, cell in enumerate(row) if cell)
            rows[-1][place] += row[place]
        else:
            rows.append(row)
    if not all(_aligned([row[n][0] for row in rows[1:] if row[n]]) for n in range(len(columns))):
        return None
    return _table([tuple(" ".join(text for _, text in cell) for cell in row) for row in rows], run)


def _cells(line: str) -> _Cells:
    """Return the cells of a line, each with the place where it begins."""
    line = line.expandtabs(_TAB_WIDTH).rstrip()
    cuts = [match.span() for match in _GAP.finditer(line)]
    edges = [0, *itertools.chain.from_iterable(cuts), len(line)]
    inner = [(start, line[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [(start + _indent(text), text.strip()) for start, text in inner if text.strip()]


def _stretches(found: Sequence[_Cells]) -> list[tuple[int, int]]:
    """Return where columns begin and end: what lies between them is blank in nearly all lines."""
    changes: Counter[int] = Counter()
    for start, text in itertools.chain.from_iterable(found):
        changes[start] += 1
        changes[start + len(text)] -= 1
    most_across = int((1 - _SHARE) * len(found))
    columns: list[tuple[int, int]] = []
    begun, n_across = -1, 0
    for place in sorted(changes):
        n_across += changes[place]
        if n_across > most_across and begun < 0:
            begun = place
        elif n_across <= most_across and begun >= 0:
            columns.append((begun, place))
            begun = -1
    # What stands across a gap, or behind the last column, belongs to the column before.
    return [*columns[:-1], (columns[-1][0], max(changes))] if columns else []


def _aligned(cells: _Cells) -> bool:
    """Tell whether nearly all cells of a column begin, or end, at one place."""
    starts = Counter(start for start, _ in cells)
    ends = Counter(start + len(text) for start, text in cells)
    return max(*starts.values(), *ends.values(), 0, 0) >= _SHARE * len(cells)


def _table(rows: Sequence[tuple[str, ...]], run: Sequence[str]) -> Columns | None:
    """Return rows as a table, unless they are too few, or labels or marks of a list with what they label."""
    if len(rows) < 2 or len(rows[0]) < 2 or len(rows) * len(rows[0]) < _LEAST_CELLS:
        return None
    if len(rows[0]) == 2 and all(first.endswith(":") or _MARK.fullmatch(first) for first, _ in rows):
        return None
    return Columns(tuple(rows), _ruled(run) or _names_columns(rows))


def _ruled(run: Sequence[str]) -> bool:
    """Tell whether a rule stands below the first line that is none, and no such rule between others."""
    top = next(n for n, line in enumerate(run) if not _RULE.fullmatch(line))
    below = run[top + 1]
    return bool(_RULE.fullmatch(below)) and below not in run[top + 2 : -1]


def _names_columns(rows: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether the first row names the columns: no cell of it has the form of most that stand below it."""
    return looks_like_header(rows) and not any(_alike(column) for column in zip(*rows, strict=True))


def _alike(column: Sequence[str]) -> bool:
    first, *others = (_NUMBER.sub("0", _WORD.sub("a", cell)) for cell in column)
    return "0" in first and 2 * others.count(first) > len(others)


_TABLES: dict[str, Callable[[Sequence[str]], Columns | None]] = {
    "bars": _with_bars,
    "tabs": _with_tabs,
    "spaces": _with_spaces,
}
