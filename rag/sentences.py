"""Sentences as exact spans: the unit of attribution in `rag.ask.guard` and of cutting in `rag.ingest.chunk`."""

from __future__ import annotations

from typing import NamedTuple

import sentencex


class Span(NamedTuple):
    """A half-open character range."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether both share a character."""
        return self.start < other.end and other.start < self.end


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Return the sentences of a text in order, without the white space around them.

    A line break ends a sentence: in normalized text it stands only between paragraphs, list items,
    table rows and lines of code.

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
        for boundary in sentencex.get_sentence_boundaries("en", line):
            span = _strip(line, int(boundary["start_index"]), int(boundary["end_index"]))
            if span.start < span.end:
                spans.append(Span(offset + span.start, offset + span.end))
        offset += len(line)
    return tuple(spans)


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
