"""Questions asked of several sentences at once."""

import random

import pytest

from rag.sentences import Span
from rag.training.examples.shapes import Asked, Paragraph
from rag.training.readings.groups import Mixture, make_groups
from rag.training.readings.together import together
from tests.rag.training.readings.test_groups import MINED, QUESTIONS

QUESTION = "What does a Kestrel 4 cost?"
GOLD = Paragraph(
    "prices", "Price list", "Kestrel 6 costs 90 euro. Kestrel 4 costs 60 euro with its cable. Both are white."
)
OLD = Paragraph("old", "Prices of 2020", "Kestrel 4 did cost 70 euro. Its price was then 60 euro with a voucher.")
ROWS = Paragraph("rows", "Parts", "Part | Costs\nKestrel 4 plug | 5 euro\nKestrel 4 case | 6 euro")
MANY = Paragraph("many", "Rest", " ".join(f"Kestrel {n} weighs {n} kilograms." for n in range(10, 60)))
ANSWER = "60 euro"


def asked(text=GOLD.text):
    start = text.index(ANSWER)
    return Asked(QUESTION, 0, (ANSWER,), Span(start, start + len(ANSWER)))


def made(*passages, of=None, titled=True, seeds=range(40)):
    of_all = [together("toy", QUESTION, of, passages, random.Random(seed), titled=titled) for seed in seeds]
    return [group.readings[0] for group in of_all if group]


def test_the_answer_is_marked_where_its_sentence_stands_among_others():
    readings = made(GOLD, OLD, ROWS, of=asked())
    answered = [reading for reading in readings if reading.answers]
    assert 0.5 < len(answered) / len(readings) < 1.0
    for reading in answered:
        assert reading.passage[reading.answer.start : reading.answer.end] == ANSWER
        assert "Kestrel 4 costs 60 euro with its cable." in reading.passage.splitlines()


def test_where_it_is_left_out_nothing_answers_and_no_other_sentence_holds_the_answer():
    left_out = [reading for reading in made(GOLD, OLD, ROWS, of=asked()) if not reading.answers]
    assert left_out
    assert all(reading.answer is None and ANSWER not in reading.passage for reading in left_out)
    assert all(not reading.answers for reading in made(GOLD, OLD, ROWS))


def test_rows_stand_below_their_header_once_and_sentences_below_their_title():
    lines = next(r.passage.splitlines() for r in made(ROWS, OLD) if r.passage.count("euro") >= 4)
    assert lines.count("Part | Costs") == 1
    assert lines.index("Parts") + 1 == lines.index("Part | Costs") < lines.index("Kestrel 4 plug | 5 euro")
    assert all("Parts" not in reading.passage.splitlines() for reading in made(ROWS, OLD, titled=False))


@pytest.mark.parametrize("of", [asked(), None])
def test_they_are_few_enough_to_be_read_as_a_passage(of):
    for reading in made(GOLD, MANY, OLD, of=of):
        said = [line for line in reading.passage.splitlines() if line not in {"Price list", "Rest", "Prices of 2020"}]
        assert 4 <= len(said) <= 7
        assert len(reading.passage.split()) < 200


def test_without_sentences_there_is_nothing_to_read():
    assert made(Paragraph("none", "Title", "Too short.")) == []
    long = Paragraph("long", "", f"{'very ' * 90}long it costs 60 euro")
    assert all(not reading.answers for reading in made(long, OLD, of=asked(long.text)))


def test_an_answered_question_whose_answer_stands_nowhere_teaches_nothing():
    assert made(GOLD, OLD, of=Asked(QUESTION, 0, (), None)) == []


def test_a_mixture_says_how_many_questions_are_asked_so():
    def at_once(share):
        groups = make_groups(QUESTIONS, MINED, Mixture(together=share), seed=1)
        return sum(group.origin.endswith(", together") for group in groups)

    assert at_once(0.0) == 0
    assert at_once(1.0) > 0
