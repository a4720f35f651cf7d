"""Sentences that say something else than their source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.training.claims.corruptions import Corruption

SENTENCE = "On Monday Marie Curie must not leave Warsaw before 1903 unless all three doctors of Paris agree."
SOURCE = f"{SENTENCE} In 1911 Pierre Langevin visited Brussels with 250 guests for 12 days."
OF_A_KIND = {
    "number": "The router waits for 30 seconds.",
    "date": "The office opens on Monday.",
    "unit": "The router waits for thirty-one minutes.",
    "name": "They met Marie Curie.",
    "swapped": "Anna sold the house to Boris.",
    "negation": "The warranty does not cover water.",
    "opposite": "The lamp is above the door.",
    "strength": "You must restart it.",
    "condition": "The refund is paid in full unless the device was opened.",
}


def corrupted(sentence, source, *, n=120):
    found = (Corruption(seed=seed).corrupt(sentence, (source,)) for seed in range(n))
    return [each for each in found if each is not None]


@pytest.mark.parametrize("kind", OF_A_KIND)
def test_every_kind_of_change_is_made(kind):
    sentence = OF_A_KIND[kind]
    source = f"{sentence} Later came Pierre Langevin with 45 guests."
    assert kind in {each.kind for each in corrupted(sentence, source)}


@pytest.mark.parametrize("sentence", [SENTENCE, *OF_A_KIND.values()])
def test_faults_are_the_words_that_the_source_lacks_there(sentence):
    for each in corrupted(sentence, SOURCE + " " + sentence):
        assert each.text != sentence
        for span in each.faults:
            assert 0 <= span.start < span.end <= len(each.text)
        if each.kind in {"number", "date", "unit", "name", "opposite", "strength"}:
            (span,) = each.faults
            # What is before and behind the fault is as it was.
            assert sentence.startswith(each.text[: span.start])
            assert sentence.endswith(each.text[span.end :])


def test_what_is_left_out_has_no_faulty_words():
    (cut,) = {
        each.text for each in corrupted(OF_A_KIND["condition"], OF_A_KIND["condition"]) if each.kind == "condition"
    }
    assert cut == "The refund is paid in full."
    assert all(each.faults == () for each in corrupted(SENTENCE, SOURCE) if each.kind == "condition")


def test_a_removed_negation_points_at_the_word_where_it_stood():
    sentence = OF_A_KIND["negation"]
    (each,) = {each for each in corrupted(sentence, sentence) if each.kind == "negation"}
    assert each.text == "The warranty does cover water."
    assert [each.text[span.start : span.end] for span in each.faults] == ["does"]


def test_a_swap_names_both_places():
    sentence = OF_A_KIND["swapped"]
    (each,) = {each for each in corrupted(sentence, sentence) if each.kind == "swapped"}
    assert each.text == "Boris sold the house to Anna."
    assert [each.text[span.start : span.end] for span in each.faults] == ["Boris", "Anna"]


def test_names_of_a_list_are_not_swapped():
    sentence = "they met Anna, Boris and Carla."
    assert all(each.kind != "swapped" for each in corrupted(sentence, sentence))


def test_what_the_source_holds_is_never_given():
    source = "The lamp is above the door. The lamp is below the door."
    assert all(
        each.text.casefold() not in source.casefold() for each in corrupted("The lamp is above the door.", source)
    )


def test_a_seed_gives_the_same():
    one, other = ([Corruption(seed=3).corrupt(s, (SOURCE,)) for s in (SENTENCE, *OF_A_KIND.values())] for _ in range(2))
    assert one == other


# The first case loads what is measured: no deadline.
@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("abc XY12.,()' notMayif"), max_size=80), st.integers(0, 50))
def test_faults_are_in_bounds_whatever_the_sentence(sentence, seed):
    each = Corruption(seed=seed).corrupt(sentence, (sentence, SOURCE))
    if each is not None:
        assert each.text.casefold() not in sentence.casefold()
        assert all(0 <= span.start < span.end <= len(each.text) for span in each.faults)
