"""A report of a run as one HTML file: no script, no request to anywhere, every text escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rag.errors import InputError
from rag.evaluation.compare import MAIN_METRIC, Comparison
from rag.evaluation.metrics import average
from rag.evaluation.records import EvaluationRun, EvaluationSummary, QuestionRecord

_TEMPLATE = "report.html.jinja"
_TILES = ("recall@5", "all@8", "mrr@10", "ndcg@10")
_COMPARED = ("recall@1", "recall@5", "recall@10", "all@5", "all@8", "mrr@10", "ndcg@10")
_CURVES = ("recall", "all", "precision")
# A question fails where a relevant document is not among the first this many.
_DEPTH = 10
_MAX_FAILURES = 100
# Size of the chart's drawing area, and where it begins, in its own units.
_WIDTH, _HEIGHT, _LEFT, _TOP = 760.0, 220.0, 52.0, 14.0


class Group(NamedTuple):
    """Questions that have something in common, and the means of their metrics."""

    name: str
    n: int
    metrics: Mapping[str, float]


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
        path.write_text(html, encoding="utf-8")
    except OSError as exc:
        raise InputError(
            f"The report {str(path)!r} cannot be written: {exc.strerror}.", hint="Name another file."
        ) from exc


def render_report(run: EvaluationRun, *, comparison: Comparison | None = None) -> str:
    """Return the report of a run as HTML."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rag.evaluation", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE).render(_view(run, comparison))


def groups(questions: Sequence[QuestionRecord], name_of: Callable[[QuestionRecord], str]) -> list[Group]:
    """Return the questions by a name of theirs, sorted by it, with the means of their metrics."""
    members: dict[str, list[QuestionRecord]] = {}
    for question in questions:
        members.setdefault(name_of(question), []).append(question)
    return [
        Group(name, len(own), average(each.metrics for each in own))
        for name, own in sorted(members.items(), key=_in_order)
    ]


def failures(questions: Sequence[QuestionRecord]) -> list[QuestionRecord]:
    """Return the questions that miss a relevant document among the first 10, worst first, ties by id."""
    missed = [question for question in questions if not question.metrics[f"all@{_DEPTH}"]]
    return sorted(missed, key=lambda question: (question.metrics[MAIN_METRIC], question.id))


def _view(run: EvaluationRun, comparison: Comparison | None) -> dict[str, Any]:
    summary, questions = run.summary, run.questions
    missed = failures(questions)
    return {
        "summary": summary,
        "comparison": comparison,
        "tiles": [(name, summary.retrieval[name]) for name in _TILES],
        "cutoffs": _cutoffs(summary),
        "curve_names": _CURVES,
        "curves": [curve for curve in _curves(summary) if curve.name != "precision"],
        "chart": (_WIDTH, _HEIGHT, _LEFT, _TOP),
        "by_count": groups(questions, lambda question: f"{len(question.relevant)}"),
        "by_type": groups(questions, lambda question: question.type) if any(each.type for each in questions) else [],
        "columns": ("recall@1", *_TILES),
        "compared": _COMPARED,
        "spoken": _spoken,
        "missed": missed[:_MAX_FAILURES],
        "n_missed": len(missed),
        "n_later": sum(1 for each in questions if each.metrics[f"all@{_DEPTH}"] and not _first(each)),
    }


def _in_order(member: tuple[str, object]) -> tuple[int, str]:
    return (int(member[0]) if member[0].isdigit() else 0), member[0]


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
