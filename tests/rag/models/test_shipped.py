"""The models that ship: weights, card and hash agree, and they do what the card says."""

import threading
from pathlib import Path

import pytest

from rag.models.agreement import AgreementVerifier
from rag.models.bert import BertEncoder
from rag.models.bundled import BUNDLED
from rag.models.reader import Reader
from rag.models.references import parse
from rag.models.verifier import PairVerifier
from rag.models.verifying import CheckedVerifier
from rag.models.weights import locate
from rag.models.writer import WriterModel
from rag.protocols import Excerpt
from rag.settings import Settings
from rag.types import ModelUse

SHIPPED = ("reader", "verifier", "writer")
# Reader and verifier together, and the writer.
MOST_MB, MOST_WRITER_MB = 120, 80
MARGIN = 0.2

ROUTER = (
    "Kestrel 7 router. To restore the factory settings, hold the recessed button on the back for 12 seconds until the "
    "bar turns red. The router then restarts, which takes about four minutes. Settings that were saved to the account "
    "are kept for 30 days."
)
REFUNDS = (
    "Refunds. Customers who cancel within 14 days of delivery get the full price back. After that the yearly plans are "
    "refunded in part, and the monthly plans are not refunded. Refunds go to the card that was used for the payment "
    "and take five working days."
)
BRIDGE = (
    "The bridge was designed by Ellen Marsh and opened in 1932. It was closed for repairs between 1978 and 1981, when "
    "the city council replaced the wooden deck with steel."
)
ANSWERED = (
    ("How long must I hold the recessed button?", ROUTER, "12 seconds"),
    ("How long does the restart take?", ROUTER, "about four minutes"),
    ("Within how many days can I cancel and get the full price back?", REFUNDS, "within 14 days"),
    ("How long do refunds take?", REFUNDS, "five working days"),
    ("Who designed the bridge?", BRIDGE, "Ellen Marsh"),
    ("When did the bridge open?", BRIDGE, "1932"),
)
UNANSWERED = (
    ("What is the password of the wireless network?", ROUTER),
    ("How long is the warranty of the battery?", ROUTER),
    ("What does the Vault plan cost?", REFUNDS),
    ("Who may approve a discount of 20 percent?", REFUNDS),
    ("How long is the bridge?", BRIDGE),
    ("Who paid for the bridge?", BRIDGE),
)
RIGHT = (
    ("The bridge was designed by Ellen Marsh.", BRIDGE),
    ("The router restarts, which takes about four minutes.", ROUTER),
    ("Refunds take five working days.", REFUNDS),
    ("Monthly plans are not refunded after 14 days.", REFUNDS),
)
WRONG = (
    ("The bridge was designed by Ellen Walsh.", BRIDGE),
    ("The router restarts, which takes about nine minutes.", ROUTER),
    ("Refunds take five weeks.", REFUNDS),
    ("Monthly plans are refunded after 14 days.", REFUNDS),
)


