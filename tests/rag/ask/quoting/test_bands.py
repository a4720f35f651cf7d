"""Which of several bands of a quantity the number of a question falls in."""

import math
from time import process_time

import pytest

from rag.ask.quoting.bands import Band, Banded, bands, with_units
from rag.sentences import sentence_spans

HOUR = 1 / 24
TOLD = [
    ("over 15 up to 60 minutes: 10% of the price", Band("time", HOUR / 4, HOUR)),
    ("£300.01 to £1,000 | Desk supervisor", Band("pound", 300.01, 1000)),
    ("€150 - €800", Band("euro", 150, 800)),
    ("Between 8 and 12 hours: 14 euros", Band("time", 8 * HOUR, 12 * HOUR)),
    ("0 to under 2 °C", Band("°c", 0, 2)),
    ("Unplanned cut over 12 hours | £30", Band("time", 12 * HOUR, math.inf)),
    ("Absences of 8 hours or more", Band("time", 8 * HOUR, math.inf)),
    ("30 units and more: 14%", Band("n unit", 30, math.inf)),
    ("dogs heavier than 30 kg", Band("weight", 30_000, math.inf)),
    (">= 5 kg", Band("weight", 5_000, math.inf)),
    ("nothing is paid for absences under 8 hours", Band("time", -math.inf, 8 * HOUR)),
    ("not older than 24 h", Band("time", -math.inf, 24 * HOUR)),
    ("up to and including 10 kg", Band("weight", -math.inf, 10_000)),
    ("returned within 14 days", Band("time", -math.inf, 14)),
]
NO_BAND = ["The plotter weighs 85 kg.", "Open from 9 to 17.", "Rooms 3 to 8", "until 17:00", ""]

CREDIT = "If we are late:\n- up to 15 minutes: none\n- over 15 up to 60 minutes: 10%\n- over 60 minutes: 25%"
FRIDGE = (
    "Temperature | Time | What to do\n0 to under 2 °C | up to 24 h | usable\n"
    "over 8 up to 12 °C | up to 12 h | yellow dot\nover 12 °C | any | discard"
)
SIGNS = "Amount | Who signs\nup to £300 | Clerk\n£300.01 to £1,000 | Supervisor\n£1,000.01 to £5,000 | Manager"
LIMITS = "Amount | Who signs\nup to £300 | Clerk\nup to £1,000 | Supervisor\nup to £5,000 | Manager"
ORDERS = "Discount for big orders:\n- from 10 units: 5%\n- from 50 units: 10%\n- from 200 units: 15%"
WEIGHTS = "Size | Weight (kg) | Fee\nS | up to 10 | 240\nM | over 10 to 30 | 295\nL | over 30 | 360"
COUNTED = "Words | Standard\nup to 500 | 2 days\n501 to 2,000 | 3 days\n2,001 to 5,000 | 5 days\nmore than 5,000 | no"
VOLUMES = "Volume (words) | Discount\nbelow 50000 | 0 %\n50000 to 399999 | 8 %\n400000 and more | 12 %"
PROSE = "No allowance is paid for absences under 8 hours. Absences of 8 to 12 hours are paid with 14 euros."
APART = "Clothes can be returned within 14 days. Books may be swapped within 30 days."
KEPT = [
    ("40 minutes late, what credit?", CREDIT, ["If we are late:", "over 15 up to 60 minutes: 10%"]),
    ("3 hours late", CREDIT, ["If we are late:", "over 60 minutes: 25%"]),
    ("vials stood at 10 degrees for 9 hours", FRIDGE, ["over 8 up to 12 °C | up to 12 h | yellow dot"]),
    ("who signs a credit of 800 pounds?", SIGNS, ["£300.01 to £1,000 | Supervisor"]),
    ("who signs 800 pounds?", LIMITS, ["up to £1,000 | Supervisor"]),
    ("discount for 60 units", ORDERS, ["Discount for big orders:", "from 50 units: 10%"]),
    ("dealer orders 60 lamps, his discount?", ORDERS, ["Discount for big orders:", "from 50 units: 10%"]),
    ("fee for a dog of 45 kg", WEIGHTS, ["L | over 30 | 360"]),
    ("how long for 1500 words", COUNTED, ["501 to 2,000 | 3 days"]),
    ("discount for 200000 words a year", VOLUMES, ["50000 to 399999 | 8 %"]),
    ("away seven hours, am I paid?", PROSE, ["No allowance is paid for absences under 8 hours."]),
    ("away 11 hours, am I paid?", PROSE, ["Absences of 8 to 12 hours are paid with 14 euros."]),
]
ALL_KEPT = [
    ("return clothes after 20 days", APART),
    ("who signs a credit?", SIGNS),
    ("who signs 9,000 pounds?", SIGNS),
    ("who signs at least 800 pounds?", SIGNS),
    ("who signs 800 euros?", SIGNS),
    ("discount for 60 lamps and 2 lids", ORDERS),
    ("discount for 60 lamps", ORDERS.replace("units", "metres")),
    ("what is paid for a 12 year old machine?", PROSE),
]


