"""The fourth stage: from passages to vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.protocols import Embedder
from rag.types import Chunk, Document, EmbeddedChunks

# Passages handed to the embedder at once: enough that batches of one length are full, few enough that progress moves
# every second and the texts' token ids stay small.
_SLICE = 64


def embed(
    batch: Sequence[tuple[Document, tuple[Chunk, ...]]],
    embedder: Embedder,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[EmbeddedChunks, ...]:
    """Return the passages of documents with their vectors.

    The passages of all documents are embedded longest first, in slices, so that batches of the model hold texts of
    nearly one length and small documents fill them together; what is kept besides the vectors does not grow.

    Args:
        batch: Documents with their passages in order of their spans.
        embedder: The embedding model.
        on_progress: Called after each slice with the number of passages done, of all documents.

    Returns:
        The same passages in the same order; the vectors of each document have the shape
        ``(len(chunks), dimension)`` and rows of unit length.
    """
    chunks = [each for _, own in batch for each in own]
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    order = sorted(range(len(chunks)), key=lambda i: (-chunks[i].n_tokens, i))
    for begin in range(0, len(order), _SLICE):
        rows = order[begin : begin + _SLICE]
        vectors[rows] = embedder.embed([chunks[i].embedded_text for i in rows], urgency="ingest")
        if on_progress is not None:
            on_progress(begin + len(rows))
    ends = np.cumsum([len(own) for _, own in batch], dtype=int)
    return tuple(
        EmbeddedChunks(document, own, vectors[end - len(own) : end])
        for (document, own), end in zip(batch, ends, strict=True)
    )
