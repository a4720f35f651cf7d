"""The reader's network: its losses, and that it learns."""

import math

import pytest
import torch

from rag.models.reader import Reader
from rag.sentences import Span
from rag.training.examples import Group, Reading
from rag.training.export import export
from rag.training.packing import Encoded, PairEncoder, batches
from rag.training.reader import ReaderNetwork, _order_loss, _pooled, _span_loss, collate
from rag.types import ModelUse
from tests.rag.training.conftest import CODES, TOWNS


def groups(n, *, shift=0):
    """Return questions for code words: the passage of the town, and that of another."""
    made = []
    for place in range(n):
        town, code = TOWNS[place % 12], CODES[(place * 7 + place // 12 + shift) % 12]
        other = TOWNS[(place + 5) % 12]
        text = f"In {town} the code word is {code} now."
        answer = Span(text.find(code), text.find(code) + len(code))
        question = f"What is the code word in {town}?"
        right = Reading(text, answer, answers=True, relevant=True, unmet=())
        lacks = (Span(question.find(town), question.find(town) + len(town)),)
        wrong = Reading(f"In {other} nobody asks for it.", None, answers=False, relevant=False, unmet=lacks)
        made.append(Group("toy", question, (right, wrong)))
    return made


@pytest.fixture(scope="module")
def trained(tiny, tokenizer):
    """A network after 60 steps on the toy task."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    encoder = PairEncoder(tokenizer, max_tokens=40, max_first=16, seed=1)
    made = batches(encoder.groups(groups(144)), max_tokens=640, seed=1)
    network = ReaderNetwork(tiny)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for step in range(60):
        loss = network(**collate(made[step % len(made)]))["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network.eval()


def test_a_trained_reader_finds_the_word_orders_the_passages_and_knows_which_answers(trained, tiny, tmp_path):
    sha256 = export(trained, tiny, tmp_path / "reader", kind="reader", max_tokens=64)
    reader = Reader(tmp_path / "reader", use=ModelUse("reader", sha256), threads=1, precision="float32")
    exact = ordered = told = lacking = 0
    asked = groups(36, shift=5)
    for group in asked:
        right, wrong = reader.read(group.question, [each.passage for each in group.readings])
        exact += right.answer == group.readings[0].answer
        ordered += right.relevance > wrong.relevance
        told += right.answers > 0.5 > wrong.answers
        lacking += not right.unmet and wrong.unmet == group.readings[1].unmet
    reader.close()
    assert min(exact, ordered, told, lacking) >= 30, (exact, ordered, told, lacking)


def test_an_untrained_reader_does_not(tiny, tmp_path):
    torch.manual_seed(2)
    export(ReaderNetwork(tiny), tiny, tmp_path / "reader", kind="reader", max_tokens=64)
    reader = Reader(tmp_path / "reader", use=ModelUse("reader", ""), threads=1, precision="float32")
    found = [reader.read(g.question, [g.readings[0].passage])[0].answer == g.readings[0].answer for g in groups(36)]
    reader.close()
    assert sum(found) < 15


def test_a_span_never_lies_in_the_question_or_on_a_separator(trained):
    out = trained(**collate([[Encoded((101, 2054, 102, 2023, 2003, 102), 3)]]))
    open_places = torch.isfinite(out["spans"][:, 0]).tolist()
    assert open_places == [True, False, False, True, True, False]


def test_unknown_labels_give_no_loss(trained):
    out = trained(**collate([[Encoded((101, 2054, 102, 2023, 102), 3)]]))
    assert float(out["loss"].detach()) == 0.0


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
