"""Claims with sources that support them or do not."""

import pytest

from rag.errors import InputError
from rag.sentences import Span
from rag.training.claims.claim import entailment, from_answers, from_sentences
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from tests.rag.training.conftest import write_lines

TEXT = (
    "The tower was built in 1889 by Gustave Eiffel. It must not be climbed after 10 in the evening (in winter 8). "
    "In summer, the tower is open to all visitors of Paris who have a ticket. More than 300 workers came to Paris."
)
PARAGRAPHS = [Paragraph("tower", "", TEXT), Paragraph("tower", "", TEXT.replace("1889", "1932").replace("300", "450"))]


def test_entailment_is_support_and_everything_else_is_not(tmp_path):
    line = {"source": " It is red. ", "claim": "It is red.", "origin": "toy"}
    labels = ["entailment", "neutral", "contradiction", "not_entailment"]
    path = write_lines(tmp_path / "pairs.jsonl", [{**line, "label": label} for label in labels])
    claims = entailment(path)
    assert [claim.supported for claim in claims] == [True, False, False, False]
    assert [claim.faults for claim in claims] == [(), None, None, None]
    assert claims[0].source == "It is red."


def test_a_pair_without_its_parts_is_named(tmp_path):
    path = write_lines(tmp_path / "pairs.jsonl", [{"source": "a", "claim": "b"}])
    with pytest.raises(InputError, match=r"Line 1 of 'pairs\.jsonl'"):
        entailment(path)


def test_sentences_hold_and_corrupted_ones_do_not_stand_in_their_source():
    claims = [claim for seed in range(10) for claim in from_sentences(PARAGRAPHS, per_paragraph=3, seed=seed)]
    kinds = {claim.kind for claim in claims}
    assert {"sentence", "left out", "number"} <= kinds
    for claim in claims:
        if not claim.supported:
            assert claim.text.casefold() not in claim.source.casefold()
        else:
            # At most something in brackets or before a comma is left out.
            assert set(claim.text.casefold().replace(".", "").split()) <= set(
                claim.source.casefold().replace(".", "").split()
            )
        for span in claim.faults or ():
            assert claim.text[span.start : span.end].strip()


def test_each_supported_sentence_has_at_most_one_that_is_not():
    claims = [each for each in from_sentences(PARAGRAPHS, per_paragraph=2, seed=1) if each.kind != "contrasted"]
    assert sum(claim.supported for claim in claims) == 4
    assert sum(not claim.supported for claim in claims) <= 4
    assert from_sentences(PARAGRAPHS, per_paragraph=2, seed=1) == from_sentences(PARAGRAPHS, per_paragraph=2, seed=1)


def test_an_answer_to_another_question_is_the_wrong_one_and_its_words_are_named():
    asked = (
        Asked("When was the tower built?", 0, ("1889",), Span(23, 27)),
        Asked("When was the ticket sold?", 0, ("1932",)),
        Asked("Who built the tower?", 0, ("Gustave Eiffel",)),
    )
    questions = QuestionSet("toy", "none", tuple(PARAGRAPHS), asked)
    claims = from_answers(questions, share=1.0, seed=1)
    assert "The tower was built in 1889." in {claim.text for claim in claims if claim.supported}
    (wrong,) = [claim for claim in claims if not claim.supported and "tower was built in" in claim.text]
    assert wrong.text == "The tower was built in 1932."
    assert [wrong.text[span.start : span.end] for span in wrong.faults] == ["1932"]


def test_an_answer_of_another_form_is_not_taken():
    asked = (
        Asked("When was the tower built?", 0, ("1889",)),
        Asked("Who built the tower?", 0, ("Gustave Eiffel",)),
    )
    claims = from_answers(QuestionSet("toy", "none", tuple(PARAGRAPHS), asked), share=1.0, seed=1)
    assert all(claim.supported for claim in claims)


def test_a_changed_source_supports_the_changed_sentence_and_no_longer_the_first():
    paragraphs = [
        Paragraph("a", "", f"The router of Marie was made in {year}. It cost 30 dollars then.")
        for year in range(1900, 1960)
    ]
    made = [claim for claim in from_sentences(paragraphs, per_paragraph=2, seed=1) if claim.kind == "contrasted"]
    assert made
    for right, wrong in zip(made[::2], made[1::2], strict=True):
        assert right.source == wrong.source
        assert right.text in right.source
        assert wrong.text not in wrong.source
        assert (right.supported, right.faults, wrong.supported) == (True, (), False)
        (fault,) = wrong.faults
        assert wrong.text[fault.start : fault.end] not in right.text
