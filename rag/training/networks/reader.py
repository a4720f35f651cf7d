"""The reader as it is trained: relevance, answer span, and whether the passage answers, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rag.training.networks.encoder import PackedBert, firsts, packed
from rag.training.networks.losses import Chances, Said, allowed, chances, labelled_loss, taught_loss
from rag.training.networks.packing import UNKNOWN, Encoded


class ReaderNetwork(nn.Module):
    """An encoder with heads over the passage's tokens (span), the question's (unmet) and ``[CLS]`` (judgements).

    Args:
        folder: Folder of the encoder to begin with.

    Attributes:
        teachers: What it learns from beside the labels; nothing at first. They are no part of it: their weights are
            neither trained nor kept.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = PackedBert(folder)
        width = self.bert.dimension
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.judge = nn.Linear(width, 2)
        self.unmet = nn.Linear(width, 1)
        self.teachers: Teachers | None = None

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return ``loss`` and what the heads say of a batch of `collate`, see `Said`.

        Teachers have their part in the loss while it is trained; what is measured is the loss by the labels.
        """
        said = self.said(batch)
        loss = labelled_loss(said, batch)
        if self.teachers is not None and self.training:
            loss = self.teachers.joined(loss, said, batch)
        return {"loss": loss} | {name: each.detach() for name, each in said._asdict().items()}

    def said(self, batch: Mapping[str, Tensor]) -> Said:
        """Return what the heads say of a batch of `collate`."""
        states = self.bert(batch["ids"], batch["places"], batch["kinds"], batch["lengths"])
        judged = self.judge(torch.tanh(self.pool(states[firsts(batch["lengths"])])))
        spans = self.span(states).masked_fill(~allowed(batch)[:, None], float("-inf"))
        return Said(spans, judged, self.unmet(states)[:, 0])


class Teachers:
    """Readers that another one learns from, beside the labels: the mean of what they hold for likely is its aim.

    Args:
        networks: The readers; their weights stay as they are.
        share: Of the loss by their word; the rest is by the labels.
    """

    def __init__(self, networks: Sequence[ReaderNetwork], *, share: float) -> None:
        self._networks = [network.eval().requires_grad_(requires_grad=False) for network in networks]
        self._share = share

    def joined(self, loss: Tensor, said: Said, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the loss by labels and teachers together.

        Args:
            loss: By the labels.
            said: What the reader that learns says of the batch.
            batch: As of `collate`.
        """
        return (1 - self._share) * loss + self._share * taught_loss(said, self.chances(batch), batch)

    @torch.no_grad()
    def chances(self, batch: Mapping[str, Tensor]) -> Chances:
        """Return the mean of what the teachers hold for likely."""
        each = [chances(network.to(batch["ids"].device).said(batch), batch) for network in self._networks]
        return Chances(*(torch.stack(parts).mean(0) for parts in zip(*each, strict=True)))


def collate(groups: Sequence[Sequence[Encoded]]) -> dict[str, Tensor]:
    """Return a batch of groups as tensors; ``groups`` numbers the group of each reading."""
    rows = [each for group in groups for each in group]
    lengths = [len(each.ids) for each in rows]
    return {
        **packed([each.ids for each in rows], [each.n_first for each in rows]),
        "last": torch.from_numpy(np.concatenate([np.arange(length) == length - 1 for length in lengths])),
        "starts": torch.tensor([each.start for each in rows]),
        "ends": torch.tensor([each.end for each in rows]),
        "answers": torch.tensor([each.answers for each in rows]),
        "relevant": torch.tensor([each.relevant for each in rows]),
        "unmet": torch.from_numpy(np.concatenate([_labels(each) for each in rows])),
        "groups": torch.tensor([number for number, group in enumerate(groups) for _ in group]),
    }


def _labels(each: Encoded) -> NDArray[np.int64]:
    labels = np.full(len(each.ids), UNKNOWN, dtype=np.int64)
    labels[: len(each.unmet)] = each.unmet
    return labels
