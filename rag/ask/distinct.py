"""Keep passages that say the same from filling the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rag import lexis
from rag.types import Evidence, Hit

# Two passages that share this part of their words, and all of their numbers and codes, say the same.
_SAME_WORDS = 0.9


def distinct(evidence: Evidence, *, first: int) -> Evidence:
    """Return the evidence so that its best passages say different things.

    Of passages that say the same, the best stays in its place. A copy in another document moves behind the ``first``
    that differ: it tells nothing new, and someone may look for that document. A copy in the same document goes.

    Editions of one text that differ in a number or a code are not the same: that is what people ask about.

    Args:
        evidence: Best first.
        first: How many passages are not to hold two that say the same, e.g. as many as the next stage reads.

    Returns:
        The best ``first`` that differ, the copies of those in other documents, then the others, in their order.
    """
    said: list[tuple[_Said, int]] = []
    best: list[Hit] = []
    copies: list[Hit] = []
    others: list[Hit] = []
    # Passages that say the same have the number of the first of them.
    n_meanings = 0
    for hit in evidence.hits:
        new = _Said(hit.passage.chunk.document_id, hit.passage.chunk.text)
        alike = [(known, meaning) for known, meaning in said if _same(known, new)]
        if any(known.document_id == new.document_id for known, _ in alike):
            continue
        meaning = alike[0][1] if alike else n_meanings
        n_meanings += not alike
        said.append((new, meaning))
        group = others if meaning >= first else copies if alike else best
        group.append(hit)
    return Evidence(evidence.query, (*best, *copies, *others))


@dataclass(frozen=True)
class _Said:
    """What a passage says."""

    document_id: str
    text: str

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(lexis.words(self.text))

    @cached_property
    def facts(self) -> frozenset[str]:
        """Numbers and codes; most pairs of passages are told apart by their words alone."""
        return lexis.digits(self.text) | frozenset(lexis.alphanumerics(self.text))


def _same(left: _Said, right: _Said) -> bool:
    return _overlap(left.words, right.words) >= _SAME_WORDS and left.facts == right.facts


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    # The sizes tell most pairs apart without looking at the words.
    if min(len(left), len(right)) < _SAME_WORDS * max(len(left), len(right)):
        return 0.0
    union = len(left | right)
    return len(left & right) / union if union else 1.0
