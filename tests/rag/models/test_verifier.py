"""The verifier: support and faulty words from one pass; `tests.rag.training` shows that one learns."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import rag.models.verifier as verifier_module
from rag.errors import ModelError
from rag.models.verifier import PairVerifier
from rag.types import ModelUse
from tests.rag.models.test_pairs import save_pair_model

CLAIMS = ("the router light is red", "the office is in lisbon", "yes")
SOURCES = ("the router light is green", "the office opened in 2019", "no")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_pair_model(tmp_path_factory.mktemp("verifier"), kind="verifier")


def load(folder):
    return PairVerifier(folder, use=ModelUse("the verifier", "ab"), threads=1, precision="float32")


@pytest.fixture(scope="module")
def verifier(folder):
    loaded = load(folder)
    yield loaded
    loaded.close()


def faulty_everywhere(folder, target, bias):
    """Save a verifier again whose every token is as faulty as a bias says."""
    weights = load_file(folder / "model.safetensors")
    weights["fault.weight"] = torch.zeros_like(weights["fault.weight"])
    weights["fault.bias"] = torch.full((1,), float(bias))
    target.mkdir()
    for name in ("config.json", "tokenizer.json"):
        (target / name).write_bytes((folder / name).read_bytes())
    save_file(weights, target / "model.safetensors")
    return target


def test_support_is_a_chance_for_each_claim_and_source(verifier):
    support = verifier.support(CLAIMS, SOURCES)
    assert support.shape == (3,)
    assert ((support > 0) & (support < 1)).all()
    alone = [verifier.support([claim], [source])[0] for claim, source in zip(CLAIMS, SOURCES, strict=True)]
    np.testing.assert_allclose(support, alone, atol=1e-5)


def test_the_source_counts(verifier):
    assert verifier.support(CLAIMS[:1], SOURCES[:1])[0] != verifier.support(CLAIMS[:1], SOURCES[1:2])[0]


def test_nothing_is_asked_of_it(verifier):
    assert verifier.judge([], []) == []
    assert verifier.support([], []).shape == (0,)


def test_faulty_words_beside_each_other_are_one_span(folder, tmp_path):
    loaded = load(faulty_everywhere(folder, tmp_path / "all", 5))
    (judged,) = loaded.judge(["the router , red"], ["yes"])
    loaded.close()
    assert ["the router , red"[span.start : span.end] for span in judged.faults] == ["the router , red"]


def test_words_that_are_not_faulty_are_not_named(folder, tmp_path):
    loaded = load(faulty_everywhere(folder, tmp_path / "none", -5))
    assert [each.faults for each in loaded.judge(CLAIMS, SOURCES)] == [(), (), ()]
    loaded.close()


def test_an_empty_claim_is_judged_without_words(verifier):
    (judged,) = verifier.judge([""], ["the router"])
    assert judged.faults == ()


def test_faults_lie_in_the_claim(verifier):
    for claim, judged in zip(CLAIMS, verifier.judge(CLAIMS, SOURCES), strict=True):
        ends = [place for span in judged.faults for place in span]
        assert ends == sorted(ends)
        assert all(0 <= place <= len(claim) for place in ends)


def test_a_claim_whose_end_is_not_read_has_no_support_and_its_end_is_at_fault(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(verifier_module, "MAX_CLAIM_TOKENS", 4)
    loaded = load(faulty_everywhere(folder, tmp_path / "cut", -5))
    claims = ["the router is red", "the router is red \n", "the router is red when firmware fails ", ""]
    judged = loaded.judge(claims, ["the router is red"] * 4)
    loaded.close()
    assert [bool(each.support) for each in judged] == [True, True, False, True]
    assert [[claim[a:b] for a, b in each.faults] for claim, each in zip(claims, judged, strict=True)] == [
        [],
        [],
        [" when firmware fails"],
        [],
    ]


def test_it_says_which_weights_it_used_and_closes(folder):
    closed = load(folder)
    assert closed.use == ModelUse("the verifier", "ab")
    closed.close()
    with pytest.raises(ModelError):
        closed.support(CLAIMS, SOURCES)
