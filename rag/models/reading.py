"""The built-in reranker: token vectors put the passages in order, and the reader reads the best of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.models.late_interaction import LateInteraction
from rag.models.reader import Reader
from rag.protocols import Found
from rag.sentences import Span
from rag.types import Float32Array, ModelUse

# So much the reader can add to a passage's score, and so many passages are read at a time.
MOST_ADDED = 0.15
_AT_ONCE = 6
# Reading ends when no passage that is left can still come among so many best.
_SETTLED = 8


class ReadingReranker:
    """Late interaction and the reader in one slot; safe to call from many threads.

    A passage scores what late interaction says of it, and up to ``MOST_ADDED`` more by what the reader finds in it.
    The reader takes the passages in the order of late interaction and stops when the best are settled: what is left
    could not come among them whatever it held. A code or a word alone asks nothing that could be read: late
    interaction judges it alone.

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
        order = np.argsort(-near, kind="stable")
        for begin in range(0, len(order), _AT_ONCE):
            if begin >= _SETTLED and near[order[begin]] + MOST_ADDED <= np.sort(scores)[-_SETTLED]:
                break
            rows = order[begin : begin + _AT_ONCE]
            found = self._reader.read(question, [passages[row] for row in rows])
            scores[rows] += [MOST_ADDED * _worth(each) for each in found]
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


def _worth(found: Found) -> float:
    """Return in 0..1 how much speaks for a passage."""
    return found.answers
