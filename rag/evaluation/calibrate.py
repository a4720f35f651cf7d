"""Fit a calibration: from the signals of questions whose right answers are known to a file that people can read.

With many labelled questions every signal gets its weight; with few only the scale of the calibration in use is
refitted, two numbers, since two dozen weights of a hundred questions would be noise. All figures in the file are of
questions that the model which judged them had not seen.

Source: docs/decisions/0023-calibrated-confidence.md; Platt 1999 for the two numbers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rag.ask.signals import SIGNALS
from rag.confidence import FORMAT, Calibration, estimate
from rag.errors import InputError
from rag.evaluation.figures import Bools, Floats, as_json, auroc, ece, right_at
from rag.evaluation.records import EvaluationRun
from rag.evaluation.runner import half_of

# Fewer questions, or fewer right or other answers among them, say nothing that would hold tomorrow.
MIN_QUESTIONS, MIN_EACH = 60, 15
# From here on every signal is weighed anew: about twelve questions a weight.
MIN_FOR_WEIGHTS = 300
_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
# Signals speak for an answer, save these: one against it, three either way.
_DIRECTIONS = {"missing": (None, 0.0), "focus": (None, None), "single": (None, None), "length": (None, None)}
_FOLDS = 5
_SEED = 7
_PER_BAND, _MAX_BANDS = 40, 10
_BARS = tuple(round(0.02 * step, 2) for step in range(51))


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


class _Columns(NamedTuple):
    """Samples as columns; ``values`` hold NaN for what was not read, ``groups`` number the groups, ``shares`` make every set count alike, its size aside."""

    values: Floats
    right: Bools
    answerable: Bools
    has_statements: Bools
    groups: np.ndarray[Any, np.dtype[np.int64]]
    shares: Floats


class _Model(NamedTuple):
    """Intercept and, for each signal, weight, mean and scale."""

    intercept: float
    weights: Floats
    means: Floats
    scales: Floats

    def probabilities(self, values: Floats) -> Floats:
        # What was not read says nothing.
        z = self.intercept + np.nan_to_num((values - self.means) / self.scales) @ self.weights
        return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))


def samples(run: EvaluationRun) -> list[Sample]:
    """Return what a run with answers says of each of its questions.

    Raises:
        InputError: The run made no answers.
    """
    found = [
        Sample(
            run.summary.dataset,
            question.group or question.id,
            question.answer.signals,
            bool(question.answer.statements),
            question.answer.right,
            question.answer.answerable,
        )
        for question in run.questions
        if question.answer is not None and question.answer.signals
    ]
    if not found:
        raise InputError(
            f"The run of {run.summary.dataset!r} made no answers.", hint="Run `footnote eval` without --retrieval-only."
        )
    return found


def calibrate(
    all_samples: Sequence[Sample],
    *,
    halved: Collection[str],
    models: Mapping[str, str],
    current: Calibration,
    version: str = "",
) -> dict[str, Any]:
    """Return a calibration as `rag.confidence` reads it.

    Args:
        all_samples: Of one or more sets.
        halved: Sets of which only the first half is fitted; the second measures.
        models: Reference of each model that made the answers.
        current: The calibration whose scale is refitted where the samples are few.
        version: Name of it; by default today's date.

    Raises:
        InputError: The samples are too few, or nearly all right, or nearly all wrong.
    """
    fitted = [each for each in all_samples if each.dataset not in halved or half_of(each.group) == "first"]
    held = [each for each in all_samples if each.dataset in halved and half_of(each.group) == "second"]
    _check(fitted)
    weighed = len(fitted) >= MIN_FOR_WEIGHTS
    names = _names(fitted, current, weighed=weighed)
    columns = _columns(fitted, names)
    strength, unseen = _cross_validate(columns, names, current, weighed=weighed)
    model = _fit(columns, names, current, strength)
    checks = _columns(held, names)
    return {
        "format": FORMAT,
        "version": version or f"{datetime.now(UTC):%Y-%m-%d}",
        "method": "every signal weighed" if weighed else f"scale of {current.use.ref} refitted",
        "strength": strength,
        "questions": len(fitted),
        "answerable": int(columns.answerable.sum()),
        "models": dict(sorted(models.items())),
        "figures": as_json(_figures(unseen, columns)),
        "sets": _sets(fitted, unseen, held, model.probabilities(checks.values), names),
        "intercept": round(model.intercept, 6),
        "signals": {
            name: {"weight": round(float(w), 6), "mean": round(float(m), 6), "scale": round(float(s), 6)}
            for name, w, m, s in zip(names, model.weights, model.means, model.scales, strict=True)
        },
        "reliability": bands(unseen, columns.right),
        "bars": _bars(unseen, columns),
    }


def written(facts: Mapping[str, Any]) -> str:
    """Return a calibration as the text of its file: one line a signal, a band and a bar."""
    lines = []
    for name, value in facts.items():
        rows = value if isinstance(value, list) else None
        if name in {"signals", "sets"}:
            inner = ",\n".join(f"  {json.dumps(key)}: {json.dumps(each)}" for key, each in value.items())
            lines.append(f" {json.dumps(name)}: {{\n{inner}\n }}")
        elif rows:
            inner = ",\n".join(f"  {json.dumps(each)}" for each in rows)
            lines.append(f" {json.dumps(name)}: [\n{inner}\n ]")
        else:
            lines.append(f" {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def bands(probability: Floats, right: Bools) -> list[dict[str, float | int]]:
    """Return the reliability bands: about equally many answers each, joined until their shares rise.

    Source:
        Ayer et al. 1955, pool adjacent violators.
    """
    order = np.argsort(probability, kind="stable")
    n_bands = max(1, min(_MAX_BANDS, len(order) // _PER_BAND))
    pools: list[list[int]] = []
    for part in np.array_split(order, n_bands):
        pools.append(part.tolist())
        while len(pools) > 1 and right[pools[-2]].mean() >= right[pools[-1]].mean():
            last = pools.pop()
            pools[-1] += last
    edges = [(probability[a].max() + probability[b].min()) / 2 for a, b in pairwise(pools)]
    bounds = [0.0, *(round(float(edge), 4) for edge in edges), 1.0]
    return [
        {
            "start": bounds[i],
            "end": bounds[i + 1],
            "n": len(pool),
            "mean": round(float(probability[pool].mean()), 4),
            "right": int(right[pool].sum()),
        }
        for i, pool in enumerate(pools)
    ]


def _check(fitted: Sequence[Sample]) -> None:
    n_right = sum(each.right for each in fitted)
    n_other = len(fitted) - n_right
    if len(fitted) < MIN_QUESTIONS or min(n_right, n_other) < MIN_EACH:
        raise InputError(
            f"{len(fitted)} labelled questions, {n_right} answered rightly and {n_other} not, are too few for a "
            "calibration; nothing was written.",
            hint=f"Label at least {MIN_QUESTIONS}, with {MIN_EACH} right answers and {MIN_EACH} wrong or impossible "
            "ones among them.",
        )


def _names(fitted: Sequence[Sample], current: Calibration, *, weighed: bool) -> list[str]:
    """Return the signals that are weighed: those that differ between questions."""
    if not weighed:
        return list(current.weights)
    known = {name: {each.signals[name] for each in fitted if name in each.signals} for name in SIGNALS}
    return [name for name, values in known.items() if len(values) > 1]


def _columns(chosen: Sequence[Sample], names: Sequence[str]) -> _Columns:
    values = np.array([[each.signals.get(name, np.nan) for name in names] for each in chosen], dtype=np.float64)
    sizes = Counter(each.dataset for each in chosen)
    numbers = {key: n for n, key in enumerate(dict.fromkeys((each.dataset, each.group) for each in chosen))}
    return _Columns(
        values.reshape(len(chosen), len(names)),
        np.array([each.right for each in chosen], dtype=np.bool_),
        np.array([each.answerable for each in chosen], dtype=np.bool_),
        np.array([each.has_statements for each in chosen], dtype=np.bool_),
        np.array([numbers[each.dataset, each.group] for each in chosen], dtype=np.int64),
        np.array([len(chosen) / (len(sizes) * sizes[each.dataset]) for each in chosen], dtype=np.float64),
    )


def _cross_validate(
    columns: _Columns, names: Sequence[str], current: Calibration, *, weighed: bool
) -> tuple[float | None, Floats]:
    """Return the ridge with the best log loss, ``None`` for the scale alone, and the probabilities of unseen parts."""
    best: tuple[float, float | None, Floats] | None = None
    for strength in _STRENGTHS if weighed else (None,):
        unseen = np.zeros(len(columns.right))
        for inside, outside in _folds(columns):
            part = _Columns(*(column[inside] for column in columns))
            unseen[outside] = _fit(part, names, current, strength).probabilities(columns.values[outside])
        chances = np.clip(np.where(columns.right, unseen, 1 - unseen), 1e-9, 1)
        loss = -float((columns.shares * np.log(chances)).mean())
        if best is None or loss < best[0]:
            best = (loss, strength, unseen)
    assert best is not None  # noqa: S101 - there is at least one strength
    return best[1], best[2]


def _folds(columns: _Columns) -> Iterable[tuple[Any, Any]]:
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=_SEED)
    folded: Iterable[tuple[Any, Any]] = folds.split(columns.values, columns.right, columns.groups)
    return folded


def _fit(columns: _Columns, names: Sequence[str], current: Calibration, strength: float | None) -> _Model:
    if strength is not None:
        means, scales = _spread(columns.values)
        intercept, weights = _ridge(np.nan_to_num((columns.values - means) / scales), columns, names, strength)
        return _Model(intercept, weights, means, scales)
    from sklearn.linear_model import LogisticRegression

    read = [{name: v for name, v in zip(names, row, strict=True) if not np.isnan(v)} for row in columns.values.tolist()]
    said = [estimate(signals, current).probability for signals in read]
    clipped = np.clip(np.array(said), 1e-6, 1 - 1e-6)
    odds = np.log(clipped / (1 - clipped))
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(odds[:, None], columns.right, sample_weight=columns.shares)
    slope = max(float(fitted.coef_[0][0]), 0.0)
    weights = np.array([current.weights[name].weight for name in names])
    means = np.array([current.weights[name].mean for name in names])
    scales = np.array([current.weights[name].scale for name in names])
    return _Model(float(fitted.intercept_[0]) + slope * current.intercept, slope * weights, means, scales)


def _spread(values: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each column, over what was read; 0 and 1 where they say nothing."""
    known = ~np.isnan(values)
    n = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, values, 0.0).sum(axis=0) / n
    scales = np.sqrt((np.where(known, values - means, 0.0) ** 2).sum(axis=0) / n)
    return means, np.where(scales > 1e-9, scales, 1.0)


