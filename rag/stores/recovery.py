"""After a start, and whenever asked: do the stores agree, and how they come to agree again.

The catalog is right by definition. Full text and graph records change in its transactions; vectors do not,
so the journal says where they may differ, and the comparison finds what no journal could know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.errors import StoreError
from rag.protocols import Catalog, Originals, Vectors
from rag.types import document_of


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What a recovery found and mended.

    Args:
        settled: Chunk ids that the journal had open.
        added: Vectors that were missing.
        deleted: Vectors of chunks that are not live.
        rebuilt: Collections, as (space, index version), that were damaged and built again.
    """

    settled: int
    added: int
    deleted: int
    rebuilt: tuple[tuple[str, str], ...]

    @property
    def changed(self) -> bool:
        """Whether anything had to be mended."""
        return bool(self.settled or self.added or self.deleted or self.rebuilt)


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """How the stores of one collection compare; ids of chunks, sorted."""

    space: str
    index: str
    n_chunks: int
    missing_text: tuple[str, ...]
    surplus_text: tuple[str, ...]
    missing_vectors: tuple[str, ...]
    surplus_vectors: tuple[str, ...]
    surplus_graph: tuple[str, ...]
    unfinished: int

    @property
    def consistent(self) -> bool:
        """Whether all stores hold exactly the live chunks and nothing is open."""
        return not (
            self.missing_text
            or self.surplus_text
            or self.missing_vectors
            or self.surplus_vectors
            or self.surplus_graph
            or self.unfinished
        )


class ListedLexical(Protocol):
    """A full text that can say what it holds."""

    def present(self, space: str, index: str) -> set[str]:
        """Return the ids of the chunks that are indexed."""


def recover(catalog: Catalog, vectors: Vectors, originals: Originals | None = None) -> RecoveryReport:
    """Bring the vectors, and the originals, into agreement with the catalog; run at start, before anything else.

    Staged vectors that were never published go, published ones whose write was lost come back, deletes are
    finished, down to the disk. A collection that cannot be read is built again.

    Args:
        catalog: The truth.
        vectors: Brought into agreement.
        originals: Where given, files that no version refers to are removed.
    """
    open_writes = catalog.unfinished()
    erase = {(space, index) for space, index, ids in open_writes if _has_removed(catalog, ids)}
    added = deleted = 0
    rebuilt: list[tuple[str, str]] = []
    for space, index in sorted({*catalog.collections(), *((space, index) for space, index, _ in open_writes)}):
        try:
            missing, surplus = _agree(catalog, vectors, space, index)
            if (space, index) in erase:
                vectors.compact(space, index)
            added, deleted = added + missing, deleted + surplus
        except StoreError:
            rebuild_vectors(catalog, vectors, space, index)
            rebuilt.append((space, index))
    for _, _, ids in open_writes:
        catalog.settle(ids)
    if originals is not None:
        originals.sweep(catalog.originals())
    catalog.checkpoint()
    return RecoveryReport(sum(len(ids) for _, _, ids in open_writes), added, deleted, tuple(rebuilt))


def rebuild_vectors(catalog: Catalog, vectors: Vectors, space: str, index: str) -> int:
    """Drop a collection and build it again from the vectors in the catalog; return how many it holds."""
    vectors.drop(space, index)
    ids, stored = catalog.chunk_vectors(space, index)
    vectors.add(space, index, ids, stored)
    return len(ids)


def verify(catalog: Catalog, lexical: ListedLexical, vectors: Vectors, space: str, index: str) -> ConsistencyReport:
    """Compare what the stores hold of one collection; nothing is changed.

    Raises:
        StoreError: The full text contradicts itself, or the vectors cannot be read.
    """
    ids, _ = catalog.chunk_vectors(space, index)
    live = set(ids)
    text = lexical.present(space, index)
    stored = vectors.present(space, index)
    graph = {extraction.source_id for extraction in catalog.extractions(space, index)}
    return ConsistencyReport(
        space=space,
        index=index,
        n_chunks=len(live),
        missing_text=tuple(sorted(live - text)),
        surplus_text=tuple(sorted(text - live)),
        missing_vectors=tuple(sorted(live - stored)),
        surplus_vectors=tuple(sorted(stored - live)),
        surplus_graph=tuple(sorted(graph - live)),
        unfinished=sum(len(open_ids) for _, _, open_ids in catalog.unfinished()),
    )


def _has_removed(catalog: Catalog, chunk_ids: Sequence[str]) -> bool:
    """Return whether a chunk belongs to a document that is gone, whose vectors must leave the disk too."""
    return any(not catalog.versions(document_id) for document_id in {document_of(name) for name in chunk_ids})


def _agree(catalog: Catalog, vectors: Vectors, space: str, index: str) -> tuple[int, int]:
    ids, stored = catalog.chunk_vectors(space, index)
    present = vectors.present(space, index)
    surplus = sorted(present.difference(ids))
    vectors.delete(space, index, surplus)
    missing = [place for place, chunk_id in enumerate(ids) if chunk_id not in present]
    vectors.add(space, index, [ids[place] for place in missing], stored[missing])
    return len(missing), len(surplus)
