"""Things of one family, told apart by a number: what is said of the Kestrel 7 is no answer about the Kestrel 5."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis
from rag.dates import MONTHS

_ASKED = re.compile(r"(?<!\w)([^\W\d_][\w&'’]*)[ -](\d+(?:\.\d+)*)(?!\w)")
# In a text such a thing has a capital: "within 30 days" and "last 12 months" are none.
_WRITTEN = re.compile(r"(?<!\w)([A-Z][\w&'’]*)[ -](\d+(?:\.\d+)*)(?!\w)")


class Rivals:
    """Tells what speaks of another thing of the family than a question asks about.

    Args:
        question: The question; one that names several of a family asks about all of them.
    """

    def __init__(self, question: str) -> None:
        self._asked: dict[str, set[str]] = {}
        for name, number in _ASKED.findall(question):
            family = name.casefold()
            if family not in MONTHS and family not in lexis.STOP_WORDS:
                self._asked.setdefault(family, set()).add(number)

    def __bool__(self) -> bool:
        """Tell whether the question names anything that has rivals."""
        return bool(self._asked)

    def speaks_of_another(self, text: str, path: Sequence[str]) -> bool:
        """Tell whether a text is about another thing of the family, and not about the one that is asked about.

        Args:
            text: E.g. a sentence.
            path: Title and headings above it, outermost first; where the text names nothing of the family, the
                nearest of them that does says what it is about.
        """
        for said in (text, *reversed(path)):
            named = self._numbers(said)
            if named:
                return not any(numbers & self._asked[family] for family, numbers in named.items())
        return False

    def _numbers(self, text: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, number in _WRITTEN.findall(text):
            if name.casefold() in self._asked:
                found.setdefault(name.casefold(), set()).add(number)
        return found
