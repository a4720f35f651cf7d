"""Which sentences may be quoted where a question wants a measure, a deputy, or what happened on a day."""

from time import process_time

import pytest

from rag.ask.quoting.wanted import Wanted
from rag.sentences import sentence_spans

SHOP = (
    "A poster costs 12 euros and is 90 centimetres long. The plotter weighs 85 kilograms. The device is 2 metres wide."
)
PEOPLE = "Mara Lindqvist leads the returns desk. Her deputy is Tomas Okafor. Ines Duarte leads the network team."
OUTAGE = "On 4 March 2026 the service was down. About 2,300 routers lost their settings."
TABLE = "Team | Lead | Deputy\nNetwork | Ines Duarte | Pavel Brandt\nReturns | Mara Lindqvist | Tomas Okafor"
GRANTS = "The grant for 2025/26 is £1,100. The grant for 2024/25 was £850. Ask the landlord first."
VACANT = "Name | Role | Deputy | Room\nIda Holt | Registrar | | 12\nBo Marsh | Porter | Lou Finch | 3"
PARTS = (
    "Part | Description | Fits | Price EUR\nVK-12 | Power adapter | Heron 4, Lantern X1 | 12.9\n"
    "HR-4 | Heron 4 | – | 129\nLanterns are sold through providers and have no price."
)
FAULTS = (
    "Code | Part | Price\nE130 | Chamber heater | €95\nBolt | M6 | €1,200 since 2026\nGrease the screw with QF-G10."
)
CAMPS = (
    "Code | Course | Price | Notes\nCAMP | Children's summer camp | 285 | lunch included\n"
    "DAY | Day trip | 40 | not with the summer camp"
)
DRINKS = "Category | Drink | Price\nCoffee | Espresso | 2.50\nSpirits | Grappa | 4.00 with an espresso"
ROTA = (
    "Date | On call\n24 December | Amit\nFri, 25 December 2026 | Grace\n30 December to 2 January | Piers\nCall first."
)
STEPS = "Valid from | Rate\n1 April 2026 | 5 %\n1 July 2026 | 6 %"
KEPT = [
    ("who is on call on 27 december", ROTA, [ROTA.split("\n")[n] for n in (0, 3, 4)]),
    ("who is on call on 25 december", ROTA, [ROTA.split("\n")[n] for n in (0, 2, 3, 4)]),
    ("who is on call on 27 december", ROTA.replace("Date", "Week"), ROTA.replace("Date", "Week").split("\n")),
    ("what is the rate on 3 May 2026", STEPS, STEPS.split("\n")),
    ("who was on call before 27 december", ROTA, ROTA.split("\n")),
    # A code without a digit, or a category, stands in front of the name.
    ("How much is the summer camp?", CAMPS, CAMPS.split("\n")[:2]),
    ("What does an espresso cost?", DRINKS, DRINKS.split("\n")[:2]),
    ("part number of the chamber heater, E130", FAULTS, ["Grease the screw with QF-G10."]),
    ("grease, order no", FAULTS, ["E130 | Chamber heater | €95", "Grease the screw with QF-G10."]),
    ("where does the part number stand?", FAULTS, FAULTS.split("\n")),
    ("weight of the plotter", SHOP, ["The plotter weighs 85 kilograms."]),
    ("What is the poster's weight?", SHOP, []),
    (
        "how much is a Lantern X1?",
        PARTS,
        [
            "Part | Description | Fits | Price EUR",
            "HR-4 | Heron 4 | – | 129",
            "Lanterns are sold through providers and have no price.",
        ],
    ),
    (
        "price of the Heron 4",
        PARTS,
        [
            "Part | Description | Fits | Price EUR",
            "HR-4 | Heron 4 | – | 129",
            "Lanterns are sold through providers and have no price.",
        ],
    ),
    ("How heavy is the plotter?", SHOP, ["The plotter weighs 85 kilograms."]),
    ("How heavy is a poster?", SHOP, []),
    ("How expensive is a poster?", SHOP, ["A poster costs 12 euros and is 90 centimetres long."]),
    ("How much does the plotter cost?", SHOP, []),
    (
        "price of a door seal",
        "Tell me if the door seal is torn. A door seal is twelve pounds.",
        ["A door seal is twelve pounds."],
    ),
    (
        "why is there no price of a door seal",
        "The door seal is quoted singly. It depends.",
        ["The door seal is quoted singly.", "It depends."],
    ),
    ("How wide is the plotter?", SHOP, ["The device is 2 metres wide."]),
    ("How heavy is it?", SHOP, ["The plotter weighs 85 kilograms."]),
    (
        "Who is the deputy of Mara Lindqvist?",
        PEOPLE,
        ["Mara Lindqvist leads the returns desk.", "Her deputy is Tomas Okafor."],
    ),
    ("Who is the deputy of Ines Duarte?", PEOPLE, []),
    ("Who is Ines Duarte's deputy?", PEOPLE, []),
    ("Who is the assistant of Mara Lindqvist?", PEOPLE, []),
    ("Who is the deputy of the network team?", TABLE, ["Network | Ines Duarte | Pavel Brandt"]),
    ("who is deputy for Bo Marsh", VACANT, ["Bo Marsh | Porter | Lou Finch | 3"]),
    ("who is deputy for Ida Holt", VACANT, []),
    ("who is deputy for Ida Holt", "Name | Role | Deputy\nIda Holt | Registrar\nBo Marsh | Porter | Lou Finch", []),
    ("What is the grant in 2024-25?", GRANTS, ["The grant for 2024/25 was £850.", "Ask the landlord first."]),
    ("grant in 2023/2024", GRANTS, ["Ask the landlord first."]),
    ("How many routers lost their settings on 9 May 2026?", OUTAGE, []),
    ("How many routers lost their settings on 4 March?", OUTAGE, ["all"]),
    ("How many routers lost their settings on the 4th of March 2025?", OUTAGE, []),
    ("How many routers lost their settings on the 4th of September 2026?", OUTAGE, []),
    ("How many routers lost their settings on Wednesday, 4 March 2026?", OUTAGE, ["all"]),
]
LIMITS = "Parcels may weigh up to 30 kg. The van is 2.1 m high. Uploads may have up to 20 MB. Adults pay 5 euros."
SERVICE = "We answer within 4 hours. Orders arrive within 3 days. You pay 5 euros. The scooter goes 25 km/h."
STAFF = "Name | Role | Mobile | Deputy\nDagmar Kern | Dispatch | 0170 5550012 | Nadja Wirth"
ALONE = "Name | Mobile | Deputy\nKurt Weidner | 0170 5550024"
KEPT += [
    # The number in front of a name is somebody else's, and who is a deputy may have none.
    ("What is Nadja Wirth's mobile number?", STAFF, []),
    ("What is Dagmar Kern's mobile number?", STAFF, ["Dagmar Kern | Dispatch | 0170 5550012 | Nadja Wirth"]),
    ("phone number of Mia Holt", "Desk | Hall | Mia Holt | 020 7946 0117", ["Desk | Hall | Mia Holt | 020 7946 0117"]),
    ("Kurt Weidner's deputy", ALONE, []),
    (
        "who is the deputy of Yusuf Dahl",
        "Owner: Maren Tolk; deputy: Yusuf Dahl. Deputy of Yusuf Dahl is Bo.",
        ["Deputy of Yusuf Dahl is Bo."],
    ),
    # An hour is none of a menu.
    (
        "what time does the daily closing run",
        "Function | Menu\nDaily closing | 6-5\nThe daily closing runs at 23:30.",
        ["The daily closing runs at 23:30."],
    ),
    ("What time zone is meant?", "Central European Time.", ["Central European Time."]),
    # What qualifies a measure is no thing.
    ("What is the maximum weight?", LIMITS, ["Parcels may weigh up to 30 kg."]),
    ("maximum height", LIMITS, ["The van is 2.1 m high."]),
    # A file and a group have a size too.
    ("What is the maximum size?", LIMITS, ["The van is 2.1 m high.", "Uploads may have up to 20 MB."]),
    ("What is the upload size?", LIMITS, ["Uploads may have up to 20 MB."]),
    ("What is the group size?", "Groups have 10 to 20 people. A bus is 12 m long.", ["Groups have 10 to 20 people."]),
    ("What is the size of the plotter?", SHOP, ["The device is 2 metres wide."]),
    # Who pays, and who is served, is not what is asked about.
    ("How much does entry cost?", LIMITS, ["Adults pay 5 euros."]),
    ("How much does entry cost?", SERVICE, ["You pay 5 euros."]),
    ("How fast is delivery?", SERVICE, ["We answer within 4 hours.", "Orders arrive within 3 days."]),
]
TICKETS = (
    "Ticket | Group | Price\nDay ticket | Adults | 12\nDay ticket, dog | Adults | 2\nLocker | Day ticket, adults | 3"
)
KEPT += [
    # A price is told in the row of the thing with what the question says of it, or beside the thing.
    ("How much is a day ticket for adults?", TICKETS, ["Ticket | Group | Price", "Day ticket | Adults | 12"]),
    ("How much is the deposit?", "Hall | deposit €100\nDesk | deposit, rent | 300", ["Hall | deposit €100"]),
]
FREE = [
    "Is breakfast included in the price?",
    "How long is the warranty?",
    "How high is the deposit?",
    "Who leads the returns desk?",
    "What has the price been since 9 May 2026?",
    "How heavy is the plotter and who built it?",
    "Who was the 39th Vice President of the company?",
    "Which film was released on 4 March 2026?",
    "What does the order 2025-04 hold?",
]


