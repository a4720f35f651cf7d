"""What documents say of a code by itself: the entry that begins with it, before the sentences that mention it."""

from __future__ import annotations

import re

from rag import lexis
from rag.ask.texts.rows import CELLS
from rag.types import Hit

# What a sentence gains beside the logits of `rag.ask.quoting.choice`: as a row that begins with the code, or for what
# stands behind the code and a colon or dash; as the first below a heading that begins with it; and where only the
# sentence or another cell of the row begins with it, or ends with it in brackets.
_ENTRY, _HEADED, _NAMED = 8.0, 6.0, 4.0
# In front of a code may stand a mark of a list, a bracket or a sign of emphasis.
_SIGNS = r"[\s\-*•(\[#`\"“'_]*"


class Entry:
    """Tells how much a sentence is the entry of the codes that a question consists of.

    Args:
        question: Its words; one that asks more than what a code is has no entry.
    """

    def __init__(self, question: str) -> None:
        codes = lexis.only_codes(question)
        any_of = "|".join(re.escape(code) for code in codes)
        self._codes = codes
        self._begins = re.compile(rf"{_SIGNS}(?:{any_of})(?![\w-])", re.IGNORECASE)
        self._told = re.compile(rf"{_SIGNS}(?:{any_of})[*_`\])\"”]*\s*[:=–—]", re.IGNORECASE)
        self._bracketed = re.compile(rf"\((?:{any_of})\)\s*$", re.IGNORECASE)

    def __bool__(self) -> bool:
        """Tell whether the question is nothing but codes."""
        return bool(self._codes)

    def worth(self, text: str, hit: Hit, *, position: int) -> float:
        """Return what a sentence's score gains; 0 for one that only mentions the code.

        Args:
            text: The sentence, or a row of a table.
            hit: Its passage.
            position: Its place among the sentences of the passage.
        """
        if not self._codes:
            return 0.0
        cells, headings = text.split(CELLS), hit.passage.chunk.headings
        named = [bool(self._begins.match(cell) or self._bracketed.search(cell)) for cell in cells]
        if self._told.match(text) or (len(cells) > 1 and named[0]):
            return _ENTRY
        if not position and headings and self._begins.match(headings[-1]):
            return _HEADED
        return _NAMED if self._begins.match(text) or any(named[1:]) else 0.0

    def names(self, text: str, hit: Hit) -> bool:
        """Tell whether a sentence names one of the codes, or stands below a title or heading that does."""
        said = "\n".join((text, hit.passage.title, *hit.passage.chunk.headings))
        return any(lexis.holds(said, code) for code in self._codes)
