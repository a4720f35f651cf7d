"""The reader as it is trained: relevance, answer span, and whether the passage answers, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rag.training.encoder import PackedBert, firsts, packed
from rag.training.packing import UNKNOWN, Encoded

# A passage without the answer has its span at [CLS]; such passages are many and easy, so they count half.
_NULL_WEIGHT = 0.5
_SPAN, _ANSWERS, _ORDER, _UNMET = 1.0, 0.5, 0.5, 0.5
# Few words of a question are wrong; each of them counts as several right ones.
_UNMET_WEIGHT = 4.0
# Below every logit, and still a number.
_LOWEST = -1e4


class ReaderNetwork(nn.Module):
    """An encoder with heads over the passage's tokens (span), the question's (unmet) and ``[CLS]`` (judgements).

    Args:
        folder: Folder of the encoder to begin with.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = PackedBert(folder)
        width = self.bert.dimension
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.judge = nn.Linear(width, 2)
        self.unmet = nn.Linear(width, 1)

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return ``loss`` and what the heads say of a batch of `collate`.

        ``spans`` has shape ``(n tokens, 2)``, -inf outside of the second text and ``[CLS]``; ``judged`` has shape
        ``(n, 2)``: relevance, and the logit that the passage answers; ``unmet`` has shape ``(n tokens,)``.
        """
        states = self.bert(batch["ids"], batch["places"], batch["kinds"], batch["lengths"])
        first = firsts(batch["lengths"])
        judged = self.judge(torch.tanh(self.pool(states[first])))
        spans = self.span(states).masked_fill(~_allowed(batch)[:, None], float("-inf"))
        unmet = self.unmet(states)[:, 0]
        loss = _SPAN * _span_loss(spans, batch) + _UNMET * _unmet_loss(unmet, batch["unmet"])
        loss = loss + _ANSWERS * _answers_loss(judged[:, 1], batch["answers"])
        loss = loss + _ORDER * _order_loss(judged[:, 0], batch["relevant"], batch["groups"])
        return {
            "loss": loss,
            "spans": spans.detach(),
            "judged": judged.detach(),
            "unmet": unmet.detach(),
        }


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


def _text_of(batch: Mapping[str, Tensor]) -> Tensor:
    """Return the number of the text that each token of a batch belongs to, shape ``(n tokens,)``."""
    lengths = batch["lengths"]
    return torch.repeat_interleave(
        torch.arange(len(lengths), device=lengths.device), lengths, output_size=len(batch["ids"])
    )


def _pooled(values: Tensor, owner: Tensor, n: int) -> Tensor:
    """Return ``log(sum(exp(values)))`` of each owner's values, shape ``(n, …)``; a very low number where it has none.

    Args:
        values: Shape ``(n values, …)``; -inf counts for nothing.
        owner: Of each value, shape ``(n values,)``.
        n: How many owners there are.
    """
    above = values.detach().clamp(min=_LOWEST)
    places = owner if values.dim() == 1 else owner[:, None].expand_as(values)
    top = values.new_full((n, *values.shape[1:]), _LOWEST).scatter_reduce(0, places, above, "amax")
    sums = torch.zeros_like(top).index_add(0, owner, torch.exp(values - top[owner]))
    # Never the logarithm of nothing: its slope would be no number, and make none of what is multiplied by 0.
    return top + torch.log(sums.clamp(min=torch.finfo(sums.dtype).tiny))


def _allowed(batch: Mapping[str, Tensor]) -> Tensor:
    """Return where a span may begin and end: at ``[CLS]``, for none, and in the second text."""
    return (batch["places"] == 0) | ((batch["kinds"] == 1) & ~batch["last"])


def _span_loss(spans: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    starts, first = batch["starts"], firsts(batch["lengths"])
    weight = torch.where(starts == 0, _NULL_WEIGHT, 1.0) * (starts != UNKNOWN)
    whole = _pooled(spans, _text_of(batch), len(first))
    begins, stops = (
        whole[:, side] - spans[first + wanted.clamp(min=0), side] for side, wanted in enumerate((starts, batch["ends"]))
    )
    return _mean((begins + stops) / 2, weight)


def _unmet_loss(logits: Tensor, unmet: Tensor) -> Tensor:
    loss = functional.binary_cross_entropy_with_logits(
        logits, unmet.clamp(min=0).float(), pos_weight=logits.new_tensor(_UNMET_WEIGHT), reduction="none"
    )
    return _mean(loss, unmet != UNKNOWN)


def _answers_loss(logits: Tensor, answers: Tensor) -> Tensor:
    loss = functional.binary_cross_entropy_with_logits(logits, answers.clamp(min=0).float(), reduction="none")
    return _mean(loss, answers != UNKNOWN)


def _order_loss(scores: Tensor, relevant: Tensor, groups: Tensor) -> Tensor:
    """Return the listwise loss: in each group, the relevant passage against all of it.

    Source: Cao et al. 2007, Learning to Rank: from pairwise to listwise approach (ListNet, top one).
    """
    nowhere = torch.full_like(scores, float("-inf"))
    ranked, right = relevant != UNKNOWN, relevant == 1
    n = len(scores)
    n_ranked, n_right = (
        torch.zeros_like(scores).index_add(0, groups, each.to(scores.dtype)) for each in (ranked, right)
    )
    among, wanted = (_pooled(torch.where(each, scores, nowhere), groups, n) for each in (ranked, right))
    return _mean(among - wanted, (n_ranked > 1) & (n_right > 0))


def _mean(losses: Tensor, weight: Tensor) -> Tensor:
    """Return the weighted mean; 0 where nothing weighs. Without a look at the numbers, for which a card would wait."""
    weight = weight.to(losses.dtype)
    return torch.where(weight > 0, losses, torch.zeros_like(losses)).mul(weight).sum() / weight.sum().clamp(min=1e-6)
