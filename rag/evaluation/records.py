"""What a run leaves behind: the printed contract, and the same with every question, as it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(StrEnum):
    """A search or stage that a run may leave out."""

    GRAPH = "graph"
    RERANK = "rerank"
    LEXICAL = "lexical"
    DENSE = "dense"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Percentiles(_Record):
    """Milliseconds that 50, 95 and 99 of 100 questions stay below."""

    p50: float
    p95: float
    p99: float


class Latency(_Record):
    """Milliseconds a question.

    Args:
        retrieve: From the question to the reranked evidence.
        ask: From the question to the answer; ``None`` where no answers were made.
        stages: Of each stage of ``retrieve``.
    """

    retrieve: Percentiles
    ask: Percentiles | None = None
    stages: Mapping[str, Percentiles] = Field(default_factory=dict)


class IndexFacts(_Record):
    """What building the index took.

    Args:
        seconds: From the first document to the last, all stages; of the run that built it.
        documents_per_s: Documents in that time.
        bytes: Catalog, full text and vectors on disk.
        passages: Passages in it.
        dimension: Length of a vector.
        reused: Whether it was there already.
        kept_vectors: Passages whose vectors were taken over from an earlier index of the same set.
        stage_seconds: Seconds by stage, where they were measured.
    """

    seconds: float
    documents_per_s: float
    bytes: int
    passages: int
    dimension: int
    reused: bool = False
    kept_vectors: int = 0
    stage_seconds: Mapping[str, float] = Field(default_factory=dict)


class ModelRecord(_Record):
    """A model that took part: reference and hash of the weights."""

    ref: str
    sha256: str


class Shown(_Record):
    """A document as a report shows it: rank from 1, title, the words of its best passage, and who found it.

    Args:
        rank: ``None`` for a relevant document that was not found.
    """

    document: str
    rank: int | None
    title: str
    text: str
    origin: tuple[str, ...] = ()


class StatementRecord(_Record):
    """A statement as it was shown: words, support, where the answering phrase stands in it, what it cites."""

    text: str
    support: float
    phrase: tuple[int, int] | None
    documents: tuple[str, ...]
    quotes: tuple[str, ...]


class CitationScores(_Record):
    """How well the citations of one answer carry it, each 0..1.

    Args:
        recall: Share of the statements that their citations together support, as the verifier says.
        precision: Share of the citations that are needed, or support by themselves.
        gold_recall: Share of the statements that cite a relevant document; ``None`` without labels.
        gold_precision: Share of the citations that stand in a relevant document; ``None`` without labels.
        per_statement: Mean number of citations of a statement.
    """

    recall: float
    precision: float
    gold_recall: float | None
    gold_precision: float | None
    per_statement: float


class AnswerRecord(_Record):
    """One answer with what the labels say of it; see docs/evaluation.md.

    Args:
        outcome: With the bar.
        reason: Of a refusal.
        shown: Whether it has statements and its confidence reaches the bar.
        answerable: Whether the documents answer the question.
        right: Whether its statements are right, the bar aside.
        exact_match: ``None`` for a question without reference answers; 0 for a refusal.
        f1: The same.
        probability: The confidence.
        signals: What the confidence was made of.
        statements: What is, or without the bar would be, shown.
        citations: ``None`` without statements.
        ask_ms: From the question to the answer.
    """

    outcome: str
    reason: str | None
    shown: bool
    answerable: bool
    right: bool
    exact_match: float | None
    f1: float | None
    probability: float
    signals: Mapping[str, float]
    statements: tuple[StatementRecord, ...]
    citations: CitationScores | None
    ask_ms: float


class QuestionRecord(_Record):
    """One question of a run.

    Args:
        id: Id in the set.
        text: The words.
        type: Kind of question; empty where the set names none.
        relevant: Grades of its relevant documents.
        ranked: Documents found, best first.
        metrics: By name; empty where no document is relevant.
        retrieve_ms: From the question to the reranked evidence.
        top: The first few documents found.
        wanted: The relevant documents.
        hops: How many documents must be joined, where the set says so.
        understood: How the question was read: ``exact``, or the shape of its query; empty where it could not be asked.
        answer: ``None`` where no answers were made.
        group: Questions of one group (about one passage, where the set says so) stay in one half.
    """

    id: str
    text: str
    type: str
    relevant: Mapping[str, int]
    ranked: tuple[str, ...]
    metrics: Mapping[str, float]
    retrieve_ms: float
    top: tuple[Shown, ...]
    wanted: tuple[Shown, ...]
    hops: int | None = None
    understood: str = ""
    answer: AnswerRecord | None = None
    group: str = ""


class EvaluationSummary(_Record):
    """What ``footnote eval --json`` prints; see DESIGN section 4.

    Args:
        dataset: Name of the set.
        documents: Documents of the set.
        queries: Questions that were run: those with a relevant document, and with answers all that are labelled.
        retrieval: Mean of each metric over the questions.
        answers: By the names of `rag.evaluation.figures.FIGURES`; ``None`` where the set has no labels for one, or
            no answers were made.
        latency_ms: Milliseconds a question.
        index: What building the index took.
        models: By slot.
        settings: Everything that decides the ranking, by dotted name, and ``without``.
    """

    dataset: str
    documents: int
    queries: int
    retrieval: Mapping[str, float]
    answers: Mapping[str, float | None] | None
    latency_ms: Latency
    index: IndexFacts
    models: Mapping[str, ModelRecord]
    settings: Mapping[str, Any]


class EvaluationRun(_Record):
    """A summary with its questions; what ``--save`` writes and ``--compare`` reads."""

    format: Literal["footnote-evaluation/1"] = "footnote-evaluation/1"
    summary: EvaluationSummary
    questions: tuple[QuestionRecord, ...]
