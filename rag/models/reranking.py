"""From a reference to a `Reranker`."""

from __future__ import annotations

from pathlib import Path

from rag.models.bundled import bundled_model
from rag.models.cross_encoder import CrossEncoderReranker
from rag.models.late_interaction import LateInteraction
from rag.models.references import parse
from rag.models.weights import locate
from rag.protocols import Embedder
from rag.types import ModelUse


def load_reranker(
    ref: str, *, embedder: Embedder, cache: Path, threads: int = 0
) -> LateInteraction | CrossEncoderReranker:
    """Return the reranker of a reference.

    Args:
        ref: ``bundled:late-interaction``, or a cross-encoder in a local folder or pulled from the hub.
        embedder: The embedding model, whose token vectors the built-in reranker reads.
        cache: The home's ``models`` folder.
        threads: Threads of a cross-encoder's arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The model is missing, damaged or of another architecture.
        HashMismatch: The weights are not the ones that were pulled.
    """
    reference = parse(ref, slot="reranker")
    if reference.kind == "bundled":
        bundled_model(reference.name, slot="reranker")
        return LateInteraction(embedder)
    folder, sha256 = locate(reference, slot="reranker", cache=cache)
    return CrossEncoderReranker(folder, use=ModelUse(ref, sha256), threads=threads)
