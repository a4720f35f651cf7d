"""Questions are read as people type them, and every unusable one gets a clear error."""

import pytest

from rag.ask.understand import understand
from rag.errors import InputError
from rag.types import Question


def read(embedder, text, *history):
    return understand(Question(text, history=history), embedder, max_characters=1000)


def test_a_question_keeps_its_words_terms_codes_and_numbers(embedder):
    query = read(embedder, "What does HX-2104 mean after 30 days?")
    assert query.kind == "question"
    assert query.codes == ("HX-2104",)
    assert "30" in query.numbers
    assert query.vector.shape == (embedder.dimension,)


@pytest.mark.parametrize("text", ["HX-2104", "warranty", "what is HX-2104?", "192.168.0.1"])
def test_a_code_or_a_single_word_is_matched_to_the_letter(embedder, text):
    assert read(embedder, text).kind == "exact"


@pytest.mark.parametrize("text", ["", "   ", "?!…", "\x00\x07", "\u200b"])
def test_a_question_without_a_word_is_an_error(embedder, text):
    with pytest.raises(InputError, match="no word"):
        read(embedder, text)


def test_a_question_that_is_too_long_says_by_how_much(embedder):
    with pytest.raises(InputError, match=r"100,000 characters; at most 1,000"):
        read(embedder, "a" * 100_000)


def test_control_and_invisible_characters_are_taken_out(embedder):
    assert read(embedder, "reset\x00 the\u200b router\u202e?").text == "reset the router ?"


@pytest.mark.parametrize("text", ["如何重置路由器?", "Wie setze ich das Gerät zurück?", "كيف أعيد التشغيل؟"])
def test_other_languages_are_questions_too(embedder, text):
    assert read(embedder, text).terms


def test_a_follow_up_takes_what_it_leaves_out_from_the_conversation(embedder):
    query = read(embedder, "and how long is its warranty?", "What is the price of the Kestrel 4?")
    assert query.original == "and how long is its warranty?"
    assert query.text == "and how long is its warranty? (Kestrel 4)"


def test_a_question_that_names_its_own_subject_takes_nothing_over(embedder):
    text = "How long is the warranty of the Otter Cam?"
    assert read(embedder, text, "What is the price of the Kestrel 4?").text == text


def test_a_new_subject_is_asked_the_question_before(embedder):
    query = read(embedder, "and on the Kestrel 6?", "how long do you hold reset on the Kestrel 4?")
    assert query.text == "how long do you hold reset on the Kestrel 6?"


def test_a_question_that_points_back_to_no_name_takes_the_terms_before(embedder):
    assert read(embedder, "how long does it take?", "can I return a router?").text == (
        "how long does it take? (return, router)"
    )
