"""What stands together in a sentence goes together."""

import pytest

from rag.ask.tables.together import Together
from rag.ask.texts.rows import words_of


@pytest.fixture
def together(evidence_of):
    return Together.of(evidence_of("?", "The Plank 8 switch is quiet. Its cheap twin is louder than a fan.").hits)


@pytest.mark.parametrize(("word", "describes"), [("switch", True), ("quiet", True), ("fan", False), ("twin", False)])
def test_a_word_next_to_the_name_of_a_thing_describes_it(together, word, describes):
    assert together.describes(*words_of(word), words_of("Plank 8")) is describes


@pytest.mark.parametrize(("name", "n"), [("Plank 8", 1), ("twin", 2), ("Manual", 0), ("nowhere", 0), ("", 3)])
def test_words_in_a_sentence_with_a_name_are_counted(together, name, n):
    assert together.n_beside(words_of(name), words_of("quiet cheap louder silver")) == n
