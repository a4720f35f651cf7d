"""Let passages join the evidence that the knowledge graph leads to: the only place where neighbours become hits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knowledge_graph.types import Neighbour
from rag.protocols import Graph, Live
from rag.types import Evidence, Hit

# Best hits from which the walk starts.
_N_SEEDS = 20
# Exponent of a seed's score: the walk starts where the searches are sure, and spreads its start where they are not.
# Measured in docs/decisions/0006: 4 to 8 serve all sets alike; with 1 the graph harms single-hop questions.
_SHARPNESS = 10.0
# What the reranker counts beside the walk: its worst and best passage differ by this many e-folds of PageRank
# (docs/decisions/0013). A passage that it has not read counts like one a third of the way up.
_RERANK_WEIGHT = 2.0
_UNREAD_QUANTILE = 0.3


def enrich(evidence: Evidence, graph: Graph, *, limit: int, live: Live) -> Evidence:
    """Return the evidence with the passages that the graph leads to, each with the way to it.

    The walk starts at the entities of the question and at the best hits, each weighted by its ``score¹⁰``, so that
    its ranking holds that of the stage before: it needs no fusing with that, which would lose most of what the
    graph gives. Passages that it reaches come first, by ``log(pagerank)``; the others follow in their order. A
    query for a code, a number or one word keeps its order, and the graph's new passages follow. Only live chunks
    join, and no text comes from the graph.

    Called again after `rag.ask.rerank` it starts where the reranker is sure too, and what the reranker said counts
    in the order: ``log(pagerank) + 2 · judged``.

    Args:
        evidence: With scores in 0..1, as `rag.ask.retrieve` and `rag.ask.rerank` give them.
        graph: The graph of the space.
        limit: Most passages that the graph may add or raise; 0 leaves the evidence as it is.
        live: Gives those of the chunks that may be shown; all others are dropped.

    Returns:
        Evidence in its new order, which the scores follow. A hit that the graph reached has the origin ``graph``,
        its rank there, the path in words and the feature ``pagerank``.

    Source:
        docs/decisions/0006-graph-without-a-language-model.md, 0013-fusion-and-rerank.md.
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
    exact = evidence.query.kind == "exact"
    order = [*known, *reached] if exact else [*_sorted(reached, evidence.hits), *known]
    ordered = dict.fromkeys(hit.passage.chunk.id for hit in order)
    return Evidence(evidence.query, _scored([raised.get(chunk_id) or hits[chunk_id] for chunk_id in ordered]))


def _seeds(evidence: Evidence) -> dict[str, float]:
    """Weight the best hits by their scores, not by rank: ranks hide how sure a search is."""
    strongest = sorted(evidence.hits, key=lambda hit: (-hit.score, hit.passage.chunk.id))[:_N_SEEDS]
    return {hit.passage.chunk.id: hit.score**_SHARPNESS for hit in strongest}


def _sorted(reached: Sequence[Hit], read: Sequence[Hit]) -> list[Hit]:
    """Order passages by the logarithm of their PageRank and what the reranker said of them; ties by chunk id."""
    said = [hit.features["judged"] for hit in read if "judged" in hit.features]
    unread = float(np.quantile(said, _UNREAD_QUANTILE)) if said else 0.0

    def worth(hit: Hit) -> float:
        return math.log(hit.features["pagerank"]) + _RERANK_WEIGHT * hit.features.get("judged", unread)

    return sorted(reached, key=lambda hit: (-worth(hit), hit.passage.chunk.id))


def _reached(hit: Hit, neighbour: Neighbour, rank: int) -> Hit:
    return replace(
        hit,
        origin=(*hit.origin, *(() if "graph" in hit.origin else ("graph",))),
        ranks={**hit.ranks, "graph": rank},
        path=neighbour.trail.steps,
        features={**hit.features, "pagerank": neighbour.score},
    )


def _scored(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Give each hit the reciprocal of its rank as score."""
    return tuple(replace(hit, score=1.0 / rank) for rank, hit in enumerate(hits, 1))
