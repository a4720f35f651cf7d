"""Names, numbers and opposites that take the place of others."""

import random

from rag.training.examples.changes import names, opposites, other_name, other_number


def test_opposites_go_both_ways():
    pairs = opposites()
    assert "last" in pairs["first"]
    assert all(word in pairs[other] for word, others in pairs.items() for other in others)


def test_a_name_that_only_begins_a_sentence_is_none():
    assert names(["Paris lies there. So did Marie Curie in Warsaw."]) == {"Marie Curie", "Warsaw"}


def test_a_number_of_the_same_length_is_taken_from_the_texts():
    assert other_number("1999", ["in 2004 and 17"], "1999", random.Random(1)) == "2004"


def test_a_number_that_must_be_avoided_is_not_taken_and_a_digit_changes_instead():
    changed = other_number("1999", ["in 2004"], "1999 and 2004", random.Random(1))
    assert changed not in {"1999", "2004"}
    assert sum(a != b for a, b in zip(changed, "1999", strict=True)) == 1


def test_a_name_is_about_as_long_and_not_in_the_sentence():
    texts = ["It is Oslo, or the Royal Society of Great Britain, or Rome."]
    assert other_name("Rome", texts, "He went to Rome", random.Random(1)) == "Oslo"
    assert other_name("Rome", ["It is Rome."], "He went to Rome", random.Random(1)) is None
