"""Which of the weighed sentences an answer is made of; what a trained writer makes of them: tests/rag/training."""

from __future__ import annotations

import math

import pytest

from rag.models.writer import _chosen, _Weighed
from rag.models.writer_input import ReadSentence


def weighed(used: float, behind: float, number: int) -> _Weighed:
    return _Weighed(ReadSentence(0, number, 0, ()), "The lamp of the tower is red.", used, behind, (), ())


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        # As many as make the expected overlap with a good answer largest.
        ([(0.9, -math.inf), (0.05, -math.inf), (0.8, -math.inf)], [0, 2]),
        # The next where it is as good a quote as the best, whatever the writer says of it.
        ([(0.9, 0.0), (0.05, -1.0), (0.05, -3.0)], [0, 1]),
        ([(0.9, 0.0), (0.05, -3.0)], [0]),
        # Of three as good ones two.
        ([(0.05, -0.5), (0.9, 0.0), (0.05, -0.4)], [1, 2]),
    ],
)
def test_the_sentences_of_an_answer(sentences: list[tuple[float, float]], told: list[int]) -> None:
    chosen = _chosen([weighed(used, behind, n) for n, (used, behind) in enumerate(sentences)])
    assert [each.read.number for each in chosen] == told
