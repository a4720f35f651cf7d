"""Find candidate passages by meaning and by words, in parallel, and fuse the two rankings."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from rag.protocols import Lexical, LexicalHit, Live, VectorHit, Vectors
from rag.types import Evidence, Hit, Origin, Query


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
    lexical_share: float,
    limit: int,
) -> Evidence:
    """Return the best passages of a space for a query.

    The two searches are fused by their scores, not by ranks, which hide how sure a search is::

        (1 - share) · (cosine - least) / (best - least) + share · bm25 / best

    over the passages that each search found; one that a search did not find gets nothing from it. A query for a
    code, a number or one word takes the passages that hold it to the letter first.

    Args:
        query: What was understood of the question.
        vectors: Nearest neighbours.
        lexical: Full text.
        live: Gives those of the chunks that may be shown; all others are dropped.
        space: Where to look.
        index: The active index version.
        dense_limit: Candidates by embedding; 0 leaves the search out.
        lexical_limit: Candidates by words; 0 leaves the search out.
        lexical_share: What the words count, in 0..1; the meaning counts the rest.
        limit: Most passages of the evidence.

    Returns:
        Evidence in order of the fused score, 1 more for a passage found to the letter, ties by chunk id. Features are
        ``cosine`` and ``bm25`` of the searches that found the passage, ``search``, the fused score in 0..1, and
        ``exact``, 1 where it holds an exact query to the letter.

    Source:
        Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023;
        docs/decisions/0013-fusion-and-rerank.md.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        by_meaning = pool.submit(_dense, query, vectors, space, index, dense_limit)
        by_words = pool.submit(_lexical, query, lexical, space, index, lexical_limit)
        dense, (words, letter) = by_meaning.result(), by_words.result()
    ranks: dict[str, dict[str, int]] = {}
    features: dict[str, dict[str, float]] = {}
    for rank, near in enumerate(dense, 1):
        ranks.setdefault(near.chunk_id, {})["dense"] = rank
        features.setdefault(near.chunk_id, {})["cosine"] = near.cosine
    for rank, match in enumerate(words, 1):
        ranks.setdefault(match.chunk_id, {})["lexical"] = rank
        features.setdefault(match.chunk_id, {})["bm25"] = match.bm25
    for chunk_id in letter:
        features[chunk_id]["exact"] = 1.0
    passages = live(sorted(ranks))
    scores = _fused({chunk_id: features[chunk_id] for chunk_id in ranks if chunk_id in passages}, lexical_share)
    hits = [
        Hit(
            passages[chunk_id],
            score + features[chunk_id].get("exact", 0.0),
            _origins(ranks[chunk_id]),
            ranks[chunk_id],
            (),
            {**features[chunk_id], "search": score},
        )
        for chunk_id, score in scores.items()
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.chunk.id))
    return Evidence(query, tuple(hits[:limit]))


def _dense(query: Query, vectors: Vectors, space: str, index: str, limit: int) -> list[VectorHit]:
    return vectors.query(space, index, query.vector, limit=limit) if limit else []


def _lexical(
    query: Query, lexical: Lexical, space: str, index: str, limit: int
) -> tuple[list[LexicalHit], frozenset[str]]:
    """Return what holds the words, best first, and which of it holds an exact query to the letter."""
    if not limit:
        return [], frozenset()
    wanted = (*query.terms, *query.codes)
    found = lexical.search(space, index, wanted, phrases=query.phrases, limit=limit)
    if query.phrases and not found:
        found = lexical.search(space, index, wanted, limit=limit)
    if query.kind != "exact":
        return found, frozenset()
    exact = lexical.search(space, index, (), phrases=query.codes or (query.original,), limit=limit)
    letter = frozenset(hit.chunk_id for hit in exact)
    return [*exact, *(hit for hit in found if hit.chunk_id not in letter)][:limit], letter


def _fused(features: Mapping[str, Mapping[str, float]], lexical_share: float) -> dict[str, float]:
    """Return the score of each passage, in 0..1."""
    cosines = [each["cosine"] for each in features.values() if "cosine" in each]
    least, best = min(cosines, default=0.0), max(cosines, default=0.0)
    best_bm25 = max((each.get("bm25", 0.0) for each in features.values()), default=0.0)
    scores = {}
    for chunk_id, each in features.items():
        near = matching = 0.0
        # Where all are equally close they count as the best, not as the least.
        if "cosine" in each:
            near = (each["cosine"] - least) / (best - least) if best > least else 1.0
        if "bm25" in each:
            matching = each["bm25"] / best_bm25 if best_bm25 > 0 else 1.0
        scores[chunk_id] = (1.0 - lexical_share) * near + lexical_share * matching
    return scores


def _origins(ranks: Mapping[str, int]) -> tuple[Origin, ...]:
    order: tuple[Origin, ...] = ("dense", "lexical", "graph")
    return tuple(origin for origin in order if origin in ranks)
