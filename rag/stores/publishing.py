"""How versions of documents go live and leave, each in one transaction.

A version's way: ``stage`` notes the ids of its chunks in the journal; the caller writes their vectors;
``publish`` makes rows, full text and graph records live and takes those of the version before out, whose
chunk ids join the journal; the caller deletes their vectors; ``settle`` clears the journal. Killed anywhere,
the journal names exactly the vectors that may disagree with the catalog, see `rag.stores.recovery`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from sqlalchemy import Connection, delete, select

from knowledge_graph.types import Extraction
from rag.errors import InputError
from rag.stores import fulltext
from rag.stores.access import ensure_collection, now
from rag.stores.chunk_rows import batches, bump, note, take_out, write_chunks, write_graph
from rag.stores.database import Database
from rag.stores.documents import require_document
from rag.stores.redaction import redact_answers, redact_feedback
from rag.stores.schema import collections, documents, index_versions, journal, standings, versions
from rag.stores.version_rows import write_versions
from rag.types import EmbeddedChunks


class Publishing:
    """Versions going live and leaving; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database

    def stage(self, batch: Sequence[EmbeddedChunks], index: str) -> None:
        """Note durably, before anything is written to the vectors, which chunk ids of documents are about to be."""
        if batch:
            with self._database.write() as connection:
                note(connection, _space(batch), index, _document_of(batch))

    def publish(
        self, batch: Sequence[tuple[EmbeddedChunks, Sequence[Extraction]]], index: str
    ) -> tuple[str | None, ...]:
        """Make versions of documents of one space live with their chunks, full text and graph records, all or none.

        The version before stays as text, so that its citations resolve, and loses everything else in every
        index version. Its chunk ids wait in the journal until their vectors are deleted and settled.

        Args:
            batch: Chunks and vectors of each document once, which the caller has written to the vectors since
                `stage`, with what the chunks gave to the graph; the source ids of that are chunk ids.
            index: Index version.

        Returns:
            The version that each replaced; ``None`` for a new document or the same version again.

        Raises:
            NotFound: There is no such space or index version.
            InputError: Vectors or extractions do not fit the chunks, or a document stands there twice.
        """
        if not batch:
            return ()
        with self._database.write() as connection:
            return _publish(connection, batch, index)

    def retire(self, document_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove documents with all versions, and what stored answers hold of them, from the catalog's file too.

        All of them go in one transaction, or none. Rewriting the file costs as much for one as for hundreds.

        Returns:
            The chunk ids that the vectors must forget; they wait in the journal until they are settled.

        A document that an earlier call took out, and whose chunks still wait, is no error: what failed can go on.

        Raises:
            NotFound: There is no such document.
            StoreError: The file could not be rewritten; the documents are taken out, and the call can be repeated.
        """
        forgotten: dict[str, None] = {}
        with self._database.write() as connection:
            spaces: set[str] = set()
            for document_id in document_ids:
                noted = journal.c.document_id == document_id
                waiting = select(journal.c.chunk_id).where(noted).order_by(journal.c.chunk_id)
                is_there = connection.scalar(select(documents.c.id).where(documents.c.id == document_id)) is not None
                if is_there or not connection.scalars(waiting).first():
                    spaces.add(_take_out_whole(connection, document_id))
                forgotten |= dict.fromkeys(connection.scalars(waiting).all())
            _compact(connection, spaces)
        self._database.checkpoint()
        return tuple(forgotten)

    def unfinished(self, document_ids: AbstractSet[str] | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return (space, index, chunk ids) of vector writes and deletes that are open.

        Args:
            document_ids: Only those of these documents; by default all, as a killed process left them.
        """
        query = select(journal.c.space, journal.c.index_id, journal.c.chunk_id)
        queries = [query]
        if document_ids is not None:
            queries = [query.where(journal.c.document_id.in_(some)) for some in batches(sorted(document_ids))]
        with self._database.read() as connection:
            rows = sorted(tuple(row) for one in queries for row in connection.execute(one))
        return [
            (space, index, tuple(chunk_id for _, _, chunk_id in group))
            for (space, index), group in groupby(rows, key=lambda row: row[:2])
        ]

    def settle(self, chunk_ids: Sequence[str]) -> None:
        """Note that the vectors agree with the catalog for these chunk ids."""
        with self._database.write() as connection:
            for batch in batches(chunk_ids):
                connection.execute(delete(journal).where(journal.c.chunk_id.in_(batch)))


def _take_out_whole(connection: Connection, document_id: str) -> str:
    """Take out a document with all that is held of it; return its space, whose full text is to be compacted."""
    document = require_document(connection, document_id)
    redact_answers(connection, document_id, at=now())
    redact_feedback(connection, document_id, at=now())
    touched = take_out(connection, document["space"], [document_id])
    connection.execute(delete(standings).where(standings.c.document_id == document_id))
    connection.execute(delete(versions).where(versions.c.document_id == document_id))
    connection.execute(delete(documents).where(documents.c.id == document_id))
    bump(connection, touched)
    return str(document["space"])


def _compact(connection: Connection, spaces: AbstractSet[str]) -> None:
    # All collections of a space: an earlier version may have left words in any of them.
    owned = select(collections.c.key).where(collections.c.space.in_(sorted(spaces)))
    for collection in connection.scalars(owned).all():
        fulltext.compact(connection, collection)


def _publish(
    connection: Connection, batch: Sequence[tuple[EmbeddedChunks, Sequence[Extraction]]], index: str
) -> tuple[str | None, ...]:
    """Write all documents with a number of statements that does not depend on how many they are."""
    written = [embedded for embedded, _ in batch]
    space = _space(written)
    collection = ensure_collection(connection, space, index)
    _check(connection, batch, index)
    before = write_versions(connection, written)
    live = {embedded.document.id: embedded.document.version for embedded in written}
    take_out(connection, space, list(before), keep=(collection, live))
    keys = write_chunks(connection, collection, written)
    write_graph(connection, keys, [extraction for _, extractions in batch for extraction in extractions])
    note(connection, space, index, _document_of(written))
    bump(connection, [collection])
    return tuple(
        replaced if (replaced := before.get(document_id)) != version else None for document_id, version in live.items()
    )


def _space(batch: Sequence[EmbeddedChunks]) -> str:
    """Return the space of the documents, after a check that it is one and no document stands among them twice."""
    spaces = sorted({embedded.document.space for embedded in batch})
    if len(spaces) != 1:
        raise InputError(
            f"Documents of the spaces {spaces} cannot go live together; one space was expected.",
            hint="Publish those of each space by themselves.",
        )
    counts = Counter(embedded.document.id for embedded in batch)
    twice = [embedded.document for embedded in batch if counts[embedded.document.id] > 1]
    if twice:
        raise InputError(
            f"The document {twice[0].name!r} stands in one batch twice.", hint="Publish one after another."
        )
    return spaces[0]


def _document_of(batch: Sequence[EmbeddedChunks]) -> dict[str, str]:
    return {chunk.id: embedded.document.id for embedded in batch for chunk in embedded.chunks}


def _check(connection: Connection, batch: Sequence[tuple[EmbeddedChunks, Sequence[Extraction]]], index: str) -> None:
    dimension = connection.scalar(select(index_versions.c.dimension).where(index_versions.c.id == index))
    for embedded, extractions in batch:
        name, expected = embedded.document.name, (len(embedded.chunks), dimension)
        if embedded.chunks and embedded.vectors.shape != expected:
            raise InputError(
                f"The vectors of {name!r} have the shape {embedded.vectors.shape}, not {expected}.",
                hint="Vectors of another model belong into another index version.",
            )
        if [own.shape[1:] for own in embedded.sentences] != [(dimension,)] * len(embedded.chunks):
            raise InputError(
                f"The vectors of the sentences of {name!r} do not fit its {len(embedded.chunks)} chunks and the "
                f"dimension {dimension}.",
                hint="Vectors of another model belong into another index version.",
            )
        foreign = {extraction.source_id for extraction in extractions} - {chunk.id for chunk in embedded.chunks}
        if foreign:
            raise InputError(
                f"The graph records of {name!r} name no chunk of it: {min(foreign)!r}.",
                hint="Extract them from the chunks that go live.",
            )
