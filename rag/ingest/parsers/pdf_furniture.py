"""Headers, footers and page numbers of a PDF's pages, which are no text of it."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.ingest.parsers.pdf_layout import Row, Table, read_page, to_rows
from rag.ingest.parsers.pdf_runs import Rule, Run

MARGIN_ROWS = 3
"""So many rows at the top and at the bottom of a page can be its furniture."""

MAX_NUMBERED_ROW = 300
"""Longer rows are no headers or footers with a page number."""

APART = 2.5
"""More font sizes than lie between two lines of a text lie between a running title and the text of its page."""

MIN_SENTENCE = 4
"""So many words with a full stop behind them say something; fewer are a name, such as that of a company."""

_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)|\b[ivxlc]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?(?:#|[ivxlc]+)(?:\s*(?:/|of|von|de)\s*#)?\W*$", re.IGNORECASE)
_NAMED_NUMBER = re.compile(r"\b(?:page|p\.|seite|s\.|pagina|página)\s*#|[|/]\s*#$|^#\s*\|")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*$")


def drop_furniture(pages: Sequence[list[Run]], rules: Sequence[Sequence[Rule]]) -> list[list[Run]]:
    """Return the runs of pages without headers, footers and page numbers.

    A row repeats when it stands among the first or last rows of a page and the same row stands there on more
    than half of the pages, on three at least. It is the same where its text is, or where all that differs is a number
    that counts the pages. A row of nothing but a page number may begin to count anew.

    Of what repeats, page numbers go from all pages, and so does what stands apart from the text and is no sentence.
    The rest may be text, such as a warning on each page: it stays where it stands first, and with its number on all
    pages. Rows of a table stay on all pages too.

    Args:
        pages: The runs of each page.
        rules: The lines drawn on each page.
    """
    sheets = [_Sheet(runs, drawn, number) for number, (runs, drawn) in enumerate(zip(pages, rules, strict=True))]
    repeats = _Repeats(sheets)
    kept: list[list[Run]] = []
    for sheet in sheets:
        furniture = {id(run) for row in repeats.furniture(sheet) for run in row}
        # A page of nothing but a number is better than an empty one.
        kept.append([run for run in sheet.runs if id(run) not in furniture] or sheet.runs)
    return kept


class _Sheet:
    """A page: its rows, and those that may be furniture."""

    def __init__(self, runs: list[Run], rules: Sequence[Rule], number: int) -> None:
        self.runs = runs
        self.number = number
        self.rows = to_rows([run for run in runs if run.upright])
        short = len(self.rows) <= 2 * MARGIN_ROWS
        self.margins = self.rows if short else self.rows[:MARGIN_ROWS] + self.rows[-MARGIN_ROWS:]
        self._rules = rules

    @functools.cached_property
    def tables(self) -> list[Table]:
        """The tables of the page as it is drawn."""
        return [piece for piece in read_page(self.runs, self._rules) if isinstance(piece, Table)]


class _Repeats:
    """What repeats from page to page, and which of it is furniture."""

    def __init__(self, sheets: Sequence[_Sheet]) -> None:
        self._counts: Counter[str] = Counter()
        for sheet in sheets:
            texts = [_text(row) for row in sheet.margins]
            self._counts.update({key for t in texts for key in (t, _shape(t), *_numbered(t, sheet.number))})
        self._n_pages = sum(bool(sheet.rows) for sheet in sheets)
        self._least = max(3, self._n_pages // 2 + 1)
        self._apart: Counter[str] = Counter()
        self._all: Counter[str] = Counter()
        self._said: set[str] = set()
        self._seen: set[str] = set()
        for sheet in sheets:
            self._all.update(_shape(_text(row)) for row in self._repeated(sheet))
            for block in self._blocks_apart(sheet):
                self._count_block([_text(row) for row in block])

    def furniture(self, sheet: _Sheet) -> list[Row]:
        """Return the rows of a page that are no text of it; pages are asked for in order."""
        return [row for row in self._repeated(sheet) if self._goes(row, sheet)]

    def _goes(self, row: Row, sheet: _Sheet) -> bool:
        text = _text(row)
        if _has_page_number(row):
            return True
        tables = [table for table in sheet.tables if table.holds(row) and self._goes_on(table, sheet)]
        if any(table.ruled for table in tables):
            return False
        if self._is_title(text):
            return True
        if tables or not self._is_same(text) or text not in self._seen:
            self._seen.add(text)
            return False
        return True

    def _repeated(self, sheet: _Sheet) -> list[Row]:
        return [row for row in sheet.margins if self._repeats(_text(row), sheet.number)]

    def _repeats(self, text: str, page: int) -> bool:
        numbered = max((self._counts[key] for key in _numbered(text, page)), default=0)
        if self._is_same(text) or numbered >= self._least:
            return True
        shape = _shape(text)
        bare = _PAGE_NUMBER.match(shape) is not None and self._counts[shape] >= min(self._least, self._n_pages)
        return bare and numbered > 1

    def _is_same(self, text: str) -> bool:
        return self._counts[text] >= self._least

    def _is_title(self, text: str) -> bool:
        """Tell whether a row stands apart on most of the pages on which it repeats, and says nothing."""
        return 2 * self._apart[_shape(text)] > self._all[_shape(text)] and text not in self._said

    def _blocks_apart(self, sheet: _Sheet) -> Iterator[list[Row]]:
        """Yield what repeats at the top and at the bottom as far as it stands apart; rows that are close together."""
        repeated = {id(row) for row in self._repeated(sheet)}
        for rows in (sheet.rows, sheet.rows[::-1]):
            block = list(itertools.takewhile(lambda row: id(row) in repeated, rows))
            while block and len(block) < len(rows) and not _is_apart(block[-1], rows[len(block)]):
                block.pop()
            ends = [n for n, pair in enumerate(itertools.pairwise(block), start=1) if _is_apart(*pair)]
            yield from (block[start:end] for start, end in itertools.pairwise([0, *ends, len(block)]))

    def _count_block(self, texts: Sequence[str]) -> None:
        self._apart.update(map(_shape, texts))
        # A sentence may run over the rows of a block; a row with a number speaks for itself.
        is_said = any(map(_is_sentence, texts))
        self._said.update(text for text in texts if _is_sentence(text) or (is_said and self._is_same(text)))

    def _goes_on(self, table: Table, sheet: _Sheet) -> bool:
        """Tell whether a table has as many other rows as ones that repeat, and is no frame around a text."""
        repeated = {id(row) for row in self._repeated(sheet)}
        inside = [id(row) in repeated for row in sheet.rows if table.holds(row)]
        cells = [len(cell) for row in table.rows for cell in row]
        return 2 * sum(inside) <= len(inside) and 2 * max(cells) <= sum(cells)


def _is_apart(row: Row, other: Row) -> bool:
    return abs(other[0].base - row[0].base) > APART * max(run.size for run in (*row, *other))


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= MIN_SENTENCE and _SENTENCE_END.search(text) is not None


def _has_page_number(row: Row) -> bool:
    """Tell whether the number in a row that repeats is that of the page: it says so, or stands by itself."""
    shapes = [_shape(_text(part)) for part in (row, row[:1], row[-1:])]
    return any(map(_PAGE_NUMBER.match, shapes)) or _NAMED_NUMBER.search(shapes[0]) is not None


def _text(row: Sequence[Run]) -> str:
    return " ".join(" ".join(run.text for run in row).split()).lower()


def _numbered(text: str, page: int) -> list[str]:
    """Return a row without one of its numbers at a time, instead of which stands how far it is from the page's."""
    found = _NUMBER.finditer(text) if len(text) <= MAX_NUMBERED_ROW else ()
    return [f"{text[: n.start()]}\n{_value(n[0]) - page}\n{text[n.end() :]}" for n in found]


def _value(number: str) -> int:
    if not number.isalpha():
        return int(number)
    values = [_ROMAN[letter] for letter in number]
    return sum(-one if one < after else one for one, after in itertools.pairwise([*values, 0]))


def _shape(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text)
