"""The model of a calibration: logistic over bent lines, with a ridge, and no signal counting against what it says.

With many questions every signal is weighed; with few only the scale of a known calibration is refitted, two numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rag.confidence import LISTED, OF_LISTS, Calibration, Curve, as_weighed, chance
from rag.evaluation.figures import Bools, Floats

_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
# Signals speak for an answer, save these: one against it, two either way, and one not at all: long questions are those
# of some sets, and how often a set is answered rightly says nothing of the next one.
_DIRECTIONS = {
    "missing": (None, 0.0), "focus": (None, None), "single": (None, None), "length": (0.0, 0.0), LISTED: (None, None)
}  # fmt: skip
# The most that a signal may count. Ways through tables were written while looking at the questions that they are fitted
# on, where none is wrong; on others some are (docs/decisions/0029).
_MOST = {"trail": 0.3}
# Where the line of a signal may bend: at these shares of the questions.
_BENDS = (0.25, 0.5, 0.75)
FOLDS = 5
"""Parts of the cross-validation."""
_SEED = 7


@dataclass(frozen=True, slots=True)
class Sample:
    """One question of the fit.

    Args:
        dataset: Name of its set.
        group: Questions of one group are never on both sides of a split.
        signals: By name.
        has_statements: Whether there was anything to show.
        right: Whether it was right.
        answerable: Whether the documents answer it.
    """

    dataset: str
    group: str
    signals: Mapping[str, float]
    has_statements: bool
    right: bool
    answerable: bool


class Columns(NamedTuple):
    """Samples as columns.

    Args:
        values: Signals, shape ``(n, n_names)``; NaN for what was not read.
        right: Whether the answer is right.
        answerable: Whether the documents answer the question.
        has_statements: Whether there was anything to show.
        groups: Numbers of the groups.
        shares: Weights of the questions, by which a set counts by the root of its size.
    """

    values: Floats
    right: Bools
    answerable: Bools
    has_statements: Bools
    groups: np.ndarray[Any, np.dtype[np.int64]]
    shares: Floats


class Model(NamedTuple):
    """Intercept and the curve of each signal."""

    intercept: float
    curves: tuple[Curve, ...]

    def probabilities(self, values: Floats) -> Floats:
        """Return the probability of each row of signals."""
        # What was not read says nothing.
        told = np.zeros(len(values))
        for column, curve in zip(values.T, self.curves, strict=True):
            places, adds = np.array(curve.points).T
            told += np.nan_to_num(np.interp(column, places, adds))
        return 1.0 / (1.0 + np.exp(-np.clip(self.intercept + told, -30, 30)))


def columns_of(chosen: Sequence[Sample], names: Sequence[str]) -> Columns:
    """Return samples as columns, with the signals of these names."""
    told = [as_weighed(each.signals, names) for each in chosen]
    values = np.array([[each.get(name, np.nan) for name in names] for each in told], dtype=np.float64)
    sizes = Counter(each.dataset for each in chosen)
    numbers = {key: n for n, key in enumerate(dict.fromkeys((each.dataset, each.group) for each in chosen))}
    return Columns(
        values.reshape(len(chosen), len(names)),
        np.array([each.right for each in chosen], dtype=np.bool_),
        np.array([each.answerable for each in chosen], dtype=np.bool_),
        np.array([each.has_statements for each in chosen], dtype=np.bool_),
        np.array([numbers[each.dataset, each.group] for each in chosen], dtype=np.int64),
        np.array([sizes[each.dataset] ** -0.5 for each in chosen], dtype=np.float64)
        * (len(chosen) / max(sum(size**0.5 for size in sizes.values()), 1.0)),
    )


def cross_validate(
    columns: Columns, names: Sequence[str], current: Calibration, *, weighed: bool
) -> tuple[float | None, Floats]:
    """Return the ridge with the best log loss, ``None`` for the scale alone, and the probabilities of unseen parts."""
    best: tuple[float, float | None, Floats] | None = None
    for strength in _STRENGTHS if weighed else (None,):
        unseen = np.zeros(len(columns.right))
        for inside, outside in folds(columns):
            part = Columns(*(column[inside] for column in columns))
            unseen[outside] = fit(part, names, current, strength).probabilities(columns.values[outside])
        chances = np.clip(np.where(columns.right, unseen, 1 - unseen), 1e-9, 1)
        loss = -float((columns.shares * np.log(chances)).mean())
        if best is None or loss < best[0]:
            best = (loss, strength, unseen)
    assert best is not None  # noqa: S101 - there is at least one strength
    return best[1], best[2]


def folds(columns: Columns) -> Iterable[tuple[Any, Any]]:
    """Yield the rows inside and outside of each part of the cross-validation; no group is on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    parts = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=_SEED)
    folded: Iterable[tuple[Any, Any]] = parts.split(columns.values, columns.right, columns.groups)
    return folded


