"""The weighted mean of weights: what a training that goes on ends with, and what several models are merged into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

# How the names of an encoder's weights begin; the others are heads.
ENCODER = "bert."


@torch.no_grad()
def mean(weighed: Sequence[tuple[Mapping[str, Tensor], float]]) -> dict[str, Tensor]:
    """Return the weighted mean of weights, by name, in float32.

    Networks that began with the same weights lie so near each other that the mean of them can do what each can, and on
    sets that none of them learnt from it is often better than any.

    Args:
        weighed: Weights by name, each with its share; shares count by their sum. The names are those of the first;
            the others have them too, in the same shapes.

    Source:
        Wortsman et al. 2022, Model soups, https://arxiv.org/abs/2203.05482.
    """
    whole = sum(share for _, share in weighed)
    made: dict[str, Tensor] = {}
    for name, tensor in weighed[0][0].items():
        parts = (weights[name].to(tensor.device, torch.float32) * (share / whole) for weights, share in weighed)
        made[name] = torch.stack(list(parts)).sum(0)
    return made


def meet(network: nn.Module, base: nn.Module, *, share: float, heads: bool = True) -> None:
    """Move a network that went on from another one a part of the way back to it.

    The mean of both weights keeps what the base knew and most of what is new; on sets that neither learnt from it is
    better than either.

    Args:
        network: As it was trained.
        base: As it began.
        share: Of the base in what comes out.
        heads: Whether the base's heads knew the task; those of a model of another kind did not, and stay.

    Source:
        Wortsman et al. 2022, Robust fine-tuning of zero-shot models, https://arxiv.org/abs/2109.01903.
    """
    trained = {
        name: tensor
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point() and (heads or name.startswith(ENCODER))
    }
    network.load_state_dict(mean([(trained, 1 - share), (base.state_dict(), share)]), strict=False)
