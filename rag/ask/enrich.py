"""Let passages join the evidence that the knowledge graph leads to: the only place where neighbours become hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from knowledge_graph.types import Neighbour
from rag.protocols import Graph
from rag.types import Evidence, Hit, LiveChunk

# Best hits from which the walk starts.
_N_SEEDS = 20
# Constant of the reciprocal rank fusion.
_FUSION_K = 60

Live = Callable[[Sequence[str]], Mapping[str, LiveChunk]]


def enrich(evidence: Evidence, graph: Graph, *, limit: int, live: Live) -> Evidence:
    """Return the evidence with the passages that the graph leads to, each with the way to it.

    The walk starts at the entities of the question and at the best hits. A passage that it finds joins with
    origin ``graph``; one that was there gets the origin, its rank and the path. Only live chunks join, and no
    text comes from the graph.

    Args:
        evidence: What was retrieved.
        graph: The graph of the space.
        limit: Most passages that the graph may add or raise; 0 leaves the evidence as it is.
        live: Gives those of the chunks that may be shown; all others are dropped.

    Returns:
        Evidence in order of the fused score, ties by chunk id.
    """
    seeds = {hit.passage.chunk.id: hit.score for hit in evidence.hits[:_N_SEEDS]}
    near = graph.neighbours(evidence.query.text, seeds, limit=limit) if limit else []
    if not near:
        return evidence
    hits = {hit.passage.chunk.id: hit for hit in evidence.hits}
    new = live([neighbour.source_id for neighbour in near if neighbour.source_id not in hits])
    for rank, neighbour in enumerate(near, 1):
        known = hits.get(neighbour.source_id)
        if known is None and neighbour.source_id in new:
            known = Hit(new[neighbour.source_id], score=0.0, origin=())
        if known is not None:
            hits[neighbour.source_id] = _raised(known, neighbour, rank)
    return Evidence(evidence.query, tuple(sorted(hits.values(), key=_order)))


def _raised(hit: Hit, neighbour: Neighbour, rank: int) -> Hit:
    return replace(
        hit,
        score=hit.score + 1.0 / (_FUSION_K + rank),
        origin=(*hit.origin, "graph"),
        ranks={**hit.ranks, "graph": rank},
        path=neighbour.trail.steps,
        features={**hit.features, "pagerank": neighbour.score},
    )


def _order(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.passage.chunk.id
