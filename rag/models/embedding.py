"""The embedding model: from a reference to an `Embedder` that many threads share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.models.model_thread import shared_thread
from rag.models.queue import BatchingQueue
from rag.models.references import parse
from rag.models.runtimes import Encoder, choose
from rag.models.tokens import TokenIds, Tokens
from rag.models.unit import unit
from rag.models.weights import locate
from rag.protocols import TokenSpan, TokenVectors, Urgency
from rag.types import Float32Array, ModelUse

# Padded tokens in one batch: small enough that a question behind it waits a fraction of a second and that its
# activations stay in the processor's cache, large enough to keep the cores busy (docs/performance.md).
_BATCH_TOKENS = 2048
_SENTENCE = "sentence"
_TOKENS = "tokens"


class _Vector(NamedTuple):
    """What the queue gives back for one text: one vector, or one for each token."""

    vector: Float32Array


class EmbeddingModel:
    """An embedding model behind a batching queue.

    Args:
        use: Reference and hash of the weights.
        encoder: Runs the model.
        tokens: Its tokenizer.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.
    """

    def __init__(self, use: ModelUse, encoder: Encoder, tokens: Tokens, *, threads: int = 0) -> None:
        self._use = use
        self._encoder = encoder
        self._tokens = tokens
        self._queue = BatchingQueue[TokenIds, _Vector](self._run, max_size=_BATCH_TOKENS, thread=shared_thread(threads))

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    @property
    def runtime(self) -> str:
        """Name of the runtime that was chosen."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        """Longest text that the model reads whole, in tokens, special tokens included."""
        return self._encoder.max_tokens

    @property
    def room_tokens(self) -> int:
        """Longest text that the model reads whole, in tokens, special tokens left out."""
        return self.max_tokens - len(self._tokens.ids([""])[0].ids)

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:
        """Return vectors of shape ``(len(texts), dimension)``, rows of unit length, in the order of the texts.

        A longer text than the model reads is cut at its end.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([output.vector for output in self._submit(_SENTENCE, self._tokens.ids(texts), urgency)])

    def token_vectors(self, texts: Sequence[str], *, urgency: Urgency = "question") -> list[TokenVectors]:
        """Return the last hidden states of each text, of unit length, special tokens left out."""
        ids = self._tokens.ids(texts)
        outputs = self._submit(_TOKENS, ids, urgency)
        return [_without_special(row, output.vector) for row, output in zip(ids, outputs, strict=True)]

    def token_spans(self, text: str) -> list[TokenSpan]:
        """Return the tokens of a text of any length, in order, special tokens left out."""
        return self._tokens.spans(text)

    def close(self) -> None:
        """Close the model; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _submit(self, kind: str, ids: list[TokenIds], urgency: Urgency) -> list[_Vector]:
        return self._queue.submit(kind, ids, [len(row.ids) for row in ids], urgency=urgency)

    def _run(self, kind: str, batch: list[TokenIds]) -> list[_Vector]:
        ids = [row.ids for row in batch]
        if kind == _SENTENCE:
            return [_Vector(row) for row in unit(self._encoder.pooled(ids))]
        return [_Vector(unit(states)) for states in self._encoder.states(ids)]


def load_embedder(ref: str, *, runtime: str = "auto", threads: int = 0, cache: Path) -> EmbeddingModel:
    """Return the embedding model of a reference, its weights checked.

    Nothing is fetched: a hub model must have been pulled before.

    Args:
        ref: ``bundled:NAME``, a local folder or ``hf:ORG/NAME@REVISION``.
        runtime: ``auto``, which measures once and remembers, or the name of a runtime.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.
        cache: The home's ``models`` folder: pulled models and remembered measurements.

    Raises:
        ModelError: The model is missing, damaged or of another architecture, or the runtime is unknown.
        HashMismatch: The weights are not the expected ones.
    """
    folder, sha256 = locate(parse(ref, slot="embedding"), slot="embedding", cache=cache)
    encoder, tokenizer = choose(folder, runtime=runtime, sha256=sha256, cache=cache)
    tokens = Tokens(tokenizer, max_tokens=encoder.max_tokens)
    return EmbeddingModel(ModelUse(ref, sha256), encoder, tokens, threads=threads)


def _without_special(row: TokenIds, vectors: Float32Array) -> TokenVectors:
    kept = [i for i, special in enumerate(row.special) if not special]
    return TokenVectors(tuple(row.ids[i] for i in kept), vectors[kept])
