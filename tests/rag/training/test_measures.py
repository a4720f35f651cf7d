"""Measures against a slow, obvious second way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.training.measures import auroc, exact_match, f1, normalized


def test_answers_are_compared_without_articles_case_and_punctuation():
    assert normalized("The  Eiffel-Tower!") == "eiffeltower"
    assert exact_match("the 12 days.", ["12 days"]) == 1
    assert exact_match("12 day", ["12 days", "a week"]) == 0


@pytest.mark.parametrize(
    ("answer", "wanted", "score"),
    [("in red", ["red"], 2 / 3), ("red", ["blue", "dark red"], 2 / 3), ("", [""], 1), ("red", [], 0), ("x", ["y"], 0)],
)
def test_f1_counts_shared_words(answer, wanted, score):
    assert f1(answer, wanted) == pytest.approx(score)


# The first case loads what is measured: no deadline.
@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=30))
def test_auroc_is_the_share_of_pairs_in_the_right_order(cases):
    scores, labels = [score for score, _ in cases], [label for _, label in cases]
    pairs = [(p, n) for p, good in cases if good for n, bad in cases if not bad]
    wanted = sum((p > n) + (p == n) / 2 for p, n in pairs) / len(pairs) if pairs else 0.5
    assert auroc(np.array(scores, dtype=np.float32), labels) == pytest.approx(wanted)
