"""How an ingest goes and ends, and the proof of a removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag.types.documents import ParseReport

FileOutcome = Literal["added", "unchanged", "updated", "failed"]


@dataclass(frozen=True, slots=True)
class IndexReceipt:
    """What `rag.ingest.index` made live."""

    document_id: str
    version: str
    replaced: str | None
    n_chunks: int


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
        stage: ``reading``, ``screening`` (for orders), ``embedding`` or ``finished`` for the file named; ``scanning``
            before the first, and ``removing`` behind the last for documents that have lost their file.
        name: File that is being worked on.
        files_done: Files that have ended in any way.
        files_total: Files found.
        chunks_done: Chunks embedded in this run.
        chunks_per_s: Rate over the run so far.
        remaining_s: Estimate of the time left; ``None`` before enough is done for one.
        file: Report of the file that just ended, with ``stage="finished"``.
        share: How much of the work is done, by bytes, 0 to 1; it never falls.
        chunks_known: Chunks that are embedded or wait for it.
    """

    stage: Literal["scanning", "reading", "screening", "embedding", "finished", "removing"]
    name: str
    files_done: int
    files_total: int
    chunks_done: int
    chunks_per_s: float
    remaining_s: float | None
    file: FileReport | None = None
    share: float = 0.0
    chunks_known: int = 0


@dataclass(frozen=True, slots=True)
class RemovalCheck:
    """Proof that a document is gone: what is left of it in each store, counted after the removal.

    Every number is zero, or the removal raised `StoreError`.

    Args:
        document_id: The document.
        title: Its title; its id where a removal went on that had failed half-way.
        removed_versions: How many versions it had.
        removed_chunks: How many passages its live version had.
        left: What is left of it, by store.
        source: Where it had come from; empty where a removal went on that had failed half-way.
    """

    document_id: str
    title: str
    removed_versions: int
    removed_chunks: int
    left: Mapping[str, int]
    source: str = ""


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """How an ingest ended, file by file.

    Args:
        files: How everything in the files ended, in their order.
        n_chunks: Passages that went live.
        elapsed_s: How long it took.
        n_missing: Documents that have lost their file, or their place in an archive, and stay.
        removals: Proofs that those are gone which were removed for it.
    """

    files: tuple[FileReport, ...]
    n_chunks: int
    elapsed_s: float
    n_missing: int = 0
    removals: tuple[RemovalCheck, ...] = ()

    def count(self, outcome: FileOutcome) -> int:
        """Return how many files ended as ``outcome``."""
        return sum(report.outcome == outcome for report in self.files)
