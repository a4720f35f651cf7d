"""The fourth stage: put the passages in the order in which they answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rag.ask.chains import followed
from rag.protocols import Highlighter, Reranker
from rag.types import Evidence, Float32Array, Hit, Query

# What the reranker counts beside the searches, which count 1 (docs/decisions/0013).
_RERANK_WEIGHT = 2.0
# A passage so many e-folds of PageRank behind the best is not read: two of them are all that the reranker can make up
# in `rag.ask.enrich`, and the rest is what walking again may add. So many are read in any case.
_FAR_BEHIND = 5.0
_LEAST_READ = 8
# Beside them so many are read whose nearest sentence is nearest to the question, wherever they stand; how near it is
# counts so much beside what the reranker says (docs/decisions/0046-sentences-have-vectors.md).
_ALSO_READ = 3
_SENTENCE_WEIGHT = 0.15
# A question that lists more things than this is read as one: a reranker that reads pairs would read them all again.
_MOST_SUBQUERIES = 4


def rerank(evidence: Evidence, reranker: Reranker, highlighter: Highlighter, *, limit: int) -> Evidence:
    """Return the evidence with its best passages in a new order.

    The reranker reads the best ``limit`` passages, fewer where the graph is sure that the last of them are far from
    the question: reading takes most of the time of a search. So are those whose nearest sentence is nearest, which the
    searches may have missed. What it says and what the searches said count by their scores::

        (search + 2 · judged) / 3,  judged = scaled(scaled(rerank) + 0.15 · scaled(sentence)),
        scaled(x) = (x - least) / (best - least)

    Ranks would hide how sure either is. Where the question asks the same of several things, a passage is judged by
    the one that it answers best, each on its own scale: what is good for one of them says little of the others. Where
    it asks about a thing that is only described, and a reader finds what that is, a passage is judged by what it says
    of that too. What the graph knows of the passages is left to `rag.ask.enrich`, which walks again from these
    scores. The others follow in their order, and a passage that holds an exact query to the letter stays before those
    that do not.

    Args:
        evidence: Best first; the feature ``search`` is the score of `rag.ask.retrieve`, 0 where it is missing, and
            ``sentence`` what `rag.ask.sentences` notes, without which nothing more is read and it counts for nothing.
        reranker: Scores passages for the question.
        highlighter: Finds what a description stands for, where it can read.
        limit: Most passages that the reranker reads.

    Returns:
        The same passages with scores in 0..1, 1 more for one found to the letter; ties by chunk id. Those read carry
        the reranker's score as ``features["rerank"]`` and its scaled form as ``features["judged"]``.

    Source:
        docs/decisions/0013-fusion-and-rerank.md, 0015-less-reading-and-several-things.md.
    """
    if len(evidence.hits) < 2 or limit < 1:
        return evidence
    read, rest = _to_read(evidence.hits, _n_worth_reading(evidence.hits[:limit]))
    texts = [hit.passage.chunk.embedded_text for hit in read]
    said = reranker.score(evidence.query.text, texts)
    parts = (*_parts(evidence.query), *_links(evidence.query, texts, said, highlighter))
    scaled = np.max(
        [_with_sentences(_scaled(said), read), *(_scaled(reranker.score(part, texts)) for part in parts)], axis=0
    )
    judged = [_judged(hit, float(score), float(part)) for hit, score, part in zip(read, said, scaled, strict=True)]
    judged.sort(key=lambda hit: (-hit.score, _id(hit)))
    ranked = [replace(hit, ranks={**hit.ranks, "rerank": rank}) for rank, hit in enumerate(judged, start=1)]
    return Evidence(evidence.query, (*ranked, *_below(rest, ranked[-1].score)))


def _judged(hit: Hit, said: float, scaled: float) -> Hit:
    # What was spoken of before counts here as much as in the search: a reader knows nothing of it.
    stays = hit.features.get("stays", 0.0)
    scaled = (1.0 - stays) * scaled + stays * hit.features.get("before", 0.0)
    score = (hit.features.get("search", 0.0) + _RERANK_WEIGHT * scaled) / (1.0 + _RERANK_WEIGHT)
    features = {**hit.features, "rerank": said, "judged": scaled}
    return replace(hit, score=score + hit.features.get("exact", 0.0), features=features)


def _n_worth_reading(hits: Sequence[Hit]) -> int:
    """Return how many are near enough to the best by PageRank; all where the graph said nothing."""
    ranked = [hit.features.get("pagerank", 0.0) for hit in hits]
    if not ranked or ranked[0] <= 0:
        return len(hits)
    least = ranked[0] * math.exp(-_FAR_BEHIND)
    return min(len(hits), max(_LEAST_READ, sum(score > least for score in ranked)))


def _to_read(hits: Sequence[Hit], n_first: int) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Return the passages that are read, and the others: the first, and those whose nearest sentence is nearest."""
    near = sorted(
        (hit for hit in hits if "sentence" in hit.features), key=lambda hit: (-hit.features["sentence"], _id(hit))
    )
    read = {_id(hit) for hit in (*hits[:n_first], *near[:_ALSO_READ])}
    return tuple(hit for hit in hits if _id(hit) in read), tuple(hit for hit in hits if _id(hit) not in read)


def _with_sentences(scaled: Float32Array, read: Sequence[Hit]) -> Float32Array:
    """Return what the reranker said, from 0 to 1, with how near the nearest sentence of each passage is."""
    near = np.array([hit.features.get("sentence", 0.0) for hit in read], dtype=np.float32)
    return _scaled(scaled + _SENTENCE_WEIGHT * _scaled(near))


def _parts(query: Query) -> tuple[str, ...]:
    """Return what the question asks of each thing; a chain's links are ways to the answer."""
    several = query.shape in {"comparison", "several"} and len(query.subqueries) <= _MOST_SUBQUERIES
    return query.subqueries if several else ()


def _links(query: Query, texts: Sequence[str], said: Float32Array, highlighter: Highlighter) -> tuple[str, ...]:
    """Return what a chain asks once its first link is known; nothing for other questions."""
    best = [texts[place] for place in np.argsort(-said, kind="stable")]
    question = followed(query, best, highlighter)
    return (question,) if question else ()


def _scaled(scores: Float32Array) -> Float32Array:
    """Return the scores from 0 for the worst to 1 for the best; all 0 where they do not differ."""
    least, best = scores.min(), scores.max()
    return (scores - least) / (best - least) if best > least else np.zeros_like(scores)


def _below(rest: Sequence[Hit], least: float) -> list[Hit]:
    """Keep the order of the others, on the scale of the new scores."""
    return [replace(hit, score=least / (place + 1)) for place, hit in enumerate(rest, start=1)]


def _id(hit: Hit) -> str:
    return hit.passage.chunk.id
