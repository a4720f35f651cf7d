"""Raw tags in Markdown that hide what stands behind them, up to their ends, which may stand in other blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.ingest.parsers.hidden import STRIKING, how_hidden

MAX_OPEN = 50
"""Deeper than any honest Markdown; so many tags are remembered, and the first one that hides."""

_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:-->|\Z))|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)"
    r"|<(/?)([a-z][\w-]*)(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
_MAY_HIDE = re.compile(r"\b(?:hidden|style|color)\b", re.IGNORECASE)
_EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    text: str
    how: str


class OpenTags:
    """Knows which tags are open while Markdown is read from its beginning to its end."""

    def __init__(self) -> None:
        self._open: list[_Tag] = []
        self._n_around: list[int] = []

    @property
    def how(self) -> str:
        """How text that stands here is hidden; empty where it is not."""
        return next((tag.how for tag in self._open if tag.how), "")

    @property
    def around(self) -> str:
        """The tags that are open here, from the first one that hides; a piece of HTML behind them can be read alone."""
        first = next((n for n, tag in enumerate(self._open) if tag.how), len(self._open))
        return "".join(tag.text for tag in self._open[first:])

    @property
    def raised(self) -> str:
        """``sup`` or ``sub``, whichever was opened last and is still open; else empty."""
        return next((tag.name for tag in reversed(self._open) if tag.name in {"sup", "sub"}), "")

    def read(self, html: str) -> None:
        """Open and close the tags of a piece of HTML."""
        for found in _TAG.finditer(html):
            name = (found[2] or "").lower()
            if found[1]:
                self.close(name)
            elif name and name not in _EMPTY:
                how = how_hidden(found[0]) if name in STRIKING or _MAY_HIDE.search(found[0]) else ""
                if len(self._open) < MAX_OPEN or (how and not self.how):
                    self._open.append(_Tag(name, found[0], how))

    def close(self, name: str) -> None:
        """Close the last tag of a name that is open, and those inside it."""
        last = max((n for n, tag in enumerate(self._open) if tag.name == name), default=len(self._open))
        del self._open[last:]

    def nest(self, step: int) -> None:
        """Begin (1) or end (-1) an element of Markdown, or neither (0); the tags that it holds end with it."""
        if step > 0:
            self._n_around.append(len(self._open))
        elif step < 0:
            del self._open[self._n_around.pop() :]
