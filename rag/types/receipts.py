"""The values of receipts: entries of the ledger, what a check found, what made an answer stale, and a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.types.answers import Level, Outcome, RefusalReason
from rag.types.feedback import Judged

ReplayPart = Literal[
    "software",
    "person",
    "settings",
    "models",
    "index",
    "documents",
    "understanding",
    "passages",
    "outcome",
    "statements",
    "confidence",
]
EntryKind = Literal["adopted", "answer", "redaction", "judgement", "judgement_redaction", "judgement_adopted"]
Fault = Literal[
    "record", "columns", "sources", "missing", "unknown", "judgement", "entry", "order", "log", "anchor", "quote"
]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One link of the chain; its hash is that of the canonical JSON of all other fields.

    Args:
        sequence: Place in the chain from 1.
        kind: ``answer`` for a new one, ``redaction`` for one that lost words with a removed document, ``adopted``
            for one of before there was a chain; ``judgement``, ``judgement_redaction`` and ``judgement_adopted`` are
            the same of what a person said of an answer.
        receipt: The answer, or the judgement as ``RECEIPT/KEY``.
        record_sha256: Digest of the record of it as it stood after this change.
        previous: Hash of the entry before; 64 zeros for the first.
        at: When, in UTC as ISO 8601.
        hash: Hash of this entry.
    """

    sequence: int
    kind: EntryKind
    receipt: str
    record_sha256: str
    previous: str
    at: str
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that does not fit.

    Args:
        fault: ``record`` (changed, or it tells of other removals than the ledger), ``columns`` (its row says otherwise
            than the record), ``sources`` (the list of its documents lacks one), ``missing`` (the chain names an answer
            that is gone), ``unknown`` (an answer that the chain does not know), ``judgement`` (what a person said of
            the answer was changed, deleted or put in), ``entry`` (changed), ``order`` (an entry is gone, moved or put
            in), ``log`` (the second copy of the chain's hashes says otherwise), ``anchor`` (so does an export or a
            noted head, or the export was changed itself), ``quote`` (a quote is not what stands in the document).
        receipt: The answer that it is about; empty where none can be named.
        message: What is wrong, in words.
    """

    fault: Fault
    receipt: str
    message: str


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What a walk over the whole ledger found.

    Args:
        n_answers: Answers that were compared with their digest.
        n_judgements: What people said of answers, compared in the same way.
        n_entries: Entries of the chain.
        n_quotes: Quotes that were compared with the stored text.
        n_quotes_gone: Quotes whose version is no longer stored, or whose words were redacted.
        head: The last entry; ``None`` for an empty chain.
        faults: In the order in which they were found; empty where everything fits.
    """

    n_answers: int
    n_judgements: int
    n_entries: int
    n_quotes: int
    n_quotes_gone: int
    head: LedgerEntry | None
    faults: tuple[LedgerFault, ...]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What happened to a document that an answer cites.

    Args:
        document_id: The document.
        title: Its title when it was cited; empty where it went with the document.
        change: ``changed`` for another version; ``removed`` where it went with its words, also if a file of the same
            name has come since.
        version: The version that was cited.
        live: The version of today under its name; empty for none.
        at: When the version of today went live, or when the cited one was removed; empty where that is not known.
        numbers: Citations that point into it.
        quotes_stand: Whether all that is quoted still stands in it to the letter.
    """

    document_id: str
    title: str
    change: Literal["changed", "removed"]
    version: str
    live: str
    at: str
    numbers: tuple[int, ...]
    quotes_stand: bool


@dataclass(frozen=True, slots=True)
class StaleAnswer:
    """An answer that cites a document as it is no longer."""

    receipt: str
    question: str
    asked_at: str
    changes: tuple[SourceChange, ...]


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """An answer or a refusal as a list of receipts shows it; one that answered nothing has no confidence.

    Args:
        receipt: Its id.
        asked_at: When, in UTC as ISO 8601.
        asked_by: Who asked.
        question: As it was asked; empty where its words went with a document.
        outcome: How it ended.
        reason: Why it was refused.
        probability: How likely it was right.
        level: The same in a word.
        why: Why there is no answer, in words; empty where there is one.
        changes: What happened since to the documents that it cites; empty where it holds.
        verdicts: What people say of it, each by the latest word, the newest first.
    """

    receipt: str
    asked_at: str
    asked_by: str
    question: str
    outcome: Outcome
    reason: RefusalReason | None
    probability: float | None
    level: Level | None
    why: str
    changes: tuple[SourceChange, ...]
    verdicts: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything that explains one answer.

    Args:
        record: Its JSON form as it is stored.
        entries: Its entries in the ledger.
        head: The last entry of the ledger when this was read.
        changes: What happened since to the documents that it cites.
        words: What a page of a document is called where it is none, see `rag.receipts.page_words`.
    """

    record: Mapping[str, Any]
    entries: tuple[LedgerEntry, ...]
    head: LedgerEntry | None
    changes: tuple[SourceChange, ...]
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was.

    Args:
        part: Where.
        what: What differs, in words.
        recorded: Value of the receipt.
        now: Value of the replay.
    """

    part: ReplayPart
    what: str
    recorded: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """A question that was asked once more, beside its receipt.

    Args:
        receipt: The receipt.
        circumstances: What the answer rests on and is no longer the same, causes before what they cause.
        differences: What is not the same in the answer, earlier stages first.
        record: JSON form of the new answer.
        kept: Whether it was stored as a receipt of its own.
    """

    receipt: str
    circumstances: tuple[Difference, ...]
    differences: tuple[Difference, ...]
    record: Mapping[str, Any]
    kept: bool

    @property
    def same(self) -> bool:
        """Whether the answer is the same."""
        return not self.differences

    @property
    def exact(self) -> bool:
        """Whether the replay ran on the very same versions, models and settings."""
        return not self.circumstances

    @property
    def first(self) -> Difference | None:
        """The first thing that differs, a cause before what it causes."""
        return next(iter((*self.circumstances, *self.differences)), None)
