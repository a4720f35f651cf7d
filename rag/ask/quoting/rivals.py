"""Things of one family: what is said of the Kestrel 7 is no answer about the Kestrel 5, nor a large one for a small."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis
from rag.ask.texts.rows import is_row, name_in
from rag.dates import MONTHS

_ASKED = re.compile(r"(?<!\w)([^\W\d_][\w&'’]*)[ -](\d+(?:\.\d+)*)(?!\w)")
# In a text such a thing has a capital: "within 30 days" and "last 12 months" are none.
_WRITTEN = re.compile(r"(?<!\w)([A-Z][\w&'’]*)[ -](\d+(?:\.\d+)*)(?!\w)")
# What is one of a row is none of its others. Amber is called orange and yellow too, and a child is called many things.
_SORTS = tuple(
    frozenset(row.split())
    for row in (
        "tiny small medium large huge",
        "bronze silver gold platinum",
        "spring summer autumn winter",
        "single double triple twin",
        "north south east west",
        "red green blue white black purple",
    )
)


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
        words = set(lexis.words(question))
        self._sorts = [(sort, sort & words) for sort in _SORTS if sort & words]

    def __bool__(self) -> bool:
        """Tell whether the question names anything that has rivals."""
        return bool(self._asked or self._sorts)

    def speaks_of_another(self, text: str, path: Sequence[str]) -> bool:
        """Tell whether a text is about another thing of the family, and not about the one that is asked about.

        Args:
            text: E.g. a sentence.
            path: Title and headings above it, outermost first; where the text names nothing of the family, the
                nearest of them that does says what it is about.
        """
        if is_row(text) and self._is_of_another_sort(text, path):
            return True
        for said in (text, *reversed(path)):
            named = self._numbers(said)
            if named:
                return not any(numbers & self._asked[family] for family, numbers in named.items())
        return False

    def _is_of_another_sort(self, row: str, path: Sequence[str]) -> bool:
        """Tell whether a row is called "Large" where a small one is asked about, and nothing around it says small."""
        called, said = set(lexis.words(name_in(row))), set(lexis.words("\n".join((row, *path))))
        return any(sort & called and not asked & said for sort, asked in self._sorts)

    def _numbers(self, text: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, number in _WRITTEN.findall(text):
            if name.casefold() in self._asked:
                found.setdefault(name.casefold(), set()).add(number)
        return found
