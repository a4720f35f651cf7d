"""Sentences as exact spans: the unit of attribution in `rag.ask.guard` and of cutting in `rag.ingest.chunk`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sentencex

# Longer lines are read in pieces of so many characters: from each quotation mark on, the library looks for its end to
# the end of what it is given.
_MOST_AT_ONCE = 50_000
BAR = re.compile(r"(?<!\S)\|(?!\S)")
"""What stands between the cells of a row in normalized text."""
# Abbreviations that the library does not know. "Incl. VAT" goes on whatever follows, "max. 40 degrees" and "Mon. to
# Fri." where no capital does.
_OPEN = re.compile(r"(?<![\w.-])(?:incl|excl|approx|resp|tel|mob)\.$", re.IGNORECASE)
_MAYBE_OPEN = re.compile(
    r"(?<![\w.-])(?:(?i:max|min|avg|temp|req|hrs?|mins?|secs?|wks?|yrs?|mths?|pcs|pers|qty|sect)"
    r"|Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# More characters than the longest of them has.
_LONGEST = 12
_CAPITAL = re.compile(r"\W*[^\W\d_a-z]")
_ENDED = re.compile(r"[.!?:;…][\"”’)\]]*$")


class Span(NamedTuple):
    """A half-open character range."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether both share a character."""
        return self.start < other.end and other.start < self.end


def is_ended(text: str) -> bool:
    """Return whether a text ends with a mark that ends a sentence; headings and items of lists often do not."""
    return bool(_ENDED.search(text))


def in_one_line(texts: Iterable[str]) -> str:
    """Return sentences, items of a list and rows as one line: a semicolon stands behind what nothing else ends."""
    *first, last = [*filter(None, texts)] or [""]
    return " ".join((*(text if is_ended(text) else f"{text};" for text in first), last))


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Return the sentences of a text in order, without the white space around them.

    A line break ends a sentence: in normalized text it stands only between paragraphs, list items,
    table rows and lines of code. Nothing else ends one within a row, but in its last cell: what is cut off between two
    cells stands in the wrong columns.

    Args:
        text: Normalized text.

    Returns:
        Spans that do not overlap; what lies between them is white space.

    Source:
        Wikimedia's sentencex (MIT), which knows the abbreviations of many languages.
    """
    spans: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        for start, end in _whole(line):
            span = _strip(line, start, end)
            if span.start < span.end:
                spans.append(Span(offset + span.start, offset + span.end))
        offset += len(line)
    return tuple(spans)


def _whole(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a line begin and end, with white space around them."""
    last_bar = max((bar.start() for bar in BAR.finditer(line)), default=-1)
    first: int | None = None
    for start, end in _boundaries(line):
        first = start if first is None else first
        if end > last_bar and not _is_abbreviated(line, end):
            yield first, end
            first = None
    if first is not None:
        yield first, len(line)


def _is_abbreviated(line: str, end: int) -> bool:
    """Tell whether the full stop before a place only ends an abbreviation, and the sentence goes on."""
    told = line[max(0, end - _LONGEST) : end].rstrip()
    return bool(_OPEN.search(told) or (_MAYBE_OPEN.search(told) and not _CAPITAL.match(line, end)))


def _boundaries(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the library sees the sentences of a line begin and end."""
    at = 0
    while at < len(line):
        piece = line[at : at + _MOST_AT_ONCE]
        found = [
            (at + int(boundary["start_index"]), at + int(boundary["end_index"]))
            for boundary in sentencex.get_sentence_boundaries("en", piece)
        ]
        if at + len(piece) == len(line):
            yield from found
            return
        if len(found) > 1:
            # The last sentence may go on behind the piece, and is read once more from its beginning.
            yield from found[:-1]
            at = found[-1][0]
        else:
            # One that is longer than a piece is cut between words, where it has any.
            end = at + (piece.rfind(" ") + 1 or len(piece))
            yield at, end
            at = end


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
