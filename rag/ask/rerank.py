"""The fourth stage: put the passages in the order in which they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.protocols import Reranker
from rag.types import Evidence, Float32Array, Hit

# What the reranker counts beside the searches, which count 1 (docs/decisions/0013).
_RERANK_WEIGHT = 2.0


def rerank(evidence: Evidence, reranker: Reranker, *, limit: int) -> Evidence:
    """Return the evidence with its best passages in a new order.

    The reranker reads the best ``limit`` passages. What it says and what the searches said count by their scores::

        (search + 2 · judged) / 3,  judged = (rerank - least) / (best - least)

    Ranks would hide how sure either is. What the graph knows of the passages is left to `rag.ask.enrich`, which walks
    again from these scores. The others follow in their order, and a passage that holds an exact query to the letter
    stays before those that do not.

    Args:
        evidence: Best first; the feature ``search`` is the score of `rag.ask.retrieve`, 0 where it is missing.
        reranker: Scores passages for the question.
        limit: How many passages the reranker reads.

    Returns:
        The same passages with scores in 0..1, 1 more for one found to the letter; ties by chunk id. Those read carry
        the reranker's score as ``features["rerank"]`` and its scaled form as ``features["judged"]``.

    Source:
        docs/decisions/0013-fusion-and-rerank.md.
    """
    if len(evidence.hits) < 2 or limit < 1:
        return evidence
    read, rest = evidence.hits[:limit], evidence.hits[limit:]
    said = reranker.score(evidence.query.text, [hit.passage.chunk.embedded_text for hit in read])
    judged = [_judged(hit, float(score), scaled) for hit, score, scaled in zip(read, said, _scaled(said), strict=True)]
    judged.sort(key=lambda hit: (-hit.score, _id(hit)))
    ranked = [replace(hit, ranks={**hit.ranks, "rerank": rank}) for rank, hit in enumerate(judged, start=1)]
    return Evidence(evidence.query, (*ranked, *_below(rest, ranked[-1].score)))


def _judged(hit: Hit, said: float, scaled: float) -> Hit:
    score = (hit.features.get("search", 0.0) + _RERANK_WEIGHT * scaled) / (1.0 + _RERANK_WEIGHT)
    features = {**hit.features, "rerank": said, "judged": scaled}
    return replace(hit, score=score + hit.features.get("exact", 0.0), features=features)


def _scaled(scores: Float32Array) -> list[float]:
    """Return the scores from 0 for the worst to 1 for the best; all 0 where they do not differ."""
    least, best = float(scores.min()), float(scores.max())
    return [(float(score) - least) / (best - least) if best > least else 0.0 for score in scores]


def _below(rest: Sequence[Hit], least: float) -> list[Hit]:
    """Keep the order of the others, on the scale of the new scores."""
    return [replace(hit, score=least / (place + 1)) for place, hit in enumerate(rest, start=1)]


def _id(hit: Hit) -> str:
    return hit.passage.chunk.id
