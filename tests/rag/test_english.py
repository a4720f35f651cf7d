"""Common words are told from slips."""

import pytest

from rag.english import english_near, is_english


@pytest.mark.parametrize(
    "word", ["router", "routers", "colours", "cancelled", "hairdryers", "math", "preload", "unestablished"]
)
def test_a_common_word_is_english_in_its_forms(word):
    assert is_english(word)


@pytest.mark.parametrize("word", ["warrenty", "casued", "kestral", "zwave", "retreived", ""])
def test_a_slip_is_not(word):
    assert not is_english(word)


def test_the_nearest_words_come_first_then_the_most_common():
    near = english_near("casued", max_distance=2, limit=50)
    assert near[0] == "caused"
    assert {"cause", "based"} & set(near) == {"cause"}


def test_a_word_without_an_english_beginning_has_none_near():
    assert english_near("", max_distance=1, limit=5) == []
    assert english_near("如何", max_distance=1, limit=5) == []