def kept(question, hit):
    text = hit.passage.chunk.text
    return [text[a:b] for a, b in Wanted(question).kept(hit, sentence_spans(text))]


@pytest.mark.parametrize(("question", "text", "expected"), KEPT)
def test_what_may_be_quoted(question, text, expected, evidence_of):
    (hit,) = evidence_of(question, text).hits
    if expected == ["all"]:
        expected = [text[a:b] for a, b in sentence_spans(text)]
    assert [each.rstrip(".") for each in kept(question, hit)] == [each.rstrip(".") for each in expected]


@pytest.mark.parametrize("question", FREE)
def test_any_other_question_wants_nothing_of_the_kind(question):
    assert not Wanted(question)


@pytest.mark.parametrize(("day", "quoted"), [("4 March 2026", True), ("March 4, 2026", True), ("5 April 2026", False)])
def test_what_its_date_tells_from_others_is_quoted_for_that_date_only(day, quoted, evidence_of):
    question = f"What caused the outage of {day}?"
    (hit,) = evidence_of(question, "The outage of 4 March 2026 was caused by a certificate.").hits
    assert bool(kept(question, hit)) == quoted


def test_a_question_behind_many_signs_is_read_in_no_time():
    began = process_time()
    assert Wanted(f"{'-' * 3900} weight of the plotter")
    assert process_time() - began < 1.0