def kept(question, evidence):
    texts = [hit.passage.chunk.text for hit in evidence.hits]
    found = Banded(question).kept(evidence.hits, [sentence_spans(text) for text in texts])
    return [text[a:b] for text, spans in zip(texts, found, strict=True) for a, b in spans]


@pytest.mark.parametrize(("text", "band"), TOLD)
def test_a_band_is_read(text, band):
    first = bands(text)[0]
    assert first.kind == band.kind
    assert (first.low, first.high) == pytest.approx((band.low, band.high))


@pytest.mark.parametrize("text", NO_BAND)
def test_a_number_without_bounds_is_no_band(text):
    assert bands(text) == []


@pytest.mark.parametrize(("question", "text", "expected"), KEPT)
def test_what_speaks_of_another_band_is_left_out(question, text, expected, evidence_of):
    header = [text.split("\n")[0]] if "|" in text else []
    said = kept(question, evidence_of(question, text))
    assert [each.removeprefix("- ") for each in said if each not in header] == expected


@pytest.mark.parametrize(("question", "text"), ALL_KEPT)
def test_where_no_band_holds_the_number_all_may_be_quoted(question, text, evidence_of):
    assert kept(question, evidence_of(question, text)) == [text[a:b] for a, b in sentence_spans(text)]


def test_bands_of_two_documents_are_no_bands_of_one_quantity(evidence_of):
    texts = ("Bikes up to 10 kg: free", "Bikes over 10 kg: 5 euros")
    assert kept("bike of 12 kg", evidence_of("bike of 12 kg", *texts)) == list(texts)


def test_a_number_within_a_band_is_said_in_other_words():
    assert Banded("who signs 800 pounds?").met_in(SIGNS.split("\n")[2]) == "800 pounds"
    assert not Banded("who signs 800 pounds?").met_in(SIGNS.split("\n")[1])
    assert not Banded("who signs it?").met_in(SIGNS)


def test_a_column_gives_its_unit_to_bare_numbers():
    assert with_units("L | over 30 | 360", "Size | Weight (kg) | Fee") == "L | over 30 kg | 360"
    assert with_units("L | over 30 lb", "Size | Weight, kg") == "L | over 30 lb"
    assert with_units("L", "Size | Weight, kg") == "L"
    assert with_units("30 and more | 5", "Guests | Hours") == "30 guests and more | 5 hours"
    assert with_units("9:00 to 17:00 | £5", "Hours | Guests") == "9:00 to 17:00 | £5"


@pytest.mark.parametrize("run", ["1", "1,", "1."])
def test_a_long_run_of_digits_is_read_in_no_time(run):
    began = process_time()
    assert bands(run * 4000) == []
    assert process_time() - began < 1.0
