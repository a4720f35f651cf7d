"""Sentences without what they can do without."""

import pytest

from rag.models.shortening import shortened


def without(sentence, *cuts):
    """Shorten a sentence of which some parts are worth nothing."""

    def worth(start, end):
        inside = [n for cut in cuts for n in range(sentence.index(cut), sentence.index(cut) + len(cut))]
        return 1 - sum(n in inside for n in range(start, end)) / (end - start)

    return shortened(sentence, worth, least=0.3)


@pytest.mark.parametrize(
    ("sentence", "cuts", "told"),
    [
        ("However, the tower (324 m) was built in 1889.", [" (324 m)"], "The tower was built in 1889."),
        (
            "The tower, which leans a little, was built in 1889.",
            [", which leans a little,"],
            "The tower was built in 1889.",
        ),
        (
            "The tower was built in 1889, although nobody wanted it.",
            [", although nobody wanted it"],
            "The tower was built in 1889.",
        ),
        (
            "Despite the fire, it was renewed for a third season.",
            ["Despite the fire, "],
            "It was renewed for a third season.",
        ),
        (
            "In the north, the sun rises in the southeast.",
            ["In the north, "],
            "In the north, the sun rises in the southeast.",
        ),
        # A list is no clause.
        (
            "Trade with China, the whalers, and the hunger for coal were the reasons.",
            [", and the hunger for coal were the reasons"],
            None,
        ),
        # As some sources are spaced.
        ("The tower ( 324 m ) was built in 1889 .", [" ( 324 m )"], "The tower was built in 1889 ."),
        # What is worth something stays, and so do conditions, whatever they are worth.
        ("The tower (324 m) was built in 1889.", [], "The tower (324 m) was built in 1889."),
        (
            "The refund is paid within days, but they ask only if you bought it here.",
            [", but they ask only if you bought it here"],
            "The refund is paid within days, but they ask only if you bought it here.",
        ),
        ("After the fire, it was closed.", ["After the fire, "], "After the fire, it was closed."),
        # No sentence would be left.
        ("Towers in Oslo and Bergen, which were built in 1889.", [", which were built in 1889"], None),
    ],
)
def test_what_is_worth_little_goes_where_a_sentence_is_left(sentence, cuts, told):
    assert without(sentence, *cuts) == (told or sentence)


def test_several_parts_go_at_once():
    sentence = "Unlike others, the tower (324 m) was built by Anna Li, who lived next door."
    assert (
        without(sentence, "Unlike others, ", " (324 m)", ", who lived next door") == "The tower was built by Anna Li."
    )


@pytest.mark.parametrize(
    "sentence", ["", "(", "; ; ;", "However, ", ", which " * 400, "(" * 2000, "In " * 1000 + ", x"]
)
def test_odd_texts_stay_texts(sentence):
    assert isinstance(shortened(sentence, lambda *_: 0.0, least=0.3), str)