def _ridge(values: Floats, columns: _Columns, names: Sequence[str], strength: float) -> tuple[float, Floats]:
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

    bounds = [(None, None), *(_DIRECTIONS.get(name, (0.0, None)) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), np.asarray(found.x[1:], dtype=np.float64)


def _figures(probability: Floats, columns: _Columns) -> dict[str, float]:
    return {
        "auroc": auroc(probability, columns.right),
        "ece": ece(probability, columns.right),
        "right_at_half": right_at(probability, columns.right, columns.answerable, coverage=0.5),
    }


def _sets(
    fitted: Sequence[Sample], unseen: Floats, held: Sequence[Sample], checked: Floats, names: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of each set: on its second half where it was halved, else cross-validated."""
    told: dict[str, Any] = {}
    for name in dict.fromkeys(each.dataset for each in fitted):
        own = [n for n, each in enumerate(fitted) if each.dataset == name]
        measured = [n for n, each in enumerate(held) if each.dataset == name]
        source, rows, judged = (held, measured, checked) if measured else (fitted, own, unseen)
        columns = _columns([source[n] for n in rows], names)
        told[name] = {
            "fitted_on": len(own),
            "measured_on": len(rows),
            "how": "the other half" if measured else "cross-validated",
            "right": int(columns.right.sum()),
            "answerable": int(columns.answerable.sum()),
            **as_json(_figures(judged[rows], columns)),
        }
    return told


def _bars(probability: Floats, columns: _Columns) -> list[dict[str, float | int]]:
    """Return what each bar lets through; bars above the highest probability let nothing through and are left out."""
    told = []
    for bar in _BARS:
        shown = columns.has_statements & (probability >= bar)
        if not shown.any():
            break
        n_right, n_answerable = int(columns.right[shown].sum()), int(columns.answerable[shown].sum())
        told.append({"bar": bar, "shown": int(shown.sum()), "right": n_right, "answerable": n_answerable})
    return told
