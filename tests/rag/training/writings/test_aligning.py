"""Which sentences and words an answer took over."""

from rag.training.writings.aligning import aligned

TOWER = [
    "The Old Tower (324 m) is a tower in Oslo.",
    "It was built in 1801, although nobody wanted it, by Anna Li.",
    "Today it is a hotel.",
]


def words(sentence, spans):
    return [sentence[span.start : span.end] for span in spans]


def test_the_words_that_were_taken_over_are_found_in_their_order():
    first, second, third = aligned("The Old Tower was built in 1801 by Anna Li.", TOWER)
    assert words(TOWER[1], second) == ["was", "built", "in", "1801", "by", "Anna", "Li"]
    assert first is None or words(TOWER[0], first) == ["The", "Old", "Tower"]
    assert third is None


def test_each_word_of_the_answer_is_explained_once():
    twice = ["The gate was opened in 1950.", "The gate was opened in 1950 by the mayor."]
    first, second = aligned("The gate was opened in 1950.", twice)
    assert (first is None) != (second is None)


def test_other_forms_of_a_word_are_the_word():
    (found,) = aligned("Lamps turned white.", ["The lamp, which is small, turns white."])
    assert found is not None


def test_an_answer_of_other_words_is_made_of_nothing():
    assert aligned("Nobody knows.", TOWER) == [None, None, None]
    assert aligned("", TOWER) == [None, None, None]
    assert aligned("Anything", []) == []
