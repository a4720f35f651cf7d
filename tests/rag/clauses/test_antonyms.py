"""Words and their contraries share a stem."""

import pytest

from rag.clauses.antonyms import meaning_of


@pytest.mark.parametrize(
    ("word", "contrary"),
    [("included", "excluded"), ("opened", "unopened"), ("available", "unavailable"), ("allowed", "prohibited")],
)
def test_a_word_and_its_contrary_have_one_stem(word, contrary):
    stem, denied = meaning_of(word)
    assert not denied
    assert meaning_of(contrary) == (stem, True)


@pytest.mark.parametrize("word", ["under", "unit", "universe", "discount", "information", "router"])
def test_a_word_that_only_begins_like_a_denied_one_has_no_contrary(word):
    assert not meaning_of(word)[1]
