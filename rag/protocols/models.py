"""What may be asked of models."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

import numpy as np

from rag.sentences import Span
from rag.types import Float32Array, Int32Array, ModelUse

if TYPE_CHECKING:
    # Python has it from 3.13 on.
    from typing_extensions import TypeIs

Urgency = Literal["question", "ingest"]


class TokenSpan(NamedTuple):
    """A token of the embedder as a half-open character span of the text that was tokenized."""

    start: int
    end: int


class TokenVectors(NamedTuple):
    """Contextual vectors of the tokens of one text, without the special tokens.

    Args:
        ids: Vocabulary ids, length ``n``.
        vectors: Shape ``(n, dimension)``, rows of unit length.
    """

    ids: tuple[int, ...]
    vectors: Float32Array


class Embedder(Protocol):
    """Turns texts into unit vectors; safe to call from many threads."""

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest text that the model reads whole, in tokens, special tokens included."""

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:
        """Return vectors of shape ``(len(texts), dimension)``, rows of unit length, in the order of the texts."""

    def token_vectors(self, texts: Sequence[str], *, urgency: Urgency = "question") -> list[TokenVectors]:
        """Return the token vectors of each text, in the order of the texts."""

    def token_spans(self, text: str) -> list[TokenSpan]:
        """Return the tokens of a text of any length, in order, special tokens left out."""


class Reranker(Protocol):
    """Scores passages for a question."""

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return scores of shape ``(len(passages),)``; higher is better."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely an answer begins and ends at each token of a passage; findings are compared without it.

    Args:
        places: Where each token begins in the passage, ascending, shape ``(n,)``.
        begins: Chance that the answer begins before each token, and at last 1, shape ``(n + 1,)``.
        ends: Chance that it ends before each token, likewise.
    """

    places: Int32Array = field(compare=False)
    begins: Float32Array = field(compare=False)
    ends: Float32Array = field(compare=False)

    def inside(self, span: Span) -> float:
        """Return the geometric mean of the chances that the answer begins and that it ends in a span."""
        first, last = np.searchsorted(self.places, span)
        begins, ends = (float(each[last] - each[first]) for each in (self.begins, self.ends))
        return math.sqrt(max(begins, 0.0) * max(ends, 0.0))


class Found(NamedTuple):
    """What a reader found in one passage.

    Args:
        relevance: Score of the passage for the question; higher is better.
        answers: Chance that the passage answers the question at all.
        answer: The likeliest answer as a half-open character span of the passage; ``None`` for an empty passage.
        probability: Chance of that span, given that the passage answers.
        unmet: Words of the question that the passage says nothing of, as half-open character spans, neighbours as one.
        likelihood: Where the answer may stand beside the likeliest place; ``None`` where only that is known.
    """

    relevance: float
    answers: float
    answer: Span | None
    probability: float
    unmet: tuple[Span, ...] = ()
    likelihood: Likelihood | None = None

    @property
    def chance(self) -> float:
        """Chance that the passage answers with just these words."""
        return self.answers * self.probability

    def inside(self, span: Span) -> float:
        """Return the chance that the answer stands in a span, given that the passage answers."""
        if self.likelihood is not None:
            return self.likelihood.inside(span)
        within = self.answer is not None and span.start <= self.answer.start < span.end
        return math.sqrt(self.probability) if within else 0.0


class Highlighter(Protocol):
    """Scores parts of passages for a question."""

    def highlight(self, question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
        """Return, for each passage, the scores of its half-open character spans; higher is better."""

    def find(self, question: str, passages: Sequence[str]) -> list[Found | None]:
        """Return what was found in each passage; ``None`` where the model only compares and finds nothing."""


class ClaimJudgement(NamedTuple):
    """What a verifier says of one claim.

    Args:
        support: Chance that the source supports it.
        faults: Words of the claim that it holds wrong, as half-open character spans in order.
    """

    support: float
    faults: tuple[Span, ...] = ()


class Verifier(Protocol):
    """Judges whether sources support a claim."""

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights (empty hash for rules)."""

    def support(self, claims: Sequence[str], sources: Sequence[str]) -> Float32Array:
        """Return, for each claim and the source at the same position, support in 0..1; shape ``(len(claims),)``."""


class ChatMessage(NamedTuple):
    """One message of a chat: role and text."""

    role: Literal["system", "user", "assistant"]
    text: str


class Generator(Protocol):
    """Writes text from a chat."""

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights (empty hash for a remote model)."""

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int, seed: int) -> Iterator[str]:
        """Yield pieces of text as they are written."""


class Excerpt(NamedTuple):
    """Sentences of one passage, in the order in which they stand there.

    Args:
        title: Of the document and the headings above; empty where there is none.
        sentences: As they stand.
        behind: How far each of them is from the one that answers best, as a logit, 0 for that one and negative for the
            others; empty where nobody knows.
        phrases: Where the answer may stand in each of them, as half-open character spans: nothing of these is left out;
            empty where nobody knows.
    """

    title: str
    sentences: tuple[str, ...]
    behind: tuple[float, ...] = ()
    phrases: tuple[tuple[Span, ...], ...] = ()


class Writer(Protocol):
    """Writes answers from sentences of the evidence, without a chat; it fills the generator's slot."""

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""

    def write(self, question: str, excerpts: Sequence[Excerpt], *, max_tokens: int) -> Iterator[str]:
        """Yield the sentences of an answer as they are written; none where the excerpts do not answer."""


def is_writer(generator: Generator | Writer) -> TypeIs[Writer]:
    """Return whether what fills the generator's slot writes from excerpts, not from a chat."""
    return hasattr(generator, "write")
