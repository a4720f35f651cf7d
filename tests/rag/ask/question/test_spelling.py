"""Slips of the fingers are put right as far as the documents show how; nothing else is touched."""

import pytest

from rag.ask.question.spelling import spell
from rag.types import Correction


@pytest.fixture
def vocabulary(vocabulary_of):
    return vocabulary_of(
        ("Kestrel 6", "Warranty", "Which warranty holds is written in the address field with many answers."),
        ("Kestrel 6", "Answers", "The warranty address and which causes are available, with many others."),
        ("Coming", "Coming", "Coming to us, you are dealing with people who should be referring to the cost of it."),
        ("Coming", "Coming", "It was covered by former staff, coming and referring, bedtime or not. Dealing is easy."),
        ("Codes", "Codes", "HX-2104 and NV-610-B fail. Z-Wave works. Nuno Jensen leads with Gatehouse."),
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("warrenty?", "warranty?"),
        ("the adress", "the address"),
        ("how meny", "how many"),
        ("right anwsers", "right answers"),
        ("is it avialable", "is it available"),
        ("WARRENTY", "WARRANTY"),
        ("Warrenty", "Warranty"),
        ("reset the kestral 6", "reset the Kestrel 6"),
        ("reset the Kestral 6", "reset the Kestrel 6"),
        ("Kestrel6", "Kestrel 6"),
        ("zwave", "Z-Wave"),
        ("gatehuose", "Gatehouse"),
        ("casued", "caused"),
        ("ask Nuno Jenzen", "ask Nuno Jensen"),
        ("the gatehuose's team", "the Gatehouse's team"),
        ("comming with it", "coming with it"),
    ],
)
def test_a_slip_is_read_as_the_documents_write_it(vocabulary, text, read):
    assert spell(text, vocabulary)[0] == read


def test_a_letter_left_out_is_likelier_than_one_taken_for_another(vocabulary):
    # "with" is as near, and stands in more passages.
    assert spell("wich one", vocabulary)[0] == "which one"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hx2104", "HX-2104"),
        ("HX 2104", "HX-2104"),
        ("nv610b", "NV-610-B"),
        ("hx2104 or nv-610b?", "HX-2104 or NV-610-B?"),
    ],
)
def test_a_code_takes_the_hyphens_of_the_documents(vocabulary, text, read):
    assert spell(text, vocabulary)[0] == read


@pytest.mark.parametrize(
    "text",
    [
        "HX-2105",
        "hx-2104",
        "hx9999",
        "in 2104",
        "the warranty",
        "does the hairdryer float",
        '"warrenty" and “adress”',
        "warrenty@kestral.com",
        "https://kestral.com/warrenty",
        "is Nuno Jansen in?",
        "who is Jansen",
        "who is Gatelouse",
        "it doesnt and it wan't",
        "why shouldnt they, theyd said, and they havent",
        # Words that people make or shorten, as another list of words lacks them.
        "cust wants it hoovered by the wormer in a nine-seater",
        "what leadtime for 10 digit dialing",
        "the Kestrel's",
        "fail or fall",
        "qzx",
        "如何重置",
    ],
)
def test_everything_else_stays_as_it_is(vocabulary, text):
    assert spell(text, vocabulary) == (text, ())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a merchant with 60k a month", "a merchant with 60,000 a month"),
        ("2.5K of turnover", "2,500 of turnover"),
        ("claim of 6k.", "claim of 6,000."),
        ("what is HX-60k", "what is HX-60k"),
        ('the "60k" offer', 'the "60k" offer'),
    ],
)
def test_thousands_are_written_out(vocabulary, text, read):
    assert spell(text, vocabulary)[0] == read


def test_thousands_stay_where_the_documents_write_them_so(vocabulary_of):
    assert (
        spell("the 60k plan", vocabulary_of(("Plans", "Plans", "The 60k plan is for merchants.")))[0] == "the 60k plan"
    )


def test_only_codes_are_put_right_where_words_are_not_english(vocabulary):
    assert spell("die warrenty von hx2104", vocabulary, words=False)[0] == "die warrenty von HX-2104"


def test_every_change_is_told_once(vocabulary):
    text, changes = spell("warrenty, Warrenty, warrenty of hx2104", vocabulary)
    assert text == "warranty, Warranty, warranty of HX-2104"
    assert changes == (
        Correction("hx2104", "HX-2104"),
        Correction("warrenty", "warranty"),
        Correction("Warrenty", "Warranty"),
    )


def test_nothing_is_read_into_documents_without_words(vocabulary_of):
    text = "warrenty of hx2104, HX 2104 and Kestrel"
    assert spell(text, vocabulary_of()) == (text, ())
