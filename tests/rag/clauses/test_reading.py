"""Sentences are read in clauses: subjects are carried, denials have a head, conditions stand apart."""

import pytest

from rag import lexis
from rag.clauses.reading import sentences_of


def clauses(text):
    return [clause for sentence in sentences_of(text) for clause in sentence.clauses]


def test_a_clause_without_a_subject_takes_that_of_the_clause_before():
    first, second = clauses("The Vault plan keeps clips for 30 days and cannot be shared.")
    assert first.own_subject == second.subject == lexis.stems("vault plan")
    assert [denial.head for denial in second.denials] == ["share"]
    assert not first.denials


@pytest.mark.parametrize("pronoun", ["It", "They", "This"])
def test_a_pronoun_that_begins_a_sentence_stands_for_the_subject_before(pronoun):
    *_, last = clauses(f"The Vault plan costs 4.90 euros. {pronoun} cannot be shared.")
    assert last.subject == lexis.stems("vault plan")


def test_it_below_a_title_stands_for_what_the_title_names():
    *_, last = clauses("Kestrel 5 router\nIt weighs 410 grams.")
    assert last.subject == lexis.stems("kestrel 5 router")


def test_an_order_takes_no_subject_from_the_sentence_before():
    *_, last = clauses("The lamp is red. Press the button.")
    assert not last.carried


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("Fees are excluded.", ["includ"]),
        ("Fees are not excluded.", []),
        ("The plan can no longer be opened.", ["open"]),
        ("It is not possible to share the plan.", ["share"]),
        ("Guests are forbidden to smoke.", ["allow", "smoke"]),
        ("Not all plans include support.", []),
        ("Return it no later than Friday.", []),
        ("It is not only cheap.", []),
    ],
)
def test_what_is_denied_has_a_head(text, heads):
    assert sorted(denial.head for clause in clauses(text) for denial in clause.denials) == heads


@pytest.mark.parametrize(
    ("text", "kind", "stems", "main"),
    [
        ("Returns are free if the device is faulty.", "if", "device faulty", "Returns are free"),
        ("If the device is faulty, returns are free.", "if", "device faulty", "returns are free."),
        ("Returns are free unless it is broken.", "unless", "broken", "Returns are free"),
        ("All plans except Basic include support.", "except", "basic", "All plans include support."),
        ("Only a manager can approve it.", "only", "manager", "Only a manager can approve it."),
    ],
)
def test_what_a_sentence_hangs_on_stands_apart(text, kind, stems, main):
    (sentence,) = sentences_of(text)
    (condition,) = sentence.conditions
    assert (condition.kind, condition.stems) == (kind, lexis.stems(stems))
    assert sentence.clauses[0].text.rstrip(".") == main.rstrip(".")


@pytest.mark.parametrize(
    "text", ["It takes only 5 minutes.", "He was sued when they lost.", "This is the band's only song.", "Not only so."]
)
def test_what_only_tells_hangs_on_nothing(text):
    assert not sentences_of(text)[0].conditions


@pytest.mark.parametrize(
    ("text", "must"),
    [
        ("You must register.", "must"),
        ("You may register.", "may"),
        ("You do not have to register.", "need not"),
        ("You need not register.", "need not"),
        ("You register.", ""),
    ],
)
def test_duty_and_leave_are_told_apart(text, must):
    assert clauses(text)[0].must == must
