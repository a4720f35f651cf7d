"""Passages that look like the answer and are none."""

import zlib

import numpy as np

from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from rag.training.readings.negatives import mine, neighbours


class Words:
    """Embeds a text by its words: texts that share words are near each other."""

    dimension = 256

    def embed(self, texts, *, urgency="question"):
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().replace(".", "").replace("?", "").split():
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


PARAGRAPHS = tuple(
    Paragraph(article, "", text)
    for article, text in (
        ("lamp", "The lamp of the router is amber."),
        ("lamp", "The lamp of the switch is cobalt."),
        ("lamp", "The lamp of the modem is amber too."),
        ("whale", "A whale eats krill."),
        ("lamp", "The lamp of the router is amber."),
        ("lamp", "The lamp of the phone is silver."),
    )
)


def questions(*asked):
    return QuestionSet("toy", "none", PARAGRAPHS, asked)


def test_the_nearest_that_do_not_answer_come_nearest_first():
    asked = Asked("Which lamp has the router?", 0, ("amber",))
    (found,) = mine(questions(asked), [0], Words(), depth=6)
    assert set(found) == {1, 5, 3}
    assert found[-1] == 3


def test_what_holds_the_answer_or_is_the_same_text_is_left_out():
    with_answer = Asked("Which lamp has the router?", 0, ("Amber",))
    without = Asked("Which lamp has the router?", 0)
    first, second = mine(questions(with_answer, without), [0, 1], Words(), depth=6)
    assert 2 not in first
    assert 2 in second
    assert not {0, 4} & {*first, *second}


def test_what_answers_a_question_of_the_family_is_left_out():
    one = Asked("Which lamp has the switch?", 1, family="lamps")
    other = Asked("Which lamp has the phone?", 5, family="lamps")
    alone = Asked("Which lamp has the switch?", 1)
    found = mine(questions(one, other, alone), [0, 2], Words(), depth=6)
    assert 5 not in found[0]
    assert 5 in found[1]


def test_only_so_many_are_looked_at():
    (found,) = mine(questions(Asked("Which lamp has the switch?", 1)), [0], Words(), depth=2)
    assert len(found) <= 2


def test_more_than_there_is_may_be_asked_for():
    (found,) = mine(questions(Asked("Which lamp has the switch?", 1)), [0], Words(), depth=100)
    assert set(found) == {0, 2, 3, 4, 5}


def test_neighbours_are_of_the_article_first_and_never_answer():
    asked = Asked("Which lamp has the router?", 0, ("amber",))
    (found,) = neighbours(questions(asked), [0], seed=1, most=2)
    assert set(found) == {1, 5}
    assert neighbours(questions(asked), [0], seed=1, most=2) == [found]


def test_an_article_of_one_passage_gets_those_of_others():
    (found,) = neighbours(questions(Asked("What does it eat?", 3)), [0], seed=1, most=4)
    assert found
    assert 3 not in found
