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
    ],
)
def test_a_text_tells_a_measure_by_a_unit_or_a_word(word, text, told):
    assert MEASURED[word].told_in(text) == told


def test_a_text_gets_the_word_of_the_question_for_the_measure_that_it_tells():
    assert measured_alike("How heavy is it?", "It weighs 3 kg.") == "It weighs 3 kg. heavy"
    assert measured_alike("How heavy is it?", "It costs 3 euros.") == "It costs 3 euros."
    assert measured_alike("How heavy is it?", "It is heavy.") == "It is heavy."