def fit(columns: Columns, names: Sequence[str], current: Calibration, strength: float | None) -> Model:
    """Return the model of some samples.

    Args:
        columns: The samples.
        names: Names of the signals.
        current: The calibration whose scale is refitted where there is no strength.
        strength: Inverse of the ridge; ``None`` refits the scale alone.
    """
    if strength is None:
        return _rescaled(columns, names, current)
    steps = [_steps(column, name) for column, name in zip(columns.values.T, names, strict=True)]
    values = np.concatenate([each.of(column) for each, column in zip(steps, columns.values.T, strict=True)], axis=1)
    means, scales = _spread(values)
    of = [name for each, name in zip(steps, names, strict=True) for _ in range(each.n)]
    intercept, weights = _ridge(np.nan_to_num((values - means) / scales), columns, of, strength)
    curves, first = [], 0
    for each in steps:
        own = slice(first, first := first + each.n)
        adds = ((each.of(each.ends) - means[own]) / scales[own]) @ weights[own]
        curves.append(Curve(tuple((float(value), float(added)) for value, added in zip(each.ends, adds, strict=True))))
    return Model(intercept, tuple(curves))


class _Steps(NamedTuple):
    """How a signal is told apart: as it is, and below and above each bend; all of these rise with it.

    Args:
        ends: Least value, bends and greatest value.
    """

    ends: Floats

    @property
    def n(self) -> int:
        return 2 * len(self.ends) - 3

    def of(self, column: Floats) -> Floats:
        """Return the steps of each value, shape ``(len(column), n)``."""
        bends = self.ends[1:-1]
        below, above = np.minimum(column[:, None], bends), np.maximum(column[:, None], bends)
        return np.concatenate([column[:, None], below, above], axis=1)


def _base(name: str) -> str:
    """Return what a signal is called of a list or not."""
    return name.removeprefix(OF_LISTS)


def _steps(column: Floats, name: str) -> _Steps:
    known = column[~np.isnan(column)]
    least, greatest = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    # A bound on a weight, or none, is one on a straight line.
    straight = _base(name) in _MOST or _base(name) in _DIRECTIONS
    bends = () if straight or not len(known) else np.unique(np.quantile(known, _BENDS).round(4))
    inside = [float(bend) for bend in bends if least < bend < greatest]
    return _Steps(np.array([least, *inside, greatest if greatest > least else least + 1.0]))


def _rescaled(columns: Columns, names: Sequence[str], current: Calibration) -> Model:
    """Return a known calibration with a scale that fits the samples."""
    from sklearn.linear_model import LogisticRegression

    read = [{name: v for name, v in zip(names, row, strict=True) if not np.isnan(v)} for row in columns.values.tolist()]
    said = [chance(signals, current) for signals in read]
    clipped = np.clip(np.array(said), 1e-6, 1 - 1e-6)
    odds = np.log(clipped / (1 - clipped))
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(odds[:, None], columns.right, sample_weight=columns.shares)
    slope = max(float(fitted.coef_[0][0]), 0.0)
    curves = (Curve(tuple((value, slope * adds) for value, adds in current.curves[name].points)) for name in names)
    return Model(float(fitted.intercept_[0]) + slope * current.intercept, tuple(curves))


def _spread(values: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each column, over what was read; 0 and 1 where they say nothing."""
    known = ~np.isnan(values)
    n = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, values, 0.0).sum(axis=0) / n
    scales = np.sqrt((np.where(known, values - means, 0.0) ** 2).sum(axis=0) / n)
    return means, np.where(scales > 1e-9, scales, 1.0)


def _ridge(values: Floats, columns: Columns, names: Sequence[str], strength: float) -> tuple[float, Floats]:
    """Return intercept and weights of a logistic model in which no signal counts against what it says.

    Signals overlap, and without the bounds some of them take back what others add: a model that fits the sets, and
    doubts a perfect answer in a library of three pages, where every margin and every rarity is another.
    """
    from scipy.optimize import minimize

    rising = np.where(columns.right, 1.0, -1.0)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margin = rising * (parameters[0] + values @ parameters[1:])
        slope = -columns.shares * rising / (1 + np.exp(np.clip(margin, -30, 30)))
        total = float(columns.shares @ np.logaddexp(0, -margin) + parameters[1:] @ parameters[1:] / (2 * strength))
        return total, np.concatenate([[slope.sum()], values.T @ slope + parameters[1:] / strength])

    bounds = [(None, None), *(_DIRECTIONS.get(_base(name), (0.0, _MOST.get(_base(name)))) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), np.asarray(found.x[1:], dtype=np.float64)
