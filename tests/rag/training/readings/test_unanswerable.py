"""Questions that their passage only seems to answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.training.readings.unanswerable import Unanswerable

PASSAGE = "In 1867 Marie Curie was born in Warsaw. Pierre Langevin visited Brussels in 1911."


def changed(question, *, others=(), n=60):
    found = (Unanswerable(seed=seed).change(question, PASSAGE, others) for seed in range(n))
    return {each for each in found if each is not None}


def test_another_name_of_the_article():
    assert "Where was Brussels born?" in changed("Where was Marie Curie born?")


def test_a_name_of_another_question():
    assert "Who is Albert Einstein?" in changed("Who is Marie Curie?", others=["Did one see Albert Einstein there?"])


def test_another_number():
    assert "Who was born in 1911?" in changed("Who was born in 1867?")


def test_an_opposite():
    assert changed("Which city is largest") == {"Which city is smallest"} | {
        each for each in changed("Which city is largest") if " not " in each or " never " in each
    }


def test_a_condition_of_another_question():
    found = changed("Who was born?", others=["What happened in Paris?"])
    assert "Who was born in Paris?" in found
    # What the passage itself says may well hold.
    assert not any("Warsaw?" in each for each in changed("Who was born?", others=["Who lived in Warsaw?"]))


@pytest.mark.parametrize(
    ("question", "negated"),
    [
        ("What did it cover?", "What did it not cover?"),
        ("Who was there?", "Who was not there?"),
        ("Is it open?", "Is it not open?"),
    ],
)
def test_a_negation_where_english_puts_it(question, negated):
    assert negated in changed(question)


def test_a_negative_question_is_not_negated_again():
    assert changed("What did it not cover?") == set()


def test_a_question_that_offers_nothing_stays_as_it_is():
    assert changed("Why?") == set()


def test_a_seed_gives_the_same():
    question = "Where was Marie Curie born in 1867 before the war?"
    assert Unanswerable(seed=5).change(question, PASSAGE, ()) == Unanswerable(seed=5).change(question, PASSAGE, ())


# The first case loads what is measured: no deadline.
@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("abc XY12?' first was"), max_size=60), st.integers(0, 50))
def test_it_is_never_the_same_question(question, seed):
    given = Unanswerable(seed=seed).change(question, PASSAGE, ())
    assert given is None or given.casefold() != question.casefold()
