"""A phone number is found by itself or by the words beside it; what counts, measures or names a part is none."""

from __future__ import annotations

import pytest

from rag.safety.phones import otherwise_named, phones

FOUND = [
    "[(555) 123 4567] rings",
    "Printed [1–800–555–0199] and read",
    "Fon: [089 / 12345-67]",
    "Telefon [0 89 / 12 34 56]",
    "Ph: [555-0199]",
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
    "Téléphone [0612345678]",
    "Tél. : [0612345678]",
    "Rufnummer: [089123456]",
    "Teléfono [612345678]",
    "Móvil: [612 345 678]",
    "Cellulare [333 1234567]",
    "Numer telefonu: [601 234 567]",
    "手机：[13800138000]",
    "電話番号 [0312345678]",
    "[0612345678] is my mobile",
    "[07911123456] is her new phone",
    "Ruf uns unter [0151 23456789] an",
    "[0176-12345678] works",
    "To order: [020 7946 0958]",
    "My contact number is [020 7946 0958]",
    "The customer [020 7946 0958] called",
]
OTHER = [
    "pH 7.4 at 100000 cycles",
    "0800–1700, 2019–2024",
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
    "Order number 020 7946 0958",
    "account no. 01234 567890",
    "customer ID: 01234 567890",
    "Reference: 020 7946 0958",
    "RMA 123-456-7890",
    "Kundennummer 0171 2345678",
    "Bestell-Nr. 0171 2345678",
    "Invoice 123456 is my work",
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
