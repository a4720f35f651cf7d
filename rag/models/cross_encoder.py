"""Cross-encoders of sentence-transformers: they read two texts together, as reranker or as verifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.errors import ModelError
from rag.models.machine import fast_bfloat16
from rag.models.model_thread import ModelThread
from rag.models.queue import BatchingQueue
from rag.models.references import Slot
from rag.types import Float32Array, ModelUse

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# Characters of padded pairs in one batch, about 2000 tokens: a second request waits a fraction of a second.
_BATCH_CHARACTERS = 8000
# How models of entailment call the label that means support, and those that mean there is none.
_SUPPORTED = ("entail", "support", "consistent")
_DENIED = ("not", "non", "un", "in")


class _Pair(NamedTuple):
    first: str
    second: str


class _Queued:
    """A cross-encoder behind a batching queue; safe to call from many threads."""

    def __init__(self, folder: Path, *, use: ModelUse, slot: Slot, threads: int) -> None:
        self._use = use
        self._model = _load(folder, slot)
        self._queue = BatchingQueue[_Pair, Float32Array](
            self._run, max_size=_BATCH_CHARACTERS, thread=ModelThread(slot, threads=threads)
        )

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def close(self) -> None:
        """Close the model; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def _read(self, firsts: Sequence[str], seconds: Sequence[str]) -> Float32Array:
        """Return the logits of each pair, shape ``(n, labels)``."""
        pairs = [_Pair(first, second) for first, second in zip(firsts, seconds, strict=True)]
        if not pairs:
            return np.zeros((0, self._model.num_labels), dtype=np.float32)
        sizes = [len(pair.first) + len(pair.second) for pair in pairs]
        return np.stack(self._queue.submit("read", pairs, sizes, urgency="question"))

    def _run(self, _kind: str, pairs: list[_Pair]) -> list[Float32Array]:
        from torch.nn import Identity

        inputs = [(pair.first, pair.second) for pair in pairs]
        # Some models bring a function that ends in 0..1, some none: only the logits are the same of all.
        said = self._model.predict(inputs, batch_size=len(inputs), show_progress_bar=False, activation_fn=Identity())
        return list(np.asarray(said, dtype=np.float32).reshape(len(pairs), -1))


class CrossEncoderReranker(_Queued):
    """A cross-encoder with one score for a pair.

    Args:
        folder: Folder of the model, as `CrossEncoder.save_pretrained` writes it.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The folder holds no such model.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0) -> None:
        super().__init__(folder, use=use, slot="reranker", threads=threads)
        if self._model.num_labels != 1:
            self.close()
            raise ModelError(
                f"The slot 'reranker' needs a cross-encoder with one score, but {str(folder)!r} gives "
                f"{self._model.num_labels}.",
                hint="Choose a cross-encoder that was trained for ranking.",
            )

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return the logistic of each passage's logit, shape ``(len(passages),)``, in 0..1; higher is better."""
        logits = self._read([question] * len(passages), passages)[:, 0]
        scores: Float32Array = np.exp(-np.logaddexp(np.float32(0), -logits))
        return scores


class EntailmentVerifier(_Queued):
    """A cross-encoder for entailment: the support of a claim is the chance of its label for entailment.

    Args:
        folder: Folder of the model, as `CrossEncoder.save_pretrained` writes it; ``id2label`` of its configuration
            names the label, e.g. ``entailment``.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The folder holds no such model, or no label of it means support.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0) -> None:
        super().__init__(folder, use=use, slot="verifier", threads=threads)
        labels: Mapping[int, str] = getattr(self._model.config, "id2label", None) or {}
        meant = [number for number, label in labels.items() if _means_support(label)]
        if self._model.num_labels < 2 or len(meant) != 1:
            self.close()
            raise ModelError(
                f"The slot 'verifier' needs a cross-encoder with a label for entailment, but {str(folder)!r} has "
                f"{', '.join(repr(label) for label in labels.values())}.",
                hint="Choose a cross-encoder that was trained for entailment, e.g. on MNLI.",
            )
        self._label = int(meant[0])

    def support(self, claims: Sequence[str], sources: Sequence[str]) -> Float32Array:
        """Return the support of each claim by the source at the same position, in 0..1."""
        logits = self._read(sources, claims)
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        supported: Float32Array = (chances[:, self._label] / chances.sum(axis=1)).astype(np.float32)
        return supported


def _means_support(label: str) -> bool:
    written = label.casefold()
    return any(word in written for word in _SUPPORTED) and not written.startswith(_DENIED)


def _load(folder: Path, slot: Slot) -> CrossEncoder:
    import torch
    from sentence_transformers import CrossEncoder

    graphics = torch.cuda.is_available()
    kind = torch.bfloat16 if graphics or fast_bfloat16() else torch.float32
    try:
        model: CrossEncoder = CrossEncoder(
            str(folder),
            device="cuda" if graphics else "cpu",
            local_files_only=True,
            model_kwargs={"dtype": kind},
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, TypeError) as exc:
        # The library has no error of its own: a foreign architecture shows as any of these.
        raise ModelError(
            f"The slot {slot!r} cannot load {str(folder)!r} as a CrossEncoder: {exc}",
            hint="Check that the folder was written by CrossEncoder.save_pretrained.",
        ) from exc
    return model
