"""A phone number is found by itself or by the words beside it; what counts, measures or names a part is none."""

from __future__ import annotations

import pytest

from rag.safety.phones import otherwise_named, phones

FOUND = [
    "Tel.: [030 / 90 18 20]",
    "Tel.: [+49 (0) 30 / 90 18 20]",
    "Our number is [0171 2345678].",
    "[0049 30 901820]",
    "In London [020 7946 0958] rings.",
    "[07700 900123]",
    "[01 42 68 53 00]",
    "[8 (495) 123-45-67]",
    "The office is at [800-123-4567].",
    "That is the last part. [800-123-4567] is the desk.",
    "Call [5551234] for details.",
    "Call [2813882583] mobile",
    "Text [5551234] thanks",
    "[+4930901820] works",
    "Ring [0800 1234567] hours nine to five",
]
OTHER = [
    "250000 mobile users",
    "100000 work cycles",
    "text 160000 characters",
    "reach 1500000 users",
    "call 1 500 000 users",
    "+491234 steps",
    "dimension 600-400-1200 mm",
    "cut to 600-400-1200 mm",
    "Part 800-123-4567",
    "Part number 800-123-4567",
    "Their part is 0171 2345678",
    "Serial 020 7946 0958",
    "0049 30",
    "12345 678901",
    "020 79 46 09 58",
    "030 901820",
    "call on 01/02 03:30",
]


@pytest.mark.parametrize("marked", FOUND)
def test_a_number_is_found_to_the_digit(marked):
    start, end = marked.index("["), marked.index("]") - 1
    assert [tuple(span) for span in phones(marked.replace("[", "").replace("]", ""))] == [(start, end)]


@pytest.mark.parametrize("text", OTHER)
def test_what_counts_measures_or_names_is_no_number_to_call(text):
    assert list(phones(text)) == []


@pytest.mark.parametrize(("before", "named"), [("Section ", True), ("version `", True), ("a party ", False)])
def test_words_before_a_number_say_what_it_is(before, named):
    assert otherwise_named(f"{before}1", len(before)) == named
