"""The verifier's network: that it learns which claims hold, and which words do not."""

import pytest
import torch

from rag.models.verifier import PairVerifier
from rag.sentences import Span
from rag.training.claims.claim import Claim
from rag.training.networks.export import export
from rag.training.networks.packing import PairEncoder, batches
from rag.training.networks.verifier import VerifierNetwork, collate
from rag.types import ModelUse
from tests.rag.training.conftest import CODES, TOWNS


def claims(n):
    """Return claims about code words whose wrong ones are the towns' names."""
    made = []
    for place in range(n):
        said, wrong = CODES[place % 12], TOWNS[(place + 3) % 12]
        source = f"The word at the gate is {said}."
        made.append(Claim(f"The word is {said}.", source, supported=True, faults=(), kind="sentence"))
        start = len("The word is ")
        faults = (Span(start, start + len(wrong)),)
        made.append(Claim(f"The word is {wrong}.", source, supported=False, faults=faults, kind="name"))
    return made


@pytest.fixture(scope="module")
def verifier(tiny, tokenizer, tmp_path_factory):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    encoder = PairEncoder(tokenizer, max_tokens=40, max_first=16, seed=1)
    made = batches([[row] for row in encoder.claims(claims(48))], max_tokens=640, seed=1)
    network = VerifierNetwork(tiny)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for step in range(50):
        loss = network(**collate(made[step % len(made)]))["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    folder = tmp_path_factory.mktemp("verifier")
    sha256 = export(network, tiny, folder, kind="verifier", max_tokens=64)
    loaded = PairVerifier(folder, use=ModelUse("verifier", sha256), threads=1, precision="float32")
    yield loaded
    loaded.close()


def test_it_tells_what_holds_from_what_does_not(verifier):
    asked = claims(12)
    support = verifier.support([claim.text for claim in asked], [claim.source for claim in asked])
    assert ((support > 0.5) == [claim.supported for claim in asked]).all()


def test_it_names_the_faulty_words(verifier):
    wrong = [claim for claim in claims(12) if not claim.supported]
    judged = verifier.judge([claim.text for claim in wrong], [claim.source for claim in wrong])
    assert sum(each.faults == claim.faults for each, claim in zip(judged, wrong, strict=True)) >= 10
    assert verifier.judge(["The word is amber."], ["The word at the gate is amber."])[0].faults == ()


def test_unknown_faults_give_no_loss_of_their_own(tiny, tokenizer):
    encoder = PairEncoder(tokenizer, max_tokens=40, max_first=16, seed=1)
    known = Claim("The word.", "The word.", supported=True, faults=(), kind="sentence")
    unknown = Claim("The word.", "The word.", supported=True, faults=None, kind="sentence")
    network = VerifierNetwork(tiny)
    with_faults, without = (
        float(network(**collate([encoder.claims([claim])]))["loss"].detach()) for claim in (known, unknown)
    )
    assert without < with_faults
