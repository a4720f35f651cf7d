"""Whole documents are held out, with all questions about them."""

import pytest

from rag.errors import InputError
from rag.evaluation.dataset import LabelledQuery, LabelledSet
from rag.training.sets.split import split


def labelled(n, *, per_document=1):
    queries = [
        LabelledQuery(
            f"q{i}", f"Which lamp has router {i}?", {f"d{i // per_document}": 1}, metadata={"answers": ["red"]}
        )
        for i in range(n)
    ]
    return LabelledSet("toy", "0" * 64, (), {}, tuple(queries))


def test_all_questions_about_a_document_are_on_one_side():
    learnt, measured = split(labelled(60, per_document=3), share=0.2, seed=1)
    sides = [{document for query in side.queries for document in query.relevant} for side in (learnt, measured)]
    assert not sides[0] & sides[1]
    assert 12 <= len(measured.queries) <= 15
    assert len(learnt.queries) + len(measured.queries) == 60


def sides(queries, *, seed):
    """Return the documents that the questions of either side are about."""
    halves = split(LabelledSet("toy", "0" * 64, (), {}, queries), share=0.3, seed=seed)
    about = [
        {document for query in half.queries for document in (*query.relevant, query.metadata.get("passage"))} - {None}
        for half in halves
    ]
    return *about, halves[1]


@pytest.mark.parametrize("seed", range(8))
def test_questions_that_share_a_document_with_another_are_on_its_side(seed):
    joined = [LabelledQuery(f"b{n}", "Which two?", {f"d{n}": 1, f"d{n + 1}": 1}) for n in (0, 1, 10, 20)]
    learnt, held, _ = sides((*labelled(40).queries, *joined), seed=seed)
    assert held
    assert not learnt & held


@pytest.mark.parametrize("seed", range(8))
def test_a_question_without_an_answer_is_on_the_side_of_its_passage(seed):
    refused = [LabelledQuery(f"no{n}", "Who?", {}, metadata={"passage": f"d{n}"}) for n in range(0, 44, 2)]
    learnt, held, _ = sides((*labelled(40).queries, *refused), seed=seed)
    assert held
    assert not learnt & held


@pytest.mark.parametrize("seed", range(8))
def test_what_joins_most_documents_is_learnt_from(seed):
    joined = [LabelledQuery(f"b{n}", "Which two?", {f"d{n}": 1, f"d{n + 1}": 1}) for n in range(24)]
    learnt, held, measured = sides((*labelled(40).queries, *joined), seed=seed)
    assert not learnt & held
    assert 10 <= len(measured.queries) <= 20


def test_few_documents_are_not_held_out_whole():
    learnt, measured = split(labelled(60, per_document=20), share=0.2, seed=1)
    assert len(learnt.queries) > 30
    assert len(measured.queries) > 3


def test_too_few_questions_are_an_error():
    with pytest.raises(InputError, match="holds 12 questions"):
        split(labelled(12), share=0.2, seed=1)
