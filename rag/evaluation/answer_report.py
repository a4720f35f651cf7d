"""The part of a report that is about answers: figures, reliability, risk over coverage, types, confident mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from rag.evaluation.figures import N_BINS, AnswerTable, as_json, figures, reliability, risk_coverage, table
from rag.evaluation.records import EvaluationRun, QuestionRecord

_TILES = {
    "coverage": "of the questions that the documents answer are answered",
    "selective_accuracy": "of the answers that are shown are right",
    "refusal_recall": "of the questions that the documents do not answer are refused",
    "refusal_precision": "of the refusals are due",
    "f1": "of the words agree with the reference, a refusal counting 0",
    "auroc": "is the chance that a right answer has more confidence than another",
    "ece": "is how far confidence and share right lie apart",
    "citation_recall": "of the statements are carried by what they cite",
    "citation_precision": "of the citations are needed",
}
_MAX_MISTAKES = 30
# Side of a plot's drawing area, and where it begins, in its own units; a bin's largest mark.
_SIDE, _LEFT, _TOP, _MARK = 300.0, 44.0, 14.0, 11.0


class TypeRow(NamedTuple):
    """Questions of one type: how many, how many the documents answer, and what became of them."""

    name: str
    n: int
    answerable: int
    answered: int
    right: int
    refused_rightly: int


class Mark(NamedTuple):
    """A bin of the reliability plot: where it stands, its size, and what it says."""

    x: float
    y: float
    size: float
    words: str


def answer_view(run: EvaluationRun) -> dict[str, Any] | None:
    """Return what the template shows of the answers of a run; ``None`` where none were made."""
    questions = [question for question in run.questions if question.answer is not None]
    if not questions:
        return None
    columns = table([question.answer for question in questions if question.answer is not None])
    found = as_json(figures(columns))
    wrong = sorted(
        (each for each in questions if each.answer is not None and each.answer.shown and not each.answer.right),
        key=lambda each: (-(each.answer.probability if each.answer is not None else 0), each.id),
    )
    return {
        "tiles": [(_spoken(name), found[name], meaning) for name, meaning in _TILES.items()],
        "figures": found,
        "n": len(questions),
        "n_answerable": int(columns.answerable.sum()),
        "plot": (_SIDE, _LEFT, _TOP),
        "marks": _marks(columns),
        "curve": [(_x(covered), _y(risk)) for covered, risk in risk_coverage(columns.probability, columns.right)],
        "here": _here(columns),
        "types": _types(questions),
        "mistakes": wrong[:_MAX_MISTAKES],
        "n_mistakes": len(wrong),
        "n_bins": N_BINS,
    }


def _marks(columns: AnswerTable) -> list[Mark]:
    bins = reliability(columns.probability, columns.right)
    most = max(each.n for each in bins)
    return [
        Mark(
            _x(each.mean),
            _y(each.right),
            round(max(_MARK * (each.n / most) ** 0.5, 2.5), 1),
            f"confidence {each.mean:.2f}: {each.right:.0%} of {each.n} right",
        )
        for each in bins
    ]


def _here(columns: AnswerTable) -> tuple[float, float] | None:
    """Return where the bar of the run stands on the curve; ``None`` where it lets nothing through."""
    if not columns.shown.any():
        return None
    return _x(float(columns.shown.mean())), _y(1 - float(columns.right[columns.shown].mean()))


def _types(questions: Sequence[QuestionRecord]) -> list[TypeRow]:
    groups: dict[str, list[QuestionRecord]] = {}
    for question in questions:
        groups.setdefault(question.type, []).append(question)
    return [_type_row(name, own) for name, own in sorted(groups.items())]


def _type_row(name: str, questions: Sequence[QuestionRecord]) -> TypeRow:
    answers = [question.answer for question in questions if question.answer is not None]
    return TypeRow(
        name,
        len(answers),
        sum(each.answerable for each in answers),
        sum(each.shown for each in answers),
        sum(each.shown and each.right for each in answers),
        sum(not each.shown and not each.answerable for each in answers),
    )


def _spoken(name: str) -> str:
    return name.upper() if name in {"f1", "auroc", "ece"} else name.replace("_", " ")


def _x(share: float) -> float:
    return round(_LEFT + _SIDE * share, 1)


def _y(share: float) -> float:
    return round(_TOP + _SIDE * (1 - share), 1)
