"""Sentences of a source that stand alone, shorter or joined."""

import pytest

from rag.training.retelling import compressed, listed, merged, standing


@pytest.mark.parametrize(
    ("sentence", "keep", "told"),
    [
        ("However, the tower (324 m) was built in 1889.", ["1889"], "The tower was built in 1889."),
        ("The tower, which leans a little, was built in 1889.", ["1889"], "The tower was built in 1889."),
        ("The tower was built in 1889, although nobody wanted it.", ["1889"], "The tower was built in 1889."),
        ("On April 7, 2015, it was renewed for a third season.", ["third"], "It was renewed for a third season."),
        # What was asked for stays, and so do conditions.
        ("The tower (324 m) was built in 1889.", ["324 m"], "The tower (324 m) was built in 1889."),
        (
            "The refund is paid, but only if you ask within a week.",
            ["refund"],
            "The refund is paid, but only if you ask within a week.",
        ),
        ("After the fire, it was closed.", ["closed"], "After the fire, it was closed."),
    ],
)
def test_what_does_not_bear_on_the_question_goes(sentence, keep, told):
    assert compressed(sentence, keep) == told


def test_a_pronoun_gives_way_to_a_name():
    assert standing("She was born in Houston.", "Beyoncé") == "Beyoncé was born in Houston."
    assert standing("Its roof is red.", "the Tower") == "the Tower's roof is red."
    assert standing("Beyoncé was born in Houston.", "Beyoncé") == "Beyoncé was born in Houston."


@pytest.mark.parametrize(
    "sentence",
    ["This was new.", "They were late.", "It is said that nobody came.", "The latter won.", "We collect your name."],
)
def test_what_points_elsewhere_has_no_name(sentence):
    assert standing(sentence, "Beyoncé") is None


def test_two_sentences_about_one_thing_become_one():
    assert merged("Oslo is a city.", "It was founded in 1040.", "Oslo") == "Oslo is a city and was founded in 1040."
    assert merged("Oslo is a city.", "Bergen was founded in 1070.", "Oslo") is None
    assert merged("Oslo is a city, and a port.", "It was founded in 1040.", "Oslo") is None


def test_a_list_becomes_a_sentence():
    text = "Signs of flu include the following: - Fever. - Cough. - IgG antibodies."
    told, lines = listed(text)
    assert told == "Signs of flu include fever, cough and IgG antibodies."
    assert lines[1:] == ("- Fever", "- Cough", "- IgG antibodies")
    assert listed("Take these steps: - Log in. - Click.") is None
    assert listed("Signs include fever.") is None
