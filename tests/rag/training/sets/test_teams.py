"""A team's own labelled questions, over passages as the product cuts them."""

from dataclasses import replace

import pytest

from rag.errors import InputError
from rag.evaluation.dataset import LabelledQuery, LabelledSet, read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import silent
from rag.settings import load_settings
from rag.training.examples.shapes import Paragraph
from rag.training.sets.teams import (
    Library,
    library,
    question_sets,
    team_claims,
    team_groups,
    team_writings,
    triples,
)
from tests.rag.training.conftest import write_codes
from tests.rag.training.readings.test_negatives import Words

TEXT = "The lamp of the {0} router is {1}. It must be restarted after {2} days unless the office in Lisbon is closed."


@pytest.fixture
def known():
    colours = ["amber", "cobalt", "silver"]
    passages = {
        f"d{n}": (
            Paragraph(f"d{n}", f"Router {n}", TEXT.format(f"number {n}", colours[n % 3], n + 20)),
            Paragraph(f"d{n}", f"Router {n}", f"Clean router {n} with a dry cloth in the evening, says Anna Petrova."),
        )
        for n in range(12)
    }
    return Library("toy", passages, Words())


def test_a_question_is_asked_of_the_passage_that_holds_its_answer(known):
    query = LabelledQuery("q", "Clean it how?", {"d1": 1}, metadata={"answers": ["nowhere", "dry cloth"]})
    read, ranked = question_sets([query], known)
    (asked,) = read.asked
    paragraph = read.paragraphs[asked.paragraph]
    assert paragraph.text[asked.answer.start : asked.answer.end] == "dry cloth"
    assert asked.answers == ("dry cloth", "nowhere")
    assert ranked.asked == ()


def test_the_answer_is_sought_in_the_sentence_that_the_question_names(known):
    twice = Paragraph("d1", "Router 1", "Wait 24 months. The battery of router 1 lasts 24 months with care.")
    library = replace(known, passages={**known.passages, "d1": (known.passages["d1"][1], twice)})
    query = LabelledQuery(
        "q",
        "How long does its battery last?",
        {"d1": 1},
        metadata={"answers": ["24 months"], "sentence": "- The battery of router 1 lasts 24 months with care."},
    )
    read, _ = question_sets([query], library)
    (asked,) = read.asked
    assert asked.answer.start == twice.text.rindex("24 months")


def test_a_writer_learns_from_questions_whose_answer_is_told_in_whole_sentences(known):
    said = "Router 1 is cleaned with a dry cloth."
    queries = [
        LabelledQuery("q", "Clean it how?", {"d1": 1}, metadata={"answers": ["dry cloth"], "told": said}),
        LabelledQuery("r", "Who says so?", {"d1": 1}, metadata={"answers": ["Anna Petrova"]}),
    ]
    (writing,) = team_writings(queries, known, seed=1)
    assert (writing.question, writing.target, writing.origin) == ("Clean it how?", said, "toy")
    assert any("with a dry cloth" in text for each in writing.excerpts for text in each.sentences)


def test_without_a_known_answer_the_nearest_passage_of_the_document_is_taken_and_teaches_order_alone(known):
    query = LabelledQuery("q", "Clean router with a cloth?", {"d1": 1})
    read, ranked = question_sets([query], known)
    assert read.asked == ()
    assert ranked.paragraphs[ranked.asked[0].paragraph].text.startswith("Clean router 1 ")


def test_documents_of_one_question_are_one_family_and_a_missing_one_is_left_out(known):
    query = LabelledQuery("q", "Which lamps?", {"d1": 1, "d2": 1, "gone": 1})
    _, ranked = question_sets([query], known)
    assert [each.family for each in ranked.asked] == ["q", "q"]


def test_groups_hold_hard_passages_and_what_is_not_answered(known):
    queries = [
        LabelledQuery(f"q{n}", f"Which lamp has router number {n}?", {f"d{n}": 1}, metadata={"answers": [colour]})
        for n, colour in enumerate(["amber", "cobalt", "silver"] * 4)
    ]
    refused = LabelledQuery("no", "Who cleans the whale with a cloth?", {}, metadata={"answerable": False})
    sides = [LabelledSet("toy", "", (), {}, (*own, refused)) for own in (queries[:6], queries[6:])]
    prepared = team_groups(*sides, known, seed=1)
    asked, at_once = [group for group in prepared.train if group.question == refused.text]
    assert [reading.answers for reading in at_once.readings] == [False]
    assert "cloth" in at_once.readings[0].passage
    assert sum(group.question == refused.text for group in prepared.held_out) == 1
    assert asked.readings[0].answers is False
    assert "cloth" in asked.readings[0].passage
    assert [reading.answers for reading in asked.readings] == [False, False]
    first = next(group for group in prepared.held_out if group.question == queries[6].text)
    assert len(first.readings) > 4
    assert first.readings[0].answer is not None
    for group in (*prepared.train, *prepared.held_out):
        for reading in group.readings[1:]:
            assert reading.relevant is (None if group.question == refused.text else False)


def test_triples_are_a_question_its_passage_and_the_nearest_other(known):
    query = LabelledQuery("q", "Which lamp has router number 1?", {"d1": 1}, metadata={"answers": ["cobalt"]})
    (triple,) = triples(LabelledSet("toy", "", (), {}, (query,)), known, depth=12)
    assert "number 1 " in triple.right
    assert "cobalt" not in triple.wrong
    with pytest.raises(InputError, match="has a passage"):
        triples(LabelledSet("toy", "", (), {}, ()), known, depth=12)


def test_claims_that_measure_are_of_other_documents(known):
    prepared = team_claims(LabelledSet("toy", "", (), {}, ()), known, share=0.3, seed=1)
    places = [
        {
            claim.source.partition("lamp of the ")[2].partition(" router")[0]
            for claim in side
            # A contrasted source has the number of another document in it on purpose.
            if claim.kind != "contrasted"
        }
        for side in (prepared.train, prepared.held_out)
    ]
    assert not (places[0] & places[1]) - {""}
    assert {claim.supported for claim in prepared.held_out} == {True, False}


def test_documents_without_sentences_are_an_error():
    empty = Library("toy", {"d": (Paragraph("d", "", "Short."),)}, Words())
    with pytest.raises(InputError, match="too few sentences"):
        team_claims(LabelledSet("toy", "", (), {}, ()), empty, share=0.3, seed=1)


def test_passages_and_vectors_are_those_of_the_index(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_MODELS__RUNTIME", "torch-float32")
    monkeypatch.setenv("FOOTNOTE_MODELS__THREADS", "1")
    settings = load_settings(home=tmp_path / "home")
    codes = read_dataset(write_codes(tmp_path / "codes", n=3))
    with open_index(codes, settings, tmp_path / "home", on_progress=silent) as indexed:
        made = library(indexed)
        assert set(made.passages) == {"d0", "d1", "d2"}
        (paragraph,) = made.passages["d0"]
        assert "code word of Lisbon station 1 is" in paragraph.text
        stored = made.embedder.embed([paragraph.embedded_text, "something new"])
        fresh = indexed.workspace.embedder.embed([paragraph.embedded_text, "something new"])
        assert stored == pytest.approx(fresh, abs=1e-4)
