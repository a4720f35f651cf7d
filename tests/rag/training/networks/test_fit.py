"""A training that was stopped goes on where it was."""

import json

import pytest
import torch

from rag.training.networks.fit import Schedule, fit


class Line(torch.nn.Module):
    """Learns y = 2x; counts what it was shown."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen = []

    def forward(self, x, y):
        if self.training:
            self.seen.append(float(x[0]))
        return {"loss": ((self.weight * x - y) ** 2).mean()}


BATCHES = [[n / 10, n / 10 + 0.05] for n in range(8)]


def collate(batch):
    x = torch.tensor(batch)
    return {"x": x, "y": 2 * x}


def run(folder, *, steps, measured=None, told=None, stop_at=None):
    def measure(network):
        if measured is not None:
            measured.append(float(network.weight))
        return {"weight": float(network.weight)}

    def on_progress(done, total):
        if told is not None:
            told.append((done, total))
        if done == stop_at:
            raise KeyboardInterrupt

    network = Line()
    schedule = Schedule(steps=steps, learning_rate=0.05, warmup=2, decay=4, every=5, seed=3)
    try:
        along = fit(network, BATCHES, collate, schedule, folder=folder, measure=measure, on_progress=on_progress)
    except KeyboardInterrupt:
        along = []
    return network, along


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    told = []
    network, along = run(tmp_path_factory.mktemp("whole"), steps=20, told=told)
    return network, along, told


def test_it_learns(whole):
    assert float(whole[0].weight.detach()) > 0.5


def test_it_measures_at_every_checkpoint_and_tells_of_every_step(whole):
    _, along, told = whole
    assert [line["step"] for line in along] == [5, 10, 15, 20]
    assert along[0]["weight"] < along[-1]["weight"]
    assert told == [(n, 20) for n in range(21)]


def test_a_stopped_training_goes_on_from_its_checkpoint_and_ends_as_if_it_had_not_been(whole, tmp_path):
    stopped, _ = run(tmp_path / "run", steps=20, stop_at=13)
    assert (tmp_path / "run" / "checkpoint-10").is_dir()
    told = []
    network, along = run(tmp_path / "run", steps=20, told=told)
    assert told[0] == (10, 20)
    assert len(network.seen) == 10
    assert network.seen == whole[0].seen[10:]
    assert float(network.weight.detach()) == pytest.approx(float(whole[0].weight.detach()), abs=1e-6)
    assert [line["step"] for line in along] == [5, 10, 15, 20]
    assert len(stopped.seen) == 13


@pytest.mark.parametrize("state", [None, "", '{"epoch": 1.2,'])
def test_a_training_that_was_killed_while_a_checkpoint_was_written_goes_on_from_the_one_before(whole, tmp_path, state):
    run(tmp_path / "run", steps=20, stop_at=13)
    cut_off = tmp_path / "run" / "checkpoint-10"
    (cut_off / "trainer_state.json").unlink()
    if state is not None:
        (cut_off / "trainer_state.json").write_text(state, encoding="utf-8")
    told = []
    network, along = run(tmp_path / "run", steps=20, told=told)
    assert told[0] == (5, 20)
    assert float(network.weight.detach()) == pytest.approx(float(whole[0].weight.detach()), abs=1e-6)
    assert [line["step"] for line in along] == [5, 10, 15, 20]


def test_a_finished_training_is_only_loaded(tmp_path):
    finished, _ = run(tmp_path / "run", steps=20)
    again, along = run(tmp_path / "run", steps=20)
    assert again.seen == []
    assert float(again.weight.detach()) == float(finished.weight.detach())
    assert len(along) == 4


def test_two_checkpoints_stay(tmp_path):
    run(tmp_path / "run", steps=20)
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"checkpoint-15", "checkpoint-20"}


def test_the_learning_rate_rises_stays_and_falls(tmp_path):
    run(tmp_path / "run", steps=50)
    state = json.loads((tmp_path / "run" / "checkpoint-50" / "trainer_state.json").read_text())
    rates = [line["learning_rate"] for line in state["log_history"] if "learning_rate" in line]
    assert rates[0] == pytest.approx(0.05)
    assert rates[-1] < 0.02
