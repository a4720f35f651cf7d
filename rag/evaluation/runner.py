"""Ask the questions of a set, look at what is found and answered, and count."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.ask.flow import find_evidence, preview
from rag.ask.parts import AskChoices
from rag.errors import InputError, ModelError
from rag.evaluation.answers import judge, unasked
from rag.evaluation.dataset import LabelledQuery, LabelledSet
from rag.evaluation.figures import as_json, figures, table
from rag.evaluation.indexing import IndexedSet
from rag.evaluation.metrics import CUTOFFS, average, percentiles, score
from rag.evaluation.progress import Watch, silent
from rag.evaluation.records import (
    AnswerRecord,
    EvaluationRun,
    EvaluationSummary,
    Latency,
    ModelRecord,
    Part,
    Percentiles,
    QuestionRecord,
    Shown,
)
from rag.settings import Settings, setting_names
from rag.types import Evidence, Hit, Question

Half = Literal["first", "second"]

# Documents of each question that a saved run shows with their words.
_SHOWN = 5
_SHOWN_CHARACTERS = 280
# Stages up to the reranked evidence.
_RETRIEVAL = ("understand", "retrieve", "enrich", "rerank")
# Settings that say where things are, not what is found.
_PLACES = ("home", "serve.")


@dataclass(frozen=True, slots=True)
class RunChoices:
    """What is asked, and with what.

    Args:
        without: Searches and stages that are left out.
        cutoffs: Values of k.
        limit: Most questions, the first of the file; ``None`` for all.
        split: Only questions whose ``metadata.split`` is this.
        half: Only one half of the questions, see `half_of`.
        answers: Whether answers are made, and so questions asked that no document is labelled for.
    """

    without: tuple[Part, ...] = ()
    cutoffs: tuple[int, ...] = CUTOFFS
    limit: int | None = None
    split: str | None = None
    half: Half | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What is kept of one question: documents, best first, few with their words, times, how it was read, the answer."""

    ranked: tuple[str, ...]
    top: tuple[Shown, ...]
    wanted: tuple[Shown, ...]
    timings_ms: Mapping[str, float]
    understood: str
    answer: AnswerRecord | None


def evaluate(indexed: IndexedSet, choices: RunChoices, *, on_progress: Watch = silent) -> EvaluationRun:
    """Return how well the questions of a set find their documents and, where it is asked for, are answered.

    Each question goes through the product's own way, as its owner, one after another; no receipt is stored. Answers
    are made with no bar for the confidence, and the bar is applied afterwards, so that what it costs and saves can be
    seen. Passages stand for their documents: a document counts at its best passage. The first question is
    asked once more before, so that loading models and graph is not counted.

    Args:
        indexed: The set with its index.
        choices: What is asked, and with what.
        on_progress: Told of questions done.

    Raises:
        InputError: No question of the set fits the choices.
    """
    queries = chosen_queries(indexed.labelled, choices)
    ask_choices = leaving_out(indexed.workspace.ask_choices, choices.without)
    depth = max(choices.cutoffs)
    _find(queries[0], indexed, ask_choices, depth, answers=choices.answers)
    found: dict[str, _Found] = {}
    for done, query in enumerate(queries, 1):
        found[query.id] = _find(query, indexed, ask_choices, depth, answers=choices.answers)
        on_progress("Asking", done, len(queries))
    qrels = {query.id: query.relevant for query in queries if query.relevant}
    ranked = {name: each.ranked for name, each in found.items()}
    scores = score(ranked, qrels, cutoffs=choices.cutoffs) if qrels else {}
    questions = [_record(query, found[query.id], scores.get(query.id, {})) for query in queries]
    return EvaluationRun(summary=_summary(indexed, choices, list(found.values()), scores), questions=tuple(questions))


def chosen_queries(labelled: LabelledSet, choices: RunChoices) -> list[LabelledQuery]:
    """Return the questions of a set that count: labelled, of the split, within the limit.

    Raises:
        InputError: There is none.
    """
    asked = [query for query in labelled.queries if query.is_labelled] if choices.answers else labelled.labelled
    queries = [query for query in asked if choices.split is None or _split(query) == choices.split]
    if not queries:
        splits = sorted({split for query in asked if (split := _split(query)) is not None})
        raise InputError(
            f"No labelled question of {labelled.name!r} has the split {choices.split!r}.",
            hint=f"There is {', '.join(splits)}." if splits else "The set has no splits.",
        )
    halved = [query for query in queries if choices.half is None or half_of(query.group) == choices.half]
    if not halved:
        raise InputError(
            f"None of the {len(queries)} questions of {labelled.name!r} is in its {choices.half} half.",
            hint="Leave --half out, or take the other one.",
        )
    return halved[: choices.limit]


def _split(query: LabelledQuery) -> str | None:
    """Return the split of a question in words, since a set may number them."""
    split = query.metadata.get("split")
    return None if split is None else str(split)


def half_of(group: str) -> Half:
    """Return the half of a set that a group of questions is in, by its hash: the same in every run."""
    return "second" if hashlib.sha256(group.encode()).digest()[0] & 1 else "first"


def leaving_out(choices: AskChoices, parts: Sequence[Part]) -> AskChoices:
    """Return choices in which the limit of each part is 0, which leaves it out."""
    for part in parts:
        choices = replace(choices, **{f"{part}_limit": 0})
    return choices


