"""From a reference to a `Generator`."""

from __future__ import annotations

from pathlib import Path

from rag.models.bundled import bundled_model
from rag.models.pairs import is_kind
from rag.models.references import parse
from rag.models.weights import locate
from rag.models.writer import KIND, WriterModel
from rag.protocols import Generator, Writer
from rag.types import ModelUse


def load_generator(ref: str, *, cache: Path, threads: int = 0, grounded: bool = False) -> Generator | Writer | None:
    """Return the generator of a reference, or ``None`` where answers quote the documents.

    Args:
        ref: ``bundled:quoted``, a model in a local folder or pulled from the hub, or ``openai:URL#MODEL``. A model is a
            writer that ``footnote train writer`` wrote, or a causal language model.
        cache: The home's ``models`` folder.
        threads: Threads of a writer's arithmetic; 0 takes the cores that the process may use.
        grounded: Whether a causal language model may only use words of the passages; a writer always does.

    Raises:
        ModelError: The model is missing, damaged or of another architecture.
        HashMismatch: The weights are not the ones that were pulled.
    """
    reference = parse(ref, slot="generator")
    if reference.kind == "bundled" and not bundled_model(reference.name, slot="generator").sha256:
        return None
    if reference.kind == "openai":
        from rag.models.openai import OpenAIGenerator, api_key

        return OpenAIGenerator(reference, key=api_key())
    folder, sha256 = locate(reference, slot="generator", cache=cache)
    if is_kind(folder, KIND):
        return WriterModel(folder, use=ModelUse(ref, sha256), threads=threads)
    from rag.models.causal import CausalGenerator

    return CausalGenerator(folder, use=ModelUse(ref, sha256), grounded=grounded)
