"""What documents say of a code by itself: the entry that begins with it, before the sentences that mention it."""

from __future__ import annotations

import re

from rag import lexis
from rag.ask.tables import CELLS
from rag.types import Hit

# What a sentence gains beside the logits of `rag.ask.choice`: for beginning with the code, for being the first below a
# heading that does, and, a row of a table, for the code in front of another cell or in brackets at its end.
_BEGINS, _HEADED, _CELL = 8.0, 6.0, 4.0
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
        self._asked = bool(codes)
        self._begins = re.compile(rf"{_SIGNS}(?:{any_of})(?![\w-])", re.IGNORECASE)
        self._bracketed = re.compile(rf"\((?:{any_of})\)\s*$", re.IGNORECASE)

    def __bool__(self) -> bool:
        """Tell whether the question is nothing but codes."""
        return self._asked

    def worth(self, text: str, hit: Hit, *, position: int) -> float:
        """Return what a sentence's score gains; 0 for one that only mentions the code.

        Args:
            text: The sentence, or a row of a table.
            hit: Its passage.
            position: Its place among the sentences of the passage.
        """
        if not self._asked:
            return 0.0
        first, *cells = text.split(CELLS)
        if self._begins.match(first) or (cells and self._bracketed.search(first)):
            return _BEGINS
        headings = hit.passage.chunk.headings
        if not position and headings and self._begins.match(headings[-1]):
            return _HEADED
        return _CELL if any(self._begins.match(cell) or self._bracketed.search(cell) for cell in cells) else 0.0
