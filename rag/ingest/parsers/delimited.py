"""CSV and TSV: delimiter and encoding are found; lines of one cell before a header are text.

Behind an empty line another table may begin, with columns of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rag.ingest.parsers.parsed import Parsed, ParserInput
from rag.ingest.parsers.plain import decode
from rag.ingest.parsers.rows import Row, rows
from rag.ingest.parsers.tables import is_number, join_cells, looks_like_header, table_blocks
from rag.types import RawBlock

_DELIMITERS = ",;\t|"
# The line by which Excel says how the others are cut.
_NAMED = re.compile(r'\A"?sep=([^\w\s"]|\t)"?[ \t]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
_SAMPLE_CHARACTERS = 20_000
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_FORMED = re.compile(r"[€$£]\s?0(?:[.,]0)*|0(?:[.,]0)+\s?[€$£%]?|0-0-0|0[./]0[./]0|0:0(?::0)?(?:\s?[-–]\s?0:0)?")
# So many rows below show what a column holds.
_LEAST_BELOW = 2


def parse(file: ParserInput) -> Parsed:
    """Return the rows of a table in a text file."""
    text, warnings = decode(file.path.read_bytes(), file.name)
    file.limits.check_characters(file.name, len(text))
    named = _NAMED.match(text)
    delimiter = named[1] if named else find_delimiter(text, file.name)
    # An empty line in the place of that one keeps the numbers of the others.
    read = rows("\n" + text[named.end() :] if named else text, delimiter)
    groups = list(_groups(read))
    filled = [*chain.from_iterable(groups)]
    n_above = _first(filled)
    blocks = _paragraphs(filled[:n_above])
    table: list[Row] = []
    told: list[str] = []
    for whole in groups:
        group, n_above = whole[n_above:], max(0, n_above - len(whole))
        above = _n_titles(group) if table else 0
        if table and not _names_columns(group[above:]):
            table += group
            blocks += table_blocks((row.cells for row in group), header=False)
        elif group:
            told += _told(table)
            table = group[above:]
            blocks += (
                *_paragraphs(group[:above]),
                *table_blocks((row.cells for row in table), header=_is_headed(table)),
            )
    return Parsed(
        media_type="text/tab-separated-values" if delimiter == "\t" else "text/csv",
        title="",
        blocks=tuple(blocks),
        warnings=(*warnings, *told, *_told(table)),
    )


def find_delimiter(text: str, name: str) -> str:
    """Return the delimiter that cuts the first lines into the most equal rows; a comma where none does."""
    sample = [line for line in text[:_SAMPLE_CHARACTERS].splitlines() if line.strip()][:50]
    if len(text) > _SAMPLE_CHARACTERS:
        sample = sample[:-1]

    def regularity(delimiter: str) -> tuple[float, int]:
        widths = [len(row.cells) for row in rows("\n".join(sample), delimiter)]
        wide = [width for width in widths if width > 1]
        if not wide:
            return 0.0, 0
        usual = max(set(wide), key=lambda width: (wide.count(width), width))
        return wide.count(usual) / len(widths), usual

    preferred = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    return max(_DELIMITERS, key=lambda delimiter: (*regularity(delimiter), delimiter == preferred))


def _is_filled(row: Row) -> bool:
    return any(map(str.strip, row.cells))


def _paragraphs(titles: Sequence[Row]) -> list[RawBlock]:
    return [RawBlock("paragraph", join_cells(row.cells)) for row in titles]


def _groups(read: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows that no empty line divides."""
    group: list[Row] = []
    for row in read:
        if _is_filled(row):
            group.append(row)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _n_titles(group: Sequence[Row]) -> int:
    """Return how many rows that fill only their first cell stand before the others; none where there are no others."""
    wide = (n for n, row in enumerate(group) if any(map(str.strip, row.cells[1:])))
    return next(wide, 0)


def _names_columns(group: Sequence[Row]) -> bool:
    """Tell whether the first of some rows names columns: two or more below it give numbers where it gives a word.

    Empty lines between rows of one table are common, and none of these rows is unlike those before it.
    """
    head, *below = [[cell.strip() for cell in row.cells] for row in group] or [[]]
    if len(below) < _LEAST_BELOW or not looks_like_header([head[: _n_filled(head)], *below]):
        return False
    columns = ([row[n] for row in below if n < len(row) and row[n]] for n, cell in enumerate(head) if cell)
    return any(len(column) >= _LEAST_BELOW and all(map(is_number, column)) for column in columns)


def _is_headed(table: Sequence[Row]) -> bool:
    """Tell whether the first row names the columns: no cell of it is of the form of all that stand below it.

    Forms are those of amounts, dates, times and addresses; bare numbers may be years or bands, and name columns too.
    """
    head, *below = table
    for n, form in enumerate(map(_form, head.cells)):
        others = [row.cells[n] for row in below if n < len(row.cells) and row.cells[n].strip()] if form else []
        if others and all(_form(other) == form for other in others):
            return False
    return True


def _form(cell: str) -> str:
    """Return the form of an amount with a sign or decimals, a date, a time or an address; empty for anything else."""
    if _ADDRESS.fullmatch(cell.strip()):
        return "@"
    form = _DIGITS.sub("0", cell.strip())
    return form if _FORMED.fullmatch(form) else ""


def _n_filled(cells: Sequence[str]) -> int:
    return max((n for n, cell in enumerate(cells, start=1) if cell), default=0)


def _first(found: Sequence[Row]) -> int:
    """Return the place of the header: the first row that fills more than its first cell, as most rows do."""
    wide = [n for n, row in enumerate(found) if any(map(str.strip, row.cells[1:]))]
    return wide[0] if 2 * len(wide) > len(found) else 0


def _told(table: Sequence[Row]) -> list[str]:
    """Return the warnings on quotes and on rows that do not fit their header."""
    unclosed = [row.line for row in table if row.unclosed]
    told = [f"A quote is never closed and was read as text: {_lines(unclosed)}."] if unclosed else []
    header = table[0].cells if table else []
    named = max((n for n, cell in enumerate(header, start=1) if cell.strip()), default=0)
    uneven = [row.line for row in table[1:] if len(row.cells) < named or any(map(str.strip, row.cells[len(header) :]))]
    return [*told, f"Rows have more or fewer cells than the header: {_lines(uneven)}."] if uneven else told


def _lines(numbers: Sequence[int]) -> str:
    return f"line {numbers[0]}" if len(numbers) == 1 else f"{len(numbers):,} of them, the first in line {numbers[0]}"
