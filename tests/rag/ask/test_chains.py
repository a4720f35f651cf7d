"""What a description stands for, put into the question."""

from dataclasses import replace

import pytest

from rag.ask.chains import followed
from rag.ask.question.form import read_shape
from rag.protocols import Found
from rag.sentences import Span

JOURNAL = "Journal of Letters\nThe journal is published by the Harbour Society, a small association."
OTHER = "Harbour Society\nIts first president was Ellen Marsh."
QUESTION = "Who was the first president of the association that published Journal of Letters?"
DESCRIBED = "the association that published Journal of Letters"


class Finder:
    """A reader that finds a phrase, with a chance, wherever it stands; and a note of what it was asked."""

    def __init__(self, phrase: str, *, chance: float = 0.9) -> None:
        self.phrase, self.chance = phrase, chance
        self.asked = []

    def find(self, question, passages):
        self.asked.append((question, len(passages)))
        return [self._found(passage) for passage in passages]

    def _found(self, passage):
        start = passage.find(self.phrase)
        span = Span(start, start + len(self.phrase)) if start >= 0 else None
        return Found(0.0, self.chance if span else 0.0, span, 1.0 if span else 0.0)


@pytest.fixture
def chain(evidence_of):
    def make(text: str = QUESTION):
        shape, subqueries = read_shape(text)
        return replace(evidence_of(text, "a").query, shape=shape, subqueries=subqueries)

    return make


def test_the_description_becomes_what_a_passage_says_that_it_is(chain):
    finder = Finder("Harbour Society,")

    assert followed(chain(), [OTHER, JOURNAL], finder) == "Who was the first president of Harbour Society?"
    assert finder.asked == [(DESCRIBED, 2)]


@pytest.mark.parametrize(
    ("finder", "why"),
    [
        (Finder("Harbour Society", chance=0.2), "not sure enough"),
        (Finder("Elsewhere"), "nothing found"),
        (Finder("Journal of Letters"), "it says what the question says already"),
        (Finder("Letters\nThe journal"), "over the line between title and text"),
    ],
)
def test_nothing_is_followed_that_is_not_surely_found(chain, finder, why):
    assert followed(chain(), [JOURNAL], finder) == "", why


def test_a_reader_that_only_compares_finds_nothing(chain):
    class Compares:
        def find(self, question, passages):
            return [None] * len(passages)

    assert followed(chain(), [JOURNAL], Compares()) == ""


def test_a_question_that_asks_inside_of_its_description_stays(chain):
    text = "The league includes the team that plays in Green Harbour since what year?"
    query = chain(text)
    assert query.shape == "chain"

    assert followed(query, [JOURNAL], Finder("Harbour Society")) == ""


def test_a_question_about_one_thing_is_not_asked_of_the_reader(chain):
    finder = Finder("Harbour Society")

    assert followed(chain("Who runs the Harbour Society?"), [JOURNAL], finder) == ""
    assert finder.asked == []
