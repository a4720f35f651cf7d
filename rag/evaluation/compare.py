"""Two runs of one set, question by question: is the difference more than chance, and where is it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from rag.errors import InputError
from rag.evaluation.dataset import LabelledQuery
from rag.evaluation.figures import FIGURES, LOWER_IS_BETTER, AnswerTable, figures, table
from rag.evaluation.records import EvaluationRun, QuestionRecord
from rag.evaluation.writing import replace_text

# Metric by which questions are said to have changed.
MAIN_METRIC = "ndcg@10"
COMPARED = ("recall@1", "recall@5", "recall@10", "all@5", "all@8", "mrr@10", MAIN_METRIC)
"""What a report of two runs shows of how documents are found."""
_RESAMPLES = 10_000
# Answer figures are no means of questions and are counted anew for each resample.
_ANSWER_RESAMPLES = 1000
_SEED = 7
# Questions that are listed.
_MOST_CHANGES = 10


class Difference(NamedTuple):
    """A metric before and after.

    Args:
        before: Of the earlier run over the shared questions: the mean, or the answer figure.
        after: Of this run.
        low: Lower end of the 95 % interval of the difference.
        high: Upper end.
        better: Questions that rose; for an answer figure those that are answered rightly only now.
        worse: Questions that fell.
    """

    metric: str
    before: float
    after: float
    low: float
    high: float
    better: int
    worse: int

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def improved(self) -> bool:
        """Whether it changed for the better."""
        return self.change < 0 if self.metric in LOWER_IS_BETTER else self.change > 0

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


class Change(NamedTuple):
    """A question that changed, with the ranks of its relevant documents (``None``: not found)."""

    id: str
    text: str
    before: float
    after: float
    ranks_before: Mapping[str, int | None]
    ranks_after: Mapping[str, int | None]


class Comparison(NamedTuple):
    """Two runs over the questions that both asked.

    Args:
        differences: By metric.
        changes: The questions that changed most by nDCG@10, largest change first, ties by id.
        n_shared: Questions compared.
        n_left_out: Questions that only one of the runs asked.
        settings: What was set differently: before and after.
    """

    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    n_shared: int
    n_left_out: int
    settings: Mapping[str, tuple[object, object]]


def save_run(run: EvaluationRun, path: Path) -> None:
    """Write a run with every question as JSON; an existing one is replaced when the new one is whole.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        replace_text(path, run.model_dump_json(indent=1))
    except OSError as exc:
        raise InputError(
            f"The run cannot be saved to {str(path)!r}: {exc.strerror}.", hint="Name another file."
        ) from exc


def read_run(path: Path, dataset: str | None = None) -> EvaluationRun:
    """Return a run that `save_run` wrote.

    Args:
        path: The file.
        dataset: Set that it must be of; by default any.

    Raises:
        InputError: There is no such file, it is no saved run, or one of another set.
    """
    try:
        run = EvaluationRun.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise InputError(f"The run {str(path)!r} cannot be read: {exc.strerror}.", hint="Check the path.") from exc
    except ValidationError as exc:
        raise InputError(
            f"{str(path)!r} is no saved run of an evaluation.", hint="Give a file that `footnote eval --save` wrote."
        ) from exc
    if dataset is not None and run.summary.dataset != dataset:
        raise InputError(
            f"The run {str(path)!r} is of {run.summary.dataset!r}, not of {dataset!r}.", hint="Compare runs of one set."
        )
    return run


def check_comparable(before: EvaluationRun, queries: Sequence[LabelledQuery]) -> None:
    """Refuse a comparison that `compare` would refuse, before the questions are asked.

    Args:
        before: The earlier run.
        queries: The questions that will be asked.

    Raises:
        InputError: The earlier run shares no question or no metric with them.
    """
    earlier = {question.id for question in before.questions if question.metrics}
    if not before.summary.retrieval or not any(query.relevant and query.id in earlier for query in queries):
        raise _nothing_shared()


def _nothing_shared() -> InputError:
    return InputError("The two runs share no question or no metric.", hint="Compare runs with the same --limit.")


