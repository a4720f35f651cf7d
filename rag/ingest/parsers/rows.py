"""The rows of delimited text, also where a quote in it is never closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A row, the line that it begins in, and whether a quote in it is text because it is never closed."""

    line: int
    cells: list[str]
    unclosed: bool = False


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of text, empty lines included.

    A quote closes a cell before a delimiter or a line break, and is text elsewhere. One that meets the next opening
    quote, the end of the text, or nothing but lines that are rows by themselves is not closed: its line is read alone.

    Source: RFC 4180, and what spreadsheets make of text that breaks it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = _Cut(text, delimiter)
    start, line, width, alone_until = 0, 1, 0, 0
    while start < len(text):
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end
        end, unclosed = line_end, False
        if text.find('"', start, line_end) < 0:
            cells = text[start:line_end].split(delimiter)
        else:
            cells, end, opened = cut.row(start, line_end if start < alone_until else len(text))
            unclosed = opened is not None or (end > line_end and cut.swallows(text[start:end], width))
            if unclosed:
                # No other quote opens in the lines before: looking again from each of them would take for ever.
                alone_until = max(alone_until, text.rfind("\n", 0, end if opened is None else opened) + 1)
                cells, end, _ = cut.row(start, line_end)
        yield Row(line, cells, unclosed)
        width = width or (len(cells) if len(cells) > 1 else 0)
        line += text.count("\n", start, end + 1)
        start = end + 1


class _Cut:
    """Cuts one text into cells."""

    def __init__(self, text: str, delimiter: str) -> None:
        mark = re.escape(delimiter)
        self._text, self._delimiter = text, delimiter
        self._bare = re.compile(rf"[^{mark}\n]*")
        self._closing = re.compile(rf'" *(?={mark}|\n|\Z)')
        self._inside = re.compile(rf'(?:[^"]++|""|(?<![{mark}\n])"(?! *(?:{mark}|\n|\Z)))*+')
        # Before a space it stands in a sentence more often than between two cells.
        self._between = re.compile(rf"{mark}(?! )")

    def row(self, at: int, stop: int) -> tuple[list[str], int, int | None]:
        """Return the cells of the row that begins at a place, its end, and how far a quote was open that never closed.

        Args:
            at: Where it begins.
            stop: Where the text ends for it.
        """
        cells: list[str] = []
        opened: int | None = None
        while True:
            cell, at, left_open = self._cell(at, stop)
            cells.append(cell)
            opened = left_open if opened is None else opened
            if at >= stop or self._text[at] != self._delimiter:
                return cells, at, opened
            at += 1

    def swallows(self, lines: str, width: int) -> bool:
        """Say whether each line of a row is a row of this width by itself; two lines of two cells may be chance."""
        each = [line for line in lines.split("\n") if line]
        widths = [len(self._between.findall(line)) + 1 for line in each]
        width = width or widths[0]
        return width > 1 and width + len(each) >= 5 and set(widths) == {width}

    def _cell(self, at: int, stop: int) -> tuple[str, int, int | None]:
        opened: int | None = None
        if at < stop and self._text[at] == '"':
            inside = self._inside.match(self._text, at + 1, stop)
            opened = inside.end() if inside else stop
            if closing := self._closing.match(self._text, opened, stop):
                return self._text[at + 1 : opened].replace('""', '"'), closing.end(), None
        bare = self._bare.match(self._text, at, stop)
        end = bare.end() if bare else stop
        return self._text[at:end], end, opened
