"""Keep passages that say the same only once."""

from __future__ import annotations

from rag import lexis
from rag.types import Evidence, Hit

# Two passages that share this part of their words, and all of their numbers and codes, say the same.
_SAME_WORDS = 0.9


def distinct(evidence: Evidence) -> Evidence:
    """Return the evidence without passages that say the same as a better one.

    Editions of one text that differ in a number or a code are not the same: that is what people ask about.

    Args:
        evidence: Best first.

    Returns:
        The remaining hits in their order.
    """
    kept: list[Hit] = []
    seen: list[tuple[frozenset[str], frozenset[str]]] = []
    for hit in evidence.hits:
        text = hit.passage.chunk.text
        spoken, facts = frozenset(lexis.words(text)), lexis.digits(text) | frozenset(lexis.codes(text))
        if not any(facts == other and _overlap(spoken, said) >= _SAME_WORDS for said, other in seen):
            seen.append((spoken, facts))
            kept.append(hit)
    return Evidence(evidence.query, tuple(kept))


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    # The sizes tell most pairs apart without looking at the words.
    if min(len(left), len(right)) < _SAME_WORDS * max(len(left), len(right)):
        return 0.0
    union = len(left | right)
    return len(left & right) / union if union else 1.0
