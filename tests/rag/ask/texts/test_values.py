"""Quantities are compared in one unit, with what limits them."""

from time import process_time

import pytest

from rag.ask.texts.values import disagree, values


def one(text):
    (value,) = values(text)
    return value


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("within 14 days", "within 21 days"),
        ("it costs €12.90", "it costs 11.90 euros"),
        ("12 months", "two years"),
        ("at least 30 days", "14 days"),
        ("up to 10 days", "12 days"),
        ("5-7 days", "8 days"),
        ("at most 128 leases", "at most 64 leases"),
        ("about 10 minutes", "30 minutes"),
        ("1,500 seats", "1,400 seats"),
        ("no more than 5 days", "7 days"),
        ("it weighs 30 kilos", "it weighs 20 kg"),
        ("2 meters wide", "150 cm wide"),
        ("20 m² of carpet", "25 square metres of carpet"),
        ("3 tonnes", "2,000 kg"),
        ("not less than 5 days", "3 days"),
        ("In America 20 days", "22 days"),
        ("EUR 20", "21 euros"),
        ("stored at 4 degrees Celsius", "stored at -20 degrees Celsius"),
        ("20 °C", "−20 °C"),
        ("down to -30 C", "down to -20 °C"),
        ("10 000 euros", "1,000 euros"),
        ("€ 1.200,00", "€1,300"),
        ("£1m", "£1,200,000"),
    ],
)
def test_values_that_cannot_both_hold(left, right):
    assert disagree(one(left), one(right))
    assert disagree(one(right), one(left))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("14 days", "two weeks"),
        ("24 hours", "1 day"),
        ("12 months", "one year"),
        ("1 month", "30 days"),
        ("30 kilos", "30 kg"),
        ("1.5 t", "1,500 kilograms"),
        ("2 meters", "200 centimetres"),
        ("36 sqm", "36 m²"),
        ("36 m2", "36 square meters"),
        ("2 cubic metres", "2 m³"),
        ("5 miles", "8 km"),
        ("5-7 days", "6 days"),
        ("about 10 minutes", "11 minutes"),
        ("at least 24 months", "36 months"),
        ("up to 10 peers", "8 peers"),
        ("7 days", "7 working days"),
        ("10 peers", "12 nodes"),
        ("€10", "10 %"),
        ("1,500 seats", "1500 seats"),
        ("at least 3 days", "at most 2 days"),
        ("no more than 5 days", "3 days"),
        ("not less than 5 days", "7 days"),
        ("between 3 and 5 days", "4 days"),
        ("one to two days", "one day"),
        ("10 000 euros", "10,000 euros"),
        ("€ 1.200,00", "€1,200"),
        ("1.200.000 euros", "EUR 1,200,000"),
        ("£1m", "£1,000,000"),
        ("€1.5 million", "€1,500,000"),
        ("1 m", "1 metres"),
        ("24 hr", "1 day"),
        ("2 yrs", "24 months"),
        ("$20 a month", "20 dollars"),
        ("EUR 20", "20 euros"),
        ("20 °C", "20 degrees"),
        ("5 MW", "5000 kW"),
    ],
)
def test_values_that_can_both_hold(left, right):
    assert not disagree(one(left), one(right))
    assert not disagree(one(right), one(left))


def test_codes_and_years_are_no_quantities():
    assert values("HX-2104 came with HexOS 5.2 in 2025.") == ()


@pytest.mark.parametrize("text", ["€1" * 3000, "over 5 days | " * 400])
def test_a_sentence_of_many_amounts_is_read_in_no_time(text):
    began = process_time()
    assert values(text)
    assert process_time() - began < 1.0
