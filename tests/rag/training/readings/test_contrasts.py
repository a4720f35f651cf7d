"""Questions and passages of which each answers one of the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import Span
from rag.training.readings.contrasts import Contrasts

PASSAGE = "Kestrel\nMarie Curie visited Brussels in 1911. The largest of her lamps was amber."
OTHERS = ("They say that Pierre Langevin visited Warsaw in 1923.", "The painters of Warsaw were young.")


def contrasts(question, answer="amber", *, passage=PASSAGE, others=OTHERS, n=80):
    start = passage.find(answer)
    span = Span(start, start + len(answer))
    made = (Contrasts(seed=seed).make(question, passage, span, others) for seed in range(n))
    return [each for each in made if each is not None]


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Which lamp had Marie Curie?", "amber", "Which lamp had Pierre Langevin?"),
        ("Who travelled in 1911?", "Marie Curie", "Who travelled in 1923?"),
        ("Of which colour was the largest lamp?", "amber", "Of which colour was the smallest lamp?"),
    ],
)
def test_question_and_passage_get_the_same_other_word(question, answer, other):
    made = [each for each in contrasts(question, answer) if each.question == other]
    assert made
    (new,) = {other[span.start : span.end] for each in made for span in each.new}
    (old,) = {question[span.start : span.end] for each in made for span in each.old}
    assert new in made[0].passage
    assert old not in made[0].passage
    assert made[0].passage == PASSAGE.replace(old, new)


def test_the_answer_stays_and_moves_with_the_words_before_it():
    for made in contrasts("Which lamp had Marie Curie in Brussels in 1911?"):
        assert made.passage[made.answer.start : made.answer.end] == "amber"


def test_the_answer_is_never_replaced():
    assert contrasts("Was Marie Curie there?", "Marie Curie visited") == []


def test_words_that_the_passage_does_not_hold_are_left_alone():
    assert contrasts("Which lamp had Albert Einstein?", passage="Its lamp was amber.", others=OTHERS) == []


def test_a_word_of_another_sentence_takes_its_place_in_that_of_the_answer_alone():
    passage = "Marie Curie visited Brussels. Her lamp of Marie Curie was amber. Pierre Langevin went home."
    made = contrasts("Which lamp had Marie Curie?", passage=passage, others=())
    assert {each.passage for each in made} == {passage.replace("of Marie Curie", "of Pierre Langevin")}
    for each in made:
        assert each.question == "Which lamp had Pierre Langevin?"
        assert each.passage[each.answer.start : each.answer.end] == "amber"


def test_no_word_comes_in_that_the_passage_holds():
    others = ("They say that Brussels is near.",)
    made = contrasts("Which lamp had Marie Curie?", passage="Marie Curie of Brussels had amber.", others=others)
    assert not [each for each in made if "Brussels" in each.question]


@given(st.text(alphabet="aA1 .?", max_size=30), st.text(alphabet="aA1 .?", min_size=1, max_size=60), st.integers(0, 9))
def test_spans_are_those_of_the_words_whatever_the_texts(question, passage, seed):
    made = Contrasts(seed=seed).make(question, passage, Span(0, 1), (passage, question, "In Aa 11 aaaa"))
    if made is not None:
        assert made.passage[made.answer.start : made.answer.end] == passage[:1]
        assert all(made.question[span.start : span.end] in made.passage for span in made.new)
