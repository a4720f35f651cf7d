"""Measures against a slow, obvious second way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.training.measuring.measures import auroc


# The first case loads what is measured: no deadline.
@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=30))
def test_auroc_is_the_share_of_pairs_in_the_right_order(cases):
    scores, labels = [score for score, _ in cases], [label for _, label in cases]
    pairs = [(p, n) for p, good in cases if good for n, bad in cases if not bad]
    wanted = sum((p > n) + (p == n) / 2 for p, n in pairs) / len(pairs) if pairs else 0.5
    assert auroc(np.array(scores, dtype=np.float32), labels) == pytest.approx(wanted)
