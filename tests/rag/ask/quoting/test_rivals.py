"""What is said of another thing of the family is told from what is asked about."""

import pytest

from rag.ask.quoting.rivals import Rivals

ANOTHER = [
    ("How long is the warranty of the Kestrel 5?", "The Kestrel 7 has 36 months.", ()),
    ("warranty kestrel 5", "The Kestrel 7 has 36 months.", ()),
    ("What does it weigh? (Kestrel 5)", "It weighs 780 grams.", ("Kestrel 7 router", "Size")),
    ("How fast must we react to a Level 2 case?", "Level-3 cases wait a day.", ()),
    ("What is new in HexOS 4.2?", "HexOS 4.1 brings a map.", ()),
    ("What does a medium boat cost?", "Large boat | 20 euros", ("Boats", "Prices")),
    ("gold annual fee", "Silver | £31.50 | £346.50", ("Membership",)),
    ("warranty kestrel 5", "Kestrel 4 – 24 months.", ()),
    ("When does week 4 start?", "Week 1 starts on 6 July, week 2 on 13 July and week 3 on 20 July.", ()),
    ("What does a child aged 4 pay?", "Aged 5 to 7 | 6 euros", ("Prices",)),
    ("What does zone 5 cost?", "Zone 1-3 | 5 euros", ()),
    ("range of the R5 outdoors", "Range in the open is about 80 metres.", ("Pellam R2 radio kit",)),
    ("claim form c1", "Fill in claim form C2.", ()),
    ("For the Kestrel 5 am I covered?", "The Kestrel 7 is covered.", ()),
]
SAME = [
    ("How long is the warranty of the Kestrel 5?", "The Kestrel 5 and the Kestrel 7 have 24 months.", ()),
    ("Is the Kestrel 5 or the Kestrel 7 heavier?", "The Kestrel 7 weighs 780 grams.", ()),
    ("How long is the warranty of the Kestrel 5?", "It has 24 months.", ("Kestrel 7 and Kestrel 5",)),
    ("How long is the warranty of the Kestrel 5?", "It has 24 months.", ("Kestrel 7", "Also for the Kestrel 5")),
    ("How long is the warranty of the Kestrel 5?", "Routers have 24 months.", ("Warranty",)),
    ("What happened in the last 24 months?", "In the last 12 months sales rose.", ()),
    ("What happened on 9 March 2026?", "On March 4 it was down.", ()),
    ("range of the R5 outdoors", "It is 80 metres.", ("Pellam R2 and R5 radio kits",)),
    ("Which screw is T8?", "Loosen the M5 screws.", ()),
    ("guest wifi of the r5", "2 x R-5 | 80 metres", ()),
    ("Which routers are there?", "The Kestrel 7 is one.", ()),
    ("What does a medium boat cost?", "Small and medium boats | 12 euros", ()),
    ("What does a large boat cost in summer?", "Large boat | 20 euros | 30 euros", ("Winter | Summer",)),
    ("What does a medium boat cost?", "A large boat costs 20 euros.", ()),
    ("Does the small one come in large boxes?", "Small | 4 in a box | yes", ()),
    # Several of the family, or a range of them.
    ("Which charger has the Kestrel 7?", "The Kestrel 5 and 7 have the same charger.", ()),
    ("Which charger has the Kestrel 7?", "Kestrel 5/7 | C-20", ()),
    ("Which charger has the Kestrel 7?", "The Kestrel 4, 5 and 7 have the same charger.", ()),
    ("What do the Kestrel 4 and 6 cost?", "The Kestrel 6 costs 89 euros.", ()),
    ("Kestrel 4 v Kestrel 6", "The Kestrel 4 costs 59 euros.", ()),
    ("What does a child aged 4 pay?", "Aged 3 to 5 | 4 euros", ("Prices",)),
    ("What does a child aged 4 pay?", "Aged 3+ | 4 euros", ("Prices",)),
    ("What does zone 2 cost?", "Zone 1-3 | 5 euros", ()),
    ("Does HexOS 4.2 have a map?", "HexOS 4.1 and later have a map.", ()),
    ("Does HexOS 4.2 have a map?", "HexOS 4.1–4.3 have a map.", ()),
    ("When does week 2 start?", "Week 1 starts on 6 July, week 2 on 13 July and week 3 on 20 July.", ()),
    # An amount is no number of a thing.
    ("Can I return it within 20 days?", "Within 30 days of delivery you may return anything.", ()),
    ("Are the first 15 minutes free?", "First 30 minutes | free", ()),
    ("Do the first 5 orders ship free?", "First 10 orders ship free.", ()),
    ("delivery 3 working days?", "Delivery 5 working days after the order.", ()),
    ("discount 10 % for members", "Discount 15 % for members.", ()),
]


@pytest.mark.parametrize(("question", "text", "path"), ANOTHER)
def test_another_one_of_the_family(question, text, path):
    assert Rivals(question).speaks_of_another(text, path)


@pytest.mark.parametrize(("question", "text", "path"), SAME)
def test_the_same_or_no_family_at_all(question, text, path):
    assert not Rivals(question).speaks_of_another(text, path)


def test_a_question_without_a_number_has_no_rivals():
    assert not Rivals("How long is the warranty?")
    assert Rivals("How long is the warranty of the Kestrel 5?")


def test_a_heading_that_names_the_thing_itself():
    rivals = Rivals("leaving stage 2 at wrap")
    assert rivals.names("Wrapping: leave Stage 2 like this")
    assert not rivals.names("Wrapping: leave Stage 1 like this")
    assert not rivals.names("Wrapping")
