"""What was trained is what is loaded."""

import json

import numpy as np
import pytest
import torch

from rag.models.pairs import OWN
from rag.models.reader import Reader
from rag.models.verifier import PairVerifier
from rag.models.weights import file_sha256
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Group, Reading
from rag.training.networks.export import export
from rag.training.networks.packing import PairEncoder
from rag.training.networks.reader import ReaderNetwork
from rag.training.networks.reader import collate as collate_readings
from rag.training.networks.verifier import VerifierNetwork
from rag.training.networks.verifier import collate as collate_claims
from rag.types import ModelUse

PASSAGES = ("The lamp is green while it starts.", "Hold the button for twelve seconds, then let it go.")
QUESTION = "How long do I hold the button?"


def test_a_reader_gives_what_the_network_gave(tiny, tokenizer, tmp_path):
    torch.set_num_threads(1)
    torch.manual_seed(4)
    network = ReaderNetwork(tiny).eval()
    sha256 = export(network, tiny, tmp_path, kind="reader", max_tokens=64)
    assert sha256 == file_sha256(tmp_path / "model.safetensors")
    readings = tuple(Reading(text, None, answers=None, relevant=None) for text in PASSAGES)
    encoder = PairEncoder(tokenizer, max_tokens=64, max_first=48, seed=1)
    batch = collate_readings(encoder.groups([Group("toy", QUESTION, readings)]))
    with torch.inference_mode():
        given = network(**batch)
    reader = Reader(tmp_path, use=ModelUse("reader", sha256), threads=1, precision="float32")
    found = reader.read(QUESTION, PASSAGES)
    reader.close()
    np.testing.assert_allclose([each.relevance for each in found], given["judged"][:, 0], atol=0.05)
    # A passage answers by what the judgement says and by how far the best span is ahead of there being none.
    margins = torch.tensor(
        [
            best_span(logits) - float(logits[0].sum())
            for logits in torch.split(given["spans"], batch["lengths"].tolist())
        ]
    )
    chances = torch.sigmoid((given["judged"][:, 1] + margins / 2) / 2)
    np.testing.assert_allclose([each.answers for each in found], chances, atol=0.02)


def best_span(logits):
    """Return the largest sum of a beginning and an end that is not before it; passages are shorter than any limit."""
    starts, ends = logits[1:].unbind(1)
    sums = starts[:, None] + ends[None, :]
    return float(sums[torch.ones_like(sums, dtype=torch.bool).triu()].max())


def test_a_verifier_gives_what_the_network_gave(tiny, tokenizer, tmp_path):
    torch.manual_seed(4)
    network = VerifierNetwork(tiny).eval()
    sha256 = export(network, tiny, tmp_path, kind="verifier", max_tokens=64)
    encoder = PairEncoder(tokenizer, max_tokens=64, max_first=48, seed=1)
    rows = encoder.claims([Claim(text, PASSAGES[1], supported=True, faults=(), kind="") for text in PASSAGES])
    with torch.inference_mode():
        given = torch.sigmoid(network(**collate_claims([rows]))["support"])
    verifier = PairVerifier(tmp_path, use=ModelUse("verifier", sha256), threads=1, precision="float32")
    np.testing.assert_allclose(verifier.support(PASSAGES, [PASSAGES[1]] * 2), given, atol=0.02)
    verifier.close()


def test_weights_are_halved_and_the_configuration_says_whose_they_are(tiny, tmp_path):
    export(ReaderNetwork(tiny), tiny, tmp_path, kind="reader", max_tokens=64)
    size = (tmp_path / "model.safetensors").stat().st_size
    assert size == pytest.approx((tiny / "model.safetensors").stat().st_size / 2, rel=0.05)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config[OWN] == {"kind": "reader", "version": 1, "max_tokens": 64}
    assert config["num_hidden_layers"] == 2
