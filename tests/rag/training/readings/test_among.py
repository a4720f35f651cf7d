"""Questions asked of single sentences."""

import random

from rag.sentences import Span
from rag.training.examples.shapes import Asked, Paragraph
from rag.training.readings.among import among_sentences
from rag.training.readings.groups import Mixture, make_groups
from tests.rag.training.readings.test_groups import MINED, QUESTIONS

TEXT = "Kestrel 6 costs 90 euro. Kestrel 4 costs 60 euro with its cable. Both come in white.\nPlug | 2 m | type C"
GOLD = Paragraph("prices", "Price list", TEXT)
OLD = Paragraph("old", "Prices of 2020", "Kestrel 4 did cost 70 euro. Its price was then 60 euro with a voucher.")


def asked(answer="60 euro", text=TEXT):
    start = text.index(answer)
    return Asked("What does a Kestrel 4 cost?", 0, (answer,), Span(start, start + len(answer)))


def group(*, titled=True, others=(OLD,), of=None):
    return among_sentences("toy", of or asked(), GOLD, others, random.Random(1), titled=titled)


def test_the_sentence_of_the_answer_stands_first_and_alone():
    for titled in (True, False):
        made = group(titled=titled)
        right = made.readings[0]
        assert right.passage == ("Price list\n" if titled else "") + "Kestrel 4 costs 60 euro with its cable."
        assert right.passage[right.answer.start : right.answer.end] == "60 euro"
        assert (right.answers, right.relevant, made.article) == (True, True, "prices")


def test_the_others_hold_no_answer_and_say_what_they_stand_under():
    wrong = group().readings[1:]
    assert {reading.passage for reading in wrong} == {
        "Price list\nKestrel 6 costs 90 euro.",
        "Price list\nBoth come in white.",
        "Price list\nPlug | 2 m | type C",
        "Prices of 2020\nKestrel 4 did cost 70 euro.",
    }
    assert all((each.answer, each.answers, each.relevant) == (None, False, False) for each in wrong)


def test_of_many_sentences_those_like_the_question_are_taken():
    many = Paragraph("many", "Rest", " ".join(f"Item {n} weighs {n} kilograms." for n in range(10, 60)))
    for seed in range(5):
        made = among_sentences("toy", asked(), GOLD, (OLD, many), random.Random(seed), titled=True)
        assert len(made.readings) == 5
        assert sum("Item" in reading.passage for reading in made.readings) <= 4
    assert all("Item" not in reading.passage for reading in group().readings)


def test_without_a_span_or_another_sentence_there_is_nothing_to_choose():
    assert group(of=Asked("What does a Kestrel 4 cost?", 0, ("60 euro",), None)) is None
    alone = Paragraph("prices", "", "Kestrel 4 costs 60 euro.")
    question = asked(text=alone.text)
    assert among_sentences("toy", question, alone, (), random.Random(1), titled=True) is None


def test_a_share_of_the_questions_is_asked_of_sentences_beside_their_passage():
    def count(share):
        groups = make_groups(QUESTIONS, MINED, Mixture(changed=0.0, among=share), seed=1)
        return sum(made.origin == "toy, sentences" for made in groups), len(groups)

    assert count(0.0) == (0, 40)
    assert count(1.0) == (40, 80)
    assert 10 <= count(0.5)[0] <= 30
