"""``footnote train merge`` as it is typed: the mean of models passes the same gate as what was trained."""

import json
import shutil

import numpy as np
import pytest
from safetensors.torch import load_file

from rag.models.bundled import bundled_folder
from rag.models.pairs import WEIGHTS
from rag.models.reading import ReadingReranker
from rag.models.weights import file_sha256
from rag.settings import load_settings
from rag.training.card import CARD
from rag.wiring import open_workspace
from tests.rag.training.conftest import save_reader, save_tiny

SLOT = "reranker"


@pytest.fixture(scope="module")
def readers(tiny, tmp_path_factory):
    root = tmp_path_factory.mktemp("readers")
    for seed, name in enumerate(("first", "second")):
        save_reader(tiny, root / name, seed=seed, max_tokens=256)
    return root


def merge(footnote, toys, out, *models, status=1, kind="reader"):
    return footnote("merge", kind, *models, "--data", toys / "codes", "--out", out, "--json", status=status)


def test_a_mean_that_is_not_better_is_kept_as_lost_with_a_card_of_what_it_is_made_of(footnote, toys, readers, tmp_path):
    models = (f"{readers / 'first'}:3", readers / "second")
    said = json.loads(merge(footnote, toys, tmp_path / "new", *models).out)
    lost = tmp_path / "new-lost"
    assert (said["wins"], said["folder"], said["learnt_from"]) == (False, str(lost), 0)
    assert said["sha256"] == file_sha256(lost / WEIGHTS)
    card = (lost / CARD).read_text(encoding="utf-8")
    for name, share in (("first", "0.7500"), ("second", "0.2500")):
        assert f"| `{name}` | `{file_sha256(readers / name / WEIGHTS)}` | {share} |" in card
    assert f"`{said['sha256']}`" in card
    assert "| compared with | bundled:reader |" in card
    assert "footnote train merge reader first:3 second:1 --data codes --seed 20261120 --out new" in card
    assert str(tmp_path) not in card

    # The slot loads it like any other reader, and it reads otherwise than its parts.
    scores = [scored(folder, tmp_path / "home") for folder in (lost, readers / "first")]
    assert not np.allclose(*scores, atol=1e-3)


def scored(folder, home):
    settings = load_settings(home=home, env={})
    models = settings.models.model_copy(update={"reranker": str(folder)})
    with open_workspace(settings.model_copy(update={"models": models})) as workspace:
        assert isinstance(workspace.reranker, ReadingReranker)
        return workspace.reranker.score("Which code opens it?", ["The code is amber.", "Nobody knows it."])


def test_a_mean_that_beats_what_is_in_use_takes_its_place(footnote, toys, readers, tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_MODELS__RERANKER", str(readers / "first"))
    # The mean of a model with itself is that model.
    said = json.loads(merge(footnote, toys, tmp_path / "new", "bundled:reader", "bundled:reader", status=0).out)
    assert (said["wins"], said["folder"]) == (True, str(tmp_path / "new"))
    card = (tmp_path / "new" / CARD).read_text(encoding="utf-8")
    assert "It wins." in card
    assert "| compared with | first |" in card
    made, wanted = (load_file(folder / WEIGHTS) for folder in (tmp_path / "new", bundled_folder("reader", slot=SLOT)))
    assert all((made[name] == wanted[name]).all() for name in wanted if not name.startswith("largest."))


def test_models_that_do_not_fit_are_named_before_any_work(footnote, toys, tiny, readers, tmp_path):
    flat = tmp_path / "flat"
    save_reader(save_tiny(tmp_path / "encoder", layers=1), flat, max_tokens=256)
    said = merge(footnote, toys, tmp_path / "new", readers / "first", flat).err
    assert "'flat' has num_hidden_layers 1, but 'first' has 2" in " ".join(said.split())
    said = merge(footnote, toys, tmp_path / "new", readers / "first", readers / "second", kind="verifier").err
    assert "expected a model of the kind 'verifier'" in " ".join(said.split())
    said = merge(footnote, toys, tmp_path / "new", readers / "first", tiny).err
    assert "got none of ours" in " ".join(said.split())
    assert not list(tmp_path.glob("new*"))


def test_what_is_asked_wrongly_is_said(footnote, toys, readers, tmp_path):
    said = merge(footnote, toys, tmp_path / "new", readers / "first", status=2).err
    assert "alone is that model" in " ".join(said.split())
    said = merge(footnote, toys, tmp_path / "new", readers / "first", f"{readers / 'second'}:0", status=2).err
    assert "must be a number above 0" in " ".join(said.split())
    shutil.copytree(readers / "first", tmp_path / "new-lost")
    (tmp_path / "new-lost" / CARD).write_text("Mine.")
    said = merge(footnote, toys, tmp_path / "new", tmp_path / "new-lost", readers / "second", status=2).err
    assert "would be overwritten" in " ".join(said.split())
    assert (tmp_path / "new-lost" / WEIGHTS).is_file()
