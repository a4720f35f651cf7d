"""Let passages join the evidence that the knowledge graph leads to: the only place where neighbours become hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from knowledge_graph.types import Neighbour
from rag.protocols import Graph
from rag.types import Evidence, Hit, LiveChunk

# Best hits from which the walk starts.
_N_SEEDS = 20
# Exponent of a seed's score: the walk starts where the searches are sure, and spreads its start where they are not.
# Measured in docs/decisions/0006: 4 to 8 serve all sets alike; with 1 the graph harms single-hop questions.
_SHARPNESS = 8.0

Live = Callable[[Sequence[str]], Mapping[str, LiveChunk]]


def enrich(evidence: Evidence, graph: Graph, *, limit: int, live: Live) -> Evidence:
    """Return the evidence with the passages that the graph leads to, each with the way to it.

    The walk starts at the entities of the question and at the best hits, each weighted by
    ``((cosine - least) / (best - least) + bm25 / best)⁸``, so that its ranking holds that of the searches: it
    needs no fusing with them afterwards, which would lose most of what the graph gives. Passages that it
    reaches come first, in its order; the others follow in theirs. A query for a code, a number or one word
    keeps its order, and the graph's new passages follow. Only live chunks join, and no text comes from the graph.

    Args:
        evidence: What was retrieved, with the features ``cosine`` and ``bm25`` where known.
        graph: The graph of the space.
        limit: Most passages that the graph may add or raise; 0 leaves the evidence as it is.
        live: Gives those of the chunks that may be shown; all others are dropped.

    Returns:
        Evidence in the order of the scores, ties by chunk id. A hit that the graph reached has the origin
        ``graph``, its rank there, the path in words and the feature ``pagerank``.

    Source:
        docs/decisions/0006-graph-without-a-language-model.md.
    """
    near = graph.neighbours(evidence.query.text, _seeds(evidence), limit=limit) if limit else []
    if not near:
        return evidence
    hits = {hit.passage.chunk.id: hit for hit in evidence.hits}
    new = live([neighbour.source_id for neighbour in near if neighbour.source_id not in hits])
    reached = [
        _reached(hits.get(neighbour.source_id) or Hit(new[neighbour.source_id], 0.0, ()), neighbour, rank)
        for rank, neighbour in enumerate(near, 1)
        if neighbour.source_id in hits or neighbour.source_id in new
    ]
    raised = {hit.passage.chunk.id: hit for hit in reached}
    known = [raised.get(chunk_id, hit) for chunk_id, hit in hits.items()]
    order = [*known, *reached] if evidence.query.kind == "exact" else [*reached, *known]
    ordered = dict.fromkeys(hit.passage.chunk.id for hit in order)
    return Evidence(evidence.query, _scored([raised.get(chunk_id) or hits[chunk_id] for chunk_id in ordered]))


def _seeds(evidence: Evidence) -> dict[str, float]:
    """Weight the best hits by what both searches say of them, not by rank: ranks hide how sure a search is."""
    cosines = [hit.features["cosine"] for hit in evidence.hits if "cosine" in hit.features]
    best_bm25 = max((hit.features.get("bm25", 0.0) for hit in evidence.hits), default=0.0)
    least, best = min(cosines, default=0.0), max(cosines, default=0.0)
    scores = {}
    for position, hit in enumerate(evidence.hits, 1):
        near = (hit.features.get("cosine", least) - least) / (best - least) if best > least else 0.0
        matching = hit.features.get("bm25", 0.0) / best_bm25 if best_bm25 > 0 else 0.0
        # Where neither search tells the hits apart, their order does.
        told_apart = best > least or best_bm25 > 0
        scores[hit.passage.chunk.id] = (near + matching) / 2 if told_apart else 1.0 / position
    strongest = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))[:_N_SEEDS]
    return {chunk_id: scores[chunk_id] ** _SHARPNESS for chunk_id in strongest}


def _reached(hit: Hit, neighbour: Neighbour, rank: int) -> Hit:
    return replace(
        hit,
        origin=(*hit.origin, "graph"),
        ranks={**hit.ranks, "graph": rank},
        path=neighbour.trail.steps,
        features={**hit.features, "pagerank": neighbour.score},
    )


def _scored(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Give each hit the reciprocal of its rank as score."""
    return tuple(replace(hit, score=1.0 / rank) for rank, hit in enumerate(hits, 1))
