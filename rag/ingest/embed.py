"""The fourth stage: from passages to vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rag.protocols import Embedder
from rag.types import Chunk, Document, EmbeddedChunks

# Passages handed to the embedder at once: enough that batches of one length are full, few enough that progress moves
# every second and the texts' token ids stay small.
_SLICE = 64


def embed(
    document: Document,
    chunks: tuple[Chunk, ...],
    embedder: Embedder,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> EmbeddedChunks:
    """Return the passages with their vectors.

    Passages are embedded longest first, in slices, so that batches hold texts of nearly one length; what is kept
    besides the vectors does not grow with the document.

    Args:
        document: The version that the passages are of.
        chunks: In order of their spans.
        embedder: The embedding model.
        on_progress: Called after each slice with the number of passages done.

    Returns:
        The same passages in the same order; vectors of shape ``(len(chunks), dimension)``, rows of unit length.
    """
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    order = sorted(range(len(chunks)), key=lambda i: (-chunks[i].n_tokens, i))
    for begin in range(0, len(order), _SLICE):
        rows = order[begin : begin + _SLICE]
        vectors[rows] = embedder.embed([chunks[i].embedded_text for i in rows], urgency="ingest")
        if on_progress is not None:
            on_progress(begin + len(rows))
    return EmbeddedChunks(document, chunks, vectors)
