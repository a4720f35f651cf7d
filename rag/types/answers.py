"""The values of an answer, from a draft to what is shown and stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.types.common import ModelUse
from rag.types.evidence import Hit, Query, Question, Trail
from rag.types.standing import Bearing

Outcome = Literal["answered", "partial", "refused", "failed"]
RefusalReason = Literal[
    "no_evidence", "weak_evidence", "conflicting_evidence", "ambiguous_question", "not_permitted", "policy"
]
Mode = Literal["generated", "quoted"]
Level = Literal["high", "medium", "low"]
AskStage = Literal["understand", "retrieve", "enrich", "rerank", "generate", "guard"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the evidence as it stands, and the passages that it was chosen in: others may read alike.

    Args:
        start: Of a line of a list that is quoted as a whole, its first character in the text of the version: a step may
            come twice.
    """

    text: str
    chunk_ids: tuple[str, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences that wait for the guard.

    Args:
        mode: ``quoted`` for verbatim sentences of the evidence, ``generated`` for a model's words.
        sentences: In reading order, as quotes where they were chosen in the evidence; may be an iterator that a model
            is still filling, read once.
        prompt: Version of the prompt; ``None`` when none was used.
        others: Other drafts, which rest on other documents or were made in another way.
        trail: The rows of tables that the sentences are, where they are that.
    """

    mode: Mode
    sentences: Iterable[str | Quote]
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
        item: Whether it is a line of a list that is quoted as a whole.
    """

    text: str
    support: float
    citations: tuple[Citation, ...]
    phrase: tuple[int, int] | None = None
    repaired_from: str = ""
    item: bool = False


def _joined(statements: Sequence[Statement]) -> str:
    """Return statements as one text, each item of a list on a line of its own."""
    pairs = zip(statements, (None, *statements), strict=False)
    return "".join(
        ("" if before is None else "\n" if each.item or before.item else " ") + each.text for each, before in pairs
    )


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
        return _joined(self.statements)


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
        held_back: For a refusal, whether an answer was found that is likelier right than wrong, and less sure than the
            least confidence asks for.
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
    held_back: bool = False


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
        read: All documents, each with its version, whose words its receipt may hold, named beside them or not.
        caveats: What the policy wants said beside the answer; a part of ``message``.
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
    read: tuple[tuple[str, str], ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The statements as one text; empty for a refusal."""
        return _joined(self.verdict.statements)


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
