"""Find candidate passages by meaning and by words, in parallel, and fuse the two rankings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from rag.protocols import Lexical, LexicalHit, VectorHit, Vectors
from rag.types import Evidence, Hit, LiveChunk, Origin, Query

Live = Callable[[Sequence[str]], Mapping[str, LiveChunk]]


def retrieve(
    query: Query,
    vectors: Vectors,
    lexical: Lexical,
    live: Live,
    *,
    space: str,
    index: str,
    dense_limit: int,
    lexical_limit: int,
    fusion_k: int,
    limit: int,
) -> Evidence:
    """Return the best passages of a space for a query.

    Dense and lexical rankings are fused by reciprocal rank: a passage scores the sum of
    ``1 / (fusion_k + rank)`` over the rankings that hold it. A query for a code, a number or one word
    takes the passages that hold it to the letter first.

    Args:
        query: What was understood of the question.
        vectors: Nearest neighbours.
        lexical: Full text.
        live: Gives those of the chunks that may be shown; all others are dropped.
        space: Where to look.
        index: The active index version.
        dense_limit: Candidates by embedding; 0 leaves the search out.
        lexical_limit: Candidates by words; 0 leaves the search out.
        fusion_k: Constant of the fusion.
        limit: Most passages of the evidence.

    Returns:
        Evidence in order of the fused score, ties by chunk id.

    Source:
        Cormack, Clarke and Büttcher, Reciprocal Rank Fusion, SIGIR 2009.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        by_meaning = pool.submit(_dense, query, vectors, space, index, dense_limit)
        by_words = pool.submit(_lexical, query, lexical, space, index, lexical_limit)
        dense, words = by_meaning.result(), by_words.result()
    ranks: dict[str, dict[str, int]] = {}
    features: dict[str, dict[str, float]] = {}
    for rank, near in enumerate(dense, 1):
        ranks.setdefault(near.chunk_id, {})["dense"] = rank
        features.setdefault(near.chunk_id, {})["cosine"] = near.cosine
    for rank, match in enumerate(words, 1):
        ranks.setdefault(match.chunk_id, {})["lexical"] = rank
        features.setdefault(match.chunk_id, {})["bm25"] = match.bm25
    passages = live(sorted(ranks))
    hits = [
        Hit(passages[chunk_id], _fused(by, fusion_k, query.kind), _origins(by), by, (), features[chunk_id])
        for chunk_id, by in ranks.items()
        if chunk_id in passages
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.chunk.id))
    return Evidence(query, tuple(hits[:limit]))


def _dense(query: Query, vectors: Vectors, space: str, index: str, limit: int) -> list[VectorHit]:
    return vectors.query(space, index, query.vector, limit=limit) if limit else []


def _lexical(query: Query, lexical: Lexical, space: str, index: str, limit: int) -> list[LexicalHit]:
    if not limit:
        return []
    wanted = (*query.terms, *query.codes)
    found = lexical.search(space, index, wanted, phrases=query.phrases, limit=limit)
    if query.phrases and not found:
        found = lexical.search(space, index, wanted, limit=limit)
    if query.kind == "exact":
        exact = lexical.search(space, index, (), phrases=query.codes or (query.original,), limit=limit)
        known = {hit.chunk_id for hit in exact}
        found = [*exact, *(hit for hit in found if hit.chunk_id not in known)][:limit]
    return found


def _fused(ranks: Mapping[str, int], fusion_k: int, kind: str) -> float:
    score = sum(1.0 / (fusion_k + rank) for rank in ranks.values())
    return score + (1.0 / ranks["lexical"] if kind == "exact" and "lexical" in ranks else 0.0)


def _origins(ranks: Mapping[str, int]) -> tuple[Origin, ...]:
    order: tuple[Origin, ...] = ("dense", "lexical", "graph")
    return tuple(origin for origin in order if origin in ranks)
