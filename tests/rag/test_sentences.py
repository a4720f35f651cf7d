"""Sentences are exact spans without the white space around them."""

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


def test_a_line_break_ends_a_sentence():
    assert cut("Code | Meaning\nHX-1 | no sync\n\n- unplug it") == ["Code | Meaning", "HX-1 | no sync", "- unplug it"]


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
