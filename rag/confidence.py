"""How likely an answer is right: a logistic model over the signals of one question."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rag.types import Confidence, Level

# Fitted on the development questions of corpus/ (docs/decisions/0010-first-confidence.md).
INTERCEPT = -5.13
WEIGHTS: Mapping[str, float] = {
    "cosine": 1.91,
    "rerank": 2.35,
    "statement": 2.06,
    "coverage": 1.93,
    "passage_coverage": -0.34,
    "codes": 0.74,
}
HIGH, MEDIUM = 0.75, 0.5


def estimate(signals: Mapping[str, float]) -> Confidence:
    """Return the confidence that the signals give: ``1 / (1 + exp(-(intercept + weights · signals)))``.

    Args:
        signals: Every name of `WEIGHTS` with a number, all in 0..1 or a cosine.
    """
    z = INTERCEPT + sum(weight * signals[name] for name, weight in WEIGHTS.items())
    probability = 1.0 / (1.0 + math.exp(-z))
    level: Level = "high" if probability >= HIGH else "medium" if probability >= MEDIUM else "low"
    return Confidence(round(probability, 4), level, {name: round(value, 4) for name, value in signals.items()})


NO_CONFIDENCE = Confidence(0.0, "low", {})
"""Of a question that was not looked up."""
