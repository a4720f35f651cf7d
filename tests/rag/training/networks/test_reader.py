"""The reader's network: its losses, and that it learns."""

import pytest
import torch

from rag.models.reader import Reader
from rag.sentences import Span
from rag.training.examples.shapes import Group, Reading
from rag.training.networks.export import export
from rag.training.networks.losses import taught_loss
from rag.training.networks.packing import Encoded, PairEncoder, batches
from rag.training.networks.reader import ReaderNetwork, Teachers, collate
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


def test_what_teachers_hold_for_likely_is_their_mean(tiny, tokenizer):
    networks = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        networks.append(ReaderNetwork(tiny))
    batch = collate(PairEncoder(tokenizer, max_tokens=40, max_first=16, seed=1).groups(groups(2)))
    found = Teachers(networks, share=0.5).chances(batch)
    each = [Teachers([network], share=0.5).chances(batch) for network in networks]
    for head, values in found._asdict().items():
        first, second = (getattr(one, head) for one in each)
        torch.testing.assert_close(values, (first + second) / 2)
        assert not torch.allclose(first, second, atol=1e-3)
    assert float(found.order.sum()) == pytest.approx(2)
    assert not any(parameter.requires_grad for network in networks for parameter in network.parameters())


def test_teachers_have_their_share_of_the_loss_while_training_alone_and_are_no_part_of_the_network(tiny, tokenizer):
    torch.manual_seed(1)
    network, teacher = ReaderNetwork(tiny), ReaderNetwork(tiny)
    names = set(network.state_dict())
    batch = collate(PairEncoder(tokenizer, max_tokens=40, max_first=16, seed=1).groups(groups(2)))
    labelled = network.train()(**batch)["loss"]
    network.teachers = Teachers([teacher], share=0.75)
    said = network.said(batch)
    taught = taught_loss(said, network.teachers.chances(batch), batch)
    torch.testing.assert_close(network(**batch)["loss"], 0.25 * labelled + 0.75 * taught)
    torch.testing.assert_close(network.eval()(**batch)["loss"], labelled)
    assert abs(float((labelled - taught).detach())) > 0.01
    assert set(network.state_dict()) == names
