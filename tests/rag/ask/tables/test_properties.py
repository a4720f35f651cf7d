"""A property of a thing is read off the row, the column or the table of that thing, and of no other."""

from dataclasses import replace

import pytest

from rag.ask.standing.sections import HOLDS
from rag.ask.tables.lookup import looked_up
from rag.ask.tables.properties import property_of
from rag.ask.texts.rows import rows_of

PRICES = (
    "Prices\n\nCode | Product | List price EUR incl. VAT | Refurbished EUR | On sale since\n"
    "HR-4 | Heron 4 | 129 | 89 | 2021-03-16\nHR-6 | Heron 6 | 219 | 159 | 2023-09-12\n"
    "HR-62 | Heron 6 Pro | 379 | 299 | 2025-03-04\nWN-2 | Wren Duo | 199 | 139 | 2022-10-11"
)
PLANS = (
    "Plans\n\n"
    "Plan | Equipment | EUR per month | Set-up EUR | Minimum term months | Care included | Replacement fee EUR\n"
    "Home 100 | Heron 6 | 11.9 | 19 | 18 | Care Plus | 110\n"
    "Home Max | Heron 6 Pro, Wren Duo | 21.9 | 29 | 24 | Care Plus | 240"
)
PARTS = (
    "Parts\n\nPart | Description | Fits | Price EUR\nVK-12 | Power adapter | Heron 4, Lantern X1, Wren Duo | 17.9\n"
    "EX-1 | Express shipping inside the EU | all | 14.9"
)
DATA = (
    "Technical data\n\n | Heron 6 (HR-6) | Heron 6 Pro (HR-62)\nDevices at once | 128 | 200\n"
    "Power draw | 9 W idle | 14 W idle, 46 W at most\nSize | 232 × 160 mm | 248 × 178 mm\n"
    "Night vision | up to 8 m | up to 20 m"
)
FLYER = "Wren Outdoor: installation\n\nProperty | Value\nOperating temperature | −30 to 55 °C\nWeight | 780 g"
TEAMS = (
    "Leads and deputies\n\n"
    "Team | Lead | Deputy | Office | Since\n"
    "Access | Ines Duarte | Kay Duggan | Porto | 2021-05-03\n"
    "Radio | Jari Koskela | Emil Vain | Tampere | 2019-01-07"
)
ALL = (TEAMS, PRICES, PLANS, PARTS, DATA, FLYER)


@pytest.fixture
def told(evidence_of):
    def run(question, *texts, holds=()):
        evidence = evidence_of(question, *(texts or ALL))
        hits = []
        for n, hit in enumerate(evidence.hits):
            title = (texts or ALL)[n].split("\n", 1)[0]
            marks = {HOLDS: 1.0} if n in holds else {}
            hits.append(replace(hit, passage=replace(hit.passage, title=title), features={**hit.features, **marks}))
        found = property_of(evidence.query, rows_of(hits), hits)
        return found.cell.text if found else None

    return run


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how much is a wren duo", "199"),
        ("How much does the Heron 6 cost?", "219"),
        ("what does the heron 6 pro cost", "379"),
        ("price heron 4", "129"),
        ("refurbished price of the Heron 6", "159"),
        ("set-up fee of home max", "29"),
        ("what's the setup fee for home max now", "29"),
        ("what did home 100 cost in november 2025", "11.9"),
        ("what is the monthly fee of Home Max?", "21.9"),
        ("home max per month", "21.9"),
        ("How much does the Home Max plan cost per month?", "21.9"),
        ("which care level comes with Home 100", "Care Plus"),
        ("minimum term of home 100", "18"),
        ("how much does express shipping cost", "14.9"),
        ("power draw of the heron 6 pro", "14 W idle, 46 W at most"),
        ("dimensions of the 6 pro", "248 × 178 mm"),
        ("size of the heron 6", "232 × 160 mm"),
        ("device limit of the heron 6 pro", "200"),
        ("night vision range of the Heron 6?", "up to 8 m"),
        ("how hot can the wren outdoor get", "−30 to 55 °C"),
        ("how heavy is the Wren Outdoor?", "780 g"),
        ("who leads the access team", "Ines Duarte"),
        ("who is the deputy of radio?", "Emil Vain"),
        ("since when has Ines Duarte led access?", None),
        ("when did the Heron 6 go on sale?", "2023-09-12"),
    ],
)
def test_the_cell_of_the_thing_is_found(told, question, answer):
    assert told(question) == answer


