"""Fit a calibration: from the signals of questions whose right answers are known to a file that people can read.

With many labelled questions every signal gets its weight; with few only the scale of a known calibration is refitted,
two numbers, since two dozen weights of a hundred questions would be noise. All figures in the file are of questions
that the model which judged them had not seen; the known calibration must not have seen them either.

Source: docs/decisions/0023-calibrated-confidence.md; Platt 1999 for the two numbers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np

from rag.ask.signals import SIGNALS
from rag.confidence import FORMAT, LISTED, OF_LISTS, Calibration, as_weighed
from rag.errors import InputError
from rag.evaluation.figures import Bools, Floats, as_json, auroc, ece, right_at
from rag.evaluation.fitting import FOLDS, Columns, Sample, columns_of, cross_validate, fit, folds
from rag.evaluation.records import EvaluationRun
from rag.evaluation.runner import half_of

# Fewer questions, or fewer right or other answers among them, say nothing that would hold tomorrow.
MIN_QUESTIONS, MIN_EACH = 60, 15
# Groups are never on both sides of a split: each part needs one, and each training part both kinds of answers.
_MIN_GROUPS, _MIN_GROUPS_EACH = FOLDS, 2
# From here on every signal is weighed anew: about twelve questions a weight.
MIN_FOR_WEIGHTS = 300
_PER_BAND, _MAX_BANDS = 40, 10
_OF_LISTS = tuple(f"{OF_LISTS}{name}" for name in SIGNALS)
_BARS = tuple(round(0.02 * step, 2) for step in range(51))


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
        InputError: The samples are too few, or nearly all right, or nearly all wrong; or no signal
            rises with being right.
    """
    fitted = [each for each in all_samples if each.dataset not in halved or half_of(each.group) == "first"]
    held = [each for each in all_samples if each.dataset in halved and half_of(each.group) == "second"]
    _check(fitted)
    weighed = len(fitted) >= MIN_FOR_WEIGHTS
    names = _names(fitted, current, weighed=weighed)
    columns = columns_of(fitted, names)
    if any(columns.right[inside].all() or not columns.right[inside].any() for inside, _ in folds(columns)):
        raise _too_few(fitted)
    strength, unseen = cross_validate(columns, names, current, weighed=weighed)
    model = fit(columns, names, current, strength)
    if not any(curve.rise for curve in model.curves):
        raise _tells_nothing(columns)
    checks = columns_of(held, names)
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
            name: [[round(value, 4), round(adds, 4)] for value, adds in curve.points]
            for name, curve in zip(names, model.curves, strict=True)
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
    right, other = (_groups(fitted, right=kind) for kind in (True, False))
    too_few = len(fitted) < MIN_QUESTIONS or min(n_right, n_other) < MIN_EACH
    if too_few or len(right | other) < _MIN_GROUPS or min(len(right), len(other)) < _MIN_GROUPS_EACH:
        raise _too_few(fitted)


def _groups(fitted: Sequence[Sample], *, right: bool) -> set[tuple[str, str]]:
    return {(each.dataset, each.group) for each in fitted if each.right == right}


def _too_few(fitted: Sequence[Sample]) -> InputError:
    right, other = (_groups(fitted, right=kind) for kind in (True, False))
    n_right = sum(each.right for each in fitted)
    return InputError(
        f"{len(fitted)} labelled questions on {len(right | other)} matters, {n_right} answered rightly (on "
        f"{len(right)}) and {len(fitted) - n_right} not (on {len(other)}), are too few for a calibration; nothing was "
        "written.",
        hint=f"Label at least {MIN_QUESTIONS} on {_MIN_GROUPS} matters, with {MIN_EACH} right answers and {MIN_EACH} "
        f"wrong or impossible ones among them, each on {_MIN_GROUPS_EACH} matters or more. Questions on the same "
        "documents are on one matter.",
    )


def _tells_nothing(columns: Columns) -> InputError:
    return InputError(
        f"Of the {len(columns.right)} labelled questions {int(columns.right.sum())} are answered rightly, and the "
        "others look as sure or surer, so that all answers would get one confidence; nothing was written.",
        hint="Look whether the labels are right, and judge answers as they come, good and bad: of chosen ones, as only "
        "those that went wrong, nothing can be learnt about the next.",
    )


def _names(fitted: Sequence[Sample], current: Calibration, *, weighed: bool) -> list[str]:
    """Return the signals that are weighed: those that differ between questions.

    Those of lists have weights of their own where there are lists enough, right and wrong.
    """
    if not weighed:
        return list(current.curves)
    lists = [each.right for each in fitted if "called" in each.signals]
    n_right, n_lists = sum(lists), len(lists)
    apart = MIN_QUESTIONS <= n_lists < len(fitted) and MIN_EACH <= n_right <= n_lists - MIN_EACH
    told = [as_weighed(each.signals, (LISTED,) if apart else ()) for each in fitted]
    known = {name: {each[name] for each in told if name in each} for name in (*SIGNALS, LISTED, *_OF_LISTS)}
    return [name for name, values in known.items() if len(values) > 1]


def _figures(probability: Floats, columns: Columns) -> dict[str, float]:
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
        columns = columns_of([source[n] for n in rows], names)
        told[name] = {
            "fitted_on": len(own),
            "measured_on": len(rows),
            "how": "the other half" if measured else "cross-validated",
            "right": int(columns.right.sum()),
            "answerable": int(columns.answerable.sum()),
            **as_json(_figures(judged[rows], columns)),
        }
    return told


def _bars(probability: Floats, columns: Columns) -> list[dict[str, float | int]]:
    """Return what each bar lets through; bars above the highest probability let nothing through and are left out."""
    told = []
    for bar in _BARS:
        shown = columns.has_statements & (probability >= bar)
        if not shown.any():
            break
        n_right, n_answerable = int(columns.right[shown].sum()), int(columns.answerable[shown].sum())
        told.append({"bar": bar, "shown": int(shown.sum()), "right": n_right, "answerable": n_answerable})
    return told
