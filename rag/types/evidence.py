"""What is asked, what was understood of it, and the evidence for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.types.chunks import Chunk
from rag.types.common import DEFAULT_SPACE, Float32Array

Origin = Literal["dense", "lexical", "graph"]
QueryShape = Literal["single", "comparison", "several", "chain"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A span that an earlier answer of the conversation rests on: numbers and no words.

    Its words are read when the next question is asked, and only where the passage is live then: nothing of a removed
    document comes back through it.
    """

    chunk_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Carried:
    """Words of a live document that a question was completed with, as they stand in the span."""

    text: str
    document_id: str
    chunk_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a person asked it.

    Args:
        text: The words.
        space: Where to look.
        history: Earlier questions of the conversation, oldest first.
        conversation: Conversation that the answer is kept in; ``None`` for a single question.
        as_of: Day on which it counts as asked, ISO 8601; empty for the day on which it is.
        grounds: What the answers before rest on, the newest answer first, see `rag.ask.conversation.earlier.grounds`.
        refused: Places in the history of the questions that were not answered, as far as that is known.
    """

    text: str
    space: str = DEFAULT_SPACE
    history: tuple[str, ...] = ()
    conversation: str | None = None
    as_of: str = ""
    grounds: tuple[Ground, ...] = ()
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A word or code of a question that was read in another spelling, which the documents use."""

    written: str
    read: str


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood of a question, all of it visible in the receipt.

    Args:
        original: The words of the person.
        text: The question spelled as the documents are and made to stand alone; equal to ``original`` where it
            was so already.
        kind: ``exact`` for a code, a number or one word, which must be found to the letter first.
        terms: Content words, lower case, in order, without repetition.
        codes: Codes and identifiers (``HX-2104``), as written.
        phrases: Quoted phrases.
        numbers: Numbers and dates as written.
        vector: Embedding of ``text``, shape ``(dimension,)``, unit length.
        language: ISO 639 code of the language; empty where a few words do not tell.
        spelling: What was read in another spelling than it was written in.
        dates: Dates in ISO 8601: ``2026-06-15``, ``--06-22`` without a year, ``2026-03``, ``2026``, ``2026-Q1``.
        negated: Terms that the question denies or leaves out.
        shape: ``comparison`` or ``several`` for a question about several things, ``chain`` for one about a thing
            that is only described by another one.
        subqueries: For several things, the question asked of each; for a chain, the description to follow first.
        choices: For a short, general question, what the documents offer under its words: titles and headings.
        offered: The documents, each with its version, whose titles and headings the choices are.
        carried: Words of documents that earlier answers rest on and that stand in ``text``.
    """

    original: str
    text: str
    kind: Literal["question", "exact"]
    terms: tuple[str, ...]
    codes: tuple[str, ...]
    phrases: tuple[str, ...]
    numbers: tuple[str, ...]
    vector: Float32Array
    language: str = ""
    spelling: tuple[Correction, ...] = ()
    dates: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()
    shape: QueryShape = "single"
    subqueries: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    carried: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveChunk:
    """A chunk that the catalog vouches for: live, in a space that the principal may read."""

    chunk: Chunk
    title: str
    source: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage of the evidence.

    Args:
        passage: The live chunk.
        score: Score of the latest stage; only the order means anything.
        origin: Which searches found it, in the order dense, lexical, graph.
        ranks: Rank from 1 in each ranking that held it.
        path: For a graph hit, the way to it: question, entity, …, passage, in words.
        features: Numbers that later stages read, e.g. ``cosine``, ``bm25``, ``late_interaction``.
    """

    passage: LiveChunk
    score: float
    origin: tuple[Origin, ...]
    ranks: Mapping[str, int] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A row of a table on the way to an answer.

    Args:
        chunk_id: Of the passage that it stands in.
        text: The row to the letter.
        answer: Half-open character range of ``text``, the cell that is asked for; ``None`` for a row on the way.
    """

    chunk_id: str
    text: str
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Trail:
    """The way through tables from what a question names to what it asks for.

    Args:
        rows: Rows with an answer first, then the way to them.
        share: Of the question's words of meaning, how many it accounts for, in 0..1.
    """

    rows: tuple[TrailRow, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The closed set of passages that an answer may rest on, best first, and the way through their tables, if any."""

    query: Query
    hits: tuple[Hit, ...]
    trail: Trail | None = None
