"""A fact is held where its number, unit, code or name stands, however it is written."""

import pytest

from rag.ask.support.facts import missing_facts


def test_numbers_are_compared_as_numbers():
    assert missing_facts("It costs 1,200 euros for two years.", "Two years cost 1200 euros.") == ()
    assert missing_facts("It costs 1,300 euros.", "It costs 1200 euros.") == ("1,300 euros",)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It lasts 24 days.", ("24 days",)),
        ("It has a 24-month warranty.", ()),
        ("It lasts 24 long months.", ()),
        ("Hexmoor routers last 24 months.", ("Hexmoor",)),
        ("Routers last 24 months.", ()),
    ],
)
def test_units_and_the_opening_name_are_compared_too(text, missing):
    assert missing_facts(text, "The Kestrel routers last 24 months, by their warranty. It is long.") == missing


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Hold it for 5 minutes.", "Hold it for 5 min."),
        ("It costs 20 euros.", "It costs 20 EUR."),
        ("It weighs 10 kg.", "It weighs 10 kilograms."),
        ("It is 50 percent.", "It is 50%."),
        ("It is 5 meters.", "It is 5 metres."),
        ("It takes 24 hours.", "It takes 24 h."),
        ("It draws 10 watts.", "It draws 10 W."),
        ("It needs 12 volts.", "It needs 12 V."),
        ("It draws 2 amps.", "It draws 2 A."),
        ("It draws 2 kilowatts.", "It draws 2 kW."),
        ("It opens at 9am.", "It opens at 9 am."),
        ("It is an 8-port switch.", "It is a switch with 8 ports."),
    ],
)
def test_a_unit_in_another_spelling_is_the_same(text, source):
    assert missing_facts(text, source) == ()


@pytest.mark.parametrize(("text", "source"), [("T5 is free.", "AT5 is free."), ("E1 is an error.", "E13 is an error.")])
def test_a_code_inside_another_one_is_missing(text, source):
    assert missing_facts(text, source) == (text.split()[0],)


@pytest.mark.parametrize(
    ("text", "source", "missing"),
    [
        ("It opens at 9pm.", "It opens at 9 am.", ("9pm",)),
        ("It uses 5GHz.", "It uses 5 MHz.", ("5GHz",)),
        ("It is the 2nd reminder.", "It sends 2 reminders.", ("2nd",)),
        ("Section 7A holds.", "Section 7 holds.", ("7A",)),
        ("It runs HexOS 10.2.", "It runs HexOS 10.1.", ("10.2",)),
        ("It runs HexOS 10.2.", "HexOS: 10.2", ()),
    ],
)
def test_an_amount_in_one_word_is_compared_by_number_and_unit(text, source, missing):
    assert missing_facts(text, source) == missing