@pytest.mark.parametrize(
    "question",
    [
        "how much does a Lantern X1 cost",  # it stands only in the row of an adapter
        "how much is the heron 7",
        "how much does the heron 6 plan cost",  # a plan with it, in a table of things
        "price of the heron 6 plus",  # another thing, whose name begins like it
        "weight of the Heron 6",
        "how much is the late fee of home max",
        "is the heron 6 more than 200 euros?",
        "how do I change the size of the heron 6?",
        "who sells the heron 6?",
        "where is the access team?",
        "how much memory does the heron 6 have",
    ],
)
def test_no_other_cell_is_taken_for_it(told, question):
    assert told(question) is None


def test_tables_that_differ_say_nothing_but_where_one_says_that_it_holds(told):
    old = PLANS.replace("11.9", "10.9")
    assert told("price of home 100", PLANS, old) is None
    assert told("price of home 100", PLANS, old, holds={1}) == "10.9"


FEES = (
    "Fees\n\nCode | Treatment | Fee | Minutes\nEX | Check-up (existing patient) | 52 | 20\n"
    "CHX | Check-up child under 18 | 28 | 20\nNG | Night guard | 210 | 40"
)


def test_a_column_that_is_called_code_holds_codes_without_a_digit_too(told):
    assert told("how much is a check-up", FEES) == "52"
    assert told("night guard price", FEES) == "210"
    assert told("how much is a check-up for a child", FEES) is None
    groups = FEES.replace("Code | Treatment", "Group | Contact")
    assert told("how much is a night guard", groups) is None


RIDES = "Rides\n\nService | Zone A | Zone B\nExpress | £10.50 | £14.00\nFlash | 90 min | 45 min"


def test_where_a_row_and_a_column_cross_an_amount_of_money_is_a_price(told):
    assert told("how much is express to zone B", RIDES) == "£14.00"
    assert told("price of flash in zone B", RIDES) is None


RATES = "Tariff | Code | Water £/m³ | Sewerage £/m³\nMetered | HM1 | {} | 2.31\nNight | HM4 | 1.71 | 2.31"


def test_a_column_of_amounts_is_one_of_prices(told):
    assert told("metered water price", "Rates\n\n" + RATES.format("1.94")) == "1.94"


def test_a_year_that_reaches_into_the_next_tells_tables_apart(told):
    tables = [f"Rates {year}\n\n{RATES.format(price)}" for year, price in (("2025-26", "1.94"), ("2024-25", "1.83"))]
    assert told("metered water price in 2025/26", *tables) == "1.94"
    assert told("what was the metered water price in 2024-25?", *tables) == "1.83"
    assert told("metered water price 2023-24", *tables) is None
    assert told("metered water price", *tables) is None


def test_one_amount_written_in_two_ways_is_one(told):
    assert told("price of home 100", "Plans\n\nPlan | Per month EUR\nHome 100 | €11.90", PLANS) == "€11.90"


@pytest.mark.parametrize("written", ["5.2.1", "31.12.2025", "192.168.0.1", "1.200,00", "1,5 h"])
def test_a_cell_with_several_points_or_commas_is_told_as_it_stands(told, written):
    table = f"Firmware\n\nModel | Firmware | Chip\nHeron 4 | {written} | A\nHeron 6 | 4.0 | B"
    assert told("firmware of the heron 4", table) == written
    assert told("firmware of the heron 4", table, table.replace(written, "15 h")) is None


def test_a_question_of_nothing_but_days_is_told_too(told):
    table = "Books\n\nMonth | Year to | By\nMarch 2025 | 2025-06-30 | Kay"
    assert told("which year is March 2025 of", table) == "2025-06-30"


def test_the_row_is_quoted_with_its_cell(evidence_of):
    evidence = looked_up(evidence_of("how much is a wren duo", *ALL), limit=8)
    (row,) = evidence.trail.rows
    assert (row.text, row.text[slice(*row.answer)]) == ("WN-2 | Wren Duo | 199 | 139 | 2022-10-11", "199")
    assert evidence.trail.share == 1.0


def test_the_day_of_a_question_is_no_word_of_the_property(evidence_of):
    assert looked_up(evidence_of("what did a wren duo cost in May 2025?", *ALL), limit=8).trail.share == 1.0


