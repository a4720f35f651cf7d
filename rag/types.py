"""The values that travel between stages, in the order in which they come to be.

``ingest``: SourceFile → RawDocument → Document → Chunk → EmbeddedChunks → IndexReceipt, LinkReceipt.
``ask``: Question → Query → Evidence → Draft → Verdict → Answer.

All are frozen and slotted; sequences are tuples; arrays are float32 with the shape in the docstring.
Spans are half-open character ranges ``[start, end)`` into the normalized text of one document version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]

BlockKind = Literal["heading", "paragraph", "list_item", "table_header", "table_row", "code", "quote", "note"]
Origin = Literal["dense", "lexical", "graph"]
Outcome = Literal["answered", "partial", "refused", "failed"]
RefusalReason = Literal[
    "no_evidence", "weak_evidence", "conflicting_evidence", "ambiguous_question", "not_permitted", "policy"
]
Mode = Literal["generated", "quoted"]
QueryShape = Literal["single", "comparison", "several", "chain"]
Level = Literal["high", "medium", "low"]
FileOutcome = Literal["added", "unchanged", "updated", "failed"]
AskStage = Literal["understand", "retrieve", "enrich", "rerank", "generate", "guard"]
Role = Literal["owner", "editor", "reader"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The person on whose behalf a flow runs.

    Args:
        id: Stable name of the person in the catalog.
        owner: Whether the person owns the home directory and may do everything.
    """

    id: str
    owner: bool = False


LOCAL_OWNER = Principal(id="local", owner=True)
DEFAULT_SPACE = "default"


# --- ingest ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to be read: where its bytes are and under which name it is known.

    Args:
        path: The file to open.
        source: Identity of the document over its versions: an absolute path, ``upload:NAME``, or
            either followed by ``!/MEMBER`` for a member of an archive.
        name: File name to show and to take the format and a fallback title from.
    """

    path: Path
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A piece of a parsed file in reading order.

    Args:
        kind: What the piece is; a table is one ``table_header`` (where it has one) and ``table_row`` blocks.
        text: Its text; the cells of a row are joined by `` | ``.
        level: Heading level from 1, nesting depth of a list item from 1, otherwise 0.
        page: Page (PDF), slide (PPTX) or sheet (XLSX) from 1, where the format has them.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ParseReport:
    """What a parser saw, for the person who uploaded the file.

    Args:
        pages: Number of pages, slides or sheets; ``None`` where the format has none.
        characters: Characters of text found.
        tables: Tables found.
        pages_without_text: Pages from 1 on which no text was found, neither in the file nor by OCR.
        ocr_pages: Pages from 1 whose text was recognized from their picture.
        warnings: Sentences for the person, e.g. text that the parser had to guess.
    """

    pages: int | None
    characters: int
    tables: int
    pages_without_text: tuple[int, ...] = ()
    ocr_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as its parser read it, before normalization.

    Args:
        source: See `SourceFile.source`.
        name: File name.
        title: Title from the file's metadata or first heading; else the name without its ending.
        media_type: IANA media type, e.g. ``application/pdf``.
        file_sha256: Hash of the file's bytes, hexadecimal.
        n_bytes: Size of the file.
        blocks: Its text in reading order.
        metadata: Sorted pairs such as ``("author", …)``, ``("created", ISO date)``, ``("effective", ISO date)``.
        report: What the parser saw.
    """

    source: str
    name: str
    title: str
    media_type: str
    file_sha256: str
    n_bytes: int
    blocks: tuple[RawBlock, ...]
    metadata: tuple[tuple[str, str], ...]
    report: ParseReport


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document, as a span of its text.

    Blocks are in order and do not overlap; what lies between two of them is white space only.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document: normalized text and its structure.

    Args:
        id: Stable over versions: ``d`` and 15 hexadecimal digits of the hash of space and source.
        version: Hash of title, normalized text and structure (16 hexadecimal digits).
        space: The space that it belongs to.
        text: Normalized text (NFC, line feeds, no control characters); every span points into it.
        blocks: Structure over ``text``.
    """

    id: str
    version: str
    space: str
    source: str
    name: str
    title: str
    media_type: str
    file_sha256: str
    n_bytes: int
    text: str
    blocks: tuple[Block, ...]
    metadata: tuple[tuple[str, str], ...]
    report: ParseReport


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: an exact span of one document version.

    Args:
        id: ``DOCUMENT@VERSION:START-END``.
        ordinal: Position in the document from 0.
        start: First character in the text of the version.
        end: One past the last character.
        text: The text of the version from ``start`` to ``end``.
        context: What precedes the text when it is embedded and searched, though it stands elsewhere:
            title, heading path, header row of the table. Never quoted.
        headings: Heading path from the outermost.
        page: Page of the first character, where the format has pages.
        n_tokens: Length of context and text in the embedder's tokens.
    """

    id: str
    document_id: str
    version: str
    ordinal: int
    start: int
    end: int
    text: str
    context: str
    headings: tuple[str, ...]
    page: int | None
    n_tokens: int

    @property
    def embedded_text(self) -> str:
        """The text that models read: context, then text."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    @property
    def text_offset(self) -> int:
        """Where the text begins in `embedded_text`."""
        return len(self.context) + 1 if self.context else 0


@dataclass(frozen=True, slots=True)
class EmbeddedChunks:
    """The chunks of one document version with their vectors.

    Args:
        document: The version.
        chunks: In order of their spans; together they cover every block of the document.
        vectors: Shape ``(len(chunks), dimension)``, rows of unit length.
    """

    document: Document
    chunks: tuple[Chunk, ...]
    vectors: Float32Array


@dataclass(frozen=True, slots=True)
class IndexReceipt:
    """What `rag.ingest.index` made live."""

    document_id: str
    version: str
    replaced: str | None
    n_chunks: int


@dataclass(frozen=True, slots=True)
class LinkReceipt:
    """What one document gave to the knowledge graph."""

    n_mentions: int
    n_entities: int
    n_relations: int


@dataclass(frozen=True, slots=True)
class IndexRecipe:
    """What must be equal for two vectors to meet in one index.

    Args:
        embedding_ref: Reference of the embedding model.
        embedding_sha256: Hash of its weights.
        dimension: Length of a vector.
        chunker: Chunker version and settings, as sorted ``key=value`` text.
        parser: Version of the parsers.
    """

    embedding_ref: str
    embedding_sha256: str
    dimension: int
    chunker: str
    parser: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file of an ingest ended."""

    source: str
    name: str
    outcome: FileOutcome
    document_id: str | None = None
    version: str | None = None
    reason: str | None = None
    hint: str | None = None
    report: ParseReport | None = None
    n_chunks: int = 0
    elapsed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """A moment of a running ingest.

    Args:
        stage: ``reading``, ``embedding`` or ``finished`` for the file named; ``scanning`` before the first.
        name: File that is being worked on.
        files_done: Files that have ended in any way.
        files_total: Files found.
        chunks_done: Chunks embedded in this run.
        chunks_per_s: Rate over the run so far.
        remaining_s: Estimate of the time left; ``None`` before there is a rate.
        file: Report of the file that just ended, with ``stage="finished"``.
    """

    stage: Literal["scanning", "reading", "embedding", "finished"]
    name: str
    files_done: int
    files_total: int
    chunks_done: int
    chunks_per_s: float
    remaining_s: float | None
    file: FileReport | None = None


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """How an ingest ended, file by file."""

    files: tuple[FileReport, ...]
    n_chunks: int
    elapsed_s: float

    def count(self, outcome: FileOutcome) -> int:
        """Return how many files ended as ``outcome``."""
        return sum(report.outcome == outcome for report in self.files)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document as lists show it: its live version and what is known of it."""

    id: str
    space: str
    source: str
    name: str
    title: str
    media_type: str
    version: str
    n_versions: int
    n_bytes: int
    n_chunks: int
    n_characters: int
    added_at: str
    updated_at: str
    metadata: tuple[tuple[str, str], ...]
    report: ParseReport


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version of a document in its history."""

    document_id: str
    version: str
    state: Literal["live", "superseded"]
    n_characters: int
    n_chunks: int
    file_sha256: str
    created_at: str


