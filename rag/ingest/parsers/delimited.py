"""CSV and TSV: delimiter and encoding are found, the first non-empty row is the header."""

from __future__ import annotations

import csv
import io
import sys

from rag.ingest.parsers.parsed import Parsed, ParserInput
from rag.ingest.parsers.plain import decode
from rag.ingest.parsers.tables import table_blocks

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