REACTION = (
    "Time to first reaction\n\nPriority | Basic | Premier\nP1 | 1 working day | 1 hour\nP2 | 2 working days | 3 hours"
)
FIXING = "Target time to a fix\n\nPriority | Basic | Premier\nP1 | none | 1 working day\nP2 | none | 2 working days"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("premier p1 react", "1 hour"),
        ("What is the first reaction at P2 for Basic?", "2 working days"),
        ("target of p1 premier", "1 working day"),
        # Which of both tables is not said.
        ("premier p1", None),
        ("premier p3 reaction", None),
        ("premier p1 refund", None),
    ],
)
def test_a_row_and_a_column_that_are_named_cross_in_a_cell(told, question, answer):
    assert told(question, REACTION, FIXING) == answer


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        (("price of the Heron 4", "price of the Heron 6 Pro"), ["Heron 4", "Heron 6 Pro"]),
        (("Which is cheaper, the Heron 4?", "Which is cheaper, the Heron 6?"), ["Heron 4", "Heron 6"]),
        (("Difference in price Heron 4", "Difference in price Heron 6"), ["Heron 4", "Heron 6"]),
        # One of them alone is no answer.
        (("price of the Heron 4", "price of the Egret 9"), []),
    ],
)
def test_what_is_asked_of_several_things_is_read_off_the_row_of_each(evidence_of, parts, rows):
    evidence = evidence_of(" and ".join(parts), *ALL)
    query = replace(evidence.query, shape="several", subqueries=parts)
    trail = looked_up(replace(evidence, query=query), limit=8).trail
    assert [row.text.split(" | ")[1] for row in (trail.rows if trail else ())] == rows


STAND_RATES = (
    "Stand rates 2027\n\nHarrow Halls: stand rates 2027 (GBP per m², excl. VAT)\n\n"
    "Stand type | Hall 1 | Hall 2 | Smallest size (m²)\n"
    "Row stand (1 side open) | 168 | 154 | 9\nCorner stand (2 sides open) | 182 | 167 | 12\n"
    "\nCode | Service | Unit | By 5 February | After 5 February\n"
    "E1 | Power 3 kW (230 V) | per connection | 145 | 189\nE2 | Power 9 kW (400 V) | per connection | 290 | 377\n"
    "R1 | Rigging point up to 50 kg | per point | 118 | not available"
)
WORD_RATES = (
    "Larkspur\n\nWord rates:\n\nFrom English into | General | Legal | Medical\n"
    "Dutch | 0.14 | 0.18 | 0.18\nArabic | 0.15 | 0.19 | on request"
)
TENTS = "Tents\n\nModel | Two people | Four people\nRidge (green) | 4.1 | 6.3\nDome (blue) | 3.2 | 5.0"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how much is a corner stand in hall 2", "167"),
        ("how much is a corner stand in hall 2 per square metre", "167"),
        ("how much is a corner stand in hall 2 per day", None),
        ("how much was a corner stand in hall 2 in 2025", None),
        ("how much is a corner stand in hall 2 in 2027", "167"),
        ("how much is a corner stand in hall 3", None),
        ("how much is a corner counter in hall 2", None),
        ("whats the price of a 9 kW power connection if i order after 5 february", "377"),
        ("price of a 9 kW power connection by 5 february", "290"),
        ("price of a 12 kW power connection by 5 february", None),
        ("price for medical arabic", "on request"),
        ("how much per word for legal dutch", "0.18"),
        ("how much is legal dutch", "0.18"),
        # Nothing says that these are prices.
        ("how much is the ridge for four people", None),
    ],
)
def test_a_bare_number_at_a_crossing_is_a_price_below_a_title_that_says_so(told, question, answer):
    assert told(question, STAND_RATES, WORD_RATES, TENTS) == answer


VARIANTS = (
    "Fees\n\nService | Unit | EUR\nInterpreter, half day (up to 4 hours) | per interpreter | 420\n"
    "Interpreter, full day (up to 8 hours) | per interpreter | 740\nInterpreter, overtime | per hour | 115\n"
    "Order of service, 50 copies | per order | 95\nOrder of service, 100 copies | per order | 150\n"
    "Ridge tent (four people) | per week | 60"
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what does an interpreter cost for a full day", "740"),
        ("how much is interpreter overtime", "115"),
        ("how much are 100 copies of the order of service", "150"),
        ("how much is a ridge tent for four people", "60"),
        # Which of them is not said, or another one is.
        ("what does an interpreter cost", None),
        ("what does an interpreter cost for a night", None),
        ("how much are 80 copies of the order of service", None),
        ("how much is a ridge tent for six people", None),
    ],
)
def test_of_things_with_one_name_that_is_meant_whose_further_words_are_said(told, question, answer):
    assert told(question, VARIANTS) == answer
