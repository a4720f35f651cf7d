"""Sentences are exact spans without the white space around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import Span, sentence_spans


def cut(text):
    return [text[span.start : span.end] for span in sentence_spans(text)]


def test_abbreviations_codes_and_versions_do_not_end_a_sentence():
    assert cut("See fig. 3, e.g. for v2.4.1. Dr. Voss agreed. It costs $4.99.") == [
        "See fig. 3, e.g. for v2.4.1.",
        "Dr. Voss agreed.",
        "It costs $4.99.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prices are excl. VAT.",
        "The set comes incl. VAT and approx. £20 of delivery.",
        "Open Mon. to Fri. from 8 to 5 p.m. on workdays.",
        "Heat to max. 40 degrees for min. two hours.",
        "Ring tel. 01632 960 111.",
    ],
)
def test_an_abbreviation_ends_no_sentence(sentence):
    assert cut(f"{sentence} Then wait.") == [sentence, "Then wait."]


def test_a_sentence_may_end_with_one():
    assert cut("Room for 20 persons max. Children count. Closed on Sun. Open again on Mon.") == [
        "Room for 20 persons max.",
        "Children count.",
        "Closed on Sun.",
        "Open again on Mon.",
    ]


def test_nothing_ends_a_sentence_between_the_cells_of_a_row():
    rows = "FLT | Filter incl. ring | 45\nREF | You get it back. Within 5 days. | Colette\nC3 | No motor. Ring!"
    assert cut(rows) == [
        "FLT | Filter incl. ring | 45",
        "REF | You get it back. Within 5 days. | Colette",
        "C3 | No motor.",
        "Ring!",
    ]


def test_a_line_break_ends_a_sentence():
    assert cut("Code | Meaning\nHX-1 | no sync\n\n- unplug it") == ["Code | Meaning", "HX-1 | no sync", "- unplug it"]


def test_a_long_line_has_the_sentences_of_its_pieces():
    written = [f"Dr. Voss wrote no. {n}, e.g. for v2.4.{n}." for n in range(10_000)]
    assert cut(" ".join(written)) == written


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["‘a. ", "“a", "x"])
def test_a_long_line_is_read_in_time_and_no_word_of_it_is_lost(piece):
    assert "".join(cut(piece * 60_000)).replace(" ", "") == (piece * 60_000).replace(" ", "")


def test_a_sentence_that_is_too_long_is_cut_between_words():
    assert {word for sentence in cut("words " * 50_000) for word in sentence.split()} == {"words"}


@given(st.text(alphabet="aB1.!? \n。é", max_size=80))
def test_spans_are_ordered_and_leave_only_white_space_out(text):
    end = 0
    for span in sentence_spans(text):
        assert span.start >= end
        assert not text[end : span.start].strip()
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        end = span.end
    assert not text[end:].strip()


@given(*(st.integers(0, 6) for _ in range(4)))
def test_spans_overlap_where_they_share_a_character(start, length, other_start, other_length):
    one, other = Span(start, start + length + 1), Span(other_start, other_start + other_length + 1)
    assert one.overlaps(other) == bool(set(range(*one)) & set(range(*other)))
