"""What asks nothing of documents is told from what does, however short that is."""

import pytest

from rag.ask.question.unasked import asks_nothing_of_documents, unasked

NOTHING = [
    "hello",
    "Hi there, thank you!",
    "thanks a lot",
    "ok thanks",
    "what's up?",
    "Thanks for the help 🙂",
    "who are you?",
    "hm ok",
    "thanks, that helps!",
    "Ah, I see.",
    "that's all, no thanks",
]
SUMS = ["What is 2+2?", "what's 10 - 3", "12 * 4 =", "calculate 1,000 × 3"]
TOO_LITTLE = ["a", "?", "👍", "!!!", "Z?"]
ASKED = [
    "why?",
    "yes",
    "test mode",
    "7",
    "24/7",
    "2024-25",
    "2024 - 2025",
    "020 7946 - 0958",
    "HX-2",
    "3-5",
    "192.168.0.1",
    "+353 21 555 0142",
    "好",
    "é",
    "no internet",
    "hey, how long is the warranty?",
    "ok but what does it cost",
    "great circle",
    "that is all inclusive?",
    "HTTP/2 + TLS",
    "hello kitty price",
    "What is 2+2 coverage?",
    "",
    "  ",
    "\n",
]


@pytest.mark.parametrize("text", NOTHING)
def test_greetings_and_thanks_ask_nothing(text):
    assert "asks nothing of the documents" in unasked(text)


@pytest.mark.parametrize("text", SUMS)
def test_sums_are_not_done(text):
    assert "does no sums" in unasked(text)


@pytest.mark.parametrize("text", TOO_LITTLE)
def test_a_letter_and_signs_are_no_words(text):
    assert "Type a few words" in unasked(text)


@pytest.mark.parametrize("text", ASKED)
def test_everything_else_is_looked_up(text):
    assert not asks_nothing_of_documents(text)


@pytest.mark.parametrize("text", ["hello " * 20_000, "1 + " * 20_000, "thanks" + "." * 79 + "x"])
def test_long_texts_take_no_longer(text):
    assert not unasked(text)
