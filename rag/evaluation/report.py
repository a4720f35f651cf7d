"""A report of a run as one HTML file: no script, no request to anywhere, every text escaped."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rag.errors import InputError
from rag.evaluation.answer_report import answer_view
from rag.evaluation.compare import COMPARED, MAIN_METRIC, Comparison
from rag.evaluation.figures import FIGURES
from rag.evaluation.metrics import average
from rag.evaluation.records import EvaluationRun, EvaluationSummary, QuestionRecord
from rag.evaluation.writing import replace_text
from rag.pages import render_page

_TEMPLATE = "report.html.jinja"
_TILES = {
    "recall@5": "of the relevant documents stand among the first 5",
    "all@8": "of the questions have all of theirs among the first 8",
    "mrr@10": "is 1 / rank of the first relevant one, on average",
    "ndcg@10": "of the best possible order, graded, within 10",
}
_UNDERSTOOD = {
    "single": "one thing",
    "several": "several things",
    "comparison": "a comparison",
    "chain": "a thing described by another",
    "exact": "a code, a number or a word",
    "": "could not be asked",
}
_CURVES = ("recall", "all", "precision")
# A question fails where a relevant document is not among the first this many.
_DEPTH = 10
_MAX_FAILURES = 100
# Size of the chart's drawing area, and where it begins, in its own units.
_WIDTH, _HEIGHT, _LEFT, _TOP = 760.0, 220.0, 52.0, 14.0


class Group(NamedTuple):
    """Questions that have something in common, how many of them failed, and the means of their metrics."""

    name: str
    n: int
    missed: int
    metrics: Mapping[str, float]


class Table(NamedTuple):
    """Groups under a heading, with a remark."""

    heading: str
    column: str
    note: str
    groups: Sequence[Group]


class Tile(NamedTuple):
    """A metric with half the width of its 95 % interval, and what it counts."""

    name: str
    value: float
    margin: float
    meaning: str


class Curve(NamedTuple):
    """A metric over k as points of the chart: x, y, k, value."""

    name: str
    points: tuple[tuple[float, float, int, float], ...]


def write_report(run: EvaluationRun, path: Path, *, comparison: Comparison | None = None) -> None:
    """Write the report of a run.

    Args:
        run: The run.
        path: File to write; an existing one is replaced.
        comparison: With an earlier run, where there is one.

    Raises:
        InputError: The file cannot be written.
    """
    html = render_report(run, comparison=comparison)
    try:
        replace_text(path, html)
    except OSError as exc:
        raise InputError(
            f"The report {str(path)!r} cannot be written: {exc.strerror}.", hint="Name another file."
        ) from exc


def render_report(run: EvaluationRun, *, comparison: Comparison | None = None) -> str:
    """Return the report of a run as HTML."""
    return render_page("rag.evaluation", _TEMPLATE, **_view(run, comparison))


def groups(questions: Sequence[QuestionRecord], name_of: Callable[[QuestionRecord], str]) -> list[Group]:
    """Return the questions by a name of theirs, sorted by it, with the means of their metrics."""
    members: dict[str, list[QuestionRecord]] = {}
    for question in questions:
        members.setdefault(name_of(question), []).append(question)
    return [
        Group(name, len(own), len(failures(own)), average(each.metrics for each in own))
        for name, own in sorted(members.items(), key=_in_order)
    ]


def failures(questions: Sequence[QuestionRecord]) -> list[QuestionRecord]:
    """Return the questions that miss a relevant document among the first 10, worst first, ties by id."""
    missed = [question for question in questions if not question.metrics[f"all@{_DEPTH}"]]
    return sorted(missed, key=lambda question: (question.metrics[MAIN_METRIC], question.id))


def _view(run: EvaluationRun, comparison: Comparison | None) -> dict[str, Any]:
    summary = run.summary
    # What no document is labelled for says nothing about what is found.
    questions = [question for question in run.questions if question.metrics]
    missed = failures(questions)
    return {
        "summary": summary,
        "comparison": comparison,
        "answers": answer_view(run),
        "n_found_for": len(questions),
        "tiles": _tiles(summary, questions),
        "cutoffs": _cutoffs(summary),
        "curve_names": _CURVES,
        "curves": [curve for curve in _curves(summary) if curve.name != "precision"] if questions else [],
        "chart": (_WIDTH, _HEIGHT, _LEFT, _TOP),
        "tables": _tables(questions),
        "columns": ("recall@1", *_TILES),
        "compared": (*COMPARED, *FIGURES),
        "spoken": _spoken,
        "depth": _DEPTH,
        "kind": _kind,
        "missed": missed[:_MAX_FAILURES],
        "n_missed": len(missed),
        "n_later": sum(1 for each in questions if each.metrics[f"all@{_DEPTH}"] and not _first(each)),
    }


def _tiles(summary: EvaluationSummary, questions: Sequence[QuestionRecord]) -> list[Tile]:
    tiles = []
    for name, meaning in _TILES.items() if questions else ():
        values = np.array([each.metrics[name] for each in questions])
        # The normal interval of a mean; one question has none.
        margin = 1.96 * values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else 0.0
        tiles.append(Tile(name, summary.retrieval[name], float(margin), meaning))
    return tiles


def _tables(questions: Sequence[QuestionRecord]) -> list[Table]:
    """Return the questions by everything that is known of them."""
    read = any(each.understood for each in questions)
    tables = [
        Table(
            "By number of hops",
            "Hops",
            "How many documents have to be joined, as the set says.",
            groups(questions, lambda each: "" if each.hops is None else f"{each.hops}"),
        ),
        Table(
            "By number of relevant documents",
            "Relevant documents",
            "Where a question needs all of them, this is its number of hops.",
            groups(questions, lambda each: f"{len(each.relevant)}"),
        ),
        Table("By type of question", "Type", "As the set says.", groups(questions, lambda each: each.type)),
        Table(
            "By how the question was understood",
            "It asks about",
            "As it was read before the search; the search follows from it.",
            groups(questions, lambda each: _UNDERSTOOD.get(each.understood, each.understood) if read else ""),
        ),
    ]
    told = [table for table in tables if any(group.name for group in table.groups)]
    return [table for table in told if not _repeats(table, told)]


def _repeats(table: Table, told: Sequence[Table]) -> bool:
    """Return whether an earlier table has the same groups, as hops and relevant documents often do."""
    earlier = told[: told.index(table)]
    return any(table.groups == other.groups for other in earlier)


def _kind(question: QuestionRecord) -> str:
    """Return what is known of a question in a few words."""
    hops = "" if question.hops is None else f"{question.hops} hop{'s' if question.hops != 1 else ''}"
    understood = "" if question.understood in {"", "single"} else question.understood
    return " · ".join(part for part in (question.type, hops, understood) if part)


def _in_order(member: tuple[str, object]) -> tuple[int, str]:
    return (int(member[0]) if member[0].isdecimal() else 0), member[0]


def _first(question: QuestionRecord) -> bool:
    """Return whether the relevant documents stand at the very top, before any other."""
    return set(question.ranked[: len(question.relevant)]) == set(question.relevant)


def _spoken(value: object) -> str:
    return (", ".join(map(str, value)) or "nothing") if isinstance(value, list | tuple) else str(value)


def _cutoffs(summary: EvaluationSummary) -> list[int]:
    return [int(name.partition("@")[2]) for name in summary.retrieval if name.startswith("recall@")]


def _curves(summary: EvaluationSummary) -> list[Curve]:
    cutoffs = _cutoffs(summary)
    step = _WIDTH / max(len(cutoffs) - 1, 1)
    return [
        Curve(
            name,
            tuple(
                (
                    round(_LEFT + place * step, 1),
                    round(_TOP + _HEIGHT * (1 - summary.retrieval[f"{name}@{k}"]), 1),
                    k,
                    summary.retrieval[f"{name}@{k}"],
                )
                for place, k in enumerate(cutoffs)
            ),
        )
        for name in _CURVES
    ]
