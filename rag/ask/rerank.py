"""The fourth stage: put the passages in the order in which they answer."""

from __future__ import annotations

from dataclasses import replace

from rag.protocols import Reranker
from rag.types import Evidence, Hit

# Constant of reciprocal rank fusion, and what one vote of the reranker weighs against one of the first ranking.
_FUSION_K = 10
_RERANK_WEIGHT = 4.0


def rerank(evidence: Evidence, reranker: Reranker, *, limit: int) -> Evidence:
    """Return the evidence with its best passages in a new order.

    The reranker reads the best ``limit`` passages. Its ranking is fused with the one that they came in by reciprocal
    rank, ``1/(k + first) + w/(k + reranked)``: it knows the words better, but a passage that the graph brought for its
    connection, not for its words, must not sink on its judgement alone. The others follow in their order.

    Args:
        evidence: Best first.
        reranker: Scores passages for the question.
        limit: How many passages the reranker reads.

    Returns:
        The same passages; those read carry the reranker's score as ``features["rerank"]``. Ties by chunk id.
    """
    if len(evidence.hits) < 2 or limit < 1:
        return evidence
    read, rest = evidence.hits[:limit], evidence.hits[limit:]
    scores = reranker.score(evidence.query.text, [hit.passage.chunk.embedded_text for hit in read])
    judged = [
        replace(hit, features={**hit.features, "rerank": float(score)}) for hit, score in zip(read, scores, strict=True)
    ]
    best = sorted(range(len(judged)), key=lambda i: (-judged[i].features["rerank"], _id(judged[i])))
    reranked = {i: rank for rank, i in enumerate(best, start=1)}
    fused = [
        replace(
            hit,
            score=1 / (_FUSION_K + i + 1) + _RERANK_WEIGHT / (_FUSION_K + reranked[i]),
            ranks={**hit.ranks, "rerank": reranked[i]},
        )
        for i, hit in enumerate(judged)
    ]
    fused.sort(key=lambda hit: (-hit.score, _id(hit)))
    # The rest keep their order, on the scale of the new scores.
    return Evidence(evidence.query, (*fused, *(_below(hit, len(fused) + n) for n, hit in enumerate(rest, start=1))))


def _below(hit: Hit, place: int) -> Hit:
    return replace(hit, score=1 / (_FUSION_K + place))


def _id(hit: Hit) -> str:
    return hit.passage.chunk.id
