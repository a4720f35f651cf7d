"""What tells one training from another, so that it goes on from its own checkpoints only; and models joined."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from rag.errors import ModelError
from rag.models.pairs import CONFIG, WEIGHTS, is_kind
from rag.models.weights import file_sha256
from rag.training.networks.export import export
from rag.training.networks.losses import taught_loss
from rag.training.networks.packing import Encoded, EncodedClaim, EncodedWriting, PairEncoder
from rag.training.networks.reader import Teachers, collate
from rag.training.networks.verifier import VerifierNetwork
from rag.training.networks.writer import WriterNetwork
from rag.training.origins import Origin
from rag.training.runs import Choices, _key, begin, merge, train
from rag.training.sets.preparing import Prepared, PreparedClaims
from rag.training.sets.writings import PreparedWritings
from tests.rag.training.conftest import save_reader, save_tiny
from tests.rag.training.networks.test_reader import groups
from tests.rag.training.networks.test_verifier import claims
from tests.rag.training.networks.test_writer import codes

CHOICES = Choices(Path("base"), "ab", 3, 0.1, 7, 100, Path("checkpoints"))
READ = Encoded((101, 7, 102, 8, 9, 102), 3, start=3, end=4, answers=1, relevant=1, unmet=(0, 0, 0))
CLAIMED = EncodedClaim((101, 7, 102, 8, 102), 3, supported=True, faults=(-1, 0, -1, -1, -1))
WRITTEN = EncodedWriting((101, 7, 102, 8, 102), 3, (-1, -1, -1, 1, -1), (-1, -1, -1, -1, -1))


@pytest.mark.parametrize(
    ("row", "corrected"),
    [
        (READ, {"ids": (101, 7, 102, 8, 8, 102)}),
        (READ, {"end": 3}),
        (READ, {"answers": 0}),
        (READ, {"relevant": -1}),
        (READ, {"unmet": (0, 1, 0)}),
        (CLAIMED, {"supported": False}),
        (CLAIMED, {"faults": (-1, 1, -1, -1, -1)}),
        (WRITTEN, {"used": (-1, -1, -1, 0, -1)}),
    ],
)
def test_corrected_labels_make_another_training(row, corrected):
    key = _key([[row, row]], CHOICES)
    assert key == _key([[replace(row), row]], replace(CHOICES, steps=9, checkpoints=Path("elsewhere")))
    assert key != _key([[row, replace(row, **corrected)]], CHOICES)
    assert key != _key([[row], [row]], CHOICES)


def test_a_training_that_goes_on_ends_with_the_share_of_its_base_that_is_asked_for(readers, tmp_path):
    base = readers[0].folder
    choices = Choices(base, "ab", 4, 3e-3, 7, 400, tmp_path / "checkpoints")
    made = {}
    for share in (0.0, 0.25, None):
        asked = replace(choices, base_share=share)
        train(prepared(), asked, tmp_path / f"{share}", on_progress=lambda *_: None)
        made[share] = load_file(tmp_path / f"{share}" / WEIGHTS)
    begun = load_file(base / WEIGHTS)
    for name in (name for name in begun if not name.startswith("largest.")):
        trained, before = made[0.0][name].float(), begun[name].float()
        torch.testing.assert_close(made[0.25][name].float(), (before + 3 * trained) / 4, rtol=2e-3, atol=1e-4)
        # Half, where nothing is asked.
        torch.testing.assert_close(made[None][name].float(), (before + trained) / 2, rtol=2e-3, atol=1e-4)
    assert (made[0.0]["judge.weight"] - begun["judge.weight"]).abs().max() > 2e-3
    # The share is no part of the training: it was trained once and then loaded.
    assert len(list((tmp_path / "checkpoints").iterdir())) == 1


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Two readers with other weights in encoder and heads."""
    root = tmp_path_factory.mktemp("readers")
    for seed, name in enumerate(("first", "second")):
        save_reader(save_tiny(root / f"encoder-{name}", seed=seed), root / name, seed=seed)
    return tuple(Origin(name, "ab", root / name, share) for name, share in (("first", 1.0), ("second", 3.0)))


def prepared():
    return Prepared(tuple(groups(8)), tuple(groups(2)))


def test_models_are_merged_into_the_mean_of_their_weights_by_share(readers, tmp_path):
    sha256 = merge(prepared(), readers, tmp_path / "merged", seed=1)
    made, first, second = (load_file(each / WEIGHTS) for each in (tmp_path / "merged", *(o.folder for o in readers)))
    assert sha256 == file_sha256(tmp_path / "merged" / WEIGHTS)
    assert made.keys() == first.keys()
    for name, tensor in made.items():
        wanted = first[name].numpy().astype(np.float64) / 4 + second[name].numpy().astype(np.float64) * 3 / 4
        if name.startswith("largest."):
            # Of the mean itself, and on other examples.
            assert not np.allclose(tensor.numpy(), wanted, rtol=1e-2)
        else:
            assert tensor.dtype == torch.float16
            np.testing.assert_allclose(tensor.numpy(), wanted, rtol=1e-3, atol=1e-7)
    assert (tmp_path / "merged" / CONFIG).read_text() == (readers[0].folder / CONFIG).read_text()


