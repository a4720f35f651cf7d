"""What may be asked of stores and graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from knowledge_graph.types import Extraction, Neighbour
from rag.types import (
    Answer,
    Chunk,
    Document,
    DocumentInfo,
    DocumentStanding,
    EmbeddedChunks,
    Float32Array,
    IndexRecipe,
    JudgedAnswer,
    Judgement,
    LedgerCheck,
    LedgerEntry,
    LiveChunk,
    Principal,
    RemovalCheck,
    Role,
    VersionInfo,
)

Live = Callable[[Sequence[str]], Mapping[str, LiveChunk]]
"""Gives those of the chunks that may be shown, see `Catalog.live`."""


class VectorHit(NamedTuple):
    """A chunk id with its cosine to the query."""

    chunk_id: str
    cosine: float


class Vectors(Protocol):
    """Nearest neighbours, a collection per (space, index version); derived from the catalog."""

    def add(self, space: str, index: str, ids: Sequence[str], vectors: Float32Array) -> None:
        """Insert or replace."""

    def query(self, space: str, index: str, vector: Float32Array, *, limit: int) -> list[VectorHit]:
        """Return the nearest chunks, best first, ties by id; empty where there is no collection."""

    def delete(self, space: str, index: str, ids: Sequence[str]) -> None:
        """Remove; unknown ids are ignored."""

    def present(self, space: str, index: str, ids: Sequence[str] | None = None) -> set[str]:
        """Return which of ``ids`` are stored, or all that are."""

    def compact(self, space: str, index: str) -> None:
        """Make deleted ids and vectors leave the disk too; takes seconds in a large collection."""

    def drop(self, space: str, index: str) -> None:
        """Remove a collection with everything in it; an unknown one is ignored."""


class LexicalHit(NamedTuple):
    """A chunk id with its BM25 score; higher is better."""

    chunk_id: str
    bm25: float


class Similar(NamedTuple):
    """A word of the passages that is near another one.

    Args:
        word: As the passages write it.
        distance: Letters added, left out, replaced or swapped with their neighbour.
        n_passages: How many passages hold it, in any form.
    """

    word: str
    distance: int
    n_passages: int


class Heading(NamedTuple):
    """A path of title and heading, and the documents, each with its version, that have it."""

    path: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]


class Vocabulary(Protocol):
    """The words of the live passages of a space."""

    def known(self, terms: Sequence[str]) -> frozenset[str]:
        """Return those of the words, codes and phrases that stand in some passage, in any form of the word."""

    def together(self, terms: Sequence[str]) -> bool:
        """Tell whether some passage, with its title and headings, holds all of the words, codes and phrases."""

    def similar(self, word: str, *, max_distance: int) -> list[Similar]:
        """Return words within a distance of another, nearest first, then those of most passages."""

    def spelled(self, code: str) -> str | None:
        """Return how passages write a code that is given without its hyphens, or ``None``."""

    def headings(self, terms: Sequence[str], *, limit: int) -> list[Heading]:
        """Return paths of title and heading that hold every term, the shortest first, then those of most passages."""


class Lexical(Protocol):
    """Full text over the live chunks of a space."""

    def search(
        self, space: str, index: str, terms: Sequence[str], *, phrases: Sequence[str] = (), limit: int
    ) -> list[LexicalHit]:
        """Return chunks that hold any of the terms and all of the phrases, best first, ties by id."""

    def document_frequency(self, space: str, index: str, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """Return the number of live chunks and, for each term, in how many of them it stands."""

    def vocabulary(self, space: str, index: str) -> Vocabulary:
        """Return the words of the live chunks of a space."""


class Catalog(Protocol):
    """The truth. Every method that changes something is one transaction."""

    def role(self, principal: Principal, space: str) -> Role | None:
        """Return what the principal may do in the space, or ``None``; raises `NotFound` for an unknown space."""

    def create_space(self, space: str, *, name: str = "") -> None:
        """Create the space unless it exists."""

    def spaces(self, principal: Principal) -> tuple[str, ...]:
        """Return the spaces that the principal may read, in order."""

    def index_for(self, recipe: IndexRecipe) -> str:
        """Return the id of the index version with this recipe, creating it; the first becomes active."""

    def active_index(self) -> str | None:
        """Return the id of the active index version."""

    def recipe(self, index: str) -> IndexRecipe:
        """Return how an index version is made; raises `NotFound`."""

    def activate(self, index: str) -> None:
        """Make an index version the active one; raises `NotFound`."""

    def find(self, space: str, source: str) -> DocumentInfo | None:
        """Return the live document with this source."""

    def documents(self, space: str) -> tuple[DocumentInfo, ...]:
        """Return the live documents of a space, by title, then id; raises `NotFound`."""

    def sources(self, space: str) -> Mapping[str, str]:
        """Return the id of each live document of a space by its source, in order; raises `NotFound`."""

    def document(self, document_id: str) -> DocumentInfo:
        """Return one document; raises `NotFound`."""

    def versions(self, document_id: str) -> tuple[VersionInfo, ...]:
        """Return its versions, newest first."""

    def text(self, document_id: str, version: str) -> Document:
        """Return one version whole; raises `NotFound`."""

    def media_type(self, document_id: str, version: str) -> str:
        """Return the IANA media type of one version; raises `NotFound`."""

    def document_chunks(self, document_id: str, index: str, ordinals: range | None = None) -> tuple[Chunk, ...]:
        """Return the live chunks of a document in an index version, in order: all, or those at some places."""

    def stage(self, batch: Sequence[EmbeddedChunks], index: str) -> None:
        """Note durably, before anything is written to the vectors, which chunk ids of documents are about to be."""

    def publish(
        self, batch: Sequence[tuple[EmbeddedChunks, Sequence[Extraction]]], index: str
    ) -> tuple[str | None, ...]:
        """Make versions live with their chunks, full text, vectors and graph records; return what each replaced."""

    def touch(self, document: Document) -> None:
        """Record a new file hash, size, report and metadata for a version whose content is unchanged."""

    def retire(self, document_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove documents with all versions; return the chunk ids that the vectors must forget."""

    def originals(self) -> frozenset[str]:
        """Return the hashes of the files that some version of a document came from."""

    def collections(self) -> tuple[tuple[str, str], ...]:
        """Return (space, index) of every collection, in order."""

    def unfinished(self, document_ids: AbstractSet[str] | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return (space, index, chunk ids) of vector writes and deletes that are open, of some documents or of all."""

    def settle(self, chunk_ids: Sequence[str]) -> None:
        """Note that the vectors agree with the catalog for these chunk ids."""

    def live(self, space: str, index: str, chunk_ids: Iterable[str]) -> dict[str, LiveChunk]:
        """Return those of the chunks that are live in this space and index."""

    def chunk_vectors(self, space: str, index: str) -> tuple[tuple[str, ...], Float32Array]:
        """Return ids and stored vectors, ``(n, dimension)``, of live chunks, by id."""

    def sentence_vectors(self, space: str, index: str, chunk_ids: Sequence[str]) -> dict[str, Float32Array]:
        """Return the vectors of the sentences of live chunks, each ``(n, dimension)``; without any, its own."""

    def extractions(self, space: str, index: str) -> Iterator[Extraction]:
        """Yield what the live chunks gave to the graph, by source id."""

    def graph_revision(self, space: str, index: str) -> int:
        """Return a number that grows with every change of the space's live chunks."""

    def save_answer(self, answer: Answer, principal: Principal, record: Mapping[str, object]) -> tuple[str, ...]:
        """Store an answer's receipt, ``record`` its JSON form; return the documents in it that are gone meanwhile."""

    def answer(self, receipt: str) -> Mapping[str, object]:
        """Return the stored record of an answer; raises `NotFound`."""

    def answers(self, conversation: str) -> tuple[Mapping[str, object], ...]:
        """Return the records of a conversation, oldest first."""

    def newest_answers(
        self,
        space: str,
        days: tuple[str, str] | None = None,
        *,
        asked_by: str = "",
        outcome: str = "",
        outdated: bool = False,
    ) -> Iterator[Mapping[str, object]]:
        """Return records of answers, newest first: from one day to another, of one person, of one outcome.

        ``outdated`` are those that name a document version which is no longer live.
        """

    def live_versions(self, document_ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
        """Return the live version of those documents that there are, when it first came, when it was last read."""

    def stands(self, document_id: str, quotes: Iterable[str]) -> bool:
        """Return whether all quotes stand to the letter in the live version of a document."""

    def ledger(self, receipt: str) -> tuple[LedgerEntry, ...]:
        """Return the entries of an answer in the order of the ledger's chain."""

    def ledger_head(self) -> LedgerEntry | None:
        """Return the last entry of the ledger."""

    def check_ledger(self, anchors: Iterable[tuple[int, str]] = ()) -> LedgerCheck:
        """Compare chain, records, rows, quotes, judgements and hashes that were noted elsewhere."""

    def conversations(self, principal: Principal, space: str) -> tuple[Mapping[str, object], ...]:
        """Return id, title (first question), number of answers and time of each conversation, newest first."""

    def find_conversations(self, principal: Principal, space: str, text: str) -> tuple[Mapping[str, object], ...]:
        """Return those whose title and questions hold every word, each with the question that does."""

    def rename_conversation(self, conversation: str, title: str) -> None:
        """Give a conversation another title."""

    def delete_conversation(self, conversation: str) -> None:
        """Remove a conversation from the list of its owner until something is asked in it; receipts stay."""

    def checkpoint(self) -> None:
        """Make deleted content leave the log of the database too."""

    def check_removed(self, checks: Sequence[RemovalCheck]) -> tuple[RemovalCheck, ...]:
        """Complete removal checks with what is left of each document in the catalog and the full text."""


class Standings(Protocol):
    """Whether documents are in force: what was read of them, and what people say over it."""

    def of(self, space: str, document_ids: Iterable[str] | None = None) -> tuple[DocumentStanding, ...]:
        """Return the standing of documents and of all other editions and successors of each, by id; or of a space."""

    def edit(self, document_id: str, changes: Mapping[str, str | None], *, by: str) -> DocumentStanding:
        """Keep what a person says of a document in the place of what was said before; raises `NotFound`."""


class Feedback(Protocol):
    """What people say of answers; rows are only added, each with an entry in the ledger."""

    def asked_by(self, receipt: str) -> tuple[str, str]:
        """Return who asked for an answer, and in which space; raises `NotFound`."""

    def add_judgement(self, judgement: Judgement) -> Judgement:
        """Store a judgement and return it with its time; it replaces earlier ones of the same person."""

    def judgements_of(self, principal_id: str, receipts: Iterable[str]) -> dict[str, Judgement]:
        """Return the latest judgement of one person by receipt, those withdrawn left out."""

    def judgements_on(self, receipts: Iterable[str]) -> dict[str, tuple[Judgement, ...]]:
        """Return the latest judgement of each person by receipt, the newest first, those withdrawn left out."""

    def judged(self, space: str) -> tuple[JudgedAnswer, ...]:
        """Return the answers of a space that somebody judged, the latest judgement first."""


class Originals(Protocol):
    """The files as they were uploaded, by hash."""

    def put(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """Store a file unless it is there."""

    def open(self, sha256: str) -> AbstractContextManager[bytes]:
        """Give its bytes; raises `NotFound`."""

    def path(self, sha256: str) -> Path:
        """Return where the file lies, for readers that want a path; raises `NotFound`."""

    def delete(self, sha256: str) -> None:
        """Remove it; an unknown one is ignored."""

    def sweep(self, keep: Iterable[str]) -> set[str]:
        """Remove every file whose hash is not to be kept; return those hashes."""


class Graph(Protocol):
    """The knowledge graph of one space, in memory."""

    def neighbours(self, question: str, seeds: Mapping[str, float], *, limit: int) -> list[Neighbour]:
        """Return passages reached from the question's entities and the weighted seed passages, best first."""


class Graphs(Protocol):
    """The knowledge graphs of all spaces, loaded from the catalog when first used."""

    def graph(self, space: str, index: str) -> Graph:
        """Return the graph of a space and index version."""

    def apply(self, space: str, index: str, added: Sequence[Extraction], removed: Sequence[str]) -> None:
        """Follow a change that the catalog has stored: extractions new or replaced, source ids that are gone."""
