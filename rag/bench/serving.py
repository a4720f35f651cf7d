"""How fast a process answers, and how much memory it takes, with many passages."""

from __future__ import annotations

import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rag.bench.texts import Passage, passages, question
from rag.evaluation.building import build
from rag.evaluation.dataset import CorpusDocument, LabelledSet
from rag.evaluation.progress import Watch
from rag.types import AskProgress

_QUESTIONS = "questions.json"
# Questions that are asked before the clock counts: models load, caches fill.
_WARM_UP = 5


def measure(home: Path, *, n_passages: int, n_questions: int, on_progress: Watch) -> dict[str, Any]:
    """Return the figures of a fresh process over a home with so many passages, which is made where it is missing.

    Args:
        home: Where the passages are indexed.
        n_passages: How many.
        n_questions: How many questions are asked, each once.
        on_progress: Told of the building.

    Returns:
        Milliseconds of each stage at the 50th and 95th percentile; ``first_answer_s``, seconds from the start of the
        process to its first answer; ``memory_mb``, its largest resident memory.
    """
    if not (home / _QUESTIONS).exists():
        _build(home, passages(n_passages), n_questions, on_progress)
    began = time.time()
    command = [sys.executable, "-m", "rag.bench.serving", str(home)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this module
    figures: dict[str, Any] = json.loads(run.stdout)
    figures["first_answer_s"] = round(figures.pop("first_answer_at") - began, 2)
    return figures


def _build(home: Path, texts: list[Passage], n_questions: int, on_progress: Watch) -> None:
    from rag.settings import load_settings
    from rag.wiring import open_workspace

    corpus = tuple(CorpusDocument(str(n), text.title, text.text) for n, text in enumerate(texts))
    sha256 = hashlib.sha256("".join(text.text for text in texts).encode()).hexdigest()
    with open_workspace(load_settings(home=home)) as workspace:
        build(LabelledSet("docstrings", sha256, corpus, {}, ()), workspace, known={}, on_progress=on_progress)
    asked = [question(text) for text in texts[:: max(1, len(texts) // n_questions)]]
    (home / _QUESTIONS).write_text(json.dumps(asked), encoding="utf-8")


def _serve(home: Path) -> dict[str, Any]:
    """Ask the questions of a home in this process."""
    from rag.ask.flow import ask
    from rag.settings import load_settings
    from rag.types import Question
    from rag.wiring import open_workspace

    asked: list[str] = json.loads((home / _QUESTIONS).read_text(encoding="utf-8"))
    timings: list[dict[str, float]] = []
    first_answer_at = 0.0
    with open_workspace(load_settings(home=home)) as workspace:
        for text in asked:
            first = _First()
            answer = ask(Question(text), workspace, on_progress=first)
            first_answer_at = first_answer_at or time.time()
            timings.append({**answer.timings_ms, **first.timing_ms})
        n_passages = sum(document.n_chunks for document in workspace.catalog.documents("default"))
    return {
        "passages": n_passages,
        "questions": len(asked),
        "ms": _percentiles(timings[_WARM_UP:]),
        "first_answer_at": first_answer_at,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


class _First:
    """Takes the time from the question to its first checked statement."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.timing_ms: dict[str, float] = {}

    def __call__(self, progress: AskProgress) -> None:
        if progress.statement is not None:
            self.timing_ms.setdefault("first statement", (time.perf_counter() - self._began) * 1000)


def _percentiles(timings: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return the spread of each time over the questions that have it: a refused one has no first statement."""
    search = ("understand", "retrieve", "enrich")
    rows = [
        {
            **timing,
            "understand to enrich": sum(timing[name] for name in search),
            "understand to rerank": sum(timing[name] for name in (*search, "rerank")),
        }
        for timing in timings
    ]
    taken = {name: [row[name] for row in rows if name in row] for name in dict.fromkeys(n for row in rows for n in row)}
    return {name: _spread(values) for name, values in taken.items() if len(values) > 1}


def _spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_serve(Path(sys.argv[1]))))