def compare(before: EvaluationRun, after: EvaluationRun) -> Comparison:
    """Return how a run differs from an earlier one of the same set.

    The interval is the percentile bootstrap of the mean difference: questions are drawn with replacement
    10,000 times (1,000 times for figures of answers, which are counted anew), each with both its values, so that
    hard questions are hard for both.

    Args:
        before: The earlier run.
        after: This run.

    Raises:
        InputError: The runs share no question or no metric.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993; Sakai, SIGIR 2006.
    """
    earlier = {question.id: question for question in before.questions}
    pairs = [(earlier[question.id], question) for question in after.questions if question.id in earlier]
    metrics = [name for name in after.summary.retrieval if name in before.summary.retrieval]
    found = [pair for pair in pairs if pair[0].metrics and pair[1].metrics]
    if not pairs or not metrics or not found:
        raise _nothing_shared()
    return Comparison(
        differences=(*_differences(found, metrics), *_answer_differences(pairs)),
        changes=_changes(found),
        n_shared=len(pairs),
        n_left_out=len(before.questions) + len(after.questions) - 2 * len(pairs),
        settings=_changed_settings(before.summary.settings, after.summary.settings),
    )


def _differences(
    pairs: Sequence[tuple[QuestionRecord, QuestionRecord]], metrics: Sequence[str]
) -> tuple[Difference, ...]:
    old = np.array([[pair[0].metrics[name] for name in metrics] for pair in pairs])
    new = np.array([[pair[1].metrics[name] for name in metrics] for pair in pairs])
    change = new - old
    generator = np.random.default_rng(_SEED)
    means = np.stack([change[generator.integers(len(pairs), size=len(pairs))].mean(axis=0) for _ in range(_RESAMPLES)])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return tuple(
        Difference(
            name,
            float(old[:, i].mean()),
            float(new[:, i].mean()),
            float(low[i]),
            float(high[i]),
            int((change[:, i] > 0).sum()),
            int((change[:, i] < 0).sum()),
        )
        for i, name in enumerate(metrics)
    )


def _answer_differences(pairs: Sequence[tuple[QuestionRecord, QuestionRecord]]) -> tuple[Difference, ...]:
    """Return how the answers differ, for every figure that both runs give; none where one made no answers."""
    answered = [(old.answer, new.answer) for old, new in pairs if old.answer is not None and new.answer is not None]
    if not answered:
        return ()
    old, new = table([each[0] for each in answered]), table([each[1] for each in answered])
    before, after = figures(old), figures(new)
    generator = np.random.default_rng(_SEED)
    n = len(answered)
    change = np.array([_drawn(old, new, generator.integers(n, size=n)) for _ in range(_ANSWER_RESAMPLES)])
    better, worse = int((~old.right & new.right).sum()), int((old.right & ~new.right).sum())
    told = []
    for i, name in enumerate(FIGURES):
        drawn = change[~np.isnan(change[:, i]), i]
        if np.isnan(before[name]) or np.isnan(after[name]) or not len(drawn):
            continue
        low, high = np.percentile(drawn, [2.5, 97.5])
        told.append(Difference(name, before[name], after[name], float(low), float(high), better, worse))
    return tuple(told)


def _drawn(old: AnswerTable, new: AnswerTable, chosen: NDArray[np.int64]) -> list[float]:
    before, after = figures(old.rows(chosen)), figures(new.rows(chosen))
    return [after[name] - before[name] for name in FIGURES]


def _changes(pairs: Sequence[tuple[QuestionRecord, QuestionRecord]]) -> tuple[Change, ...]:
    changes = [
        Change(
            after.id,
            after.text,
            before.metrics[MAIN_METRIC],
            after.metrics[MAIN_METRIC],
            {shown.document: shown.rank for shown in before.wanted},
            {shown.document: shown.rank for shown in after.wanted},
        )
        for before, after in pairs
        if before.metrics[MAIN_METRIC] != after.metrics[MAIN_METRIC]
    ]
    return tuple(sorted(changes, key=lambda change: (-abs(change.after - change.before), change.id))[:_MOST_CHANGES])


def _changed_settings(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    names = sorted({*before, *after})
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
