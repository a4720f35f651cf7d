"""Questions are read as people type them, and every unusable one gets a clear error."""

import pytest

from rag.ask.understand import understand
from rag.errors import InputError
from rag.types import Correction, Question


@pytest.fixture
def vocabulary(vocabulary_of):
    return vocabulary_of(
        ("Kestrel 4 manual", "Warranty", "The warranty of the Kestrel 4 is 24 months."),
        ("Kestrel 6 manual", "Warranty", "The warranty of the Kestrel 6 is 60 months."),
        ("Error codes", "Resets", "HX-2104 means that a reset failed."),
    )


@pytest.fixture
def read(embedder, vocabulary):
    def _read(text, *history):
        return understand(
            Question(text, history=history), embedder, vocabulary, today="2026-06-03", max_characters=1000
        )

    return _read


def test_days_are_told_by_their_distance_from_today_too(read):
    assert read("who is on call this week, and who on 9 June 2026?").dates == ("2026-06-09", "2026-06-03")
    assert read("what changed tomorrow and yesterday").dates == ("2026-06-04", "2026-06-02")
    assert read("what is on the day after this weekend").dates == ()


def test_hours_of_tomorrow_are_those_of_its_weekday(read):
    query = read("when do you open tomorrow?")
    assert (query.text, query.dates) == ("when do you open on Thursday?", ("2026-06-04",))


def test_a_question_keeps_its_words_terms_codes_and_numbers(read, embedder):
    query = read("What does HX-2104 mean after 30 days?")
    assert query.kind == "question"
    assert query.codes == ("HX-2104",)
    assert "30" in query.numbers
    assert query.vector.shape == (embedder.dimension,)


@pytest.mark.parametrize("text", ["HX-2104", "warranty", "what is HX-2104?", "192.168.0.1"])
def test_a_code_or_a_single_word_is_matched_to_the_letter(read, text):
    assert read(text).kind == "exact"


@pytest.mark.parametrize("text", ["", "   ", "?!…", "\x00\x07", "\u200b"])
def test_a_question_without_a_word_is_an_error(read, text):
    with pytest.raises(InputError, match="no word"):
        read(text)


def test_a_question_that_is_too_long_says_by_how_much(read):
    with pytest.raises(InputError, match=r"100,000 characters; at most 1,000"):
        read("a" * 100_000)


def test_control_and_invisible_characters_are_taken_out(read):
    assert read("reset\x00 the\u200b router\u202e?").text == "reset the router?"


@pytest.mark.parametrize("text", ["如何重置路由器?", "Wie setze ich das Gerät zurück?", "كيف أعيد التشغيل؟"])
def test_other_languages_are_questions_too(read, text):
    assert read(text).terms


def test_a_follow_up_takes_what_it_leaves_out_from_the_conversation(read):
    query = read("and how long is its warranty?", "What is the price of the Kestrel 4?")
    assert query.original == "and how long is its warranty?"
    assert query.text == "and how long is its warranty? (Kestrel 4)"


def test_a_question_that_names_its_own_subject_takes_nothing_over(read):
    text = "How long is the warranty of the Otter Cam?"
    assert read(text, "What is the price of the Kestrel 4?").text == text


def test_a_new_subject_is_asked_the_question_before(read):
    query = read("and on the Kestrel 6?", "how long do you hold reset on the Kestrel 4?")
    assert query.text == "how long do you hold reset on the Kestrel 6?"


def test_a_question_that_points_back_to_no_name_takes_the_terms_before(read):
    assert read("how long does it take?", "can I return a router?").text == ("how long does it take? (return, router)")


def test_a_follow_up_takes_the_noun_with_a_name_that_is_a_word_like_others(read):
    assert read("where do they sit?", "who leads the Radio team?").text == "where do they sit? (Radio team)"


def test_a_misspelled_word_is_read_as_the_documents_write_it_and_both_are_kept(read):
    query = read("how long is the warrenty of the kestral 6?")
    assert query.original == "how long is the warrenty of the kestral 6?"
    assert query.text == "how long is the warranty of the Kestrel 6?"
    assert query.spelling == (Correction("warrenty", "warranty"), Correction("kestral", "Kestrel"))
    assert "warranty" in query.terms
    assert "warrenty" not in query.terms


def test_what_the_conversation_gives_is_corrected_too(read):
    query = read("and how long is its warrenty?", "what does the Kestral 4 cost?")
    assert query.text == "and how long is its warranty? (Kestrel 4)"


def test_a_code_that_is_written_apart_is_a_code(read):
    query = read("HX 2104")
    assert (query.text, query.kind, query.codes) == ("What is HX-2104?", "exact", ("HX-2104",))


def test_words_of_another_language_are_left_alone(read):
    query = read("Wie lange gilt die Warrenty für das Gerät?")
    assert query.language == "de"
    assert query.spelling == ()


def test_several_things_are_asked_for_each_by_itself(read):
    query = read("how long is the warranty of the Kestrel 4 and the Kestrel 6?")
    assert query.shape == "several"
    assert query.subqueries == (
        "how long is the warranty of the Kestrel 4?",
        "how long is the warranty of the Kestrel 6?",
    )


def test_a_plain_question_is_asked_once(read):
    query = read("how long is the warranty of the Kestrel 4?")
    assert (query.shape, query.subqueries) == ("single", ())


@pytest.mark.parametrize("text", ["warranty", "the warranty?"])
def test_a_general_word_gets_what_the_documents_have_under_it(read, text):
    query = read(text)
    assert query.choices == ("Kestrel 4 manual › Warranty", "Kestrel 6 manual › Warranty")
    assert len(query.offered) == 2


@pytest.mark.parametrize("text", ["HX-2104", "how long is the warranty of the Kestrel 4?", "price"])
def test_a_specific_question_gets_no_choices(read, text):
    assert read(text).choices == ()


def test_a_general_word_is_widened_by_the_conversation_instead(read):
    query = read("warranty?", "what does the Kestrel 4 cost?")
    assert query.text == "warranty? (Kestrel 4)"
    assert query.choices == ()


def test_one_word_that_the_conversation_completes_is_a_question(read):
    query = read("price?", "How loud is the Kestrel 4?")
    assert (query.text, query.kind) == ("price? (Kestrel 4)", "question")
    assert read("price?").kind == "exact"


@pytest.mark.parametrize("text", ["保修期多久?", "保証期間はどのくらいですか", "การรับประกันนานเท่าไร"])
def test_a_question_without_spaces_is_no_single_word(read, text):
    assert read(text).kind == "question"


def test_a_question_without_spaces_is_no_general_word(embedder, vocabulary_of):
    vocabulary = vocabulary_of(("Kestrel 4", "保修期多久", "x"), ("Kestrel 6", "保修期多久", "x"))
    assert understand(Question("保修期多久"), embedder, vocabulary, today="2026-06-03", max_characters=99).choices == ()
