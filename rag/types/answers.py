"""The values of a question, from the words of a person to a stored answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.types.common import DEFAULT_SPACE, Float32Array, ModelUse
from rag.types.documents import Chunk
from rag.types.standing import Bearing

Origin = Literal["dense", "lexical", "graph"]
Outcome = Literal["answered", "partial", "refused", "failed"]
RefusalReason = Literal[
    "no_evidence", "weak_evidence", "conflicting_evidence", "ambiguous_question", "not_permitted", "policy"
]
Mode = Literal["generated", "quoted"]
QueryShape = Literal["single", "comparison", "several", "chain"]
Level = Literal["high", "medium", "low"]
AskStage = Literal["understand", "retrieve", "enrich", "rerank", "generate", "guard"]


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
        grounds: What the answers before rest on, the newest answer first, see `rag.ask.earlier.grounds`.
    """

    text: str
    space: str = DEFAULT_SPACE
    history: tuple[str, ...] = ()
    conversation: str | None = None
    as_of: str = ""
    grounds: tuple[Ground, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences that wait for the guard.

    Args:
        mode: ``quoted`` for verbatim sentences of the evidence, ``generated`` for a model's words.
        sentences: In reading order; may be an iterator that a model is still filling, read once.
        prompt: Version of the prompt; ``None`` when none was used.
        others: Other drafts, which rest on other documents or were made in another way.
        trail: The rows of tables that the sentences are, where they are that.
    """

    mode: Mode
    sentences: Iterable[str]
    prompt: str | None = None
    others: tuple[Draft, ...] = ()
    trail: Trail | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact span of a document version that supports a statement.

    Args:
        n: Number on the screen from 1; the same span has the same number throughout an answer.
        quote: The text of the version from ``start`` to ``end``, to the letter.
    """

    n: int
    document_id: str
    title: str
    version: str
    chunk_id: str
    page: int | None
    headings: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer with its support in 0..1, the spans that give it, and the words of it that answer.

    Args:
        phrase: Half-open character range of ``text``, the shortest words that answer; ``None`` where nothing read it.
        repaired_from: The sentence as it was drafted, where that one failed and this one replaced it.
    """

    text: str
    support: float
    citations: tuple[Citation, ...]
    phrase: tuple[int, int] | None = None
    repaired_from: str = ""


@dataclass(frozen=True, slots=True)
class CutSentence:
    """A sentence of the draft that was not shown, and why."""

    text: str
    support: float
    reason: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """How likely the answer is right, with the signals that say so.

    Args:
        n_alike: Calibration questions whose answers had about this probability.
        n_right: How many of these were right.
    """

    probability: float
    level: Level
    signals: Mapping[str, float]
    n_alike: int = 0
    n_right: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that was weighed and is not the one that is shown.

    Args:
        statements: Verified, in reading order; their citations have numbers of their own.
        probability: How likely it is right.
        why: How it differs from the one that is shown, in words.
    """

    statements: tuple[Statement, ...]
    probability: float
    why: str

    @property
    def text(self) -> str:
        """The statements as one text."""
        return " ".join(statement.text for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Fallback:
    """A part of the run that failed, and what was done instead.

    Args:
        slot: The part: a slot of a model, or ``graph``.
        instead: What that means for the answer, a sentence for the person.
        reason: What is wrong.
    """

    slot: str
    instead: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard let through.

    Args:
        outcome: ``answered`` with statements, ``partial`` with statements that leave a part of the question open,
            ``refused`` without any.
        reason: Why it was refused; ``None`` otherwise.
        mode: How the draft was made.
        statements: Verified, in reading order.
        cut: Sentences that failed.
        confidence: How likely the statements answer the question.
        missing: What of the question is not covered: for ``partial`` its parts, for a refusal words that no passage
            meets.
        readings: For ``ambiguous_question``, questions that it can be read as.
        candidates: Other answers, the likeliest first.
        sides: Sentences of documents that disagree; where that is settled, the one that holds first.
        notes: What a reader must know of the standing of the documents.
    """

    outcome: Outcome
    reason: RefusalReason | None
    mode: Mode
    statements: tuple[Statement, ...]
    cut: tuple[CutSentence, ...]
    confidence: Confidence
    missing: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    sides: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown and stored.

    Args:
        receipt: Id of the stored receipt.
        question: As it was asked.
        query: What was understood of it.
        message: For a refusal or failure, one or two sentences for the person, with the next step.
        passages: Nearest passages, best first.
        timings_ms: Milliseconds by stage.
        asked_by: Id of the person on whose behalf it was answered.
        settings: The numbers of the run, by the names of `rag.ask.parts.AskChoices`.
        revision: State of the live passages of the space, see `rag.protocols.Catalog.graph_revision`; 0 where
            nothing was searched.
        software: The Footnote that answered.
        salt: Random hexadecimal digits; without them, the digest of a record says nothing of its words.
        fallbacks: What failed on the way, and what was done instead.
        today: Day on which the question counts as asked.
        as_of: Day that it is about; the same where it names none.
        bearings: How the standing of documents bore on the answer.
    """

    receipt: str
    question: Question
    query: Query | None
    verdict: Verdict
    message: str
    passages: tuple[Hit, ...]
    models: Mapping[str, ModelUse]
    index: str
    prompt: str | None
    timings_ms: Mapping[str, float]
    asked_at: str
    asked_by: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
    revision: int = 0
    software: str = ""
    salt: str = ""
    fallbacks: tuple[Fallback, ...] = ()
    today: str = ""
    as_of: str = ""
    bearings: tuple[Bearing, ...] = ()

    @property
    def text(self) -> str:
        """The statements as one text; empty for a refusal."""
        return " ".join(statement.text for statement in self.verdict.statements)


@dataclass(frozen=True, slots=True)
class Checking:
    """A drafted sentence that is being verified; its words are not for the screen.

    Args:
        text: The sentence as it was drafted.
        source: Title of the document that it is held against first; empty where none comes near.
        repairing: Whether it failed and is being written anew.
    """

    text: str
    source: str
    repairing: bool = False


@dataclass(frozen=True, slots=True)
class AskProgress:
    """A moment of a running question.

    Args:
        stage: The stage that runs.
        statement: A statement that passed the guard.
        checking: A sentence that the guard is looking at.
        fallback: A part that failed, and what is done instead.
    """

    stage: AskStage
    statement: Statement | None = None
    checking: Checking | None = None
    fallback: Fallback | None = None
