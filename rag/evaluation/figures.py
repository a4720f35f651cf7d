"""Figures over many judged answers; docs/evaluation.md defines each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.evaluation.records import AnswerRecord

N_BINS = 15
FIGURES = (
    "exact_match",
    "f1",
    "coverage",
    "selective_accuracy",
    "refusal_precision",
    "refusal_recall",
    "auroc",
    "ece",
    "citation_precision",
    "citation_recall",
    "citation_gold_precision",
    "citation_gold_recall",
    "citations_per_statement",
    "right_at_half",
)
LOWER_IS_BETTER = frozenset({"ece"})
_MEANS = FIGURES[:2] + FIGURES[8:13]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class AnswerTable(NamedTuple):
    """Judged answers as columns, one row a question; ``means`` hold NaN where a figure does not apply."""

    shown: Bools
    right: Bools
    answerable: Bools
    probability: Floats
    means: Floats

    def rows(self, chosen: NDArray[np.int64]) -> AnswerTable:
        """Return some of the rows, in the order given."""
        return AnswerTable(
            self.shown[chosen],
            self.right[chosen],
            self.answerable[chosen],
            self.probability[chosen],
            self.means[chosen],
        )


class Bin(NamedTuple):
    """Answers of about the same confidence: bounds, how many, their mean confidence, the share that is right."""

    start: float
    end: float
    n: int
    mean: float
    right: float


def table(answers: Sequence[AnswerRecord]) -> AnswerTable:
    """Return judged answers as columns."""
    return AnswerTable(
        np.array([each.shown for each in answers], dtype=np.bool_),
        np.array([each.right for each in answers], dtype=np.bool_),
        np.array([each.answerable for each in answers], dtype=np.bool_),
        np.array([each.probability for each in answers], dtype=np.float64),
        np.array([_means(each) for each in answers], dtype=np.float64).reshape(len(answers), len(_MEANS)),
    )


def figures(answers: AnswerTable) -> dict[str, float]:
    """Return every figure by the names of `FIGURES`; NaN where the answers do not tell."""
    shown, right, answerable = answers.shown, answers.right, answers.answerable
    refused = ~shown
    means = dict(zip(_MEANS, _column_means(answers.means), strict=True))
    found = {
        "coverage": _share(shown, answerable),
        "selective_accuracy": _share(right, shown),
        "refusal_precision": _share(~answerable, refused),
        "refusal_recall": _share(refused, ~answerable),
        "auroc": auroc(answers.probability, right),
        "ece": ece(answers.probability, right),
        "right_at_half": right_at(answers.probability, right, answerable, coverage=0.5),
    }
    return {name: means[name] if name in means else found[name] for name in FIGURES}


def as_json(found: Mapping[str, float]) -> dict[str, float | None]:
    """Return figures as they are printed: ``None`` for NaN."""
    return {name: None if math.isnan(value) else value for name, value in found.items()}


def auroc(probability: Floats, right: Bools) -> float:
    """Return the chance that a right answer has more confidence than another one, ties counting half; NaN for one kind.

    Source:
        Mann and Whitney 1947, by mid-ranks.
    """
    n_right = int(right.sum())
    n_wrong = len(right) - n_right
    if not n_right or not n_wrong:
        return math.nan
    _, place, counts = np.unique(probability, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[right].sum() - n_right * (n_right + 1) / 2) / (n_right * n_wrong))


def ece(probability: Floats, right: Bools) -> float:
    """Return the mean distance of confidence and share right over bins of equal width, by their numbers; NaN for none.

    Source:
        Guo et al. 2017, https://arxiv.org/abs/1706.04599.
    """
    if not len(right):
        return math.nan
    bins = reliability(probability, right)
    return sum(each.n * abs(each.mean - each.right) for each in bins) / len(right)


def reliability(probability: Floats, right: Bools) -> list[Bin]:
    """Return the bins of equal width that hold an answer, by rising confidence."""
    place = np.minimum((probability * N_BINS).astype(np.int64), N_BINS - 1)
    found = []
    for n in np.unique(place).tolist():
        inside = place == n
        mean, share = float(probability[inside].mean()), float(right[inside].mean())
        found.append(Bin(n / N_BINS, (n + 1) / N_BINS, int(inside.sum()), mean, share))
    return found


def right_at(probability: Floats, right: Bools, answerable: Bools, *, coverage: float) -> float:
    """Return the share right of what is shown where the bar lets this share of the answerable questions through."""
    n_wanted = math.ceil(coverage * int(answerable.sum()))
    if not n_wanted:
        return math.nan
    # With equal confidence a bar cannot part them, so all of them are shown.
    bar = np.sort(probability[answerable])[::-1][n_wanted - 1]
    return float(right[probability >= bar].mean())


def risk_coverage(probability: Floats, right: Bools) -> list[tuple[float, float]]:
    """Return points of share answered and share wrong of what is answered, by falling bar."""
    order = np.argsort(-probability, kind="stable")
    wrong = np.cumsum(~right[order])
    last = np.append(np.diff(probability[order]) != 0, [True]) if len(order) else np.zeros(0, dtype=np.bool_)
    n = np.arange(1, len(order) + 1)
    return [(float(n[i] / len(order)), float(wrong[i] / n[i])) for i in np.flatnonzero(last)]


def _means(answer: AnswerRecord) -> list[float]:
    cited = answer.citations if answer.shown else None
    values = (
        answer.exact_match,
        answer.f1,
        *(
            (cited.precision, cited.recall, cited.gold_precision, cited.gold_recall, cited.per_statement)
            if cited
            else (None,) * 5
        ),
    )
    return [math.nan if value is None else value for value in values]


def _column_means(columns: Floats) -> list[float]:
    known = ~np.isnan(columns)
    n = known.sum(axis=0)
    sums = np.where(known, columns, 0.0).sum(axis=0)
    return [float(total / count) if count else math.nan for total, count in zip(sums, n, strict=True)]


def _share(wanted: Bools, among: Bools) -> float:
    return float(wanted[among].mean()) if among.any() else math.nan
