"""A cross-encoder as reranker: it reads question and passage together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.errors import ModelError
from rag.models.machine import fast_bfloat16, use_threads
from rag.models.queue import BatchingQueue
from rag.types import Float32Array, ModelUse

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# Characters of padded pairs in one batch, about 2000 tokens: a second request waits a fraction of a second.
_BATCH_CHARACTERS = 8000


class _Pair(NamedTuple):
    question: str
    passage: str


class CrossEncoderReranker:
    """A cross-encoder with one score for a pair, behind a batching queue; safe to call from many threads.

    Args:
        folder: Folder of the model, as `CrossEncoder.save_pretrained` writes it.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The folder holds no such model.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0) -> None:
        self._use = use
        self._model = _load(folder)
        self._queue = BatchingQueue[_Pair, float](
            self._run, max_size=_BATCH_CHARACTERS, name="reranker", start=partial(use_threads, threads)
        )

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return the model's score of each passage, shape ``(len(passages),)``; higher is better."""
        pairs = [_Pair(question, passage) for passage in passages]
        sizes = [len(question) + len(passage) for passage in passages]
        return np.array(self._queue.submit("score", pairs, sizes, urgency="question"), dtype=np.float32)

    def close(self) -> None:
        """End the model's thread; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def _run(self, _kind: str, pairs: list[_Pair]) -> list[float]:
        inputs = [(pair.question, pair.passage) for pair in pairs]
        scores = self._model.predict(inputs, batch_size=len(inputs), show_progress_bar=False)
        return [float(score) for score in scores]


def _load(folder: Path) -> CrossEncoder:
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
            f"The slot 'reranker' cannot load {str(folder)!r} as a CrossEncoder: {exc}",
            hint="Check that the folder was written by CrossEncoder.save_pretrained.",
        ) from exc
    if model.num_labels != 1:
        raise ModelError(
            f"The slot 'reranker' needs a cross-encoder with one score, but {str(folder)!r} gives {model.num_labels}.",
            hint="Choose a cross-encoder that was trained for ranking.",
        )
    return model
