"""How well follow-up questions find their passages: as they are, with all that was said, and as the product reads them.

The product goes through each conversation from its first question on, as the application does: every answer that it
gives is what the next question may rest on, right or wrong. Nothing is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np

from rag.ask.answer import record
from rag.ask.earlier import grounds
from rag.ask.flow import find_evidence, preview
from rag.errors import InputError, ModelError
from rag.evaluation.conversations import Conversation, FollowUp
from rag.evaluation.indexing import IndexedSet
from rag.evaluation.progress import Watch, silent
from rag.types import Chunk, Evidence, Question

Way = Literal["last turn", "questions joined", "all turns joined", "product"]
WAYS: tuple[Way, ...] = get_args(Way)
METRICS = ("document@1", "document@5", "document mrr", "passage@1", "passage@5", "passage mrr")
# Ranks beyond this one count as not found.
_DEEPEST = 10
# An answer of fewer words stands in many places: "you must" says nothing of a passage.
_LEAST_WORDS = 5
# A passage holds an answer if it holds this share of it, or is itself to this share within it.
_HELD = 0.5
_Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Found:
    """What one way found of one question.

    Args:
        looked_up: The question as it was looked up.
        document: Rank from 1 of the document that answers; ``None`` where it was not found.
        passage: Rank of the first passage that holds the answer.
    """

    looked_up: str
    document: int | None
    passage: int | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A question with what each way found; ``placed`` tells whether its answer could be found in its document."""

    follow_up: FollowUp
    placed: bool
    found: Mapping[Way, Found]


class Ahead(NamedTuple):
    """How much better the product is than another way, with a 95 % interval over the questions."""

    mean: float
    low: float
    high: float


def measure(
    conversations: Sequence[Conversation], indexed: IndexedSet, *, on_progress: Watch = silent
) -> list[Measured]:
    """Return what each way finds of each labelled follow-up.

    Args:
        conversations: What is asked, see `rag.evaluation.conversations.sample`.
        indexed: The set with its index.
        on_progress: Told of questions done.

    Raises:
        ModelError: A model fails, so that what is done instead would be measured.
    """
    total = sum(len(conversation.labelled) for conversation in conversations)
    measured: list[Measured] = []
    for conversation in conversations:
        for each in _measured(conversation, indexed):
            measured.append(each)
            on_progress("Asking", len(measured), total)
    return measured


def figures(measured: Sequence[Measured], way: Way) -> dict[str, float]:
    """Return the metrics of a way: recall at 1 and 5 and the mean reciprocal rank, of documents and of passages."""
    return {name: float(np.mean(column)) if len(column) else 0.0 for name, column in _columns(measured, way).items()}


def ahead(measured: Sequence[Measured], other: Way, metric: str) -> Ahead:
    """Return how much better the product is than another way in one metric, question by question."""
    mine, theirs = (_columns(measured, way)[metric] for way in ("product", other))
    apart = np.array(mine) - np.array(theirs)
    mean = float(apart.mean()) if len(apart) else 0.0
    spread = _Z_95 * float(apart.std(ddof=1)) / len(apart) ** 0.5 if len(apart) > 1 else 0.0
    return Ahead(mean, mean - spread, mean + spread)


def _columns(measured: Sequence[Measured], way: Way) -> dict[str, list[float]]:
    documents = [each.found[way].document for each in measured]
    passages = [each.found[way].passage for each in measured if each.placed]
    columns: dict[str, list[float]] = {}
    for name, ranks in (("document", documents), ("passage", passages)):
        for k in (1, 5):
            columns[f"{name}@{k}"] = [float(rank is not None and rank <= k) for rank in ranks]
        columns[f"{name} mrr"] = [1 / rank if rank is not None and rank <= _DEEPEST else 0.0 for rank in ranks]
    return {name: columns[name] for name in METRICS}


def _measured(conversation: Conversation, indexed: IndexedSet) -> Iterator[Measured]:
    records: list[Mapping[str, object]] = []
    for place, text in enumerate(conversation.asked):
        question = Question(text, history=conversation.asked[:place], grounds=grounds(records))
        answered = _answered(question, indexed, records)
        follow_up = conversation.labelled.get(place)
        if follow_up is None:
            continue
        spans = _spans(follow_up, indexed)
        evidence = {way: _alone(asked, indexed) for way, asked in _joined(follow_up, indexed).items()}
        found = {
            way: _found(each, follow_up, spans, indexed) for way, each in (evidence | {"product": answered}).items()
        }
        yield Measured(follow_up, bool(spans), found)


def _joined(follow_up: FollowUp, indexed: IndexedSet) -> dict[Way, str]:
    """Return what the other ways look up; where all that was said is too long, its latest part."""
    most = indexed.workspace.ask_choices.max_question_characters
    joined: dict[Way, str] = {
        "last turn": follow_up.text,
        "questions joined": " ".join((*follow_up.before, follow_up.text)),
        "all turns joined": " ".join((*follow_up.said, follow_up.text)),
    }
    return {way: text[-most:] for way, text in joined.items()}


def _answered(question: Question, indexed: IndexedSet, records: list[Mapping[str, object]]) -> Evidence | None:
    """Answer a question as the product does, note the answer as an earlier one, and return the evidence."""
    found: list[Evidence] = []
    try:
        answer = preview(question, indexed.workspace, on_evidence=found.append)
    except InputError:
        return None
    for fault in answer.fallbacks:
        raise ModelError(f"The {fault.slot} failed at {question.text!r}: {fault.reason}", hint="Mend it first.")
    records.append(record(answer))
    return next(iter(found), None)


def _alone(text: str, indexed: IndexedSet) -> Evidence | None:
    try:
        return find_evidence(Question(text), indexed.workspace)[0]
    except InputError:
        return None


def _found(
    evidence: Evidence | None, follow_up: FollowUp, spans: Sequence[tuple[int, int]], indexed: IndexedSet
) -> Found:
    if evidence is None:
        return Found("", None, None)
    chunks = [hit.passage.chunk for hit in evidence.hits]
    names = [indexed.name_of[chunk.document_id] for chunk in chunks]
    documents = list(dict.fromkeys(names))
    document = documents.index(follow_up.document) + 1 if follow_up.document in documents else None
    holding = (
        rank
        for rank, (chunk, name) in enumerate(zip(chunks, names, strict=True), 1)
        if name == follow_up.document and any(_holds(chunk, span) for span in spans)
    )
    return Found(evidence.query.text, document, next(holding, None))


def _holds(chunk: Chunk, span: tuple[int, int]) -> bool:
    start, end = span
    shared = min(end, chunk.end) - max(start, chunk.start)
    return shared >= _HELD * min(end - start, chunk.end - chunk.start)


def _spans(follow_up: FollowUp, indexed: IndexedSet) -> list[tuple[int, int]]:
    """Return where the words that answer stand in the stored text; nothing where they are too few or not there."""
    info = indexed.documents.get(follow_up.document)
    if info is None:
        return []
    text = indexed.workspace.catalog.text(info.id, info.version).text
    spans = []
    for answer in follow_up.answers:
        words = re.findall(r"\w+", answer)
        if len(words) >= _LEAST_WORDS:
            pattern = r"\W+".join(map(re.escape, words))
            spans += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return spans
