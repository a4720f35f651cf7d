"""A name for a pronoun that opens a sentence."""

import pytest

from rag.models.naming import leans, meant, standing


def test_a_pronoun_gives_way_to_a_name():
    assert standing("She was born in Houston.", "Beyoncé") == "Beyoncé was born in Houston."
    assert standing("Its roof is red.", "the Tower") == "the Tower's roof is red."
    assert standing("Its roof is red.", "Wales") == "Wales' roof is red."
    assert standing("Beyoncé was born in Houston.", "Beyoncé") == "Beyoncé was born in Houston."


@pytest.mark.parametrize(
    "sentence",
    ["This was new.", "They were late.", "It is said that nobody came.", "The latter won.", "We collect your name."],
)
def test_what_points_elsewhere_keeps_its_words(sentence):
    assert standing(sentence, "Beyoncé") == sentence


def test_without_a_name_nothing_changes():
    assert standing("It is red.", "") == "It is red."


def test_it_is_what_the_text_is_about():
    text = ["Wellington is the capital.", "It stands at the tip of the North Island."]
    assert meant("is wellington in the north", "Wellington", text, 1) == "Wellington"
    # Another thing was spoken of in between.
    other = [text[0], "The Rimutaka Range lies behind it.", text[1]]
    assert meant("is the tip in the north island", "Wellington", other, 2) == ""


def test_it_is_the_one_name_of_the_question_that_the_sentence_lacks():
    text = ["Hold the button of the Kestrel 6.", "It restarts after 12 seconds."]
    assert meant("When does the Kestrel 6 restart?", "Reset guide", text, 1) == "Kestrel 6"
    two = ["The Kestrel 6 talks to the Falcon 2.", "It restarts after 12 seconds."]
    assert meant("When does the Kestrel 6 restart the Falcon 2?", "Reset guide", two, 1) == ""


def test_a_word_that_the_text_writes_small_is_no_name():
    text = ["Tax is paid.", "It goes to the state; tax is high."]
    assert meant("where does tax go", "Tax", text, 1) == ""


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("It restarts.", True),
        ("These are new.", True),
        ("The latter won.", True),
        ("It is said that nobody came.", False),
        ("The router restarts.", False),
    ],
)
def test_a_sentence_that_needs_the_one_before_it_is_known(sentence, told):
    assert leans(sentence) is told
