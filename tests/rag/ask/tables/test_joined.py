"""Things that a question joins are each looked up where rows are called so, however they are typed."""

import pytest

from rag.ask.tables.joined import asked_of_each
from rag.ask.tables.lookup import looked_up
from rag.ask.texts.rows import rows_of

RIDES = (
    "Rides\n\nService | Zone A | Zone B\nstandard | £6.50 | £9.00\nexpress | £10.50 | £14.00\novernight | £5.00 | £6.50"
)
FEES = "Fees\n\nCode | Treatment | Fee\nEX | Check-up (existing patient) | 52\nNG | Night guard | 210\nCR | Crown | 680"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "price of express and overnight in zone A",
            ("price of express in zone A", "price of overnight in zone A"),
        ),
        (
            "how much is a check-up, a crown or a night guard?",
            ("how much is a check-up?", "how much is a crown?", "how much is a night guard?"),
        ),
        # Only one of them is a row, or one is named twice.
        ("price of express and delivery in zone A", ()),
        ("price of express and express", ()),
        ("how much is express with a crown", ()),
        ("how much is a crown", ()),
    ],
)
def test_a_question_is_asked_once_for_each_thing(question, asked, evidence_of):
    assert asked_of_each(question, rows_of(evidence_of(question, RIDES, FEES).hits)) == asked


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("price of express and overnight in zone A", ["£10.50", "£5.00"]),
        ("how much is a check-up and a night guard", ["52", "210"]),
        ("which is cheaper, a crown or a night guard?", ["680", "210"]),
    ],
)
def test_the_row_of_each_answers(question, answers, evidence_of):
    trail = looked_up(evidence_of(question, RIDES, FEES), limit=8).trail
    assert [row.text[slice(*row.answer)] for row in trail.rows] == answers


@pytest.mark.parametrize("question", ["do you offer a crown and a night guard?", "can I combine express and overnight"])
def test_yes_or_no_is_read_off_no_row(question, evidence_of):
    assert looked_up(evidence_of(question, RIDES, FEES), limit=8).trail is None
