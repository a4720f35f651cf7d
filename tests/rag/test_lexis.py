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
        ("Is support open at 9am or 9am-5pm?", ()),
        ("a claim of 60k for an 8yr old, 2.5k a month", ()),
        ("the 24-month warranty, its 2nd year, an 8-port switch, 5GHz, 60W, 250g and 500mAh", ()),
        ("a 190t die, 2.5t and 3kN, 12pcs at 3000rpm", ()),
        (
            "4G, 5g, 2FA, 4t, 802.11ax, Section 7A, 24-A and 1.2.3",
            ("4G", "5g", "2FA", "4t", "802.11ax", "7A", "24-A", "1.2.3"),
        ),
    ],
)
def test_codes(text, codes):
    assert lexis.codes(text) == codes


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("The router's code: E13 | hot", 6),
        ("保修期为24个月。", 7),
        ("「保修」", 3),
        ("カメラ", 3),
        ("Otter 的保修期?", 5),
        ("보증 기간", 2),
        ("อายุ", 3),
        ("", 0),
    ],
)
def test_each_character_of_a_script_without_spaces_counts_as_a_word(text, n):
    assert lexis.n_words(text) == n


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


def test_amounts_hold_letters_and_digits_too():
    assert lexis.alphanumerics("HX-2104 opens at 9am on the 2nd") == ("HX-2104", "9am", "2nd")


def test_digits_include_those_inside_codes():
    assert "2104" in lexis.digits("HX-2104")


def test_terms_leave_function_words_out_and_repeat_nothing():
    assert lexis.terms("How do I reset the router, the Router's light?") == ("reset", "router", "light")


def test_stems_join_forms_of_one_word():
    assert lexis.stems("resetting warranties") == lexis.stems("resets warranty")


def test_names_do_not_include_the_first_word_of_a_sentence():
    assert lexis.names("Who leads Access Team? Please ask Dana Ortiz.") == ("Access Team", "Dana Ortiz")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Is HexOS 10.2 free?", ("HexOS",)),
        ("See Section 12.4.", ("Section",)),
        ("Is HexOS 10 free?", ("HexOS 10",)),
        ("Is the Kestrel 14b, 3 years old, covered?", ("Kestrel 14b",)),
        ("Is the Kestrel 14b.2 covered?", ("Kestrel",)),
    ],
)
def test_a_name_is_not_cut_inside_the_number_behind_it(text, names):
    assert lexis.names(text) == names


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


def test_digits_that_are_raised_or_lowered_are_read_as_people_type_them():
    assert lexis.stems("40 m² of CO₂") == lexis.stems("40 m2 of CO2")
    assert lexis.words("10¹² photons") != lexis.words("1012 photons")
    assert lexis.numbers("10¹² photons") == {"10¹²"} != lexis.numbers("10¹³ photons")
