"""From a reference to a `Reranker`."""

from __future__ import annotations

from pathlib import Path

from rag.models.late_interaction import LateInteraction
from rag.models.references import parse
from rag.protocols import Embedder, Reranker


def load_reranker(ref: str, *, embedder: Embedder, cache: Path) -> Reranker:
    """Return the reranker of a reference.

    Args:
        ref: ``bundled:late-interaction``, or a cross-encoder in a local folder or pulled from the hub.
        embedder: The embedding model, whose token vectors the built-in reranker reads.
        cache: The home's ``models`` folder.

    Raises:
        ModelError: The model is missing, damaged or of another architecture.
    """
    reference = parse(ref, slot="reranker")
    if reference.kind == "bundled":
        return LateInteraction(embedder)
    raise NotImplementedError(cache)
