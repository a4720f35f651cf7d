"""From the lines of all pages to blocks: paragraphs, headings, list items."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.ingest.parsers.pdf_layout import Line, Table
from rag.ingest.parsers.pdf_runs import SOFT_HYPHEN
from rag.ingest.parsers.tables import looks_like_header, n_header_rows, table_blocks, with_one_header
from rag.types import RawBlock

HEADING_RATIO = 1.12
"""Text so much larger than the usual text is a heading."""

MAX_HEADING = 160
"""Longer pieces of large or bold text are no headings."""

_BULLET = re.compile(r"^\s*(?:[•●○▪■□◦‣➢✓–·*-]|o(?=\s+[A-Z]))\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]{1,4}\))\s+(?=\S)")
_LEADERS = re.compile(r"(?:\s*[.·_]){5,}\s*")
# Words that are written with a hyphen wherever they stand; a hyphen at a line's end belongs to them.
_HYPHENED = re.compile(
    r"well-(?!ness$)|self-(?!ish|less|same)|so-called"
    r"|\w{4,}-(?:based|called|driven|known|level|oriented|specific|term)"
)
_ENDS = tuple(".!?:;\u201d\"')…")

Pieces = list[Line | Table]
Rows = tuple[tuple[str, ...], ...]


def to_blocks(pages: Sequence[tuple[int, Pieces]]) -> list[RawBlock]:
    """Return the blocks of a document.

    Args:
        pages: Page numbers from 1 with their lines and tables in reading order.
    """
    lines = [line for _, pieces in pages for line in pieces if isinstance(line, Line)]
    style = _Style(lines)
    blocks: list[RawBlock] = []
    names: Rows = ()
    for page, pieces in pages:
        blocks += _page_blocks(pieces, page, style, names)
        last = pieces[-1] if pieces else None
        names = _names(last.rows) if isinstance(last, Table) else ()
    return blocks


class _Style:
    """What is usual in a document: text size, sizes of headings, distance of lines, words."""

    def __init__(self, lines: Sequence[Line]) -> None:
        weights: Counter[float] = Counter()
        for line in lines:
            weights[_round(line.size)] += len(line.text)
        self.body = weights.most_common(1)[0][0] if weights else 10.0
        bold = sum(len(line.text) for line in lines if line.bold)
        self.bold_body = bold > 0.5 * sum(len(line.text) for line in lines)
        larger = {_round(line.size) for line in lines if line.size >= HEADING_RATIO * self.body and _wordy(line.text)}
        self.sizes = sorted(larger, reverse=True)[:5]
        pitches = [
            (after.base - before.base) / after.size
            for before, after in itertools.pairwise(lines)
            if 0 < after.base - before.base < 3 * after.size and _round(after.size) == _round(before.size)
        ]
        self.pitch = statistics.median(pitches) if pitches else 1.2
        self.words = {word for line in lines for word in re.findall(r"[\w-]+", line.text.lower())}

    def level(self, size: float, *, bold: bool) -> int:
        """Return the level of a heading of this size, 0 for no heading."""
        for level, larger in enumerate(self.sizes, start=1):
            if _round(size) >= larger:
                return level
        return len(self.sizes) + 1 if bold and not self.bold_body and size >= 0.95 * self.body else 0


def _page_blocks(pieces: Pieces, page: int, style: _Style, names: Rows) -> Iterator[RawBlock]:
    """Yield the blocks of a page; a table that begins it with the names of the one before goes on with its rows."""
    paragraph: list[Line] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, Table) or (paragraph and _starts(paragraph, piece, style)):
            yield from _paragraph(paragraph, page, style)
            paragraph = []
        if isinstance(piece, Table):
            goes_on = at == 0 and bool(names) and piece.rows[: len(names)] == names
            yield from _table(piece.rows[len(names) if goes_on else 0 :], page, goes_on=goes_on)
        else:
            paragraph.append(piece)
    yield from _paragraph(paragraph, page, style)


def _table(rows: Rows, page: int, *, goes_on: bool) -> Iterator[RawBlock]:
    clean: list[Sequence[str]] = [[_LEADERS.sub(" ", cell).replace(SOFT_HYPHEN, "") for cell in row] for row in rows]
    if not goes_on and _names(rows):
        titles, clean = with_one_header(clean, n_header_rows(rows))
        yield from (RawBlock("paragraph", "".join(title), page=page) for title in titles)
    yield from table_blocks(clean, page=page, header=not goes_on and bool(_names(rows)))


def _names(rows: Rows) -> Rows:
    """Return the rows that name the columns of a table, with the titles above them; none where the first names none."""
    _, named = with_one_header(rows, n_header_rows(rows))
    return rows[: len(rows) - len(named) + 1] if looks_like_header(named) else ()


def _starts(paragraph: Sequence[Line], line: Line, style: _Style) -> bool:
    """Say whether a line begins a new paragraph."""
    last, first = paragraph[-1], paragraph[0]
    gap = line.base - last.base
    if gap < -0.5 * line.size and last.text.endswith((*_ENDS, "…")):
        return True
    if abs(line.size - last.size) > 0.08 * max(line.size, last.size) or line.bold != last.bold:
        return not _continues(last, line)
    if gap > 1.3 * style.pitch * line.size or _BULLET.match(line.text) or _NUMBERED.match(line.text):
        return True
    if _BULLET.match(first.text) or _NUMBERED.match(first.text):
        return line.x0 < first.x0 - 1 and (last.text.endswith(_ENDS) or _fits(last, line))
    indented = line.x0 > last.x0 + 0.8 * line.size
    return last.text.endswith(_ENDS) and (indented or _fits(last, line))


def _fits(last: Line, line: Line) -> bool:
    """Say whether the first word of a line had room on the line before: then the break between them is meant."""
    word = line.text.split(maxsplit=1)[0]
    width = (line.x1 - line.x0) * len(word) / len(line.text)
    # Some slack, since one wide line, such as an address, moves the margin for all.
    return last.x1 + width + 0.6 * line.size < last.right - 0.08 * (last.right - last.x0)


def _continues(last: Line, line: Line) -> bool:
    # A bold or larger word at the start of a line does not end the sentence that it stands in.
    return bool(last.text) and last.text[-1] not in ".!?:" and line.text[:1].islower() and line.size < 1.1 * last.size


def _paragraph(lines: Sequence[Line], page: int, style: _Style) -> Iterator[RawBlock]:
    text = _LEADERS.sub(" … ", _join(lines, style.words)).strip(" …").strip()
    if not any(char.isalnum() for char in text):
        return
    size = max(lines, key=lambda line: len(line.text)).size
    level = style.level(size, bold=all(line.bold for line in lines))
    if bullet := _BULLET.match(text):
        yield RawBlock("list_item", text[bullet.end() :], level=1, page=page)
    elif level and len(text) <= MAX_HEADING and _wordy(text) and not text.endswith((",", ";", ".")) and len(lines) <= 3:
        yield RawBlock("heading", text, level=min(level, 6), page=page)
    elif _NUMBERED.match(text):
        yield RawBlock("list_item", text, level=1, page=page)
    else:
        yield RawBlock("paragraph", text, page=page)


def _join(lines: Sequence[Line], words: set[str]) -> str:
    text = ""
    last: Line | None = None
    for line in lines:
        if text.endswith((SOFT_HYPHEN, "-")) and line.text[:1].islower() and text[-2:-1].isalpha():
            head, tail = re.findall(r"[\w-]*$", text[:-1])[0], re.findall(r"^[\w-]*", line.text)[0]
            text = text[:-1] + ("-" if _has_hyphen(head.lower(), tail, words) else "") + line.text
        elif text.endswith(SOFT_HYPHEN):
            text = f"{text[:-1]}-{line.text}"
        elif last is not None:
            text += ("\n" if _fits(last, line) else " ") + line.text
        else:
            text = line.text
        last = line
    return text.replace(SOFT_HYPHEN, "")


def _has_hyphen(head: str, tail: str, words: set[str]) -> bool:
    """Tell whether a hyphen at the end of a line would stand within it too."""
    if f"{head}{tail}" in words:
        return False
    return f"{head}-{tail}" in words or _HYPHENED.match(f"{head}-{tail}") is not None


def _wordy(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 3


def _round(size: float) -> float:
    return round(size * 2) / 2
