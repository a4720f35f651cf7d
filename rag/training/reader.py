"""The reader as it is trained: relevance, answer span, and whether the passage answers, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.training.encoder import PackedBert
from rag.training.packing import UNKNOWN, Encoded

# A passage without the answer has its span at [CLS]; such passages are many and easy, so they count half.
_NULL_WEIGHT = 0.5
_SPAN, _ANSWERS, _ORDER, _UNMET = 1.0, 0.5, 0.5, 0.5
# What the middle layer says decides only whether reading goes on.
_EARLY = 0.5
# Few words of a question are wrong; each of them counts as several right ones.
_UNMET_WEIGHT = 4.0


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
        self.early = nn.Linear(width, 2)

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return ``loss`` and what the heads say of a batch of `collate`.

        ``spans`` has shape ``(n, longest, 2)`` with -inf outside of the second text and ``[CLS]``; ``judged`` has
        shape ``(n, 2)``: relevance, and the logit that the passage answers; ``early`` says the same after half of the
        layers; ``unmet`` has shape ``(n tokens,)``.
        """
        lengths = batch["lengths"].tolist()
        states, middle = self.bert(batch["ids"], batch["places"], batch["kinds"], lengths)
        first = torch.cumsum(batch["lengths"], 0) - batch["lengths"]
        judged = self.judge(torch.tanh(self.pool(states[first])))
        spans = _padded(self.span(states), lengths, _allowed(batch["places"], batch["kinds"], batch["last"]))
        loss = _SPAN * _span_loss(spans, batch["starts"], batch["ends"])
        early = self.early(middle[first])
        for said, weight in ((judged, 1.0), (early, _EARLY)):
            loss = loss + weight * _ANSWERS * _answers_loss(said[:, 1], batch["answers"])
            loss = loss + weight * _ORDER * _order_loss(said[:, 0], batch["relevant"], batch["groups"])
        unmet = self.unmet(states)[:, 0]
        loss = loss + _UNMET * _unmet_loss(unmet, batch["unmet"])
        return {
            "loss": loss,
            "spans": spans.detach(),
            "judged": judged.detach(),
            "early": early.detach(),
            "unmet": unmet.detach(),
        }


def collate(groups: Sequence[Sequence[Encoded]]) -> dict[str, Tensor]:
    """Return a batch of groups as tensors; ``groups`` numbers the group of each reading."""
    rows = [each for group in groups for each in group]
    lengths = [len(each.ids) for each in rows]
    return {
        "ids": torch.tensor([token for each in rows for token in each.ids]),
        "places": torch.cat([torch.arange(length) for length in lengths]),
        "kinds": torch.cat([(torch.arange(len(each.ids)) >= each.n_first).long() for each in rows]),
        "last": torch.cat([torch.arange(length) == length - 1 for length in lengths]),
        "lengths": torch.tensor(lengths),
        "starts": torch.tensor([each.start for each in rows]),
        "ends": torch.tensor([each.end for each in rows]),
        "answers": torch.tensor([each.answers for each in rows]),
        "relevant": torch.tensor([each.relevant for each in rows]),
        "unmet": torch.tensor([label for each in rows for label in _labels(each)]),
        "groups": torch.tensor([number for number, group in enumerate(groups) for _ in group]),
    }


def _labels(each: Encoded) -> tuple[int, ...]:
    return (*each.unmet, *(UNKNOWN,) * (len(each.ids) - len(each.unmet)))


def _allowed(places: Tensor, kinds: Tensor, last: Tensor) -> Tensor:
    """Return where a span may begin and end: at ``[CLS]``, for none, and in the second text."""
    return (places == 0) | ((kinds == 1) & ~last)


def _padded(logits: Tensor, lengths: list[int], allowed: Tensor) -> Tensor:
    closed = logits.masked_fill(~allowed[:, None], float("-inf"))
    rows = torch.split(closed, lengths)
    return nn.utils.rnn.pad_sequence(list(rows), batch_first=True, padding_value=float("-inf"))


def _span_loss(spans: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
    known = starts != UNKNOWN
    if not known.any():
        return spans.new_zeros(())
    weight = torch.where(starts[known] == 0, _NULL_WEIGHT, 1.0)
    both = [
        functional.cross_entropy(spans[known][:, :, side], wanted[known], reduction="none")
        for side, wanted in ((0, starts), (1, ends))
    ]
    return ((both[0] + both[1]) / 2 * weight).sum() / weight.sum()


def _unmet_loss(logits: Tensor, unmet: Tensor) -> Tensor:
    known = unmet != UNKNOWN
    if not known.any():
        return logits.new_zeros(())
    weight = logits.new_tensor(_UNMET_WEIGHT)
    return functional.binary_cross_entropy_with_logits(logits[known], unmet[known].float(), pos_weight=weight)


def _answers_loss(logits: Tensor, answers: Tensor) -> Tensor:
    known = answers != UNKNOWN
    if not known.any():
        return logits.new_zeros(())
    return functional.binary_cross_entropy_with_logits(logits[known], answers[known].float())


def _order_loss(scores: Tensor, relevant: Tensor, groups: Tensor) -> Tensor:
    """Return the listwise loss: in each group, the relevant passage against all of it.

    Source: Cao et al. 2007, Learning to Rank: from pairwise to listwise approach (ListNet, top one).
    """
    losses = []
    for number in torch.unique(groups[relevant == 1]):
        own = groups == number
        right, ranked = own & (relevant == 1), own & (relevant != UNKNOWN)
        if int(ranked.sum()) > 1:
            losses.append(torch.logsumexp(scores[ranked], 0) - torch.logsumexp(scores[right], 0))
    return torch.stack(losses).mean() if losses else scores.new_zeros(())
