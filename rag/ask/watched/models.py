"""The models of a question, watched: each gives what its protocol says, checked, or raises `ModelError`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag import lexis
from rag.ask.watched.slots import Slot, Watch, Watched, garbage
from rag.errors import ModelError
from rag.protocols import (
    ClaimJudgement,
    Embedder,
    Found,
    Highlighter,
    Reranker,
    TokenSpan,
    TokenVectors,
    Urgency,
    Verifier,
)
from rag.sentences import Span
from rag.types import Float32Array, ModelUse

# A score beyond this is no score: logits of rerankers stay far below.
# Sums of chances go past 1 by what rounding adds.
_LARGEST_CHANCE = 1.001
_LARGEST_SCORE = 1e4
# How far the length of a unit vector may be from 1: half precision rounds.
_UNIT_TOLERANCE = 0.05
# The best score of a sentence that no model has read: words alone make no answer likely.
_MIDDLING = 0.5


class WatchedEmbedder(Watched[Embedder]):
    """Gives vectors of unit length, or raises `ModelError`."""

    slot: Slot = "embedding"

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._ask(lambda model: model.use)

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:
        """Return vectors of shape ``(len(texts), dimension)``.

        Raises:
            ModelError: The model fails, is too slow, or gives something else.
        """

        def work(model: Embedder) -> Float32Array:
            vectors = np.asarray(model.embed(texts, urgency=urgency), dtype=np.float32)
            if vectors.shape != (len(texts), model.dimension):
                raise garbage("embedding", f"an array of shape {vectors.shape} for {len(texts)} texts")
            lengths = np.linalg.norm(vectors, axis=1)
            if not np.all(np.abs(lengths - 1.0) <= _UNIT_TOLERANCE):
                raise garbage("embedding", "vectors that are not of length 1")
            return vectors

        return self._ask(work)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._ask(lambda model: model.dimension)

    @property
    def max_tokens(self) -> int:
        """Longest text that the model reads whole."""
        return self._ask(lambda model: model.max_tokens)

    def token_vectors(self, texts: Sequence[str], *, urgency: Urgency = "question") -> list[TokenVectors]:
        """Return the token vectors of each text."""
        return self._ask(lambda model: model.token_vectors(texts, urgency=urgency))

    def token_spans(self, text: str) -> list[TokenSpan]:
        """Return the tokens of a text."""
        return self._ask(lambda model: model.token_spans(text))


class Blank:
    """Stands in for an embedding model that failed: its vectors point nowhere, and nobody may search with them."""

    use = ModelUse("none", "")
    dimension = 1
    max_tokens = 0

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:  # noqa: ARG002
        """Return zeros."""
        return np.zeros((len(texts), self.dimension), dtype=np.float32)

    def token_vectors(self, texts: Sequence[str], *, urgency: Urgency = "question") -> list[TokenVectors]:  # noqa: ARG002
        """Return no token of any text."""
        return [TokenVectors((), np.zeros((0, self.dimension), dtype=np.float32)) for _ in texts]

    def token_spans(self, text: str) -> list[TokenSpan]:  # noqa: ARG002
        """Return no token."""
        return []


class WatchedReranker(Watched[Reranker]):
    """Gives one finite score for each passage, or raises `ModelError`."""

    slot: Slot = "reranker"

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._ask(lambda model: model.use)

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return scores of shape ``(len(passages),)``."""
        return self._ask(lambda model: _scores("reranker", model.score(question, passages), len(passages)))


