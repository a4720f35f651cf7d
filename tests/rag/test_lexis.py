"""Terms, codes, numbers and names are read off a text as people write them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rag import lexis


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("What does HX-2104 mean?", ("HX-2104",)),
        ("v2.4.1 on the AX3000, at 192.168.0.1", ("v2.4.1", "AX3000", "192.168.0.1")),
        ("it cost 3.50 on 12 May", ()),
        ("see https://example.com for the page", ()),
        ("E13 E13", ("E13",)),
    ],
)
def test_codes(text, codes):
    assert lexis.codes(text) == codes


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("costs $1,299.50", {"1299.50"}),
        ("within thirty days", {"30"}),
        ("two of 14 units", {"2", "14"}),
        ("no figures", set()),
    ],
)
def test_numbers_have_one_spelling(text, numbers):
    assert lexis.numbers(text) == numbers


def test_digits_include_those_inside_codes():
    assert "2104" in lexis.digits("HX-2104")


def test_terms_leave_function_words_out_and_repeat_nothing():
    assert lexis.terms("How do I reset the router, the Router's light?") == ("reset", "router", "light")


def test_stems_join_forms_of_one_word():
    assert lexis.stems("resetting warranties") == lexis.stems("resets warranty")


def test_names_do_not_include_the_first_word_of_a_sentence():
    assert lexis.names("Who leads Access Team? Please ask Dana Ortiz.") == ("Access Team", "Dana Ortiz")


def test_covered_is_the_weighted_share_of_terms_held():
    assert lexis.covered({"reset": 3.0, "router": 1.0}, "Resetting the modem") == 0.75
    assert lexis.covered({}, "anything") == 0.0


def test_stems_are_the_same_in_many_threads():
    words = [
        f"{word}{ending}" for word in ("market", "session", "having", "review") for ending in ("s", "ed", "ing", "")
    ]
    expected = [lexis.stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [lexis.stem.__wrapped__(word) for word in words * 50], range(8)))
    assert all(each == expected * 50 for each in found)


@pytest.mark.parametrize(
    ("text", "held"), [("Code E13: hot", False), ("Code e1: hot", True), ("(E1)", True), ("FE1", False)]
)
def test_a_text_holds_a_code_as_a_word_of_its_own(text, held):
    assert lexis.holds(text, "E1") == held
