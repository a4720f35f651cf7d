"""What a reader's training makes small: how far what it says is from the labels, and from what teachers say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from rag.training.networks.encoder import firsts
from rag.training.networks.packing import UNKNOWN

# A passage without the answer has its span at [CLS]; such passages are many and easy, so they count half.
_NULL_WEIGHT = 0.5
_SPAN, _ANSWERS, _ORDER, _UNMET = 1.0, 0.5, 0.5, 0.5
# Few words of a question are wrong; each of them counts as several right ones.
_UNMET_WEIGHT = 4.0
# Below every logit, and still a number.
_LOWEST = -1e4


class Said(NamedTuple):
    """What the heads of a reader say of a batch.

    Args:
        spans: Logits that the answer begins, and that it ends, at a token, shape ``(n tokens, 2)``; -inf outside of the
            second text and ``[CLS]``.
        judged: Relevance, and the logit that the passage answers, shape ``(n, 2)``.
        unmet: Logit of each token that the passage says nothing of it, shape ``(n tokens,)``.
    """

    spans: Tensor
    judged: Tensor
    unmet: Tensor


class Chances(NamedTuple):
    """What a reader, or the mean of several, holds for how likely.

    Args:
        spans: That the answer begins, and that it ends, at a token, shape ``(n tokens, 2)``; those of a text add to 1.
        order: That a passage is the one of its group to rank first, shape ``(n,)``; those of a group add to 1.
        answers: That a passage answers, shape ``(n,)``.
        unmet: Of each token that the passage says nothing of it, shape ``(n tokens,)``.
    """

    spans: Tensor
    order: Tensor
    answers: Tensor
    unmet: Tensor


def labelled_loss(said: Said, batch: Mapping[str, Tensor]) -> Tensor:
    """Return how far what was said is from the labels of a batch; what has none counts for nothing."""
    loss = _SPAN * _span_loss(said.spans, batch) + _UNMET * _unmet_loss(said.unmet, batch["unmet"])
    loss = loss + _ANSWERS * _answers_loss(said.judged[:, 1], batch["answers"])
    return loss + _ORDER * _order_loss(said.judged[:, 0], batch["relevant"], batch["groups"])


def taught_loss(said: Said, wanted: Chances, batch: Mapping[str, Tensor]) -> Tensor:
    """Return how far what was said is from what teachers hold for likely: Kullback-Leibler, head by head.

    Heads and cases weigh as they do by the labels, so that teachers who are sure of the labels give their loss. Of what
    has no label teachers speak too.

    Source:
        Hinton et al. 2015, Distilling the knowledge in a neural network, https://arxiv.org/abs/1503.02531.
    """
    texts, first = _text_of(batch), firsts(batch["lengths"])
    spans = _divergence(wanted.spans, _log_shares(said.spans, texts, len(first)), texts, len(first)).mean(1)
    nowhere = wanted.spans[first].mean(1)
    loss = _SPAN * _mean(spans, 1 - (1 - _NULL_WEIGHT) * nowhere)
    unmet = _apart(said.unmet, wanted.unmet) * (1 + (_UNMET_WEIGHT - 1) * wanted.unmet)
    loss = loss + _UNMET * _mean(unmet, batch["kinds"] == 0)
    loss = loss + _ANSWERS * _apart(said.judged[:, 1], wanted.answers).mean()
    groups, n = batch["groups"], len(first)
    order = _divergence(wanted.order, _log_shares(said.judged[:, 0], groups, n), groups, n)
    n_ranked = torch.zeros_like(order).index_add(0, groups, torch.ones_like(order))
    return loss + _ORDER * _mean(order, n_ranked > 1)


def chances(said: Said, batch: Mapping[str, Tensor]) -> Chances:
    """Return how likely a reader holds what it says to be."""
    n = len(batch["lengths"])
    return Chances(
        torch.exp(_log_shares(said.spans, _text_of(batch), n)),
        torch.exp(_log_shares(said.judged[:, 0], batch["groups"], n)),
        torch.sigmoid(said.judged[:, 1]),
        torch.sigmoid(said.unmet),
    )


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


def allowed(batch: Mapping[str, Tensor]) -> Tensor:
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


def _log_shares(values: Tensor, owner: Tensor, n: int) -> Tensor:
    """Return the logarithm of each value's softmax among those of its owner; arguments as of `_pooled`."""
    return values - _pooled(values, owner, n)[owner]


def _divergence(wanted: Tensor, log_shares: Tensor, owner: Tensor, n: int) -> Tensor:
    """Return ``sum(wanted · (log wanted - log_shares))`` over the values of each owner, shape ``(n, …)``."""
    # What nothing is wanted of counts for nothing, and its logarithm may be none.
    terms = torch.xlogy(wanted, wanted) - wanted * log_shares.masked_fill(wanted == 0, 0.0)
    return terms.new_zeros((n, *terms.shape[1:])).index_add(0, owner, terms)


def _apart(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return the divergence of a yes or no from how likely it is wanted to be."""
    known = torch.xlogy(wanted, wanted) + torch.xlogy(1 - wanted, 1 - wanted)
    return functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none") + known


def _mean(losses: Tensor, weight: Tensor) -> Tensor:
    """Return the weighted mean; 0 where nothing weighs. Without a look at the numbers, for which a card would wait."""
    weight = weight.to(losses.dtype)
    return torch.where(weight > 0, losses, torch.zeros_like(losses)).mul(weight).sum() / weight.sum().clamp(min=1e-6)
