"""Verifiers by reference: our own with its rules, cross-encoders for entailment, and what is none."""

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models.agreement import CONTRADICTED, AgreementVerifier
from rag.models.verifying import CheckedVerifier, load_verifier
from rag.protocols import ClaimJudgement
from rag.sentences import Span
from rag.types import ModelUse
from tests.rag.models.conftest import edit_json, save_cross_encoder
from tests.rag.models.test_pairs import save_pair_model

CLAIMS = ["the router light is red .", "the office opened in 2019 ."]
SOURCES = ["when the update fails the light is red .", "the office in lisbon opened in 2019 ."]


class Trusting:
    """Supports everything."""

    use = ModelUse("trusting", "ab")

    def judge(self, claims, sources):
        return [ClaimJudgement(1.0, (Span(0, 3),)) for _ in claims]


class Unread:
    """Has read half of each claim."""

    use = ModelUse("unread", "ab")

    def judge(self, claims, sources):
        return [ClaimJudgement(0.0, (Span(len(claim) // 2, len(claim)),)) for claim in claims]


@pytest.fixture(scope="module")
def entailment(tmp_path_factory):
    """A folder with a tiny cross-encoder for entailment."""
    folder = save_cross_encoder(tmp_path_factory.mktemp("nli"), n_scores=3)
    labels = {0: "contradiction", 1: "entailment", 2: "neutral"}
    edit_json(folder / "config.json", id2label=labels, label2id={name: n for n, name in labels.items()})
    return folder


def load(ref, minilm, models_home):
    return load_verifier(str(ref), embedder=minilm, cache=models_home, threads=1)


def test_the_support_of_a_cross_encoder_is_its_chance_of_entailment(entailment, minilm, models_home):
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(entailment), device="cpu", local_files_only=True)
    expected = model.predict(list(zip(SOURCES, CLAIMS, strict=True)), apply_softmax=True)[:, 1]
    verifier = load(entailment, minilm, models_home)
    np.testing.assert_allclose(verifier.support(CLAIMS, SOURCES), expected, atol=0.02)
    assert verifier.support([], []).shape == (0,)
    assert verifier.use.ref == str(entailment)
    assert len(verifier.use.sha256) == 64
    verifier.close()


def test_the_chance_of_entailment_is_of_the_logits_whatever_function_the_model_brings(entailment, minilm, models_home):
    import torch
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(entailment), device="cpu", local_files_only=True)
    model.activation_fn = torch.nn.Sigmoid()
    model.save_pretrained(str(entailment.parent / "sigmoid"))
    verifiers = [load(folder, minilm, models_home) for folder in (entailment, entailment.parent / "sigmoid")]
    one, other = [verifier.support(CLAIMS, SOURCES) for verifier in verifiers]
    for verifier in verifiers:
        verifier.close()
    np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize(
    "labels",
    [
        ["LABEL_0", "LABEL_1", "LABEL_2"],
        ["not_entailment", "neutral", "contradiction"],
        ["entailment", "entails", "no"],
    ],
)
def test_a_classifier_without_one_label_for_entailment_is_no_verifier(tmp_path, minilm, models_home, labels):
    folder = save_cross_encoder(tmp_path, n_scores=3)
    edit_json(folder / "config.json", id2label=dict(enumerate(labels)))
    with pytest.raises(ModelError, match="label for entailment") as caught:
        load(folder, minilm, models_home)
    assert all(label in str(caught.value) for label in labels)


def test_a_ranking_model_is_no_verifier(tiny_cross_encoder, minilm, models_home):
    with pytest.raises(ModelError, match="label for entailment"):
        load(tiny_cross_encoder, minilm, models_home)


def test_a_model_of_our_own_is_loaded_with_the_rules(tmp_path, minilm, models_home):
    verifier = load(save_pair_model(tmp_path / "verifier", kind="verifier"), minilm, models_home)
    assert isinstance(verifier, CheckedVerifier)
    assert verifier.support(CLAIMS, SOURCES).shape == (2,)
    verifier.close()


def test_a_reader_is_no_verifier(tmp_path, minilm, models_home):
    with pytest.raises(ModelError, match="'verifier'"):
        load(save_pair_model(tmp_path / "reader", kind="reader"), minilm, models_home)


def test_the_rules_need_no_weights(minilm, models_home):
    assert isinstance(load("bundled:agreement", minilm, models_home), AgreementVerifier)


def test_a_fact_that_the_source_lacks_is_not_supported_whatever_the_model_says(minilm):
    verifier = CheckedVerifier(Trusting(), AgreementVerifier(minilm))
    right, wrong = verifier.judge(["It costs 20 dollars.", "It costs 30 dollars."], ["It costs 20 dollars."] * 2)
    assert right.support == 1.0
    assert wrong.support == pytest.approx(CONTRADICTED)
    assert wrong.faults == (Span(0, 3),)


def test_the_rules_do_not_support_a_claim_that_the_model_has_not_read_to_its_end(minilm):
    verifier = CheckedVerifier(Unread(), AgreementVerifier(minilm))
    claim = ["the lamp turns red"]
    assert verifier.judge(claim, claim) == [ClaimJudgement(0.0, (Span(9, 18),))]


def test_support_is_the_mean_of_model_and_rules_which_weigh_a_little_more(minilm):
    rules = AgreementVerifier(minilm)
    verifier = CheckedVerifier(Trusting(), rules)
    claim, source = ["the lamp turns red"], ["when it fails, the red lamp of the router is lit"]
    assert verifier.support(claim, source)[0] == pytest.approx(0.45 + 0.55 * rules.support(claim, source)[0])
