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
# the score of one: by its chance that it answers, and by how relevant it is beside the most relevant, which loses an
# e-fold of it every so many logits (docs/decisions/0039-eight-passages-are-read.md, 0049-relevance-in-the-order.md).
_READ = 8
BY_CHANCE, BY_RELEVANCE = 0.15, 0.05
_FALLS_OFF = 3.0
# A question that a passage stands below is one of its headings, which are its first lines.
_HEADINGS = 3


class ReadingReranker:
    """Late interaction and the reader in one slot; safe to call from many threads.

    A passage scores what late interaction says of it, up to ``BY_CHANCE`` more by the reader's chance that it answers,
    and up to ``BY_RELEVANCE`` more by its relevance. The reader reads the passages that are best by late interaction.
    Where some of these stand below a question, as in answers to what is asked often, it counts so much less: what is
    asked is compared with that question best. A code or a word alone asks nothing that could be read: late interaction
    judges it alone.

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
        if not passages or not _asks(question):
            return near
        scores = near.copy()
        best = np.argsort(-near, kind="stable")[:_READ]
        read = [passages[row] for row in best]
        scores[best] += _added(self._reader.read(question, read), read)
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


def _added(found: Sequence[Found], passages: Sequence[str]) -> Float32Array:
    """Return what a reader adds to the scores of passages that it read, one or more."""
    chance = np.array([each.answers for each in found], dtype=np.float32)
    relevance = np.array([each.relevance for each in found], dtype=np.float32)
    below = sum(map(_below_question, passages)) / len(passages)
    added: Float32Array = BY_CHANCE * chance + BY_RELEVANCE * np.exp((relevance - relevance.max()) / _FALLS_OFF)
    return added * np.float32(1.0 - below)


def _below_question(passage: str) -> bool:
    return any(line.rstrip().endswith("?") for line in passage.split("\n")[:_HEADINGS])


def _asks(question: str) -> bool:
    return len(question.split()) > 1
