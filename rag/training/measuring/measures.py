"""How well a reader or a writer does, beside the words of its answers (`rag.evaluation.squad`): texts, and order."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.evaluation import figures
from rag.evaluation.squad import normalized
from rag.types import Float32Array


def rouge_l(text: str, wanted: Sequence[str]) -> float:
    """Return the best F1 of the longest common subsequence of words with a text wanted.

    Source:
        Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries, https://aclanthology.org/W04-1013.
    """
    return max((_rouge_l(normalized(text), normalized(each)) for each in wanted), default=0.0)


def _rouge_l(one: list[str], other: list[str]) -> float:
    if not one or not other:
        return float(one == other)
    row = [0] * (len(other) + 1)
    for word in one:
        left = row[:]
        for place, each in enumerate(other, 1):
            row[place] = left[place - 1] + 1 if word == each else max(left[place], row[place - 1])
    return 2 * row[-1] / (len(one) + len(other))


def auroc(scores: Float32Array, positive: Sequence[bool] | NDArray[np.bool_]) -> float:
    """Return the chance that a positive case scores above a negative one, ties counted half; 0.5 without both."""
    found = figures.auroc(np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool))
    return 0.5 if math.isnan(found) else found
