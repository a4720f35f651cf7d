"""Tables of the evidence: rows whose cells know what column they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag import lexis
from rag.sentences import BAR, Span, sentence_spans
from rag.types import Hit

CELLS = " | "
"""What stands between the cells of a table row in normalized text."""
# Between two bars an empty cell leaves one space alone, and in front of the first bar none.
_EMPTY_FIRST = CELLS.lstrip()
# Words of a cell that may name a thing.
_MOST_WORDS = 5
# Words of a line above a table that names it.
_MOST_NAMING = 12
_NOTHING = frozenset(("", "-", "–", "—", "none", "no", "yes", "n/a", "all", "any", "not applicable"))
# A code in the first column leaves the name to the second, also one without a digit where the column is called so.
_CODE = re.compile(r"(?=\S*\d)[\w./-]+")
_OF_CODES = re.compile(
    r"(?:(?:art(?:icle|\.)?|course|item|order|part|product|stock|tariff)[ -]?)?"
    r"(?:codes?|no\.?|nr\.?|numbers?|id|sku|ref(?:erence|\.)?|abbr(?:eviation|\.)?|#)",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(r"[€$£]?\s?[\d.,]+\s?%?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ITEMS = re.compile(r"\s*(?:,|;|/|\band\b|&)\s+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Args:
        header: What its column is called; empty where the table does not say.
        text: What stands in it.
        span: Where, in the text of the chunk.
    """

    header: str
    text: str
    span: Span

    @property
    def items(self) -> tuple[str, ...]:
        """The whole, and each thing that it lists."""
        parts = [part for part in _ITEMS.split(self.text) if part]
        return (self.text, *parts) if len(parts) > 1 else (self.text,)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table in a passage.

    Args:
        hit: Place of the passage from 0.
        table: What tells the table from others: document, and its header, or where it begins if it has none.
        caption: Title and headings that it stands under, and the line right above the table that names it.
        span: Where the row stands in the text of the chunk.
        cells: From the left.
    """

    hit: int
    table: tuple[str, str]
    caption: str
    span: Span
    cells: tuple[Cell, ...]


def rows_of(hits: Sequence[Hit]) -> list[Row]:
    """Return the rows of all tables of the passages, without headers, passage by passage.

    The first row of a table is its header where it can name columns, in a passage that begins within a table the one
    that its context ends with. A table of two columns may have none, so its first row counts as a row too.
    """
    return [row for place, hit in enumerate(hits) for row in _rows(place, hit)]


def _rows(place: int, hit: Hit) -> Iterator[Row]:
    chunk = hit.passage.chunk
    headings = dict.fromkeys((hit.passage.title, *chunk.headings))
    caption = " ".join(headings)
    began = continued_header(chunk.context)
    header = tuple(cell_texts(began)) if began else ()
    table = CELLS.join(header)
    at = 0
    above = ""
    for line in chunk.text.split("\n"):
        span = Span(at, at + len(line))
        at = span.end + 1
        if not is_row(line):
            # A table that goes on from the passage before begins with the first line or not at all.
            header = ()
            above = line or above
            continue
        if above:
            caption = " ".join(dict.fromkeys((*headings, *_naming(above))))
            above = ""
        cells = _cells(line, span.start)
        if not header:
            header = tuple(text for text, _ in cells)
            table = CELLS.join(header)
            if not names_columns(line):
                header, table = ("",) * len(header), str(span.start)
            elif len(header) != 2:
                continue
            names = ("",) * len(header)
        else:
            # Empty cells at the end of a row are not written.
            cells += [("", Span(span.end, span.end))] * (len(header) - len(cells))
            names = header if len(header) == len(cells) else ("",) * len(cells)
        yield Row(
            place,
            (chunk.document_id, table),
            caption,
            span,
            tuple(Cell(name, text, where) for name, (text, where) in zip(names, cells, strict=True)),
        )


def _naming(line: str) -> Iterator[str]:
    """Yield the end of the line above a table where it names that: "Rates 2027 (per m²)", "Tents:", no sentence."""
    spans = sentence_spans(line)
    last = line[spans[-1].start : spans[-1].end] if spans else ""
    if last and not last.endswith((".", "!", "?")) and len(last.split()) <= _MOST_NAMING:
        yield last.rstrip(" :")


def name_column(cells: Sequence[Cell]) -> int:
    """Return the column of the name of what a row is about: the first, or the second behind a code."""
    first, *rest = cells
    return 1 if rest and (_CODE.fullmatch(first.text) or holds_codes(first.header)) else 0


def holds_codes(column: str) -> bool:
    """Return whether a column is called so that its cells are codes or numbers of things: "Code", "Art. no."."""
    return bool(_OF_CODES.fullmatch(column))


def header_of(text: str, start: int) -> str:
    """Return the names of the columns of the table whose row begins at a place of a chunk's text, as they stand there.

    Empty where the row is that line itself, the first line names none, or the table began before the chunk: its context
    ends with the header then.
    """
    first = _first_row(text, start)
    return first if names_columns(first) else ""


def _first_row(text: str, start: int) -> str:
    """Return the first of the rows that stand right above a place, as it stands; empty where none does."""
    row = ""
    for line in reversed(text[:start].split("\n")[:-1]):
        if not is_row(line):
            break
        row = line
    return row


def names_columns(row: str) -> bool:
    """Return whether the first row of a table can name its columns: short, without amounts, shares and addresses."""
    return not any(
        len(cell.split()) > _MOST_WORDS or (is_number(cell) and not _YEAR.fullmatch(cell)) or "@" in cell
        for cell in cell_texts(row)
    )


def is_header(text: str, span: Span, context: str) -> bool:
    """Return whether a sentence stands in the first row of its table, which names the columns and says nothing.

    Args:
        text: Of a passage.
        span: Of the sentence in it.
        context: What the passage stands below; it ends with the header of the table that the passage begins within.
    """
    if not is_row(text[span.start : span.end]):
        return False
    line = text.rfind("\n", 0, span.start) + 1
    first = not _first_row(text, line) if line else not continued_header(context)
    return first and names_columns(text[line:].split("\n", 1)[0])


def is_row(line: str) -> bool:
    """Return whether a line of normalized text is a row of a table."""
    return CELLS in line or line.startswith(_EMPTY_FIRST)


def continued_header(context: str) -> str:
    """Return the header of the table that a passage with this context begins within; empty where it does not."""
    last = context.splitlines()[-1:]
    return last[0] if last and is_row(last[0]) else ""


def cell_spans(row: str) -> list[Span]:
    """Return where the cells of a row of normalized text stand, without the space around them."""
    bars = list(BAR.finditer(row))
    edges = zip([0, *(bar.end() for bar in bars)], [*(bar.start() for bar in bars), len(row)], strict=True)
    return [_stripped(row, start, end) for start, end in edges]


def cell_texts(row: str) -> list[str]:
    """Return what the cells of a row say."""
    return [row[start:end] for start, end in cell_spans(row)]


def _stripped(row: str, start: int, end: int) -> Span:
    text = row[start:end]
    first = start + len(text) - len(text.lstrip())
    return Span(first, max(first, start + len(text.rstrip())))


def _cells(line: str, at: int) -> list[tuple[str, Span]]:
    return [(line[start:end], Span(at + start, at + end)) for start, end in cell_spans(line)]


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """Return the stems of all words of a text in order, as names in cells and questions are compared."""
    return tuple(lexis.stem(word) for word in lexis.words(text))


def stands_in(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return whether the words of a name stand in a text one after the other, both as `words_of` gives them."""
    n = len(name)
    return n > 0 and any(words[i : i + n] == name for i in range(len(words) - n + 1))


def name_in(row: str) -> str:
    """Return what a row of normalized text is about: its first cell, and the second behind a code."""
    first, *rest = [*cell_texts(row), ""]
    return f"{first} {rest[0]}" if _CODE.fullmatch(first) else first


def says_nothing(text: str) -> bool:
    """Return whether a cell is empty, or says no more than yes, no or none."""
    return text.casefold() in _NOTHING


def is_number(text: str) -> bool:
    """Return whether a cell is a bare number, an amount of money or a share."""
    return bool(_PLAIN_NUMBER.fullmatch(text))


def leads_on(name: str) -> bool:
    """Return whether a cell names a thing that other tables may know: few words, a capital, no number or address."""
    return (
        not says_nothing(name)
        and 0 < len(words_of(name)) <= _MOST_WORDS
        and any(map(str.isupper, name))
        and "@" not in name
        and not is_number(name)
    )