class WatchedHighlighter(Watched[Highlighter]):
    """Scores spans; what was scored before is not scored again, and shared words count where the model fails."""

    slot: Slot = "highlighter"

    def __init__(self, get: Callable[[], Highlighter], watch: Watch) -> None:
        super().__init__(get, watch)
        # Scores depend on all passages that are scored together.
        self._known: dict[tuple[str, tuple[str, ...]], dict[tuple[int, Span], float]] = {}

    def highlight(self, question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
        """Return, for each passage, the scores of its spans."""
        known = self._known.setdefault((question, tuple(passages)), {})
        wanted = [(place, Span(*span)) for place, found in enumerate(spans) for span in found]
        if any(key not in known for key in wanted):
            try:
                scored = self._ask(lambda model: _highlights(model.highlight(question, passages, spans), spans))
            except ModelError:
                scored = _shared_words(question, passages, spans)
            known |= {
                (place, Span(*span)): float(score)
                for place, (found, scores) in enumerate(zip(spans, scored, strict=True))
                for span, score in zip(found, scores, strict=True)
            }
        return [
            np.array([known[place, Span(*span)] for span in found], dtype=np.float32)
            for place, found in enumerate(spans)
        ]

    def find(self, question: str, passages: Sequence[str]) -> list[Found | None]:
        """Return what was found in each passage; nothing where the model fails."""
        try:
            return self._ask(lambda model: _findings(model.find(question, passages), passages))
        except ModelError:
            return [None] * len(passages)


class WatchedVerifier(Watched[Verifier]):
    """Judges each claim by the source at the same position, or raises `ModelError`."""

    slot: Slot = "verifier"

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._ask(lambda model: model.use)

    def support(self, claims: Sequence[str], sources: Sequence[str]) -> Float32Array:
        """Return the support of each claim, shape ``(len(claims),)``."""
        return np.array([each.support for each in self.judge(claims, sources)], dtype=np.float32)

    def judge(self, claims: Sequence[str], sources: Sequence[str]) -> list[ClaimJudgement]:
        """Return support and faults of each claim; a verifier that names no faults has none."""
        return self._ask(lambda model: judgements(model, claims, sources))


def judgements(verifier: Verifier, claims: Sequence[str], sources: Sequence[str]) -> list[ClaimJudgement]:
    """Return what a verifier says of each claim and the source at the same position.

    Raises:
        ModelError: It says something else than a chance for each.
    """
    judge: Callable[[Sequence[str], Sequence[str]], Sequence[ClaimJudgement]] | None = getattr(verifier, "judge", None)
    if judge is None:
        support = _scores("verifier", verifier.support(claims, sources), len(claims))
        return [_chance(float(each), ()) for each in support]
    said = judge(claims, sources)
    if len(said) != len(claims):
        raise garbage("verifier", f"{len(said)} judgements of {len(claims)} claims")
    return [
        _chance(float(each.support), [Span(*span) for span in each.faults if 0 <= span[0] < span[1] <= len(claim)])
        for each, claim in zip(said, claims, strict=True)
    ]


def _chance(support: float, faults: Sequence[Span]) -> ClaimJudgement:
    # Written so that it is false for what is no number.
    if not -_UNIT_TOLERANCE <= support <= 1.0 + _UNIT_TOLERANCE:
        raise garbage("verifier", f"a support of {support:g}")
    return ClaimJudgement(min(max(support, 0.0), 1.0), tuple(faults))


def _scores(slot: Slot, given: object, n: int) -> Float32Array:
    scores = np.asarray(given, dtype=np.float32)
    if scores.shape != (n,):
        raise garbage(slot, f"scores of shape {scores.shape} for {n} texts")
    if not np.all(np.abs(scores) <= _LARGEST_SCORE):
        raise garbage(slot, "scores that are no numbers, or far too large")
    return scores


def _highlights(given: Sequence[object], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
    if len(given) != len(spans):
        raise garbage("highlighter", f"scores of {len(given)} passages for {len(spans)}")
    return [_scores("highlighter", scores, len(found)) for scores, found in zip(given, spans, strict=True)]


def _findings(given: Sequence[Found | None], passages: Sequence[str]) -> list[Found | None]:
    if len(given) != len(passages):
        raise garbage("highlighter", f"{len(given)} findings in {len(passages)} passages")
    for found, text in zip(given, passages, strict=True):
        if found is None:
            continue
        # Each written so that it is false for what is no number.
        likely = 0.0 <= found.answers <= 1.0 and 0.0 <= found.probability <= 1.0
        inside = found.answer is None or 0 <= found.answer[0] <= found.answer[1] <= len(text)
        whole = found.likelihood is None or 0.0 <= found.inside(Span(0, len(text))) <= _LARGEST_CHANCE
        if not (likely and inside and whole and abs(found.relevance) <= _LARGEST_SCORE):
            raise garbage("highlighter", "findings that are no chances, or lie outside of the passage")
    return list(given)


def _shared_words(question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
    """Score a span by the share of the question's stems that it holds, no higher than what a model finds middling."""
    asked = lexis.stems(question)
    most = _MIDDLING / max(len(asked), 1)
    return [
        np.array([most * len(asked & lexis.stems(text[a:b])) for a, b in found], dtype=np.float32)
        for text, found in zip(passages, spans, strict=True)
    ]
