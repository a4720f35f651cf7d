"""How well a reader reads: spans, whether a passage answers, and the order of passages."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.evaluation import figures
from rag.types import Float32Array

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalized(answer: str) -> str:
    """Return an answer as SQuAD compares it: lower case, without punctuation, articles and double spaces.

    Source: Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250.
    """
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, wanted: Sequence[str]) -> float:
    """Return 1 where the answer is one of those wanted, else 0."""
    return float(any(normalized(answer) == normalized(each) for each in wanted))


def f1(answer: str, wanted: Sequence[str]) -> float:
    """Return the best F1 of the answer's words with those of an answer wanted."""
    return max((_f1(normalized(answer).split(), normalized(each).split()) for each in wanted), default=0.0)


def rouge_l(text: str, wanted: Sequence[str]) -> float:
    """Return the best F1 of the longest common subsequence of words with a text wanted.

    Source:
        Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries, https://aclanthology.org/W04-1013.
    """
    return max((_rouge_l(normalized(text).split(), normalized(each).split()) for each in wanted), default=0.0)


def _rouge_l(one: list[str], other: list[str]) -> float:
    if not one or not other:
        return float(one == other)
    row = [0] * (len(other) + 1)
    for word in one:
        left = row[:]
        for place, each in enumerate(other, 1):
            row[place] = left[place - 1] + 1 if word == each else max(left[place], row[place - 1])
    return 2 * row[-1] / (len(one) + len(other))


def _f1(one: list[str], other: list[str]) -> float:
    if not one or not other:
        return float(one == other)
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other))


def auroc(scores: Float32Array, positive: Sequence[bool] | NDArray[np.bool_]) -> float:
    """Return the chance that a positive case scores above a negative one, ties counted half; 0.5 without both."""
    found = figures.auroc(np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool))
    return 0.5 if math.isnan(found) else found