@dataclass(frozen=True, slots=True)
class RemovalCheck:
    """Proof that a document is gone: what is left of it in each store, counted after the removal.

    Every number is zero, or the removal raised `StoreError`.
    """

    document_id: str
    title: str
    removed_versions: int
    removed_chunks: int
    left: Mapping[str, int]


# --- ask ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a person asked it.

    Args:
        text: The words.
        space: Where to look.
        history: Earlier questions of the conversation, oldest first.
        conversation: Conversation that the answer is kept in; ``None`` for a single question.
    """

    text: str
    space: str = DEFAULT_SPACE
    history: tuple[str, ...] = ()
    conversation: str | None = None


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
        subvectors: Their embeddings, shape ``(len(subqueries), dimension)``, rows of unit length.
        choices: For a short, general question, what the documents offer under its words: titles and headings.
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
    subvectors: Float32Array = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    choices: tuple[str, ...] = ()


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
class Evidence:
    """The closed set of passages that an answer may rest on, best first."""

    query: Query
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences that wait for the guard.

    Args:
        mode: ``quoted`` for verbatim sentences of the evidence, ``generated`` for a model's words.
        sentences: In reading order; may be an iterator that a model is still filling, read once.
        prompt: Version of the prompt; ``None`` when none was used.
    """

    mode: Mode
    sentences: Iterable[str]
    prompt: str | None = None


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
    """A sentence of the answer with its support in 0..1 and the spans that give it."""

    text: str
    support: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class CutSentence:
    """A sentence of the draft that was not shown, and why."""

    text: str
    support: float
    reason: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """How likely the answer is right, with the signals that say so."""

    probability: float
    level: Level
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard let through.

    Args:
        outcome: ``answered`` with statements, ``refused`` without any.
        reason: Why it was refused; ``None`` otherwise.
        mode: How the draft was made.
        statements: Verified, in reading order.
        cut: Sentences that failed.
        confidence: How likely the statements answer the question.
    """

    outcome: Outcome
    reason: RefusalReason | None
    mode: Mode
    statements: tuple[Statement, ...]
    cut: tuple[CutSentence, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A model that took part: its reference and the hash of its weights (empty for a remote one)."""

    ref: str
    sha256: str


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

    @property
    def text(self) -> str:
        """The statements as one text; empty for a refusal."""
        return " ".join(statement.text for statement in self.verdict.statements)


@dataclass(frozen=True, slots=True)
class AskProgress:
    """A moment of a running question: a stage that begins, or a statement that passed the guard."""

    stage: AskStage
    statement: Statement | None = None