@pytest.fixture(scope="module")
def teacher(readers, tmp_path_factory):
    """A reader that is sure of what it says, right or wrong."""
    folder = shutil.copytree(readers[0].folder, tmp_path_factory.mktemp("teacher") / "teacher")
    weights = load_file(folder / WEIGHTS)
    save_file(
        {name: each * (1 if name.startswith("bert.") else 12) for name, each in weights.items()}, folder / WEIGHTS
    )
    return Origin("teacher", "cd", folder)


def taught(choices, teachers, folder, *, stop_at=None):
    def on_progress(done, _):
        if done == stop_at:
            raise KeyboardInterrupt

    asked = replace(choices, teachers=teachers, teacher_share=0.8 if teachers else 0.0)
    return train(prepared(), asked, folder, on_progress=on_progress)


def test_who_is_taught_comes_nearer_to_what_the_teacher_says(tiny, tokenizer, teacher, tmp_path):
    choices = Choices(tiny, "ab", 25, 3e-3, 7, 400, tmp_path / "checkpoints")
    batch = collate(PairEncoder(tokenizer, max_tokens=40, max_first=16, seed=1).groups(groups(12, shift=5)))
    wanted = Teachers([begin("reader", replace(choices, base=teacher.folder))], share=1.0).chances(batch)
    away = []
    for name, teachers in (("alone", ()), ("taught", (teacher,))):
        taught(choices, teachers, tmp_path / name)
        network = begin("reader", replace(choices, base=tmp_path / name)).eval()
        with torch.inference_mode():
            away.append(float(taught_loss(network.said(batch), wanted, batch)))
    assert away[1] < 0.6 * away[0], away


def test_a_taught_training_that_was_stopped_ends_as_if_it_had_not_been(tiny, teacher, readers, tmp_path):
    # With dropout: teachers must not draw on the chance that it takes.
    choices = Choices(tiny, "ab", 10, 3e-3, 7, 400, tmp_path / "whole", dropout=0.2)
    teachers = (teacher, readers[1])
    whole = taught(choices, teachers, tmp_path / "first")
    stopped = replace(choices, checkpoints=tmp_path / "stopped")
    with pytest.raises(KeyboardInterrupt):
        taught(stopped, teachers, tmp_path / "second", stop_at=7)
    (folder,) = (tmp_path / "stopped").iterdir()
    assert {path.name for path in folder.iterdir()} == {"checkpoint-4", "checkpoint-6"}
    again = taught(stopped, teachers, tmp_path / "second")
    assert again.sha256 == whole.sha256
    assert taught(stopped, (teacher,), tmp_path / "third").sha256 != whole.sha256


def test_other_teachers_make_another_training():
    key = _key([[READ]], CHOICES)
    one, other = (replace(CHOICES, teachers=(Origin("t", sha256, Path("t")),), teacher_share=0.7) for sha256 in "ab")
    assert len({key, _key([[READ]], one), _key([[READ]], other), _key([[READ]], replace(one, teacher_share=0.5))}) == 4


@pytest.mark.parametrize(
    ("kind", "network", "learnt"),
    [
        ("verifier", VerifierNetwork, PreparedClaims(tuple(claims(2)), ())),
        ("writer", WriterNetwork, PreparedWritings(tuple(codes(2)), ())),
    ],
)
def test_verifiers_and_writers_are_merged_too(tiny, tmp_path, kind, network, learnt):
    parts = [tmp_path / "first", tmp_path / "second"]
    for folder in parts:
        export(network(tiny), tiny, folder, kind=kind, max_tokens=64)
    merge(learnt, [Origin(folder.name, "ab", folder) for folder in parts], tmp_path / "merged", seed=1)
    assert is_kind(tmp_path / "merged", kind)
    made, first, second = (load_file(folder / WEIGHTS) for folder in (tmp_path / "merged", *parts))
    for name in first:
        torch.testing.assert_close(made[name], ((first[name].float() + second[name].float()) / 2).half())
        assert name.startswith("bert.") or not torch.equal(first[name], second[name])


@pytest.mark.parametrize(("changed", "got"), [(None, "None"), ((2, 16), r"\(2, 16\)")])
def test_weights_that_do_not_fit_are_named_with_their_model(readers, tmp_path, changed, got):
    damaged = shutil.copytree(readers[1].folder, tmp_path / "damaged")
    weights = load_file(damaged / WEIGHTS)
    del weights["judge.weight"]
    save_file(weights | ({"judge.weight": torch.zeros(changed)} if changed else {}), damaged / WEIGHTS)
    with pytest.raises(ModelError, match=rf"'damaged' has 'judge.weight' in the shape {got}, expected \(2, 32\)"):
        merge(prepared(), (readers[0], Origin("damaged", "ab", damaged)), tmp_path / "merged", seed=1)
