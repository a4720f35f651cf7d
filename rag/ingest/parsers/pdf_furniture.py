"""Headers, footers and page numbers of a PDF's pages, which are no text of it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from rag.ingest.parsers.pdf_layout import to_rows
from rag.ingest.parsers.pdf_runs import Run

MARGIN_ROWS = 3
"""So many rows at the top and at the bottom of a page can be its furniture."""

MAX_NUMBERED_ROW = 300
"""Longer rows are no headers or footers with a page number."""

_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)|\b[ivxlc]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?(?:#|[ivxlc]+)(?:\s*(?:/|of|von|de)\s*#)?\W*$", re.IGNORECASE)


def drop_furniture(pages: Sequence[list[Run]]) -> list[list[Run]]:
    """Return the runs of pages without headers, footers and page numbers.

    A row is furniture when it stands among the first or last rows of a page and the same row stands there on more
    than half of the pages, on three at least. It is the same where its text is, or where all that differs is a number
    that counts the pages. A row of nothing but a page number may begin to count anew.
    """
    rows = [to_rows([run for run in page if run.upright]) for page in pages]
    counts: Counter[str] = Counter()
    for number, page_rows in enumerate(rows):
        margins = [_text(row) for row in _margins(page_rows)]
        counts.update({key for text in margins for key in (text, _shape(text), *_numbered(text, number))})
    n_pages = sum(map(bool, rows))
    least = max(3, n_pages // 2 + 1)
    kept: list[list[Run]] = []
    for number, (page, page_rows) in enumerate(zip(pages, rows, strict=True)):
        furniture = {
            id(run)
            for row in _margins(page_rows)
            if _repeats(_text(row), number, counts, least, n_pages)
            for run in row
        }
        # A page of nothing but a number is better than an empty one.
        kept.append([run for run in page if id(run) not in furniture] or page)
    return kept


def _margins(rows: list[list[Run]]) -> list[list[Run]]:
    return rows if len(rows) <= 2 * MARGIN_ROWS else rows[:MARGIN_ROWS] + rows[-MARGIN_ROWS:]


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


def _repeats(text: str, page: int, counts: Counter[str], least: int, n_pages: int) -> bool:
    numbered = [counts[key] for key in _numbered(text, page)]
    if max(counts[text], *numbered, 0) >= least:
        return True
    bare = _PAGE_NUMBER.match(_shape(text)) is not None and counts[_shape(text)] >= min(least, n_pages)
    return bare and max(*numbered, 0) > 1
