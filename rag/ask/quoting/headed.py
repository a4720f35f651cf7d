"""Headings that hold what is asked for: in release notes and minutes no sentence says the day or the version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.ask.question.kinds import kind_of
from rag.ask.quoting.choice import Sentence
from rag.ask.texts.lists import is_heading
from rag.dates import dates
from rag.sentences import Span
from rag.types import Hit

_ASKS_VERSION = re.compile(
    r"\b(?:which|what|whichever)\s+(?:\w+\s+){0,2}(?:versions?|releases?|editions?|builds?|revisions?|firmware|updates?)\b"
    r"|\b(?:version|release|revision|build) (?:number|no)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\b[A-Z]?\d+(?:\.\d+)+\b")
# So far behind the sentence that stands below it: told of with it, and never in its place.
_BEHIND = 0.01


class Headed:
    """Tells which headings are quoted above their sentences.

    Args:
        question: The question.
    """

    def __init__(self, question: str) -> None:
        self._day = kind_of(question) == "day"
        self._version = bool(_ASKS_VERSION.search(question))

    def __bool__(self) -> bool:
        """Tell whether the question asks for what headings hold."""
        return self._day or self._version

    def holds(self, text: str) -> bool:
        """Tell whether a text holds a day or a version, whichever is asked for."""
        return bool((self._day and dates(text)) or (self._version and _VERSION.search(text)))

    def beside(
        self, sentences: Sequence[Sentence], hits: Sequence[Hit], spans: Sequence[Sequence[Span]]
    ) -> list[Sentence]:
        """Return the sentences, each heading as good as the best one below it; without headings that are not needed.

        A heading is needed where the best sentence of its section lacks what is asked for.

        Args:
            sentences: With headings that hold what is asked for among them.
            hits: Their passages.
            spans: Where the sentences of each passage stand, by their positions.
        """
        kept = []
        paths = {(s.hit, s.position): _path(hits[s.hit], spans[s.hit][s.position]) for s in sentences}
        for each in sentences:
            path = paths[each.hit, each.position]
            if not is_heading(each.text, path):
                kept.append(each)
                continue
            below = [
                other
                for other in sentences
                if other.hit == each.hit
                and other.position > each.position
                and paths[other.hit, other.position][: len(path)] == path
            ]
            best = max(below, key=lambda other: other.score, default=None)
            if best is not None and not self.holds(best.text):
                kept.append(replace(each, score=best.score - _BEHIND, near=best.near))
        return kept


def _path(hit: Hit, span: Span) -> tuple[str, ...]:
    chunk = hit.passage.chunk
    return chunk.place(chunk.start + span.start)[1]
