"""From a reference to a `Reranker`."""

from __future__ import annotations

from pathlib import Path

from rag.models.cross_encoder import CrossEncoderReranker
from rag.models.late_interaction import LateInteraction
from rag.models.pairs import is_kind
from rag.models.reader import KIND, Reader
from rag.models.reading import ReadingReranker
from rag.models.weights import located
from rag.protocols import Embedder


def load_reranker(
    ref: str, *, embedder: Embedder, cache: Path, threads: int = 0
) -> LateInteraction | ReadingReranker | CrossEncoderReranker:
    """Return the reranker of a reference.

    Args:
        ref: ``bundled:reader``, ``bundled:late-interaction``, or a model in a local folder or pulled from the hub: a
            reader that ``footnote train reader`` wrote, or a cross-encoder.
        embedder: The embedding model, whose token vectors the built-in rerankers read.
        cache: The home's ``models`` folder.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The model is missing, damaged or of another architecture.
        HashMismatch: The weights are not the ones that were pulled.
    """
    found = located(ref, slot="reranker", cache=cache)
    if found is None:
        return LateInteraction(embedder)
    folder, use = found
    if is_kind(folder, KIND):
        return ReadingReranker(Reader(folder, use=use, threads=threads), LateInteraction(embedder))
    return CrossEncoderReranker(folder, use=use, threads=threads)
