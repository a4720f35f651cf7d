"""Any SentenceTransformer model, through the library's own loading and forward code."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.models.dense import Precision
from rag.types import Float32Array

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor


class SentenceEncoder:
    """A SentenceTransformer on the CPU, of whatever modules it has.

    Args:
        folder: Folder of the model, as `SentenceTransformer.save` writes it.
        name: Name of the runtime.
        precision: ``bfloat16`` runs its matrix products in that format where torch holds that safe.

    Raises:
        ModelError: The folder holds no model that SentenceTransformer can load, or one without a fast tokenizer.
    """

    def __init__(self, folder: Path, *, name: str, precision: Precision) -> None:
        self.name = name
        self._precision = precision
        self._model = _load(folder)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        backend = getattr(self._model.tokenizer, "backend_tokenizer", None)
        if backend is None or self.dimension == 0:
            raise ModelError(
                f"The model in {str(folder)!r} cannot embed here: a fast tokenizer and a fixed dimension are needed.",
                hint="Choose another embedding model.",
            )
        self.tokenizer: str = backend.to_str()

    def pooled(self, ids: Sequence[Sequence[int]]) -> Float32Array:
        """Return one vector for each text, shape ``(len(ids), dimension)``."""
        array: Float32Array = self._forward(ids)["sentence_embedding"].float().numpy()
        return array

    def states(self, ids: Sequence[Sequence[int]]) -> list[Float32Array]:
        """Return the last hidden states of each text, each of shape ``(len(ids[i]), width)``.

        Raises:
            ModelError: The model has none, as one that only looks words up.
        """
        states = self._forward(ids).get("token_embeddings")
        if states is None:
            raise ModelError(
                "The embedding model gives no vectors of single tokens, which late interaction reads.",
                hint="Set the reranker to a cross-encoder, or choose another embedding model.",
            )
        array: Float32Array = states.float().numpy()
        return [array[i, : len(row)] for i, row in enumerate(ids)]

    def _forward(self, ids: Sequence[Sequence[int]]) -> dict[str, Tensor]:
        import torch

        tokens, mask = _pad(ids)
        with torch.inference_mode(), self._arithmetic():
            features: dict[str, Any] = {"input_ids": tokens, "attention_mask": mask.long()}
            output: dict[str, Tensor] = self._model(features)
        return output

    def _arithmetic(self) -> AbstractContextManager[object]:
        import torch

        if self._precision == "bfloat16":
            return torch.autocast("cpu", dtype=torch.bfloat16)
        return nullcontext()


def _pad(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return the rows as one array of ids, shape ``(n, longest)``, and where there are any."""
    import torch

    length = max(len(row) for row in ids)
    tokens = np.zeros((len(ids), length), dtype=np.int64)
    mask = np.zeros((len(ids), length), dtype=bool)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = row
        mask[i, : len(row)] = True
    return torch.from_numpy(tokens), torch.from_numpy(mask)


def _load(folder: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, TypeError) as exc:
        # The library has no error of its own: a foreign architecture shows as any of these.
        raise ModelError(
            f"The slot 'embedding' cannot load {str(folder)!r} as a SentenceTransformer: {exc}",
            hint="Check that the folder was written by SentenceTransformer.save.",
        ) from exc
