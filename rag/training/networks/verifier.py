"""The verifier as it is trained: whether a source supports a claim, and which words of the claim are at fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.training.networks.encoder import PackedBert, firsts, packed
from rag.training.networks.packing import UNKNOWN, EncodedClaim

_SUPPORT, _FAULTS = 1.0, 0.5
# Few words of a claim are at fault, so those that are count more.
_FAULT_WEIGHT = 4.0


class VerifierNetwork(nn.Module):
    """An encoder with two heads: one over ``[CLS]`` for the support, one over the claim's tokens for its faults.

    Args:
        folder: Folder of the encoder to begin with.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = PackedBert(folder)
        width = self.bert.dimension
        self.pool = nn.Linear(width, width)
        self.support = nn.Linear(width, 1)
        self.fault = nn.Linear(width, 1)

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return ``loss`` and the logits ``support``, shape ``(n,)``, and ``fault``, shape ``(n tokens,)``."""
        states = self.bert(batch["ids"], batch["places"], batch["kinds"], batch["lengths"])
        first = firsts(batch["lengths"])
        support = self.support(torch.tanh(self.pool(states[first])))[:, 0]
        fault = self.fault(states)[:, 0]
        loss = _SUPPORT * functional.binary_cross_entropy_with_logits(support, batch["supported"].float())
        known = batch["faults"] != UNKNOWN
        if known.any():
            weight = torch.tensor(_FAULT_WEIGHT, device=fault.device)
            loss = loss + _FAULTS * functional.binary_cross_entropy_with_logits(
                fault[known], batch["faults"][known].float(), pos_weight=weight
            )
        return {"loss": loss, "support": support.detach(), "fault": fault.detach()}


def collate(claims: Sequence[Sequence[EncodedClaim]]) -> dict[str, Tensor]:
    """Return a batch of claims as tensors."""
    rows = [each for group in claims for each in group]
    return {
        **packed([each.ids for each in rows], [each.n_first for each in rows]),
        "supported": torch.tensor([int(each.supported) for each in rows]),
        "faults": torch.tensor([label for each in rows for label in each.faults]),
    }