def shipped(name: str, cache: Path) -> tuple[Path, ModelUse]:
    slot = BUNDLED[name].slot
    folder, sha256 = locate(parse(f"bundled:{name}", slot=slot), slot=slot, cache=cache)
    return folder, ModelUse(f"bundled:{name}", sha256)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder, use = shipped("reader", tmp_path_factory.mktemp("models"))
    model = Reader(folder, use=use, threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module")
def verifier(tmp_path_factory):
    folder, use = shipped("verifier", tmp_path_factory.mktemp("models"))
    model = PairVerifier(folder, use=use, threads=1)
    yield model
    model.close()


def test_our_own_models_compute_on_one_thread(reader, verifier, minilm, tmp_path, monkeypatch):
    folder, use = shipped("writer", tmp_path)
    writer = WriterModel(folder, use=use, threads=1)
    threads = set()
    passes = BertEncoder._forward

    def watched(self, *inputs):
        threads.add(threading.current_thread())
        return passes(self, *inputs)

    monkeypatch.setattr(BertEncoder, "_forward", watched)
    reader.read("Who paid for the bridge?", [BRIDGE])
    verifier.judge(["Refunds take five weeks."], [REFUNDS])
    minilm.embed(["How long do refunds take?"])
    list(writer.write("How long do refunds take?", [Excerpt("Refunds", (REFUNDS,))], max_tokens=50))
    writer.close()

    assert len(threads) == 1
    assert threads != {threading.current_thread()}


@pytest.mark.parametrize("name", SHIPPED)
def test_weights_hash_and_card_agree(name, tmp_path):
    folder, use = shipped(name, tmp_path)

    assert use.sha256 == BUNDLED[name].sha256
    assert f"SHA-256 of the weights: `{use.sha256}`" in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_names_data_licences_commands_and_limits(name, tmp_path):
    card = (shipped(name, tmp_path)[0] / "MODEL_CARD.md").read_text(encoding="utf-8")

    measures = "clapnq" if name == "writer" else "squad2"
    for part in ("CC BY-SA 4.0", f"footnote train {name}", f"footnote train measure {name}", "## Limits", measures):
        assert part in card
    assert "/work" not in card


@pytest.mark.parametrize(("names", "most"), [(("reader", "verifier"), MOST_MB), (("writer",), MOST_WRITER_MB)])
def test_they_are_small(names, most, tmp_path):
    files = [file for name in names for file in shipped(name, tmp_path)[0].rglob("*") if file.is_file()]

    assert sum(file.stat().st_size for file in files) < most * 1_000_000


def test_they_are_what_a_fresh_installation_uses():
    models = Settings().models

    assert (models.reranker, models.verifier, models.generator) == tuple(f"bundled:{name}" for name in SHIPPED)


def test_the_writer_answers_with_what_bears_on_the_question_and_names_it(tmp_path):
    folder, use = shipped("writer", tmp_path)
    sentences = (
        "Wellington (Māori: Te Whanganui-a-Tara) is the capital of New Zealand.",
        "However, it stands at the tip of the North Island, which has ferries to the other.",
        "The weather is known for its wind.",
    )
    written = WriterModel(folder, use=use).write(
        "where is wellington", [Excerpt("Wellington", sentences)], max_tokens=120
    )
    told = " ".join(written)
    assert "tip of the North Island" in told
    assert "wind" not in told
    assert "However" not in told
    assert not list(
        WriterModel(folder, use=use).write("who sells tyres", [Excerpt("", ("The moon is far.",))], max_tokens=9)
    )


@pytest.mark.parametrize(("question", "passage", "answer"), ANSWERED)
def test_the_reader_finds_the_words_that_answer(reader, question, passage, answer):
    (found,) = reader.read(question, [passage])

    # "Of delivery" may stand with it.
    assert passage[found.answer.start : found.answer.end].removesuffix(" of delivery") == answer


def test_the_reader_tells_what_a_passage_answers_from_what_it_does_not(reader):
    answered = [reader.read(question, [passage])[0].answers for question, passage, _ in ANSWERED]
    others = [reader.read(question, [passage])[0].answers for question, passage in UNANSWERED]

    assert min(answered) - max(others) > MARGIN, (answered, others)


def test_the_reader_puts_the_passage_that_answers_first(reader):
    passages = [ROUTER, REFUNDS, BRIDGE]
    for question, passage, _ in ANSWERED:
        scores = reader.score(question, passages)
        assert passages[int(scores.argmax())] == passage


# Of a denial that stands in another sentence than its condition the model alone is not sure; the rules are.
@pytest.mark.parametrize(("right", "wrong"), list(zip(RIGHT, WRONG, strict=True))[:3])
def test_the_verifier_tells_a_claim_from_the_same_with_one_word_changed(verifier, right, wrong):
    supported, changed = verifier.support([right[0], wrong[0]], [right[1], wrong[1]])

    assert supported - changed > MARGIN


def test_with_the_rules_no_changed_number_name_or_denial_is_let_through(verifier, minilm):
    checked = CheckedVerifier(verifier, AgreementVerifier(minilm))
    right = checked.support([claim for claim, _ in RIGHT], [source for _, source in RIGHT])
    wrong = checked.support([claim for claim, _ in WRONG], [source for _, source in WRONG])

    assert min(right) >= 0.5 > max(wrong), (right, wrong)
