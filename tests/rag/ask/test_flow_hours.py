"""Documents that differ in an hour, a weekday or who holds a role are shown with both sides, through the whole path."""

import pytest

from rag.ask.flow import preview
from rag.ingest.flow import restate
from rag.types import Question

TODAY = "2026-06-08"
DOCUMENTS = {
    "visitors.md": """# Information for visitors

## Front desk

The front desk is open from 9:00 to 17:00.

## Parking

The barrier of the early shift opens at 5:30.

## Waste

Paper waste is collected every Tuesday.
""",
    "house-rules.md": """# House rules

## Desks

The front desk is open from 8:30 to 17:00.

## Gates

The barrier of the late shift opens at 13:30.

## Bins

The paper waste is collected every Thursday.
""",
    "departments.md": """# Departments

| Department | Head | Deputy | Hours |
|---|---|---|---|
| Procurement | Orla Finn | Jan Voss | Mon–Fri 8:00–16:00 |
| Press | Lena Moor | Karim Veld | Mon–Fri 9:00–17:00 |
""",
    "newcomers.md": """# New here?

The deputy head of the press office is Karim Veld.

The head of procurement is Piet Kuhn.
""",
}


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("When is the front desk open?", {"9:00 to 17:00", "8:30 to 17:00"}),
        ("Is the front desk open at 8:45?", {"9:00 to 17:00", "8:30 to 17:00"}),
        ("On which day is the paper waste collected?", {"every Tuesday", "every Thursday"}),
        ("Who is the head of procurement?", {"Orla Finn", "Piet Kuhn"}),
    ],
)
def test_both_sides_are_shown(workspace, question, sides):
    answer = preview(Question(question, as_of=TODAY), workspace)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "conflicting_evidence")
    assert len(answer.verdict.sides) == 2
    assert all(any(side in told.text for told in answer.verdict.sides) for side in sides)


@pytest.mark.parametrize(
    "question",
    [
        "Until when is the front desk open?",
        "When does the barrier of the early shift open?",
        "What are the hours of the press department?",
        "Who is the deputy of procurement?",
    ],
)
def test_what_is_the_same_or_of_two_things_is_no_disagreement(workspace, question):
    answer = preview(Question(question, as_of=TODAY), workspace)
    assert answer.verdict.reason != "conflicting_evidence"
    assert not answer.verdict.sides


def test_what_is_in_force_answers_and_the_other_side_stands_below(workspace):
    (rules,) = [info for info in workspace.catalog.documents("default") if info.name == "house-rules.md"]
    restate(rules.id, {"status": "draft"}, workspace)
    try:
        answer = preview(Question("When is the front desk open?", as_of=TODAY), workspace)
    finally:
        restate(rules.id, {}, workspace)
    assert answer.verdict.outcome == "answered"
    assert "9:00 to 17:00" in answer.text
    assert "8:30 to 17:00" in answer.message
    assert len(answer.verdict.sides) == 2
