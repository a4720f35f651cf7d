"""Her and it mean what an answer named: a person, or the thing that was asked for."""

import pytest

from rag.ask.conversation.earlier import Said
from rag.ask.conversation.pronouns import meant
from rag.types import Ground


def said(text, *, document="d1", start=100):
    return Said(text, Ground(f"{document}@v1:0-900", start, start + len(text)), document)


def names(text, history, *spoken):
    return [carried.text for carried in meant(text, history, spoken)]


@pytest.mark.parametrize(
    ("text", "history", "answer", "expected"),
    [
        ("What is her phone number?", ["Who leads the returns desk?"], "Mara Lindqvist", "Mara Lindqvist"),
        ("and his direct line?", ["Who is the new contact?"], "The new contact is Brendan Tighe.", "Brendan Tighe"),
        # Both are English words; somebody was asked for.
        ("where does he sit?", ["who runs the shop?"], "It is run by Mark Stone.", "Mark Stone"),
        ("and her number?", ["Who leads Radio?"], "Anne-Marie O'Brien", "Anne-Marie O'Brien"),
        ("and her number?", ["Who leads Radio?"], "Łucja Öberg", "Łucja Öberg"),
        ("what is her number?", ["who do I ask?"], "Ask the Returns Desk or Mara Lindqvist.", "Mara Lindqvist"),
        ("does it come with a hub?", ["which plan has the switch?"], "Homeline Studio", "Homeline Studio"),
    ],
)
def test_a_name_of_the_answer_is_carried(text, history, answer, expected):
    spoken = said(answer)
    (carried,) = meant(text, history, [spoken])
    assert carried.text == expected
    # The span is where the name stands in the document.
    assert answer[carried.start - 100 : carried.end - 100] == expected
    assert (carried.document_id, carried.chunk_id) == ("d1", spoken.ground.chunk_id)


@pytest.mark.parametrize(
    ("text", "history", "answer"),
    [
        # Nothing points back.
        ("How loud is the Plank 8?", ["Who leads the returns desk?"], "Mara Lindqvist"),
        # The question before named the thing itself.
        ("how loud is it?", ["what does the Plank 8 cost?"], "Shop Berlin"),
        # A heading is no person.
        ("what is her number?", ["how are returns handled?"], "See Returns Desk."),
        # A sentence is no name.
        (
            "how long is it?",
            ["what is covered?"],
            "Parts that fail in ordinary use are covered by the Kestrel Care plan.",
        ),
        ("what is her number?", ["Who leads the returns desk?"], "Lindqvist"),
        # Where somebody lives is nobody.
        ("what does he hand in?", ["who can be a guarantor?"], "A guarantor lives in the United Kingdom."),
        # "What about" and "what does" ask for no name.
        ("how do I end it instead", ["what about my desk, do i keep it?"], "Empty your locker."),
        ("is it taxed?", ["what does a loan robot cost?"], "Workshop Pellingham"),
    ],
)
def test_what_does_not_point_to_a_name_takes_none(text, history, answer):
    assert names(text, history, said(answer)) == []


def test_the_latest_answer_that_named_a_person_counts():
    spoken = (said("+358 40 123"), said("Mara Lindqvist"), said("Tuomas Laine"))
    assert names("and her email?", ["who leads returns?", "what is her number?"], *spoken) == ["Mara Lindqvist"]


def test_without_answers_nothing_is_carried():
    assert names("what is her number?", ["who leads returns?"]) == []
