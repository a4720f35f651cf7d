"""Documents that name two persons for one role disagree; several who share it, or two roles, do not."""

import pytest

DISAGREE = {
    "whose deputy": (
        "Who is the deputy of Anna Berg?",
        ("Sales team", "The deputy of Anna Berg is Tom Hale."),
        ("Who is who", "The deputy of Anna Berg is Mia Ross."),
    ),
    "told the other way round": (
        "Who is Anna Berg's deputy?",
        ("Sales team", "Anna Berg's deputy is Tom Hale."),
        ("Who is who", "Mia Ross is the deputy of Anna Berg."),
    ),
    "the owner of a thing": (
        "Who owns the kiln budget?",
        ("Budgets", "The owner of the kiln budget is Dr Paula Engel."),
        ("Kiln handbook", "Owner of the kiln budget: Ivo Brandt"),
    ),
    "a row and a sentence": (
        "Who is the lead of the dispatch team?",
        ("Teams", "Team | Lead | Room\nDispatch team | Orla Finn | 12\nPress team | Jan Voss | 14"),
        ("Welcome", "The lead of the dispatch team is Piet Kuhn."),
    ),
    "rows of two tables": (
        "Who is the head of procurement?",
        ("Heads", "Department | Head\nProcurement | Orla Finn\nPress | Jan Voss"),
        ("Departments", "Department | Head\nProcurement | Piet Kuhn\nPress | Jan Voss"),
    ),
    "with where they are reached": (
        "Who is the safety officer of the east wing?",
        ("Safety", "The safety officer of the east wing is Lena Moor, extension 214."),
        ("Notices", "Safety officer of the east wing: Karim Veld (extension 377)"),
    ),
}


@pytest.mark.parametrize("name", DISAGREE)
def test_two_persons_for_one_role_disagree(conflict_of, name):
    question, one, other = DISAGREE[name]
    _, conflict = conflict_of(question, one, other)
    assert conflict is not None
    assert {side.citations[0].title for side in conflict.sides} == {one[0], other[0]}


AGREE = {
    "one person in two spellings": (
        "Who is the deputy of Anna Berg?",
        ("Sales team", "The deputy of Anna Berg is Tom Hale."),
        ("Who is who", "The deputy of Anna Berg is Mr Hale."),
    ),
    "one name shortened": (
        "Who is the deputy of Anna Berg?",
        ("Sales team", "The deputy of Anna Berg is Thomas Hale."),
        ("Who is who", "The deputy of Anna Berg is T. Hale."),
    ),
    "of two persons": (
        "Who is the deputy?",
        ("Sales team", "The deputy of Anna Berg is Tom Hale."),
        ("Press team", "The deputy of Karl Lind is Mia Ross."),
    ),
    "owners of the documents": (
        "Who is the owner of the kiln policy?",
        ("Kiln policy", "Owner: Tom Hale"),
        ("Kiln runbook", "Owner: Mia Ross"),
    ),
    "managers of what the documents are about": (
        "Who is the product manager of the freezers?",
        ("Price list of freezers", "Product manager: Theodor Maas."),
        ("Product sheet of two freezers", "The product manager is Edvard Roon."),
    ),
    "two owners in one document": (
        "Who is the owner of Vault?",
        ("Components", "The owner of Vault is Tom Hale.\nThe owner of Vault is Ann Lund."),
        ("Register", "The owner of Vault is Mia Ross."),
    ),
    "two who share it": (
        "Who is the deputy of Anna Berg?",
        ("Sales team", "The deputies of Anna Berg are Tom Hale and Mia Ross."),
        ("Who is who", "The deputy of Anna Berg is Mia Ross."),
    ),
    "one of several": (
        "Who is a deputy of Anna Berg?",
        ("Sales team", "A deputy of Anna Berg is Tom Hale."),
        ("Who is who", "A deputy of Anna Berg is Mia Ross."),
    ),
    "two places": (
        "Who is the site manager?",
        ("Castlegate", "The site manager of Castlegate is Piet Lammering."),
        ("Port Sorrel", "The site manager of Port Sorrel is Nadia Ruhl."),
    ),
    "a deputy and who leads": (
        "Who is the head of procurement?",
        ("Heads", "The head of procurement is Orla Finn."),
        ("Deputies", "The deputy head of procurement is Piet Kuhn."),
    ),
    "for a time": (
        "Who is the head of procurement?",
        ("Heads", "The head of procurement is Orla Finn."),
        ("Notice", "Until her return the head of procurement is Piet Kuhn."),
    ),
    "who acts": (
        "Who is the head of procurement?",
        ("Heads", "The head of procurement is Orla Finn."),
        ("Notice", "The acting head of procurement is Piet Kuhn."),
    ),
    "since a day": (
        "Who is the head of procurement?",
        ("Heads", "The head of procurement is Orla Finn."),
        ("News of 2024", "Since 1 May 2024 the head of procurement is Piet Kuhn."),
    ),
    "a team and a person": (
        "Who is the owner of the kiln budget?",
        ("Budgets", "The owner of the kiln budget is Human Resources."),
        ("Kiln handbook", "The owner of the kiln budget is Ivo Brandt."),
    ),
    "on call in two weeks": (
        "Who is the duty manager?",
        ("Week 12", "Duty manager in week 12: Orla Finn"),
        ("Week 13", "Duty manager in week 13: Piet Kuhn"),
    ),
    "two rows": (
        "Who is the head of press?",
        ("Heads", "Department | Head\nProcurement | Orla Finn\nPress | Jan Voss"),
        ("Departments", "Department | Head\nStores | Piet Kuhn\nPress | Jan Voss"),
    ),
    "two columns": (
        "Who is the lead of the dispatch team?",
        ("Teams", "Team | Lead | Deputy\nDispatch team | Orla Finn | Jan Voss"),
        ("Teams and rooms", "Team | Deputy\nDispatch team | Piet Kuhn"),
    ),
    "a question for something else": (
        "Where does the head of procurement sit?",
        ("Heads", "The head of procurement is Orla Finn."),
        ("Departments", "The head of procurement is Piet Kuhn."),
    ),
}


@pytest.mark.parametrize("name", AGREE)
def test_who_shares_a_role_or_holds_another_is_no_disagreement(conflict_of, name):
    preferred, conflict = conflict_of(*AGREE[name])
    assert conflict is None
    assert not preferred.any_set_back
