"""The words of a statement that answer, as a reader found them."""

from dataclasses import replace

import pytest

from rag.ask.quoting.phrases import answering, phrased, phrased_row, read, unmet
from rag.protocols import Found
from rag.sentences import Span
from rag.types import Citation, Statement

TEXT = "It is new. The warranty lasts 24 months. It is 24 months old."


class Finds:
    """Finds a word at its last place in each passage that holds it."""

    def __init__(self, word, *, answers=0.9):
        self.word, self.answers = word, answers

    def find(self, question, passages):
        places = [passage.rfind(self.word) for passage in passages]
        return [
            None if place < 0 else Found(0.0, self.answers, Span(place, place + len(self.word)), 0.6)
            for place in places
        ]


@pytest.fixture
def evidence(evidence_of):
    return evidence_of("How long is the warranty?", TEXT, "Nothing here.")


def cited(evidence, quote, *, text=None):
    chunk = evidence.hits[0].passage.chunk
    start = chunk.start + TEXT.find(quote)
    citation = Citation(
        1, chunk.document_id, "Manual", chunk.version, chunk.id, None, (), start, start + len(quote), quote
    )
    return Statement(text or quote, 1.0, (citation,))


def words(statement):
    return statement.phrase and statement.text[slice(*statement.phrase)]


def marked(evidence, statement, word, **more):
    found = read("How long?", evidence.hits, Finds(word, **more))
    return phrased(statement, evidence.hits, found)


def test_what_was_read_says_whether_it_answers(evidence):
    told = answering(evidence, Finds("warranty", answers=0.7), limit=2)
    assert [told.hits[0].features[name] for name in ("answers", "met", "phrase")] == [0.7, 1.0, 0.6]
    assert told.hits[1] == evidence.hits[1]
    assert answering(evidence, Finds("warranty"), limit=0) == evidence


def test_the_phrase_of_a_quote_is_the_very_place(evidence):
    statement = marked(evidence, cited(evidence, "It is 24 months old."), "24 months")
    assert statement.phrase == (6, 15)


def test_an_answer_in_another_sentence_is_no_phrase_of_this_one(evidence):
    assert marked(evidence, cited(evidence, "It is new."), "24 months").phrase is None


def test_the_phrase_of_a_written_sentence_is_sought_in_it(evidence):
    written = cited(evidence, "It is 24 months old.", text="Its age: 24 months.")
    assert words(marked(evidence, written, "24 months")) == "24 months"
    assert marked(evidence, cited(evidence, "It is 24 months old.", text="Two years."), "24 months").phrase is None


def test_an_answer_that_is_not_likely_is_not_marked(evidence):
    assert marked(evidence, cited(evidence, "It is 24 months old."), "24 months", answers=0.05).phrase is None


def test_the_title_above_a_passage_does_not_shift_the_phrase(evidence_of):
    evidence = evidence_of("How long?", TEXT)
    hit = evidence.hits[0]
    chunk = replace(hit.passage.chunk, context="Manual > Warranty")
    assert chunk.text_offset > 0
    below = replace(hit, passage=replace(hit.passage, chunk=chunk))
    evidence = replace(evidence, hits=(below,))
    assert words(marked(evidence, cited(evidence, "It is 24 months old."), "24 months")) == "24 months"


def lacking(relevance, *spans):
    return Found(relevance, 0.2, None, 0.0, tuple(Span(*span) for span in spans))


QUESTION = "How long is the warranty of the “Kestrel 9”?"
KESTREL, WARRANTY = (32, 43), (16, 24)


def test_a_word_that_none_of_the_best_passages_meets_is_one_the_documents_say_nothing_of():
    found = {"a": lacking(3.0, KESTREL), "b": lacking(2.0, KESTREL, WARRANTY), "c": lacking(1.0, KESTREL, WARRANTY)}
    assert unmet(QUESTION, (), found) == ("Kestrel 9",)


def test_passages_far_down_do_not_count_and_one_that_meets_a_word_is_enough():
    found = {"a": lacking(3.0, WARRANTY), "b": lacking(2.0, WARRANTY), "c": lacking(1.0, WARRANTY), "d": lacking(0.0)}
    assert unmet(QUESTION, (), found) == ("warranty",)
    assert unmet(QUESTION, (), found | {"e": lacking(9.0)}) == ()
    assert unmet(QUESTION, (), {}) == ()


def test_a_number_behind_a_name_is_named_with_it():
    assert unmet("How do I reset the Kestrel 7?", (), {"a": lacking(1.0, (27, 28))}) == ("Kestrel 7",)
    assert unmet("Does it weigh 7 kilograms?", (), {"a": lacking(1.0, (14, 15))}) == ("7",)


def test_a_code_is_named_whole():
    assert unmet("What does HX-2312 mean?", (), {"a": lacking(1.0, (13, 17))}) == ("HX-2312",)


def test_a_word_that_stands_in_a_passage_is_not_one_that_the_documents_say_nothing_of(evidence_of):
    hits = evidence_of("?", "The warranties of routers differ.").hits
    found = {"a": lacking(3.0, KESTREL, WARRANTY)}
    assert unmet(QUESTION, hits, found) == ("Kestrel 9",)


def test_a_word_that_only_asks_is_not_one_that_the_documents_say_nothing_of():
    found = {"a": lacking(1.0, (0, 8), (16, 21))}
    assert unmet("how much is the piano exam", (), found) == ("piano",)


TABLE = (
    "Model | End of features | End of updates\nTidal C2 | 1 May 2024 | 1 May 2025\nTidal C3 | 1 May 2026 | 1 May 2028"
)


class BelowItsHeader:
    """Finds the last cell of a text that holds one row, and the first date of a longer one."""

    def find(self, question, passages):
        found = []
        for text in passages:
            cell = text.rpartition(" | ")[2] if text.count("Tidal") == 1 else "1 May 2024"
            start = text.index(cell)
            found.append(Found(0.0, 0.9, Span(start, start + len(cell)), 0.9))
        return found


def test_the_cell_of_a_row_is_sought_below_the_header_of_its_table(evidence_of):
    evidence = evidence_of("Last day of updates?", TABLE)
    chunk = evidence.hits[0].passage.chunk
    row = "Tidal C3 | 1 May 2026 | 1 May 2028"
    start = chunk.start + TABLE.index(row)
    citation = Citation(1, chunk.document_id, "T", chunk.version, chunk.id, None, (), start, start + len(row), row)
    statement = Statement(row, 1.0, (citation,))
    found = phrased_row("Last day of updates?", statement, evidence.hits, BelowItsHeader())
    assert words(found) == "1 May 2028"
    # A sentence, and an answer outside of the row, are left to the passage.
    assert phrased_row("Last day?", replace(statement, text="It is old."), evidence.hits, BelowItsHeader()) is None
    assert phrased_row("Last day?", statement, evidence.hits, Finds("End of updates")) is None
    assert phrased_row("Last day?", statement, (), BelowItsHeader()) is None
