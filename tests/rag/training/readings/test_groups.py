"""Questions with their passages as groups."""

import random
from itertools import pairwise

from rag.sentences import Span
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from rag.training.readings.groups import Mixture, make_groups, nearest_sentences

PARAGRAPHS = (
    Paragraph("lamps", "Router", "The lamp of Marie Curie is amber."),
    Paragraph("lamps", "Router", "The lamp of Pierre Langevin is cobalt."),
)
QUESTIONS = QuestionSet(
    "toy", "none", PARAGRAPHS, (Asked("Which lamp has Marie Curie?", 0, ("amber",), Span(27, 32)),) * 40
)
MINED = {place: [1] for place in range(40)}


def made(**shares):
    return make_groups(QUESTIONS, MINED, Mixture(**{"titled": 1.0, "changed": 0.0, **shares}), seed=1)


def test_the_passage_comes_first_and_its_answer_moves_with_the_title():
    for titled in (0.0, 1.0):
        for group in made(titled=titled, negatives=((1, 1.0),)):
            right, wrong = group.readings
            assert right.passage[right.answer.start : right.answer.end] == "amber"
            assert right.passage.startswith("Router") == wrong.passage.startswith("Router") == bool(titled)
            assert (right.answers, right.relevant, wrong.answers, wrong.relevant) == (True, True, False, False)
            assert wrong.answer is None


def test_shares_say_how_many_get_negatives():
    sizes = [len(group.readings) for group in made(negatives=((1, 0.5),))]
    assert 10 <= sizes.count(2) <= 30
    assert sizes.count(1) + sizes.count(2) == 40


def test_what_is_ranked_alone_has_negatives_and_says_nothing_of_answers():
    groups = made(negatives=((1, 0.5),), ranked_only=True)
    assert 0 < len(groups) < 40
    assert all(reading.answers is None for group in groups for reading in group.readings)


def test_changed_questions_are_not_answered_and_have_no_place_in_a_ranking():
    changed = [group for group in made(changed=1.0, negatives=()) if group.origin == "toy, changed"]
    assert changed
    for group in changed:
        (reading,) = group.readings
        assert group.question != "Which lamp has Marie Curie?"
        assert (reading.answers, reading.relevant, reading.answer) == (False, None, None)


def test_changed_questions_say_which_words_the_passage_lacks():
    for group in made(changed=1.0, negatives=()):
        if group.origin == "toy, changed":
            words = [group.question[span.start : span.end] for span in group.readings[0].unmet]
            assert words
            assert not set(words) & set("Which lamp has Marie Curie".split())


def test_a_contrasted_question_is_answered_by_the_other_passage_only():
    groups = made(contrasted=1.0, negatives=((1, 1.0),))
    pairs = [(one, other) for one, other in pairwise(groups) if other.origin == "toy, contrasted"]
    assert pairs
    for one, other in pairs:
        right, mined, wrong = one.readings
        there, here = other.readings
        assert (wrong.passage, here.passage) == (there.passage, right.passage)
        assert one.question != other.question
        for reading in (right, there):
            assert reading.passage[reading.answer.start : reading.answer.end] == "amber"
            assert (reading.answers, reading.relevant, reading.unmet) == (True, True, ())
        for question, reading in ((one.question, wrong), (other.question, here)):
            assert (reading.answers, reading.relevant, reading.answer) == (False, False, None)
            words = [question[span.start : span.end] for span in reading.unmet]
            assert words
            assert not any(word in reading.passage for word in words)
        assert mined.unmet is None


def test_a_cropped_passage_keeps_title_and_answer_and_only_sentences_beside_it():
    sentences = [
        f"Lamp {number} is of colour {word}." for number, word in enumerate("red green blue pink grey".split())
    ]
    text = " ".join(sentences)
    start = text.index("blue")
    questions = QuestionSet(
        "toy",
        "none",
        (Paragraph("lamps", "Router", text),),
        (Asked("Which colour?", 0, ("blue",), Span(start, start + 4)),) * 40,
    )
    cropped = make_groups(questions, {}, Mixture(titled=0.5, cropped=1.0, changed=0.0), seed=1)
    kept = {group.readings[0].passage.removeprefix("Router\n") for group in cropped}
    assert kept == {" ".join(sentences[first : last + 1]) for first in (1, 2) for last in (2, 3)}
    for group in cropped:
        (reading,) = group.readings
        assert reading.passage[reading.answer.start : reading.answer.end] == "blue"


def test_a_passage_without_the_sentence_of_the_answer_does_not_answer():
    about = "The router has many lamps of all sizes, and every one of them can be replaced by hand."
    text = f"{about} The lamp of Marie is blue."
    start = text.index("blue")
    asked = (Asked("Which colour has the lamp of Marie?", 0, ("blue",), Span(start, start + 4)),) * 4
    questions = QuestionSet("toy", "none", (Paragraph("lamps", "Router", text),), asked)
    for group in make_groups(questions, {}, Mixture(titled=0.5, deleted=1.0, changed=0.0), seed=1):
        right, wrong = group.readings
        assert right.answers
        assert wrong.passage == right.passage.removesuffix(" The lamp of Marie is blue.")
        assert (wrong.answers, wrong.relevant, wrong.answer) == (False, False, None)


def test_what_has_negatives_is_not_cropped():
    for group in made(cropped=1.0, negatives=((1, 1.0),)):
        assert group.readings[0].passage == "Router\nThe lamp of Marie Curie is amber."


def test_a_seed_gives_the_same():
    assert made(titled=0.5, changed=0.5, contrasted=0.5) == made(titled=0.5, changed=0.5, contrasted=0.5)


def test_the_nearest_sentences_are_a_part_of_the_text_around_the_one_that_shares_most_words():
    text = "The lamp is red. The kettle takes two litres. It is washed by hand. Spare lids cost 4 euros."
    taken = {nearest_sentences("how long does the kettle take", text, random.Random(n)) for n in range(20)}
    assert all("The kettle takes two litres." in each and each in text for each in taken)
    assert not any("Spare lids" in each for each in taken)
    assert min(taken, key=len) == "The kettle takes two litres."
    assert nearest_sentences("anything", "", random.Random(1)) == ""


def test_a_share_of_the_questions_about_a_cell_is_asked_without_its_column():
    table = Paragraph("safes", "Safes", "Model | Price | Rating\nFell 90 | £1,450 | £10,000")
    asked = (Asked("How much is a Fell 90?", 0, ("£1,450",), Span(33, 39)),) * 40
    mixture = Mixture(changed=0.0, negatives=(), columns=0.5)
    groups = make_groups(QuestionSet("toy", "none", (table,), asked), {}, mixture, seed=1)
    left_out = [group for group in groups if group.origin == "toy, without the column"]
    assert 10 <= len(left_out) <= 30
    assert all("£1,450" not in group.readings[1].passage for group in left_out)
