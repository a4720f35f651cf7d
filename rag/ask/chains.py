"""A question about a thing that is only described: what the description stands for, so that the rest can be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ask.quoting.phrases import AROUND
from rag.protocols import Found, Highlighter
from rag.types import Query

# What stands for a description must be found with at least this chance, in one of so many passages.
_LEAST, _MOST_READ = 0.25, 8
_ASKS = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)


def followed(query: Query, passages: Sequence[str], highlighter: Highlighter) -> str:
    """Return a question with its innermost description replaced by what a passage says that it is.

    "Who was the first president of the association which published this journal?" becomes "Who was the first
    president of the American Psychological Association?" where a passage says so: a second passage can then be judged
    by what it says of that.

    Args:
        query: With the description as its first sub-query, where its shape is ``chain``.
        passages: Texts to find it in, best first.
        highlighter: Reads, where it can.

    Returns:
        The new question; empty where there is no description, or nothing that it surely stands for.
    """
    described = query.subqueries[0] if query.shape == "chain" and query.subqueries else ""
    before, found_there, after = query.text.partition(described) if described else ("", "", "")
    # What is left must still ask something: "… in the city that was founded in what year" asks inside of it.
    if not found_there or not _ASKS.search(f"{before} {after}"):
        return ""
    found = highlighter.find(described, passages[:_MOST_READ])
    read = [(each.chance if each else 0.0, _words(text, each)) for text, each in zip(passages, found, strict=False)]
    chance, words = max(read, key=lambda each: each[0], default=(0.0, ""))
    if chance < _LEAST or not words or words.casefold() in query.text.casefold():
        return ""
    return f"{before}{words}{after}"


def _words(text: str, found: Found | None) -> str:
    words = text[found.answer.start : found.answer.end] if found and found.answer else ""
    # A span over the line between title and text is no name of anything.
    return "" if "\n" in words else words.strip(AROUND)
