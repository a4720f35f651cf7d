"""A sentence without what two of them are compared by, and the words that say nothing of what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from rag import lexis
from rag.ask.conflicts.alignment import SMALL, Said

TIME_WORDS = SMALL | lexis.stems(
    "time times clock o'clock date hour weekday weekdays week month pm am noon midnight sharp usual usually normally"
    " generally regularly currently always every each daily latest earliest still already yet"
)
"""Stems of words of time and of measuring."""
NEUTRAL = lexis.stems(
    "place placed put receive received arrive submit submitted make made take takes taken hold held happen happens run"
    " runs running start starts begin begins available possible open opens opened opening staffed manned serve served"
    " answer answered reach please allowed local normal regular standard ready due deadline cut-off cutoff"
)
"""Stems of words that say nothing of what it is that happens at an hour or on a day."""


# Words that say nothing in a question, but tell one thing from another in a sentence: "IT" is no "it".
_TELLING = re.compile(r"\b(?:[Cc]ustomers?|[A-Z]{2,})\b")


def weighed(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that may tell one thing from another."""
    telling = {lexis.stem(match.casefold()) for match in _TELLING.findall(text)}
    return lexis.stems(text) | telling


# No slots, since what is read off a sentence is kept with it.
@dataclass(frozen=True)
class Bare(Said):
    """A sentence of the evidence, or a cell with its names, without what two of them are compared by.

    Args:
        bare: What is left of its words.
        kind: What the name of a row is called by its column.
    """

    bare: str
    kind: str = ""

    @cached_property
    def text(self) -> str:
        """What is left of its words."""
        return self.bare

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings that it stands under, without the title."""
        chunk = self.hit.passage.chunk
        above = chunk.place(chunk.start + self.span.start)[1]
        return tuple(heading for heading in above if heading != self.hit.passage.title)

    @cached_property
    def about(self) -> str:
        """Title and headings above it."""
        return " › ".join((self.hit.passage.title, *self.headings))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of its words."""
        return weighed(self.text)

    @cached_property
    def reach(self) -> frozenset[str]:
        """Stems of its words, of title and headings, and of what its row is called."""
        return self.stems | weighed(f"{self.about} {self.kind}")

    @cached_property
    def own(self) -> frozenset[str]:
        """Stems of its words, without those of time."""
        return self.stems - TIME_WORDS

    @cached_property
    def around(self) -> frozenset[str]:
        """Stems of its passage, with what stands above it."""
        return self.reach | lexis.stems(self.hit.passage.chunk.text)
