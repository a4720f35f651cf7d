"""Of earlier answers spans are kept, and their words are read only where the passage is live."""

import json

import pytest

from rag.ask.conversation.earlier import Said, grounds, recall, refused, spoken
from rag.types import Ground

QUOTE = "The returns desk is led by Mara Lindqvist."


def answered(quote=QUOTE, *, phrase=None, chunk="d1@v1:0-42", start=0, carried=()):
    citation = {"n": 1, "document": "d1", "chunk": chunk, "start": start, "end": start + len(quote), "quote": quote}
    statement = {"text": quote, "phrase": phrase, "citations": [citation]}
    return {"question": "who?", "statements": [statement], "query": {"carried": list(carried)}}


REFUSED = {"question": "why?", "statements": [], "query": None}


def test_the_phrase_that_answers_comes_before_the_quote_around_it():
    assert grounds([answered(phrase=[27, 41])]) == (Ground("d1@v1:0-42", 27, 41), Ground("d1@v1:0-42", 0, 42))


def test_the_newest_answer_comes_first_and_old_ones_are_forgotten():
    records = [answered(chunk=f"d{n}@v1:0-42") for n in range(8)]
    assert [ground.chunk_id for ground in grounds(records)] == [f"d{n}@v1:0-42" for n in (7, 6, 5, 4, 3, 2)]


def test_what_a_question_was_completed_with_goes_on():
    name = {"text": "Mara Lindqvist", "document": "d1", "chunk": "d1@v1:0-42", "start": 27, "end": 41}
    found = grounds([answered("+358 40 123", chunk="d2@v1:0-11", carried=[name])])
    assert found == (Ground("d2@v1:0-11", 0, 11), Ground("d1@v1:0-42", 27, 41))


def test_a_refusal_and_a_redacted_answer_give_no_words():
    redacted = json.loads(json.dumps(answered(phrase=[27, 41])).replace(QUOTE, ""))
    assert grounds([REFUSED]) == ()
    assert recall(grounds([redacted]), lambda _: {}) == ()


@pytest.fixture
def live(passage_of):
    passage = passage_of(QUOTE, document="d1")
    return lambda ids: {passage.chunk.id: passage} if passage.chunk.id in ids else {}


def test_words_are_read_where_the_passage_is_live(live):
    (said,) = recall([Ground("d1@v1:0-42", 27, 41)], live)
    assert (said.text, said.document_id) == ("Mara Lindqvist", "d1")


@pytest.mark.parametrize("ground", [Ground("gone@v1:0-42", 27, 41), Ground("d1@v2:0-42", 27, 41)])
def test_of_a_removed_document_or_another_version_nothing_is_read(live, ground):
    assert recall([ground], live) == ()


@pytest.mark.parametrize("span", [(27, 99), (-4, 3), (5, 5)])
def test_a_span_outside_of_its_passage_is_no_span(live, span):
    assert recall([Ground("d1@v1:0-42", *span)], live) == ()


def test_what_was_asked_and_answered_is_told_oldest_first_and_once():
    quote, phrase = Ground("d1@v1:0-42", 0, 42), Ground("d1@v1:0-42", 27, 41)
    newest = Said("It is open until noon.", Ground("d2@v1:0-22", 0, 22), "d2")
    said = [newest, Said("Mara Lindqvist", phrase, "d1"), Said(QUOTE, quote, "d1")]
    assert spoken(["who?", "when?"], said) == ("who?", "when?", QUOTE, "It is open until noon.")
    assert spoken([], [Said("Mara Lindqvist", phrase, "d1")]) == ("Mara Lindqvist",)


def test_the_places_of_what_was_not_answered_are_known():
    outcomes = ("answered", "refused", "partial", "failed")
    assert refused([{"outcome": outcome} for outcome in outcomes]) == (1, 3)
    assert refused([]) == ()
