"""Excel (XLSX) through openpyxl: a sheet is a page, its name a heading; formulas give their last value."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import openpyxl

from rag.ingest.parsers.cell_text import cell_text
from rag.ingest.parsers.hidden import hidden_warning, limited
from rag.ingest.parsers.hidden_cells import HiddenCells, hidden_cells
from rag.ingest.parsers.hidden_looks import HiddenLooks
from rag.ingest.parsers.package import check_transitional, core_properties, open_package, package_warnings
from rag.ingest.parsers.parsed import Parsed, ParserInput, pairs
from rag.ingest.parsers.tables import (
    MAX_REPEATED,
    is_number,
    join_cells,
    looks_like_header,
    n_header_rows,
    table_blocks,
    with_one_header,
)
from rag.types import RawBlock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNCALCULATED = (
    "{:,} cells of the sheet {!r} have a formula and no value, since no program has calculated them; open the file in "
    "one and save it."
)
_SHEET, _CELLS = "stands on a hidden sheet", "stands in a hidden row or column"

_MAX_ACROSS = 100
"""Columns that a merged cell is repeated in; some reach to the edge of the sheet."""


class _Merged(NamedTuple):
    last_row: int
    last_column: int
    text: str


def parse(file: ParserInput) -> Parsed:
    """Return the rows of the visible sheets."""
    with open_package(file) as package:
        metadata = core_properties(package)
        told = [*package_warnings(package)]
        check_transitional(package, "xl/workbook.xml", file.name)
        unseen_in = hidden_cells(package)
    with warnings.catch_warnings(), file.path.open("rb") as stream:
        # openpyxl warns of drawings and validations that it does not read; they hold no text of ours.
        warnings.simplefilter("ignore")
        # As a stream: of a path it wants the ending, which files in archives and attachments do not keep.
        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheets = list(workbook.worksheets)
        file.limits.check_pages(file.name, len(sheets))
        blocks: list[RawBlock] = []
        empty: list[int] = []
        hidden_blocks: list[RawBlock] = []
        for page, sheet in enumerate(sheets, start=1):
            unseen: list[tuple[str, str]] = []
            hidden_here = unseen_in(sheet)
            found = list(_sheet(sheet, page, file, hidden_here, unseen))
            if sheet.sheet_state != "visible":
                hidden_blocks += (RawBlock("paragraph", one.text, page=page, hidden=_SHEET) for one in found)
                found = []
            elif hidden_here.n_uncalculated:
                told.append(_UNCALCULATED.format(hidden_here.n_uncalculated, sheet.title))
            hidden_blocks += (RawBlock("paragraph", text, page=page, hidden=how) for text, how in unseen)
            if found:
                blocks += [RawBlock("heading", sheet.title, level=1, page=page), *found]
            else:
                empty.append(page)
    hidden = [sheet.title for sheet in sheets if sheet.sheet_state != "visible"]
    return Parsed(
        media_type=MEDIA_TYPE,
        title=metadata.get("title", ""),
        blocks=(*blocks, *limited(hidden_blocks)),
        metadata=pairs(metadata),
        pages=len(sheets),
        pages_without_text=tuple(empty),
        warnings=(
            *told,
            *hidden_warning(hidden_blocks),
            *(f"The hidden sheet {title!r} was left out." for title in hidden),
        ),
    )


def _sheet(  # openpyxl ships no types
    sheet: Any,  # noqa: ANN401
    page: int,
    file: ParserInput,
    hidden: HiddenCells,
    unseen: list[tuple[str, str]],
) -> Iterator[RawBlock]:
    # The size that a sheet declares is often wrong; its rows are right.
    sheet.reset_dimensions()
    group: list[list[str]] = []
    n_characters = 0
    tables = _Tables(page)
    reaching: dict[int, _Merged] = {}
    looks = HiddenLooks(is_painted=hidden.is_painted)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [cell_text(cell.value, getattr(cell, "number_format", None) or "") for cell in row]
        unseen += _take_unseen(row, cells, looks)
        reaching = _fill(cells, number, reaching, hidden)
        away = [hidden.holds(number, column) for column in range(1, len(cells) + 1)]
        n_characters += sum(map(len, cells))
        file.limits.check_characters(file.name, n_characters)
        if any(away):
            if text := join_cells([cell for cell, gone in zip(cells, away, strict=True) if gone and cell]):
                unseen.append((text, _CELLS))
            if all(away):
                continue
            cells = [cell for cell, gone in zip(cells, away, strict=True) if not gone]
        if any(cells):
            group.append(cells)
        elif group:
            yield from tables.read(group)
            group = []
    if group:
        yield from tables.read(group)


def _take_unseen(row: Sequence[Any], cells: list[str], looks: HiddenLooks) -> list[tuple[str, str]]:
    """Empty the cells that their formats hide; return what stood in them and how each is hidden."""
    found: list[tuple[str, str]] = []
    for at, cell in enumerate(row):
        if cells[at] and (how := looks.how(cell)):
            found.append((cells[at], how))
            cells[at] = ""
    return found


class _Tables:
    """The tables of a sheet, from its top to its end."""

    def __init__(self, page: int) -> None:
        self._page = page
        # Of the last table that named its columns, or of the first.
        self._columns = range(0)

    def read(self, group: Sequence[list[str]]) -> Iterator[RawBlock]:
        """Yield rows that no empty row divides: titles that fill one cell, then a table, or more of the one above."""
        n_titles = _n_titles(group)
        columns = _columns(group[n_titles:])
        rows: list[Sequence[str]] = [_trim(row[columns.start :]) for row in group[n_titles:]]
        _, named = with_one_header(rows, n_header_rows(rows))
        first = bool(rows) and not self._columns and not any(map(is_number, rows[0]))
        header = first or looks_like_header(named)
        if header:
            rows = named
        elif rows and self._hold(_columns(group)):
            # What stands above its rows is said of them, and they may leave the first column empty.
            n_titles, rows = 0, [_trim(row[self._columns.start :]) for row in group]
        for row in group[:n_titles]:
            yield RawBlock("paragraph", join_cells([cell for cell in row if cell]), page=self._page)
        yield from table_blocks(rows, page=self._page, header=header)
        self._columns = columns if header or not self._columns else self._columns

    def _hold(self, columns: range) -> bool:
        return self._columns.start <= columns.start and columns.stop == self._columns.stop


def _n_titles(group: Sequence[Sequence[str]]) -> int:
    n_filled = [sum(map(bool, row)) for row in group]
    last_wide = max((at for at, n in enumerate(n_filled) if n > 1), default=-1)
    at = 0
    while at < len(group) and n_filled[at] == 1 and (at == len(group) - 1 or at < last_wide):
        at += 1
    return at


def _columns(rows: Sequence[Sequence[str]]) -> range:
    """Return the columns that rows fill."""
    filled = [[at for at, cell in enumerate(row) if cell] for row in rows]
    return range(min(at[0] for at in filled), max(at[-1] for at in filled) + 1) if filled else range(0)


def _fill(cells: list[str], number: int, above: Mapping[int, _Merged], hidden: HiddenCells) -> dict[int, _Merged]:
    """Repeat merged cells in the rows and columns that they reach into, unless they are hidden there.

    A row that is empty but for them stays empty, and a value that has a row for itself stands there once.

    Returns:
        The merged cells, by their columns, that may reach into the next row.
    """
    reaching = {column: cell for column, cell in above.items() if cell.last_row >= number}
    if any(cells):
        for column, cell in reaching.items():
            _put(cells, column, cell.text, number, hidden)
    for column, last_column, last_row in hidden.merged.get(number, ()):
        if column <= len(cells) and cells[column - 1]:
            reaching[column] = _Merged(last_row, last_column, cells[column - 1])
    if sum(map(bool, cells)) > 1:
        for column, cell in reaching.items():
            if len(cell.text) <= MAX_REPEATED and not hidden.holds(number, column):
                for further in range(column + 1, min(cell.last_column, column + _MAX_ACROSS) + 1):
                    _put(cells, further, cell.text, number, hidden)
    return reaching


def _put(cells: list[str], column: int, text: str, number: int, hidden: HiddenCells) -> None:
    cells += [""] * (column - len(cells))
    if not cells[column - 1] and not hidden.holds(number, column):
        cells[column - 1] = text


def _trim(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row
