"""How near the nearest sentence of each passage is to the question: what a passage about several things hides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.types import Evidence, Float32Array

Vectors = Callable[[Sequence[str]], Mapping[str, Float32Array]]


def sentences(evidence: Evidence, vectors: Vectors) -> Evidence:
    """Return the evidence with the cosine of each passage's nearest sentence as ``features["sentence"]``.

    A price list, a log or a page of questions is about so many things that it is near to none of them as a whole.

    Args:
        evidence: In any order, which stays; a query whose vector points nowhere leaves it as it is.
        vectors: Gives the vectors of the sentences of chunks, each ``(n, dimension)``, by chunk id.

    Source:
        docs/decisions/0046-sentences-have-vectors.md.
    """
    asked = evidence.query.vector
    if not asked.any() or not evidence.hits:
        return evidence
    stored = vectors([hit.passage.chunk.id for hit in evidence.hits])
    nearest = {chunk_id: float((rows @ asked).max()) for chunk_id, rows in stored.items()}
    return replace(
        evidence,
        hits=tuple(
            replace(hit, features={**hit.features, "sentence": nearest[hit.passage.chunk.id]})
            if hit.passage.chunk.id in nearest
            else hit
            for hit in evidence.hits
        ),
    )
