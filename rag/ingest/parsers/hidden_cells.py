"""Which rows and columns are hidden, which cells are merged, and which have no value yet.

openpyxl does not say it of what it streams.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl.utils import column_index_from_string

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\b(r|min|max)\s*=\s*["'](\d+)["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']""")
# Text that came out empty has its type.
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt\s*=\s*["']str)[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_PAINTED = re.compile(rb"<(?:\w+:)?(?:tablePart|conditionalFormatting|picture)\b")
_FILTERED = re.compile(rb"<(?:\w+:)?filterColumn\b")


@dataclass(frozen=True, slots=True)
class HiddenCells:
    """The hidden rows of a sheet, and its hidden columns as ranges; numbers from 1, both ends included.

    Beside them its merged cells: by their first row, the first column, the last column and the last row of each; how
    many formulas no program has calculated; and whether something else than their format may colour its cells.
    """

    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()
    merged: Mapping[int, tuple[tuple[int, int, int], ...]] = field(default_factory=dict)
    n_uncalculated: int = 0
    is_painted: bool = False

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell is hidden."""
        return row in self.rows or any(first <= column <= last for first, last in self.columns)


def hidden_cells(package: zipfile.ZipFile) -> Callable[[Any], HiddenCells]:
    """Return a function that says what is hidden on a sheet of openpyxl's; the package is read now.

    Rows that a filter hides are there for everybody who opens it, so they count as seen.
    """
    found = {
        name: _read(package.read(name))
        for name in package.namelist()
        if name.startswith("xl/worksheets/") and name.endswith(".xml")
    }

    def of_sheet(sheet: Any) -> HiddenCells:  # noqa: ANN401 - openpyxl ships no types
        path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
        return found.get(path, HiddenCells())

    return of_sheet


def _read(content: bytes) -> HiddenCells:
    columns = []
    for attributes in _COLUMN.findall(content):
        numbers = dict(_NUMBER.findall(attributes))
        if _HIDDEN.search(attributes) and {b"min", b"max"} <= set(numbers):
            columns.append((int(numbers[b"min"]), int(numbers[b"max"])))
    merged, n_uncalculated = _merged(content), len(_UNCALCULATED.findall(content))
    seen = HiddenCells(
        columns=tuple(columns),
        merged=merged,
        n_uncalculated=n_uncalculated,
        is_painted=bool(_PAINTED.search(content)),
    )
    if _FILTERED.search(content):
        return seen
    rows: set[int] = set()
    number = 0
    for attributes in _ROW.findall(content):
        # A row without a number follows the one before.
        number = int(dict(_NUMBER.findall(attributes)).get(b"r", number + 1))
        if _HIDDEN.search(attributes):
            rows.add(number)
    return replace(seen, rows=frozenset(rows))


def _merged(content: bytes) -> dict[int, tuple[tuple[int, int, int], ...]]:
    merged: dict[int, tuple[tuple[int, int, int], ...]] = {}
    for left, first, right, last in _MERGED.findall(content):
        cell = (column_index_from_string(left.decode()), column_index_from_string(right.decode()), int(last))
        merged[int(first)] = (*merged.get(int(first), ()), cell)
    return merged
