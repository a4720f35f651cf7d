"""Which sentence answers, by what several models say."""

from dataclasses import replace

import numpy as np
import pytest

from rag.ask.quoting.choice import _READ_ALONE, Sentence, alone, scored, with_phrase
from rag.protocols import Found, Likelihood
from rag.sentences import Span
from rag.types import Turn

NEAR = 0.5


class Reads:
    """A reader to which texts with certain words answer, and which remembers what it read."""

    def __init__(self, words=""):
        self.words, self.texts = words, []

    def find(self, question, passages):
        self.texts += passages
        return [Found(0.0, 0.9 if self.words and self.words in text else 0.1, None, 0.0) for text in passages]


@pytest.fixture
def choose(evidence_of):
    def run(given, reader=None, text="One stands here. Two stands here. Three stands here."):
        evidence = evidence_of("Which?", text)
        sentences = [(Sentence(f"{name} stands here.", 0, n, NEAR), *rest) for n, (name, *rest) in enumerate(given)]
        made = scored("Which?", evidence.hits, sentences, reader or Reads())
        return [each.text.split()[0] for each in sorted(made, key=lambda each: -each.score)], made

    return run


def found(relevance=0.0, answers=0.5):
    return Found(relevance, answers, None, 0.0)


def test_the_sentence_where_the_answer_stands_comes_first(choose):
    order, made = choose([("One", found(), 0.1), ("Two", found(), 0.8), ("Three", found(), 0.0)])
    assert order == ["Two", "One", "Three"]
    assert [each.answers for each in made] == pytest.approx([0.05, 0.4, 0.0])


def test_so_does_that_of_the_more_relevant_passage_where_all_else_is_equal(choose):
    assert choose([("One", found(-2.0), 0.5), ("Two", found(3.0), 0.5)])[0] == ["Two", "One"]


def test_what_answers_by_itself_comes_before_what_does_not(choose):
    order, _ = choose([("One", found(), 0.4), ("Two", found(), 0.5), ("Three", found(), 0.4)], Reads("Three"))
    assert order == ["Three", "Two", "One"]


def test_only_the_best_are_read_alone_below_their_headings(choose, evidence_of):
    reader = Reads("nothing")
    given = [(f"N{n}", found(), n / 40) for n in range(20)]
    order, _ = choose(given, reader)
    assert len(reader.texts) == _READ_ALONE
    hit = evidence_of("Which?", "text").hits[0]
    assert (
        reader.texts[0] == alone(hit, "N19 stands here.") == f"{hit.passage.chunk.context}\nN19 stands here.".lstrip()
    )
    assert order[:3] == ["N19", "N18", "N17"]


def test_a_sentence_knows_where_the_reader_sees_the_answer_in_it():
    sentence = Sentence("It is five or six.", 0, 0, NEAR)
    inside = with_phrase(sentence, Found(0.0, 0.9, Span(24, 27), 1.0), 10)
    assert [sentence.text[span.start : span.end] for span in inside.phrases] == ["six"]
    for elsewhere in (Span(4, 8), Span(20, 40), None):
        assert with_phrase(sentence, Found(0.0, 0.9, elsewhere, 1.0), 10) is sentence
    assert with_phrase(sentence, None, 10) is sentence


def test_what_the_reader_sees_in_a_sentence_alone_is_known_too(choose):
    class Marks(Reads):
        def find(self, question, passages):
            return [Found(0.0, 0.9, Span(len(text) - 5, len(text) - 1), 1.0) for text in passages]

    _, made = choose([("One", found(), 0.4)], Marks())
    assert [[each.text[span.start : span.end] for span in each.phrases] for each in made] == [["here"]]


def test_a_row_is_read_below_the_header_of_its_table(evidence_of):
    table = "Speeds:\nLine | Days\nHarbour | 4\nMoor | 6"
    hit = evidence_of("Which?", table).hits[0]
    above = f"{hit.passage.chunk.context}\n".lstrip()
    assert alone(hit, "Moor | 6") == f"{above}Line | Days\nMoor | 6"
    assert alone(hit, "Line | Days") == f"{above}Line | Days"
    assert alone(hit, "Speeds:") == f"{above}Speeds:"


def test_a_sentence_of_a_further_section_is_read_below_its_own_headings(evidence_of):
    hit = evidence_of("Which?", "Fireworks\n\nSorry, no.\n\nDogs\n\nAt the ceremony only.").hits[0]
    chunk = hit.passage.chunk
    at = chunk.text.index("Dogs")
    chunk = replace(
        chunk,
        context="Manual\nGuests\nFireworks",
        headings=("Guests", "Fireworks"),
        turns=(Turn(at, None, ("Guests", "Dogs")),),
    )
    hit = replace(hit, passage=replace(hit.passage, chunk=chunk))
    assert alone(hit, "Sorry, no.") == "Manual\nGuests\nFireworks\nSorry, no."
    assert alone(hit, "At the ceremony only.") == "Manual\nGuests\nDogs\nAt the ceremony only."


def test_an_answer_in_a_document_is_read_below_its_question(evidence_of):
    text = (
        "Hours\n\nQ: Do you deliver?\nA: Yes. It is free.\n\nLost it? Ring us.\n\n"
        "May I pay?\n\nBy card. Or cash.\n\nThe end."
    )
    hit = evidence_of("Which?", text).hits[0]
    above = f"{hit.passage.chunk.context}\n".lstrip()
    for said in ("A: Yes.", "It is free."):
        assert alone(hit, said) == f"{above}Q: Do you deliver?\n{said}"
    assert alone(hit, "Ring us.") == f"{above}Lost it?\nRing us."
    for said in ("By card.", "Or cash."):
        assert alone(hit, said) == f"{above}May I pay?\n{said}"
    for said in ("Hours", "The end.", "Q: Do you deliver?"):
        assert alone(hit, said) == f"{above}{said}"


def test_without_a_reader_nearness_decides(evidence_of, highlighter):
    evidence = evidence_of("Which?", "One. Two.")
    sentences = [(Sentence("One", 0, 0, 0.2), None, 0.0), (Sentence("Two", 0, 1, 0.4), None, 0.0)]
    one, two = scored("Which?", evidence.hits, sentences, highlighter)
    assert one.score < two.score
    assert one.answers == two.answers == 0.0


def test_a_likelihood_is_told_of_any_span():
    # Tokens at 0, 4 and 8; the answer begins most likely at the second and ends most likely at the third.
    begins, ends = (np.array([0.0, *np.cumsum(each)], dtype=np.float32) for each in ([0.1, 0.7, 0.2], [0.0, 0.3, 0.7]))
    said = Found(0.0, 1.0, Span(4, 12), 0.49, (), Likelihood(np.array([0, 4, 8], dtype=np.int32), begins, ends))
    assert said.inside(Span(0, 4)) == 0.0
    assert said.inside(Span(4, 12)) == pytest.approx((0.9 * 1.0) ** 0.5)
    assert said.inside(Span(0, 12)) == pytest.approx(1.0)
    # Where only the likeliest place is known, all else holds nothing.
    known = Found(0.0, 1.0, Span(4, 12), 0.49)
    assert [known.inside(Span(*span)) for span in ((0, 4), (4, 8), (0, 12))] == pytest.approx([0.0, 0.7, 0.7])
