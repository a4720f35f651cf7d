"""A name that a table of its kind does not list is none of them."""

import pytest

from rag.ask.tables.unlisted import unlisted

PLANS = "Plans\n\nPlan | Per month\nHome 3 | 6 euros\nHome Max | 21 euros\nHome Studio | 27 euros\nCare Plus | 3 euros"

ROTA = (
    "Over Christmas\n\nDate | On call, first | Second\n24 December | Amit | Ines\n25 December | Ines | Piet\n"
    "31 December | Piet | Amit"
)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("monthly price of the Home Family plan", ("Home Family",)),
        ("monthly price of the Home Max plan", ()),
        ("monthly price of the Home", ()),
        # Too few of the kind are listed for a list of all.
        ("monthly price of the Care Pro plan", ()),
        ("Is the Rowan Tree a plan?", ()),
        ("How do Home Max and Home Studio differ?", ()),
        ("How do Home Max and Home Family differ?", ("Home Family",)),
        ("What does the Home Max Plan cost?", ()),
    ],
)
def test_what_a_list_of_its_kind_lacks(evidence_of, question, names):
    assert unlisted(question, evidence_of(question, PLANS).hits) == names


def test_what_stands_elsewhere_is_known(evidence_of):
    question = "price of the Home Family plan"
    assert unlisted(question, evidence_of(question, PLANS, "The Home Family plan ended in May.").hits) == ()


@pytest.mark.parametrize(
    ("question", "text", "days"),
    [
        ("who is on call on 27 december", ROTA, ("27 december",)),
        ("who's on call on the 27th of December 2026?", ROTA, ("27th of December 2026",)),
        ("who is on call on 25 december", ROTA, ()),
        ("who is on call from 27 december on", ROTA, ()),
        ("who opens the shop on 27 december", ROTA, ()),
        ("who is on call on 27 december", ROTA.replace("Date", "Week"), ()),
        ("who is on call on 27 december", ROTA.replace("31 December", "26 to 31 December"), ()),
        ("who is on call on 27 december", f"{ROTA}\n\nOn 27 December nobody is.", ()),
    ],
)
def test_a_day_that_a_table_of_days_lacks(evidence_of, question, text, days):
    assert unlisted(question, evidence_of(question, text).hits) == days
