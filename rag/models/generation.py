"""From a reference to a `Generator`."""

from __future__ import annotations

from pathlib import Path

from rag.models.bundled import bundled_model
from rag.models.references import parse
from rag.models.weights import locate
from rag.protocols import Generator
from rag.types import ModelUse


def load_generator(ref: str, *, cache: Path) -> Generator | None:
    """Return the generator of a reference, or ``None`` where answers quote the documents.

    Args:
        ref: ``bundled:quoted``, a causal language model in a local folder or pulled from the hub, or
            ``openai:URL#MODEL``.
        cache: The home's ``models`` folder.

    Raises:
        ModelError: The model is missing, damaged or of another architecture.
        HashMismatch: The weights are not the ones that were pulled.
    """
    reference = parse(ref, slot="generator")
    if reference.kind == "bundled":
        bundled_model(reference.name, slot="generator")
        return None
    if reference.kind == "openai":
        from rag.models.openai import OpenAIGenerator, api_key

        return OpenAIGenerator(reference, key=api_key())
    from rag.models.causal import CausalGenerator

    folder, sha256 = locate(reference, slot="generator", cache=cache)
    return CausalGenerator(folder, use=ModelUse(ref, sha256))
