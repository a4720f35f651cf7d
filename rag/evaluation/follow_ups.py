"""How well follow-up questions find their passages: as they are, with all that was said, and as the product reads them.

What was answered before is told to the product in two ways: as it answered itself, and as the labels say, which is what
the joined turns hold too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

import numpy as np

from rag.ask.answer import record
from rag.ask.conversation.earlier import grounds, refused
from rag.ask.flow import find_evidence, preview
from rag.ask.parts import AskChoices
from rag.errors import InputError
from rag.evaluation.conversations import Conversation, FollowUp
from rag.evaluation.indexing import IndexedSet
from rag.evaluation.progress import Watch, silent
from rag.types import Chunk, Evidence, Ground, Question

Joined = Literal["last turn", "questions joined", "all turns joined"]
Way = Joined | Literal["product", "product, answers given"]
JOINED: tuple[Joined, ...] = get_args(Joined)
PRODUCT: tuple[Way, ...] = ("product", "product, answers given")
WAYS: tuple[Way, ...] = (*JOINED, *PRODUCT)
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
    """How much better one way is than another, with a 95 % interval over the questions."""

    mean: float
    low: float
    high: float


def measure(
    conversations: Sequence[Conversation], indexed: IndexedSet, choices: AskChoices, *, on_progress: Watch = silent
) -> list[Measured]:
    """Return what each way finds of each labelled follow-up.

    Args:
        conversations: What is asked, see `rag.evaluation.conversations.sample`.
        indexed: The set with its index.
        choices: What is left out of the search, if anything.
        on_progress: Told of questions done.

    Raises:
        ModelError: A model fails, so that what is done instead would be measured.
    """
    total = sum(len(conversation.labelled) for conversation in conversations)
    measured: list[Measured] = []
    for conversation in conversations:
        for each, own in _asked(conversation, indexed, choices):
            measured.append(_measured(each, own, indexed, choices))
            on_progress("Asking", len(measured), total)
    return measured


def figures(measured: Sequence[Measured], way: Way) -> dict[str, float]:
    """Return the metrics of a way: recall at 1 and 5 and the mean reciprocal rank, of documents and of passages."""
    return {name: float(np.mean(column)) if len(column) else 0.0 for name, column in _columns(measured, way).items()}


def ahead(measured: Sequence[Measured], way: Way, other: Way, metric: str) -> Ahead:
    """Return how much better one way is than another in one metric, question by question."""
    mine, theirs = (_columns(measured, each)[metric] for each in (way, other))
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


def _asked(conversation: Conversation, indexed: IndexedSet, choices: AskChoices) -> Iterator[tuple[FollowUp, Question]]:
    """Ask the questions of a conversation; yield each labelled one as it is asked after those before it."""
    records: list[dict[str, object]] = []
    for place, text in enumerate(conversation.questions):
        before = conversation.questions[:place]
        asked = Question(text, history=before, grounds=grounds(records), refused=refused(records))
        if place in conversation.labelled:
            yield conversation.labelled[place], asked
        if place + 1 < len(conversation.questions):
            try:
                records.append(record(preview(asked, indexed.workspace, choices=choices)))
            except InputError:
                # A turn without a word is not answered.
                records.append({"outcome": "failed"})


def _measured(follow_up: FollowUp, own: Question, indexed: IndexedSet, choices: AskChoices) -> Measured:
    spans = _spans(follow_up, indexed)
    questions: dict[Way, Question] = {way: Question(text) for way, text in _joined(follow_up, indexed).items()}
    given = replace(own, text=follow_up.text, history=follow_up.before, grounds=_given(follow_up, indexed), refused=())
    questions |= {"product": own, "product, answers given": given}
    found = {
        way: _found(_evidence(asked, indexed, choices), follow_up, spans, indexed) for way, asked in questions.items()
    }
    return Measured(follow_up, bool(spans), found)


def _given(follow_up: FollowUp, indexed: IndexedSet) -> tuple[Ground, ...]:
    """Return what the answers before would rest on had each been the labelled one, as far as `grounds` looks back."""
    chunks = _chunks(follow_up.document, indexed)
    records = []
    for answers in follow_up.answered:
        spans = _places(answers, follow_up.document, indexed)
        held = [(chunk, max(start, chunk.start), min(end, chunk.end)) for start, end in spans for chunk in chunks]
        cited = [{"chunk": chunk.id, "start": start, "end": end} for chunk, start, end in held if start < end]
        records.append({"statements": [{"text": "", "citations": cited[:1]}]})
    return grounds(records)


def _joined(follow_up: FollowUp, indexed: IndexedSet) -> dict[Joined, str]:
    """Return what the other ways look up; where all that was said is too long, its latest part."""
    most = indexed.workspace.ask_choices.max_question_characters
    joined: dict[Joined, str] = {
        "last turn": follow_up.text,
        "questions joined": " ".join((*follow_up.before, follow_up.text)),
        "all turns joined": " ".join((*follow_up.said, follow_up.text)),
    }
    return {way: text[-most:] for way, text in joined.items()}


def _evidence(question: Question, indexed: IndexedSet, choices: AskChoices) -> Evidence | None:
    try:
        return find_evidence(question, indexed.workspace, choices=choices)[0]
    except InputError:
        # "???" finds nothing, and counts as such.
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
    return _places(follow_up.answers, follow_up.document, indexed)


def _places(answers: Sequence[str], document: str, indexed: IndexedSet) -> list[tuple[int, int]]:
    info = indexed.documents.get(document)
    if info is None:
        return []
    text = indexed.workspace.catalog.text(info.id, info.version).text
    spans = []
    for answer in answers:
        words = re.findall(r"\w+", answer)
        if len(words) >= _LEAST_WORDS:
            pattern = r"\W+".join(map(re.escape, words))
            spans += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return spans


def _chunks(document: str, indexed: IndexedSet) -> Sequence[Chunk]:
    info, workspace = indexed.documents.get(document), indexed.workspace
    return workspace.catalog.document_chunks(info.id, workspace.index) if info else ()
