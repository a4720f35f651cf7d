"""Which models a new one is made from, and whether they fit together."""

import json
import shutil
from pathlib import Path

import pytest

from rag.errors import InputError, ModelError
from rag.training.origins import Origin, check_alike, found_own, weighed
from tests.rag.training.conftest import save_reader, save_tiny


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("models/first:3", ("models/first", 3.0)),
        ("bundled:reader:0.25", ("bundled:reader", 0.25)),
        ("bundled:reader", ("bundled:reader", 1.0)),
        ("hf:org/name@main", ("hf:org/name@main", 1.0)),
        ("models/first", ("models/first", 1.0)),
    ],
)
def test_a_share_stands_behind_the_model(text, wanted):
    assert weighed(text) == wanted


@pytest.mark.parametrize("share", ["0", "-1", "nan", "inf"])
def test_a_share_is_a_number_above_nothing(share):
    with pytest.raises(InputError, match=f"share of 'models/first' must be a number above 0, got '{share}'"):
        weighed(f"models/first:{share}")


@pytest.fixture(scope="module")
def readers(tiny, tmp_path_factory):
    root = tmp_path_factory.mktemp("readers")
    for seed, name in enumerate(("first", "second")):
        save_reader(tiny, root / name, seed=seed)
    return root


def origins(*folders):
    return [Origin(folder.name, "ab", folder) for folder in folders]


def test_what_is_built_alike_fits_together(readers):
    check_alike(origins(readers / "first", readers / "second"))


def test_the_model_that_is_built_otherwise_is_named_with_what_differs(readers, tmp_path):
    save_reader(save_tiny(tmp_path / "encoder", layers=1), tmp_path / "flat")
    with pytest.raises(ModelError, match="'flat' has num_hidden_layers 1, but 'first' has 2"):
        check_alike(origins(readers / "first", readers / "second", tmp_path / "flat"))


def test_the_model_that_reads_otherwise_is_named(readers, tmp_path):
    other = shutil.copytree(readers / "second", tmp_path / "other")
    tokenizer = json.loads((other / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["normalizer"]["lowercase"] = False
    (other / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(ModelError, match="tokenizer of 'other' is not that of 'first'"):
        check_alike(origins(readers / "first", other))


def test_a_model_of_another_kind_is_refused(readers):
    assert found_own(str(readers / "first"), kind="reader", cache=Path()).reference == "first"
    with pytest.raises(ModelError, match=r"expected a model of the kind 'verifier' version 1 in .*, got 'reader'"):
        found_own(str(readers / "first"), kind="verifier", cache=Path())
