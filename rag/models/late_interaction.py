"""Late interaction with the embedding model's own token vectors: a reranker that needs no weights of its own.

For each token of the question the best cosine with any token of a text counts, weighted by how rare the token is
among the passages: ``agreement = Σ w(t) · max_u cos(t, u) / Σ w(t)``. A passage scores
``(whole + 2 · stretch) / 3``, its agreement as a whole and that of its best stretch of a line or two: a passage that
answers says so in one place.

Source: Khattab and Zaharia 2020 (ColBERT), https://arxiv.org/abs/2004.12832; docs/decisions/0008-late-interaction.md
and, for the stretches, 0013-fusion-and-rerank.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.caching import Kept
from rag.protocols import Embedder, Found
from rag.sentences import Span
from rag.types import Float32Array, ModelUse

REF = "bundled:late-interaction"
_CACHE_BYTES = 128 * 1024 * 1024
# A question is asked of its passages and of their sentences; a hundred of them have room.
_QUESTION_BYTES = 4 * 1024 * 1024
# Between passages rarity only tilts the weights, ``w(t) = 1 + ½ idf(t)``: a common word that the question is built on
# (who, when, how many) counts by what it means beside the others, which its vector knows. Between the sentences of one
# passage, where every sentence is about the matter, rarity alone is better (docs/decisions/0008-late-interaction.md).
_RARITY_SHARE = 0.5
# A stretch is three blocks of so many tokens, and counts so much beside the whole.
_BLOCK_TOKENS = 8
_STRETCH_BLOCKS = 3
_STRETCH_WEIGHT = 2.0


class LateInteraction:
    """The built-in reranker; safe to call from many threads.

    The token vectors of passages are kept in half precision up to a limit, because questions about one matter read
    the same passages again.

    Args:
        embedder: Gives the token vectors.
        cache_bytes: Most memory for token vectors of passages that were read lately.
    """

    def __init__(self, embedder: Embedder, *, cache_bytes: int = _CACHE_BYTES) -> None:
        self._embedder = embedder
        self._passages = Kept[_Read](cache_bytes, size=_n_bytes)
        self._questions = Kept[_Read](_QUESTION_BYTES, size=_n_bytes)

    @property
    def use(self) -> ModelUse:
        """The reference; the hash is that of the embedding model, whose vectors it reads."""
        return ModelUse(REF, self._embedder.use.sha256)

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return the score of each passage, shape ``(len(passages),)``, at most 1; higher is better."""
        if not passages:
            return np.zeros(0, dtype=np.float32)
        asked = self._asked(question)
        read = self._read(passages)
        weights = 1 + _RARITY_SHARE * _rarity(asked.ids, [each.ids for each in read])
        if len(weights) == 0:
            return np.zeros(len(passages), dtype=np.float32)
        return _scores(asked, [each.vectors for each in read], weights)

    def highlight(self, question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
        """Return how well each span of each passage answers: the score of the passage, over the span's tokens alone.

        The vectors are those of the whole passage, so that a sentence is read in its context.

        Args:
            question: The question.
            passages: Texts, as they were scored.
            spans: For each passage, half-open character ranges of its text, e.g. its sentences.

        Returns:
            For each passage, scores of shape ``(len(spans of it),)``; 0 for a span behind what the model reads.
        """
        asked = self._asked(question)
        read = self._read(passages)
        weights = _rarity(asked.ids, [each.ids for each in read])
        scores = []
        for text, (_, vectors), wanted in zip(passages, read, spans, strict=True):
            begins = np.array([token.start for token in self._embedder.token_spans(text)[: len(vectors)]])
            inside = [(begins >= span.start) & (begins < span.end) for span in wanted]
            scores.append(np.array([_agreement(asked, vectors[rows], weights) for rows in inside], dtype=np.float32))
        return scores

    def find(self, question: str, passages: Sequence[str]) -> list[Found | None]:  # noqa: ARG002 - the protocol's
        """Return ``None`` for each passage: token vectors are compared, and nothing is read."""
        return [None] * len(passages)

    def forget(self) -> None:
        """Drop every kept token vector, so that nothing of a removed document is left in memory."""
        self._passages.clear()
        self._questions.clear()

    def _asked(self, question: str) -> _Read:
        def read(asked: Sequence[tuple[str, ...]]) -> list[_Read]:
            return [_Read(*each) for each in self._embedder.token_vectors([text for (text,) in asked])]

        return self._questions.all([(question,)], read)[0]

    def _read(self, passages: Sequence[str]) -> list[_Read]:
        def read(missing: Sequence[tuple[str, ...]]) -> list[_Read]:
            vectors = self._embedder.token_vectors([text for (text,) in missing])
            return [_Read(each.ids, each.vectors.astype(np.float16)) for each in vectors]

        return self._passages.all([(text,) for text in passages], read)


class _Read(NamedTuple):
    """Token vectors as they are kept: those of a question as they came, those of a passage in half precision."""

    ids: tuple[int, ...]
    vectors: NDArray[np.floating[Any]]


def _n_bytes(read: _Read) -> int:
    return int(read.vectors.nbytes)


def _rarity(asked: Sequence[int], read: Sequence[Sequence[int]]) -> Float32Array:
    """Return the inverse document frequency of each asked token over the passages, ``ln(1 + (N - n + ½)/(n + ½))``."""
    frequency = Counter(token for ids in read for token in set(ids))
    n = len(read)
    weights = [math.log(1 + (n - frequency[token] + 0.5) / (frequency[token] + 0.5)) for token in asked]
    return np.array(weights, dtype=np.float32)


def _agreement(asked: _Read, vectors: NDArray[np.floating[Any]], weights: Float32Array) -> float:
    """Return how well one text agrees with the question; 0 for one without tokens."""
    if len(vectors) == 0:
        return 0.0
    best = (vectors.astype(np.float32) @ asked.vectors.T).max(axis=0)
    return float(best @ weights / weights.sum())


def _scores(asked: _Read, passages: Sequence[NDArray[np.floating[Any]]], weights: Float32Array) -> Float32Array:
    """Return the score of each passage; 0 for one without tokens.

    One product over all passages is much faster than one for each.
    """
    scores = np.zeros(len(passages), dtype=np.float32)
    filled = [i for i, vectors in enumerate(passages) if len(vectors)]
    if not filled:
        return scores
    cosines = np.concatenate([passages[i] for i in filled]).astype(np.float32) @ asked.vectors.T
    ends = np.cumsum([len(passages[i]) for i in filled])
    blocks = [np.arange(end - len(passages[i]), end, _BLOCK_TOKENS) for i, end in zip(filled, ends, strict=True)]
    best = np.maximum.reduceat(cosines, np.concatenate(blocks), axis=0)
    after = np.cumsum([len(begins) for begins in blocks])
    first = after - [len(begins) for begins in blocks]
    whole = np.maximum.reduceat(best, first, axis=0) @ weights
    stretches = np.maximum.reduceat(_stretches(best, after) @ weights, first)
    scores[filled] = (whole + _STRETCH_WEIGHT * stretches) / ((1 + _STRETCH_WEIGHT) * weights.sum())
    return scores


def _stretches(best: Float32Array, after: NDArray[np.int64]) -> Float32Array:
    """Return the best cosines in the stretch that begins at each block, cut at the end of its passage.

    Args:
        best: Best cosines in each block, shape ``(n_blocks, n_asked)``, the blocks of all passages in order.
        after: For each passage, the number of the block behind its last.
    """
    end = np.repeat(after, np.diff(after, prepend=0))
    stretches = best
    for ahead in range(1, _STRETCH_BLOCKS):
        following = np.minimum(np.arange(len(best)) + ahead, end - 1)
        stretches = np.maximum(stretches, best[following])
    return stretches
