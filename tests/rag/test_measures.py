"""Words and units of one measure belong together."""

import pytest

from rag.measures import MEASURED, measured_alike


@pytest.mark.parametrize(
    ("word", "text", "told"),
    [
        ("heavy", "It is 410 g.", True),
        ("heavy", "The plotter weighs a lot.", True),
        ("heavy", "It is 90 cm long.", False),
        ("tall", "It is 1.8 metres.", True),
        ("tall", "It has 60 devices.", False),
        ("expensive", "It is $5.", True),
        ("expensive", "Delivery is free.", True),
        ("expensive", "It lasts 24 months.", False),
        ("warm", "Down to -20 degrees.", True),
        ("expensive", "The Pro plan is EUR 20 a month.", True),
        ("heavy", "It comes in at twelve kilograms.", True),
        ("old", "It was established in 1998.", True),
        ("old", "It has existed for twenty years.", True),
    ],
)
def test_a_text_tells_a_measure_by_a_unit_or_a_word(word, text, told):
    assert MEASURED[word].told_in(text) == told


def test_a_text_gets_the_word_of_the_question_for_the_measure_that_it_tells():
    assert measured_alike("How heavy is it?", "It weighs 3 kg.") == "It weighs 3 kg. heavy"
    assert measured_alike("How heavy is it?", "It costs 3 euros.") == "It costs 3 euros."
    assert measured_alike("How heavy is it?", "It is heavy.") == "It is heavy."


@pytest.mark.timeout(20)
def test_a_long_run_of_digits_costs_no_time():
    assert not MEASURED["heavy"].told_in("1" * 50_000)
