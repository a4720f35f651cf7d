"""The writer as it is trained: which sentences an answer is made of, and which of their words it keeps, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.training.networks.encoder import PackedBert, packed
from rag.training.networks.packing import UNKNOWN, EncodedWriting


class WriterNetwork(nn.Module):
    """An encoder with a head over the marks of sentences (used) and one over their tokens (kept).

    Args:
        folder: Folder of the encoder to begin with.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = PackedBert(folder)
        self.used = nn.Linear(self.bert.dimension, 1)
        self.kept = nn.Linear(self.bert.dimension, 1)

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return ``loss``, and the logits ``used`` and ``kept`` of every token of a batch of `collate`."""
        states = self.bert(batch["ids"], batch["places"], batch["kinds"], batch["lengths"])
        used, kept = self.used(states)[:, 0], self.kept(states)[:, 0]
        loss = _loss(used, batch["used"]) + _loss(kept, batch["kept"])
        return {"loss": loss, "used": used.detach(), "kept": kept.detach()}


def collate(groups: Sequence[Sequence[EncodedWriting]]) -> dict[str, Tensor]:
    """Return a batch of groups as tensors."""
    rows = [each for group in groups for each in group]
    return {
        **packed([each.ids for each in rows], [each.n_first for each in rows]),
        "used": torch.tensor([label for each in rows for label in each.used]),
        "kept": torch.tensor([label for each in rows for label in each.kept]),
    }


def _loss(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return logits.sum() * 0.0
    return functional.binary_cross_entropy_with_logits(logits[known], labels[known].float())