def _find(query: LabelledQuery, indexed: IndexedSet, choices: AskChoices, depth: int, *, answers: bool) -> _Found:
    question = _question(query)
    began = time.perf_counter()
    best: dict[str, Hit] = {}
    understood, answer = "", None
    try:
        if answers:
            answer, evidence, timings = _answer(query, question, indexed, choices)
        else:
            evidence, timings = find_evidence(question, indexed.workspace, choices=choices)
        if evidence is not None:
            best = _best(evidence, indexed.name_of)
            understood = "exact" if evidence.query.kind == "exact" else evidence.query.shape
    except InputError as exc:
        # What cannot be asked finds nothing, and counts as such.
        timings = {"total": (time.perf_counter() - began) * 1000}
        answer = unasked(query, str(exc), timings["total"]) if answers else None
    ranks = {name: rank for rank, name in enumerate(best, 1)}
    ranked = tuple(best)
    return _Found(
        ranked=ranked[:depth],
        top=tuple(_shown(name, ranks, best, indexed) for name in ranked[:_SHOWN]),
        wanted=tuple(_shown(name, ranks, best, indexed) for name in query.relevant),
        timings_ms=timings,
        understood=understood,
        answer=answer,
    )


def _question(query: LabelledQuery) -> Question:
    history = tuple(str(turn) for turn in query.metadata.get("history") or ())
    return Question(query.text, history=history, as_of=str(query.metadata.get("as_of") or ""))


def _answer(
    query: LabelledQuery, question: Question, indexed: IndexedSet, choices: AskChoices
) -> tuple[AnswerRecord, Evidence | None, Mapping[str, float]]:
    """Return the judged answer of a question, its evidence where it was searched for, and the time of each stage."""
    workspace = indexed.workspace
    found: list[Evidence] = []
    bold = replace(choices, min_confidence=0.0)
    answer = preview(question, workspace, choices=bold, on_evidence=found.append)
    for fault in answer.fallbacks:
        raise ModelError(
            f"The {fault.slot} failed at the question {query.id!r}: {fault.reason}",
            hint="Mend it: what was done instead would be measured in its place.",
        )
    judged = judge(
        answer,
        query,
        workspace.verifier,
        name_of=indexed.name_of,
        bar=choices.min_confidence,
        min_support=choices.min_support,
    )
    spent = dict(answer.timings_ms)
    return judged, next(iter(found), None), {**spent, "total": sum(spent.get(stage, 0.0) for stage in _RETRIEVAL)}


def _best(evidence: Evidence, name_of: Mapping[str, str]) -> dict[str, Hit]:
    best: dict[str, Hit] = {}
    for hit in evidence.hits:
        best.setdefault(name_of[hit.passage.chunk.document_id], hit)
    return best


def _shown(name: str, ranks: Mapping[str, int], best: Mapping[str, Hit], indexed: IndexedSet) -> Shown:
    hit = best.get(name)
    if hit is not None:
        passage = hit.passage
        return Shown(
            document=name, rank=ranks[name], title=passage.title, text=_clip(passage.chunk.text), origin=hit.origin
        )
    info = indexed.documents.get(name)
    if info is None:
        return Shown(document=name, rank=None, title="", text=dict(indexed.left_out).get(name, "Not in the index."))
    text = indexed.workspace.catalog.text(info.id, info.version).text
    return Shown(document=name, rank=None, title=info.title, text=_clip(text))


def _record(query: LabelledQuery, found: _Found, metrics: Mapping[str, float]) -> QuestionRecord:
    return QuestionRecord(
        id=query.id,
        text=query.text,
        type=query.type,
        relevant=query.relevant,
        ranked=found.ranked,
        metrics=metrics,
        retrieve_ms=found.timings_ms["total"],
        top=found.top,
        wanted=found.wanted,
        hops=query.hops,
        understood=found.understood,
        answer=found.answer,
        group=query.group,
    )


def _clip(text: str) -> str:
    flat = " ".join(text[: 2 * _SHOWN_CHARACTERS].split())
    return flat if len(flat) <= _SHOWN_CHARACTERS else flat[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _summary(
    indexed: IndexedSet, choices: RunChoices, found: Sequence[_Found], scores: Mapping[str, Mapping[str, float]]
) -> EvaluationSummary:
    by_stage: dict[str, list[float]] = defaultdict(list)
    for each in found:
        for stage, spent in each.timings_ms.items():
            by_stage[stage].append(spent)
    total = by_stage.pop("total")
    workspace = indexed.workspace
    models = {"embedding": workspace.embedder.use}
    if leaving_out(workspace.ask_choices, choices.without).rerank_limit:
        models["reranker"] = workspace.reranker.use
    answers = [each.answer for each in found if each.answer is not None]
    if answers:
        models |= {"verifier": workspace.verifier.use, "calibration": workspace.calibration.use}
        models |= {"generator": workspace.generator.use} if workspace.generator is not None else {}
    return EvaluationSummary(
        dataset=indexed.labelled.name,
        documents=indexed.labelled.n_documents,
        queries=len(found),
        retrieval=average(scores.values()),
        answers=as_json(figures(table(answers))) if answers else None,
        latency_ms=Latency(
            retrieve=Percentiles(**percentiles(total)),
            ask=Percentiles(**percentiles([each.ask_ms for each in answers])) if answers else None,
            stages={stage: Percentiles(**percentiles(spent)) for stage, spent in by_stage.items()},
        ),
        index=indexed.facts,
        models={slot: ModelRecord(ref=use.ref, sha256=use.sha256) for slot, use in models.items()},
        settings={
            **_settings(workspace.settings),
            "answer.min_confidence": workspace.ask_choices.min_confidence,
            "without": [str(part) for part in choices.without],
        },
    )


def _settings(settings: Settings) -> dict[str, object]:
    values = settings.model_dump(mode="json")
    flat: dict[str, object] = {}
    for name in setting_names():
        group, _, key = name.partition(".")
        if not name.startswith(_PLACES):
            flat[name] = values[group][key] if key else values[group]
    return flat
