"""CSV and TSV: delimiter and encoding are found, the first non-empty row is the header."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence

from rag.ingest.parsers.parsed import Parsed, ParserInput
from rag.ingest.parsers.plain import decode
from rag.types import RawBlock

_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 20_000


def parse(file: ParserInput) -> Parsed:
    """Return the rows of a table in a text file."""
    text, warnings = decode(file.path.read_bytes(), file.name)
    file.limits.check_characters(file.name, len(text))
    csv.field_size_limit(sys.maxsize)
    delimiter = find_delimiter(text, file.name)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    media_type = "text/tab-separated-values" if delimiter == "\t" else "text/csv"
    return Parsed(media_type=media_type, title="", blocks=tuple(table_blocks(rows)), warnings=warnings)


def find_delimiter(text: str, name: str = "") -> str:
    """Return the delimiter that cuts the first lines into the most equal rows; a comma where none does."""
    sample = [line for line in text[:_SAMPLE_CHARACTERS].splitlines() if line.strip()][:50]
    if len(text) > _SAMPLE_CHARACTERS:
        sample = sample[:-1]

    def regularity(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        if not widths or max(widths) < 2:
            return 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual

    preferred = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    return max(_DELIMITERS, key=lambda delimiter: (*regularity(delimiter), delimiter == preferred))


def table_blocks(rows: Iterable[Sequence[str]], *, page: int | None = None) -> Iterator[RawBlock]:
    """Yield the non-empty rows as blocks, the first as header; empty cells at the end of a row are left out."""
    header = True
    for row in rows:
        text = join_cells(row)
        if text:
            yield RawBlock("table_header" if header else "table_row", text, page=page)
            header = False


def join_cells(cells: Sequence[str]) -> str:
    """Return the cells of a row joined by `` | ``; nothing for a row of empty cells."""
    clean = [" ".join(cell.split()) for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    return " | ".join(clean)
