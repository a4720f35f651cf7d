"""What is made small: how far a reader is from the labels, and from what its teachers hold for likely."""

import math

import pytest
import torch

from rag.training.networks.losses import (
    Chances,
    Said,
    _order_loss,
    _pooled,
    _span_loss,
    allowed,
    chances,
    labelled_loss,
    taught_loss,
)
from rag.training.networks.packing import Encoded
from rag.training.networks.reader import collate

# Two groups of two; all is known of them.
GROUPS = [
    [
        Encoded((101, 7, 8, 102, 9, 10, 11, 102), 4, 5, 6, 1, 1, (0, 0, 0, 0)),
        Encoded((101, 7, 8, 102, 9, 102), 4, 0, 0, 0, 0, (0, 0, 1, 0)),
    ],
    [
        Encoded((101, 7, 102, 9, 10, 102), 3, 3, 3, 1, 1, (0, 0, 0)),
        Encoded((101, 7, 102, 8, 102), 3, 0, 0, 0, 0, (0, 1, 0)),
    ],
]


def said(batch, seed):
    """Return what a reader might say of a batch."""
    draw = torch.Generator().manual_seed(seed)
    n_tokens, n = len(batch["ids"]), len(batch["lengths"])
    spans = torch.randn(n_tokens, 2, generator=draw).masked_fill(~allowed(batch)[:, None], float("-inf"))
    return Said(spans, torch.randn(n, 2, generator=draw), torch.randn(n_tokens, generator=draw))


def test_teachers_who_are_sure_of_the_labels_give_their_loss():
    batch = collate(GROUPS)
    first = torch.cumsum(batch["lengths"], 0) - batch["lengths"]
    spans = torch.zeros(len(batch["ids"]), 2)
    spans[first + batch["starts"], 0] = spans[first + batch["ends"], 1] = 1.0
    sure = Chances(spans, batch["relevant"].float(), batch["answers"].float(), batch["unmet"].clamp(min=0).float())
    learner = said(batch, 1)
    torch.testing.assert_close(taught_loss(learner, sure, batch), labelled_loss(learner, batch))


def test_what_a_teacher_says_itself_is_no_distance_from_it_and_anything_else_is():
    batch = collate(GROUPS)
    one, other = said(batch, 1), said(batch, 2)
    assert float(taught_loss(one, chances(one, batch), batch)) == pytest.approx(0, abs=1e-6)
    for head in Said._fields:
        assert float(taught_loss(one._replace(**{head: getattr(other, head)}), chances(one, batch), batch)) > 0.01


def test_the_distance_is_the_divergence_text_by_text_and_group_by_group():
    batch = collate(GROUPS)
    learner, teacher = said(batch, 1), said(batch, 2)
    wanted = chances(teacher, batch)
    total, weights, order = 0.0, 0.0, []
    texts = zip(*(torch.split(each.spans, batch["lengths"].tolist()) for each in (learner, teacher)), strict=True)
    for ours, theirs in texts:
        open_ = torch.isfinite(theirs[:, 0])
        p, q = torch.softmax(theirs[open_], 0), torch.softmax(ours[open_], 0)
        # As far as the teacher sees no answer, a text counts half.
        weight = 1 - 0.5 * float(p[0].mean())
        total += weight * float((p * (p / q).log()).sum(0).mean())
        weights += weight
    for group in (slice(0, 2), slice(2, 4)):
        p, q = (torch.softmax(each.judged[group, 0], 0) for each in (teacher, learner))
        order.append(float((p * (p / q).log()).sum()))
    p, q = (torch.sigmoid(each.judged[:, 1]) for each in (teacher, learner))
    answers = float((p * (p / q).log() + (1 - p) * ((1 - p) / (1 - q)).log()).mean())
    p, q = (torch.sigmoid(each.unmet[batch["kinds"] == 0]) for each in (teacher, learner))
    unmet = float(((1 + 3 * p) * (p * (p / q).log() + (1 - p) * ((1 - p) / (1 - q)).log())).mean())
    expected = total / weights + (sum(order) / 2 + answers + unmet) / 2
    assert float(taught_loss(learner, wanted, batch)) == pytest.approx(expected, rel=1e-4)


def test_a_teacher_speaks_where_there_is_no_label_and_every_slope_is_a_number():
    batch = collate([[Encoded((101, 7, 102, 9, 10, 102), 3)]])
    learner = Said(*(each.requires_grad_() for each in said(batch, 1)))
    assert float(labelled_loss(learner, batch).detach()) == 0.0
    loss = taught_loss(learner, chances(said(batch, 2), batch), batch)
    assert float(loss.detach()) > 0.01
    loss.backward()
    assert all(torch.isfinite(each.grad).all() and each.grad.any() for each in learner[:1])


def test_the_listwise_loss_is_that_of_the_relevant_against_its_group():
    scores = torch.tensor([2.0, 1.0, 5.0, 0.0])
    loss = _order_loss(scores, torch.tensor([1, 0, 1, -1]), torch.tensor([0, 0, 1, 1]))
    # The second group has nothing to rank against.
    assert float(loss) == pytest.approx(math.log(math.exp(2) + math.exp(1)) - 2)


def test_the_loss_of_a_span_is_the_cross_entropy_over_its_text_and_one_without_an_answer_counts_half():
    rows = [Encoded((1, 2, 3, 4, 5, 6), 3, 4, 4), Encoded((1, 2, 3, 4), 2, 0, 0), Encoded((1, 2, 3, 4, 5), 2)]
    batch = collate([rows])
    spans = torch.randn(15, 2, generator=torch.Generator().manual_seed(5))
    first, second, _ = torch.split(spans, [6, 4, 5])
    entropy = [
        sum(float(torch.logsumexp(text[:, side], 0) - text[place, side]) for side in (0, 1)) / 2
        for text, place in ((first, 4), (second, 0))
    ]
    assert float(_span_loss(spans, batch)) == pytest.approx((entropy[0] + entropy[1] / 2) / 1.5, rel=1e-5)


def test_a_text_without_values_gives_a_low_number_and_a_slope_that_is_one():
    values = torch.tensor([1.0, float("-inf"), 2.0], requires_grad=True)
    made = _pooled(values, torch.tensor([0, 2, 0]), 3)
    assert float(made[0].detach()) == pytest.approx(math.log(math.e + math.exp(2)))
    assert made[1:].max() < -1e3
    made.sum().backward()
    assert torch.isfinite(values.grad).all()
