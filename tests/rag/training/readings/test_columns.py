"""Tables without the column that answers."""

import random

import pytest

from rag.sentences import Span
from rag.training.examples.shapes import Group, Reading
from rag.training.readings.columns import without_column

TABLE = """Safes
Model | Price | Cash rating | Lock
Tarn 30 | £310 | £2,000 | key
Fell 90 | £1,450 | £10,000 | electronic

Prices hold until May."""


def group(passage: str, answer: str) -> Group:
    begin = passage.index(answer)
    reading = Reading(passage, Span(begin, begin + len(answer)), answers=True, relevant=True)
    return Group("toy", "How much is a Fell 90?", (reading,), "safes")


def made(passage: str = TABLE, answer: str = "£1,450") -> list[Group]:
    found = [without_column(group(passage, answer), random.Random(seed)) for seed in range(40)]
    return [each for each in found if each]


def test_the_column_is_gone_from_every_row_and_nothing_else_is():
    whole = [each.readings[1].passage for each in made() if "Tarn 30" in each.readings[1].passage]
    rows = "Model | Cash rating | Lock\nTarn 30 | £2,000 | key\nFell 90 | £10,000 | electronic"
    assert set(whole) == {f"Safes\n{rows}\n\nPrices hold until May."}


def test_half_are_read_as_a_row_below_the_names_of_its_columns():
    alone = [each for each in made() if "Tarn 30" not in each.readings[0].passage]
    assert 10 <= len(alone) <= 30
    for each in alone:
        right, wrong = (reading.passage.removeprefix("Safes\n") for reading in each.readings)
        assert right == "Model | Price | Cash rating | Lock\nFell 90 | £1,450 | £10,000 | electronic"
        assert wrong == "Model | Cash rating | Lock\nFell 90 | £10,000 | electronic"


def test_the_answer_is_found_in_the_one_and_there_is_none_in_the_other():
    for each in made():
        right, wrong = each.readings
        assert each.question == "How much is a Fell 90?"
        assert right.passage[right.answer.start : right.answer.end] == "£1,450"
        assert (right.answers, right.relevant) == (True, True)
        assert (wrong.answer, wrong.answers, wrong.relevant) == (None, False, False)


@pytest.mark.parametrize(
    ("passage", "answer"),
    [
        ("Safes\nThe Fell 90 costs £1,450.", "£1,450"),
        ("Safes\nModel | Price\nFell 90 | £1,450", "£1,450"),
        (TABLE, "Fell 90"),
        (TABLE, "Cash rating"),
        (TABLE.replace("until May", "from £1,450"), "£1,450"),
        ("Safes\nTarn 30 | £310 | key\nFell 90 | £1,450 | electronic", "£1,450"),
    ],
    ids=["prose", "two columns", "the name", "a header", "said once more", "columns without names"],
)
def test_nothing_is_made_where_a_row_would_say_nothing_or_the_answer_stays(passage, answer):
    assert made(passage, answer) == []
