"""The mean of weights, of several models and of one with its beginning."""

import torch

from rag.training.networks.mean import mean, meet
from rag.training.runs import Choices, begin
from tests.rag.training.conftest import save_reader


def test_a_mean_counts_each_by_its_share_of_all():
    one, other = {"a": torch.tensor([1.0, 2.0])}, {"a": torch.tensor([3.0, 10.0]), "not in the first": torch.ones(1)}
    assert mean([(one, 1.0), (other, 3.0)])["a"].tolist() == [2.5, 8.0]
    assert mean([(one, 0.1), (one, 0.2), (other, 0.1)])["a"].tolist() == [1.5, 4.0]
    assert mean([(one, 2.0), (other, 2.0)]).keys() == {"a"}


def test_a_mean_of_halves_is_reckoned_in_full():
    # 1 + 2^-11 lies between two numbers of half precision: a mean reckoned there would be one of them.
    parts = [({"a": torch.tensor([value], dtype=torch.float16)}, 1.0) for value in (1.0, 1.0 + 2**-10)]
    assert mean(parts)["a"].tolist() == [1.0 + 2**-11]


def test_a_network_goes_back_to_its_base_by_the_share_of_it():
    base, network = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    expected = (base.weight + network.weight) / 2
    meet(network, base, share=0.5)
    assert torch.equal(network.weight, expected)
    meet(network, base, share=0.25)
    torch.testing.assert_close(network.weight, (base.weight + 3 * expected) / 4)


def test_with_heads_of_its_own_only_the_encoder_goes_back(tiny, tmp_path):
    base = save_reader(tiny, tmp_path / "reader")
    choices = Choices(tmp_path / "reader", "ab", 3, 0.1, 7, 100, tmp_path)
    network, begun = begin("verifier", choices), begin("verifier", choices)
    with torch.no_grad():
        for tensor in network.parameters():
            tensor.add_(1)
    meet(network, begun, share=0.5, heads=False)
    moved = {name: (tensor - begun.state_dict()[name]).mean() for name, tensor in network.state_dict().items()}
    assert all(torch.isclose(by, torch.tensor(0.5 if name.startswith("bert.") else 1.0)) for name, by in moved.items())
    assert any(not name.startswith("bert.") for name in moved)
    assert {name for name in base.state_dict() if name.startswith("bert.")} <= moved.keys()
