"""Lines of a passage: which number a step has, and whether it says what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import lexis
from rag.english import is_listed
from rag.verbs import past

_ORDINALS = {
    word: n
    for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
# A table of steps has the number in its first cell; "Step 1" alone may be a heading, and "First, …" begins a paragraph.
_STEP = re.compile(
    r"(?:step\s+)?(?P<n>\d{1,2})(?:(?:\s?[.):]\s+|\s\|\s)\S|(?<=step\s\d)$|(?<=step\s\d\d)$)"
    rf"|(?P<word>{'|'.join(_ORDINALS)})(?:ly)?(?: of all)?[,:]\s+\S",
    re.IGNORECASE,
)
# "Then open the cover": an order begins with the base of a verb, and "Support is open" with a noun.
_BEGINS = re.compile(
    r"^\W*(?:(?:then|first|next|now|finally|afterwards|always|never|please|do not|don['’]t)\b,?\s+)*+"
    r"(?P<verb>[a-z]{2,})\b(?!:|\s+(?:is|are|was|were|has|have|can|will|must|may|costs?)\b)",
    re.IGNORECASE,
)
PURPOSE = re.compile(r"\W*(?P<what>to [^:.]{2,60}):\s+", re.IGNORECASE)
"""What a step is for may stand before it."""
ORDERS = 0.6
"""So great a share of the sentences of an instruction, or of steps, are orders."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list, or a sentence of an instruction; ``start`` and ``end`` are its place in the passage."""

    start: int
    end: int
    text: str

    @property
    def number(self) -> int:
        """The number of a step; 0 for none."""
        step = _STEP.match(self.text)
        if step is None:
            return 0
        return int(step["n"]) if step["n"] else _ORDINALS[step["word"].casefold()]


def blocks_of(text: str) -> list[list[Line]]:
    """Return the lines of a text, those between blank ones together."""
    blocks: list[list[Line]] = [[]]
    start = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        if line:
            at = start + raw.index(line)
            blocks[-1].append(Line(at, at + len(line), line))
        elif blocks[-1]:
            blocks.append([])
        start += len(raw)
    return [block for block in blocks if block]


def are_orders(texts: Sequence[str]) -> bool:
    """Tell whether most of some texts say what to do."""
    return sum(map(is_order, texts)) >= ORDERS * len(texts)


def is_order(text: str) -> bool:
    """Tell whether a text says what to do: "Then open the cover"."""
    purpose = PURPOSE.match(text)
    begun = _BEGINS.match(text[purpose.end() if purpose else 0 :])
    verb = begun["verb"].casefold() if begun else ""
    return verb not in {"", "we"} and is_listed(past(verb))


def names_step(heading: str) -> bool:
    """Tell whether a heading with a number is a step, "Step 1", "2. Plug it in", rather than a section, "2. Fees"."""
    bare = lexis.unnumbered(heading)
    return is_called_step(heading) or (bare != heading and is_order(bare))


def is_called_step(heading: str) -> bool:
    """Tell whether a heading is called "Step 1"."""
    return heading[:4].casefold() == "step"
