"""The built-in reranker: token vectors put the passages in order, and the reader reads the best of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.models.late_interaction import LateInteraction
from rag.models.reader import Reader
from rag.protocols import Found
from rag.sentences import Span
from rag.types import Float32Array, ModelUse

# So many passages are read: those behind them would hardly ever come before one of them. So much the reader can add to
# the score of one (docs/decisions/0039-eight-passages-are-read.md).
_READ = 8
MOST_ADDED = 0.15


class ReadingReranker:
    """Late interaction and the reader in one slot; safe to call from many threads.

    A passage scores what late interaction says of it, and up to ``MOST_ADDED`` more by the reader's chance that it
    answers. The reader reads the passages that are best by late interaction. A code or a word alone asks nothing that
    could be read: late interaction judges it alone.

    Args:
        reader: Reads question and passage together.
        near: Compares their token vectors.
    """

    def __init__(self, reader: Reader, near: LateInteraction) -> None:
        self._reader = reader
        self._near = near

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the reader."""
        return self._reader.use

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return the score of each passage, shape ``(len(passages),)``; higher is better."""
        near = self._near.score(question, passages)
        if not _asks(question):
            return near
        scores = near.copy()
        best = np.argsort(-near, kind="stable")[:_READ]
        found = self._reader.read(question, [passages[row] for row in best])
        scores[best] += np.array([MOST_ADDED * each.answers for each in found], dtype=np.float32)
        return scores

    def highlight(self, question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
        """Return how near each span of each passage is to the question; what the reader says of it is what it finds."""
        return self._near.highlight(question, passages, spans)

    def find(self, question: str, passages: Sequence[str]) -> list[Found | None]:
        """Return what the reader found in each passage; ``None`` for a code or a word, which ask nothing."""
        return list(self._reader.read(question, passages)) if _asks(question) else [None] * len(passages)

    def forget(self) -> None:
        """Drop what is kept of passages that were read."""
        self._near.forget()
        self._reader.forget()

    def close(self) -> None:
        """End the reader's thread; requests that still wait fail with `ModelError`."""
        self._reader.close()


def _asks(question: str) -> bool:
    return len(question.split()) > 1
