"""Follow-ups are looked up in five ways and each is counted alike."""

import pytest

from rag.evaluation.conversations import FollowUp, read_conversations, sample
from rag.evaluation.dataset import read_dataset
from rag.evaluation.follow_ups import METRICS, WAYS, Found, Measured, ahead, figures, measure
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import silent
from rag.settings import load_settings
from tests.rag.evaluation.conftest import write_lines, write_set

LINES = (
    {
        "_id": "a_3",
        "turns": ["user:How do I hold the reset button?", "agent:Firmly.", "user:and for how long is that held?"],
        "answers": ["Hold the reset button for twelve seconds."],
        "document": "reset",
    },
    {
        "_id": "b_3",
        "turns": ["user:What is the yearly plan?", "agent:A plan.", "user:???", "user:how much?"],
        "answers": ["25 euros"],
        "document": "price",
    },
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = write_set(tmp_path_factory.mktemp("talk") / "talk")
    write_lines(folder / "conversations.jsonl", LINES)
    settings = load_settings(env={"FOOTNOTE_MODELS__RUNTIME": "torch-float32"})
    labelled = read_dataset(folder)
    told = []
    with open_index(labelled, settings, tmp_path_factory.mktemp("root"), on_progress=silent) as indexed:
        drawn = sample(read_conversations(folder, labelled), limit=9)
        choices = indexed.workspace.ask_choices
        found = measure(drawn, indexed, choices, on_progress=lambda *moment: told.append(moment))
    assert told[-1] == ("Asking", 2, 2)
    return {each.follow_up.id: each for each in found}


def test_every_way_looks_up_what_it_says(measured):
    found = measured["a_3"].found
    assert set(found) == set(WAYS)
    assert found["last turn"].looked_up == "and for how long is that held?"
    assert found["questions joined"].looked_up == "How do I hold the reset button? and for how long is that held?"
    assert found["all turns joined"].looked_up == (
        "How do I hold the reset button? Firmly. and for how long is that held?"
    )
    assert found["product"].looked_up.startswith("and for how long is that held? (")


def test_document_and_passage_are_found(measured):
    assert measured["a_3"].placed
    assert (measured["a_3"].found["product"].document, measured["a_3"].found["product"].passage) == (1, 1)


def test_an_answer_of_two_words_names_no_passage(measured):
    assert not measured["b_3"].placed
    assert measured["b_3"].found["product"].document == 1


def made(product, other, *, placed=True):
    """Return a question whose document and passage have one rank, by the product and by every other way."""
    found = {way: Found("", other, other) for way in WAYS} | {"product": Found("", product, product)}
    return Measured(FollowUp("q", "how?", ("why?",), (), (), (), "d"), placed, found)


def test_figures_are_counted_by_hand():
    counted = figures([made(1, 3), made(4, None), made(None, 1, placed=False)], "product")
    assert set(counted) == set(METRICS)
    assert counted["document@1"] == pytest.approx(1 / 3)
    assert counted["document@5"] == pytest.approx(2 / 3)
    assert counted["document mrr"] == pytest.approx((1 + 1 / 4) / 3)
    # The passage of the third question is not known.
    assert counted["passage@5"] == 1.0


def test_the_product_is_ahead_question_by_question():
    apart = ahead([made(1, 3), made(1, 2), made(2, 1), made(1, 9)], "product", "last turn", "document@1")
    assert apart.mean == pytest.approx(0.5)
    assert apart.low < 0.5 < apart.high
    assert ahead([made(1, 1)], "product", "last turn", "document@1") == (0.0, 0.0, 0.0)
