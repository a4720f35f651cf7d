"""A name that a table of its kind does not list is none of them."""

import pytest

from rag.ask.tables.unlisted import unlisted

PLANS = "Plans\n\nPlan | Per month\nHome 3 | 6 euros\nHome Max | 21 euros\nHome Studio | 27 euros\nCare Plus | 3 euros"


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
