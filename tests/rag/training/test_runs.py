"""What tells one training from another, so that it goes on from its own checkpoints only."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag.training.packing import Encoded, EncodedClaim, EncodedWriting
from rag.training.runs import Choices, _key

CHOICES = Choices(Path("base"), "ab", 3, 0.1, 7, 100, Path("checkpoints"))
READ = Encoded((101, 7, 102, 8, 9, 102), 3, start=3, end=4, answers=1, relevant=1, unmet=(0, 0, 0))
CLAIMED = EncodedClaim((101, 7, 102, 8, 102), 3, supported=True, faults=(-1, 0, -1, -1, -1))
WRITTEN = EncodedWriting((101, 7, 102, 8, 102), 3, (-1, -1, -1, 1, -1), (-1, -1, -1, -1, -1))


@pytest.mark.parametrize(
    ("row", "corrected"),
    [
        (READ, {"ids": (101, 7, 102, 8, 8, 102)}),
        (READ, {"end": 3}),
        (READ, {"answers": 0}),
        (READ, {"relevant": -1}),
        (READ, {"unmet": (0, 1, 0)}),
        (CLAIMED, {"supported": False}),
        (CLAIMED, {"faults": (-1, 1, -1, -1, -1)}),
        (WRITTEN, {"used": (-1, -1, -1, 0, -1)}),
    ],
)
def test_corrected_labels_make_another_training(row, corrected):
    key = _key([[row, row]], CHOICES)
    assert key == _key([[replace(row), row]], replace(CHOICES, steps=9, checkpoints=Path("elsewhere")))
    assert key != _key([[row, replace(row, **corrected)]], CHOICES)
    assert key != _key([[row], [row]], CHOICES)
