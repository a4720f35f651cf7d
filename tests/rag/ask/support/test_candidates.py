"""Several answers are weighed: the best is shown, and the others say how they differ."""

from dataclasses import replace

import pytest

from rag.ask.support.candidates import Weighed, best, difference, others
from rag.types import Citation, Confidence, Statement


def answer(text, *, title="Returns", probability=0.6, mode="quoted", heading=""):
    headings = (heading,) if heading else ()
    citation = Citation(1, title, title, "v1", f"{title}@v1:0-9", None, headings, 0, len(text), text)
    statements = (Statement(text, 1.0, (citation,)),) if text else ()
    return Weighed(mode, statements, Confidence(probability, "medium", {}))


SHOWN = answer("A device can be returned within 30 days of delivery.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A device can be returned within 14 days of delivery.", "“Abroad” says 14 days."),
        ("A device can be returned.", "“Abroad” says less."),
        ("A device can be returned within 30 days of delivery with its box.", "“Abroad” says more."),
        ("Within 30 days of delivery, a device can be returned.", "“Abroad” says the same in other words."),
        ("Shops are closed on Sunday.", "From “Abroad”, on “Opening hours”."),
    ],
)
def test_an_other_answer_says_how_it_differs(text, why):
    assert difference(SHOWN, answer(text, title="Abroad", heading="3. Opening hours")) == why


def test_an_answer_of_the_same_passage_is_told_so():
    assert difference(SHOWN, answer("A device can be returned within 14 days.")) == "The same passage says 14 days."


def test_quotes_beside_a_generated_answer_are_named_so():
    assert difference(answer("Return it.", mode="generated"), answer("You may return it.")) == (
        "In the words of the documents."
    )


def test_the_likeliest_is_shown_and_the_first_of_equals():
    assert best([answer("a b", probability=0.5), answer("c d", probability=0.7)]) == 1
    assert best([answer("a b", probability=0.5), answer("c d", probability=0.5)]) == 0


def test_a_way_through_tables_decides_between_answers_that_are_about_as_likely():
    through = replace(answer("a b", probability=0.6), confidence=Confidence(0.6, "medium", {"trail": 1.0}))
    assert best([answer("c d", probability=0.65), through]) == 1
    assert best([answer("c d", probability=0.75), through]) == 0


def test_agreement_of_others_decides_between_answers_that_are_about_as_likely():
    lonely = answer("It lasts 36 months.", probability=0.52)
    agreed = answer("The warranty lasts 24 months.", probability=0.5)
    assert best([lonely, agreed, answer("A warranty lasts 24 months.", title="B", probability=0.4)]) == 1


def test_copies_empty_and_unlikely_answers_are_not_offered():
    kept = answer("A device can be returned within 14 days.", title="Abroad", probability=0.5)
    offered = others(
        SHOWN,
        [SHOWN, answer(SHOWN.text, title="Copy"), answer(""), answer("No.", probability=0.1), kept],
    )
    assert [each.text for each in offered] == [kept.text]


def test_another_passage_of_the_same_document_is_told_so():
    elsewhere = answer("A device can be returned within 14 days.")
    citation = replace(elsewhere.statements[0].citations[0], chunk_id="Returns@v1:80-99")
    moved = replace(elsewhere, statements=(replace(elsewhere.statements[0], citations=(citation,)),))
    assert difference(SHOWN, moved) == "Another passage says 14 days."


def test_the_shown_row_with_rows_beside_it_is_no_other_answer():
    row, beside = answer("Kestrel 6 | 36 months"), answer("Kestrel 6 Pro | 60 months")
    more = answer("It starts on the day of delivery.")
    both = replace(row, statements=(*row.statements, *beside.statements))
    told = replace(row, statements=(*row.statements, *more.statements))
    assert others(row, [row, both]) == ()
    assert [each.why for each in others(row, [row, told])] == ["The same passage says more."]
