"""The gate: a trained model is used only where it is surely better somewhere and surely worse nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.evaluation.compare import Difference
from rag.evaluation.squad import exact_match, f1
from rag.models.reader import Reader
from rag.protocols import Reranker, Verifier
from rag.sentences import Span
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Group
from rag.training.measuring.labelled import support
from rag.training.measuring.measures import auroc
from rag.types import Float32Array

_RESAMPLES, _SEED = 2000, 7
_ANSWERING = "auroc of answering"
Told = Callable[[int, int], None]
Labels = NDArray[np.bool_]


class Change(NamedTuple):
    """A figure of the model before and of the trained one, over the same cases.

    Args:
        figure: Its name; higher is better.
        before: Of the model before.
        after: Of the trained one.
        low: Lower end of the 95 % interval of the difference.
        high: Upper end.
        n: Cases.
    """

    figure: str
    before: float
    after: float
    low: float
    high: float
    n: int


class Verdict(NamedTuple):
    """Whether the trained model wins, and why or why not."""

    wins: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model did case by case.

    Args:
        means: Values by figure, one for each case that it counts in; the figure is their mean.
        scores: Scores by figure; the figure is their AUROC.
        labels: For each figure of ``scores``, which cases should score high.
    """

    means: Mapping[str, Float32Array]
    scores: Mapping[str, Float32Array]
    labels: Mapping[str, Labels]

    def figures(self) -> dict[str, float]:
        """Return the figures by name."""
        means = {name: float(values.mean()) for name, values in self.means.items() if len(values)}
        return means | {name: auroc(self.scores[name], self.labels[name]) for name in self.scores}


def measure_groups(model: Reranker, groups: Sequence[Group], *, on_progress: Told = lambda *_: None) -> Measured:
    """Return how a model orders the passages of held-out groups and, where it is a reader, what it reads in them."""
    ranks, exact, overlap = list[float](), list[float](), list[float]()
    chances, answers = list[float](), list[bool]()
    for n, group in enumerate(groups, 1):
        passages = [reading.passage for reading in group.readings]
        found = model.read(group.question, passages) if isinstance(model, Reader) else []
        scores = [each.relevance for each in found] or model.score(group.question, passages).tolist()
        ranked = [(s, r.relevant) for s, r in zip(scores, group.readings, strict=True) if r.relevant is not None]
        if len(ranked) > 1:
            ranks.append(_reciprocal_rank(ranked))
        for each, reading in zip(found, group.readings, strict=bool(found)):
            if reading.answers is not None:
                chances.append(each.answers)
                answers.append(reading.answers)
            if reading.answer is not None:
                wanted = [_words(reading.passage, reading.answer)]
                told = _words(reading.passage, each.answer)
                exact.append(exact_match(told, wanted))
                overlap.append(f1(told, wanted))
        on_progress(n, len(groups))
    means = {"reciprocal rank": ranks, "exact match": exact, "f1": overlap}
    asked = {_ANSWERING: np.array(chances, dtype=np.float32)} if len(set(answers)) > 1 else {}
    return Measured(
        {name: np.array(values, dtype=np.float32) for name, values in means.items() if values},
        asked,
        {_ANSWERING: np.array(answers, dtype=bool)},
    )


def _words(passage: str, span: Span | None) -> str:
    return passage[span.start : span.end] if span is not None else ""


def measure_held_out(verifier: Verifier, claims: Sequence[Claim], *, on_progress: Told) -> Measured:
    """Return how a verifier judges held-out claims, as the AUROC of its support."""
    found = support(verifier, [(claim.text, claim.source) for claim in claims], on_progress)
    supported = np.array([claim.supported for claim in claims], dtype=bool)
    return Measured({}, {"auroc": found}, {"auroc": supported})


def compare_measured(before: Measured, after: Measured) -> tuple[Change, ...]:
    """Return the figures that both models have, with paired bootstrap intervals.

    Cases are drawn with replacement 2,000 times, each with what both models did, so that hard ones are hard for both.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993.
    """
    means = [
        _change(name, before.means[name], values, lambda values, _: float(values.mean()))
        for name, values in after.means.items()
        if name in before.means
    ]
    scores = [
        _change(name, before.scores[name], values, auroc, after.labels[name])
        for name, values in after.scores.items()
        if name in before.scores
    ]
    return (*means, *scores)


def of_runs(differences: Sequence[Difference], figures: Sequence[str], n: int) -> tuple[Change, ...]:
    """Return the named figures of a comparison of two evaluations."""
    by_name = {row.metric: row for row in differences}
    rows = [by_name[name] for name in figures if name in by_name]
    return tuple(Change(row.metric, row.before, row.after, row.low, row.high, n) for row in rows)


def judge(changes: Sequence[Change]) -> Verdict:
    """Return whether a trained model wins: some figure surely better, none surely worse."""
    worse = [change.figure for change in changes if change.high < 0]
    better = [change.figure for change in changes if change.low > 0]
    if worse:
        return Verdict(wins=False, reason=f"It is surely worse in {', '.join(worse)}.")
    if not better:
        return Verdict(wins=False, reason="No figure is surely better: each interval holds 0.")
    return Verdict(wins=True, reason=f"It is surely better in {', '.join(better)}, and surely worse in nothing.")


def _reciprocal_rank(ranked: Sequence[tuple[float, bool]]) -> float:
    """Return 1 by the rank of the best relevant passage; others of the same score stand before it."""
    best = max(score for score, relevant in ranked if relevant)
    return 1 / (1 + sum(score >= best for score, relevant in ranked if not relevant))


def _change(
    name: str,
    before: Float32Array,
    after: Float32Array,
    figure: Callable[[Float32Array, Labels], float],
    labels: Labels | None = None,
) -> Change:
    n = len(after)
    known = np.ones(n, dtype=bool) if labels is None else labels
    generator = np.random.default_rng(_SEED)
    moved = []
    for _ in range(_RESAMPLES):
        rows = generator.integers(n, size=n)
        moved.append(figure(after[rows], known[rows]) - figure(before[rows], known[rows]))
    low, high = np.percentile(moved, [2.5, 97.5])
    return Change(name, figure(before, known), figure(after, known), float(low), float(high), n)
