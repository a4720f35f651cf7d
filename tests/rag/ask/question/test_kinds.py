"""What kind of thing a question asks for."""

import pytest

from rag.ask.question.kinds import asks_one_thing, kind_of


@pytest.mark.parametrize(
    ("question", "kind", "one"),
    [
        ("Who leads the returns desk?", "person", True),
        ("When was it sent?", "day", True),
        ("How long does it take?", "amount", True),
        ("what is the price of it", "amount", True),
        ("What is included in the price?", "any", False),
        ("What is the discount in the price of it, how much?", "amount", True),
        ("Where is it made?", "place", True),
        ("Which plan is it?", "any", True),
        ("What is a relay?", "any", False),
        ("What phone do I call when HX-5020 shows?", "any", False),
        ("What is the fee for customers who cancel?", "amount", True),
        ("Who is called when it rings?", "person", True),
        ("What is it and when was it sent?", "day", True),
        ("Why does it fail?", "any", False),
        ("How do I reset it?", "any", False),
    ],
)
def test_a_question_asks_for_a_kind(question, kind, one):
    assert (kind_of(question), asks_one_thing(question)) == (kind, one)
