"""Which rows and columns of a workbook are hidden; openpyxl does not say it of sheets that it streams."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\b(r|min|max)\s*=\s*["'](\d+)["']""")
_FILTERED = re.compile(rb"<(?:\w+:)?filterColumn\b")


@dataclass(frozen=True, slots=True)
class HiddenCells:
    """The hidden rows of a sheet, and its hidden columns as ranges; numbers from 1, both ends included."""

    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()

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
    if _FILTERED.search(content):
        return HiddenCells(columns=tuple(columns))
    rows: set[int] = set()
    number = 0
    for attributes in _ROW.findall(content):
        # A row without a number follows the one before.
        number = int(dict(_NUMBER.findall(attributes)).get(b"r", number + 1))
        if _HIDDEN.search(attributes):
            rows.add(number)
    return HiddenCells(frozenset(rows), tuple(columns))
