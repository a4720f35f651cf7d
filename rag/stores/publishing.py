"""How versions of documents go live and leave, each in one transaction.

A version's way: ``stage`` notes the ids of its chunks in the journal; the caller writes their vectors;
``publish`` makes rows, full text and graph records live and takes those of the version before out, whose
chunk ids join the journal; the caller deletes their vectors; ``settle`` clears the journal. Killed anywhere,
the journal names exactly the vectors that may disagree with the catalog, see `rag.stores.recovery`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from knowledge_graph.types import Extraction
from rag.errors import InputError
from rag.stores import fulltext
from rag.stores.access import ensure_collection, now
from rag.stores.chunk_rows import batches, bump, note, take_out, write_chunks, write_graph
from rag.stores.codec import pack_about, pack_blocks
from rag.stores.database import Database
from rag.stores.documents import require_document
from rag.stores.redaction import redact_answers
from rag.stores.schema import collections, documents, index_versions, journal, versions
from rag.types import Document, EmbeddedChunks


class Publishing:
    """Versions going live and leaving; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database

    def stage(self, embedded: EmbeddedChunks, index: str) -> None:
        """Note durably, before anything is written to the vectors, which chunk ids are about to be."""
        self.stage_all([embedded], index)

    def stage_all(self, batch: Sequence[EmbeddedChunks], index: str) -> None:
        """Do the same for several documents in one transaction."""
        with self._database.write() as connection:
            for embedded in batch:
                document = embedded.document
                note(connection, document.space, index, document.id, [chunk.id for chunk in embedded.chunks])

    def publish(self, embedded: EmbeddedChunks, index: str, extractions: Sequence[Extraction]) -> str | None:
        """Make a version live with its chunks, full text and graph records.

        The version before stays as text, so that its citations resolve, and loses everything else in every
        index version. Its chunk ids wait in the journal until their vectors are deleted and settled.

        Args:
            embedded: Chunks and vectors, which the caller has written to the vectors since `stage`.
            index: Index version.
            extractions: What chunks gave to the graph; their source ids are chunk ids.

        Returns:
            The version that was replaced; ``None`` for a new document or the same version again.

        Raises:
            NotFound: There is no such space or index version.
            InputError: Vectors or extractions do not fit the chunks.
        """
        return self.publish_all([(embedded, extractions)], index)[0]

    def publish_all(
        self, batch: Sequence[tuple[EmbeddedChunks, Sequence[Extraction]]], index: str
    ) -> tuple[str | None, ...]:
        """Do the same for several documents in one transaction; return the version that each replaced."""
        with self._database.write() as connection:
            return tuple(_publish(connection, embedded, index, extractions) for embedded, extractions in batch)

    def retire(self, document_id: str) -> tuple[str, ...]:
        """Remove a document with all versions, and what stored answers hold of it, from the catalog's file too.

        Returns:
            The chunk ids that the vectors must forget; they wait in the journal until they are settled.

        Raises:
            NotFound: There is no such document.
        """
        with self._database.write() as connection:
            document = require_document(connection, document_id)
            redact_answers(connection, document_id, at=now())
            touched = take_out(connection, document_id, document["space"])
            connection.execute(delete(versions).where(versions.c.document_id == document_id))
            connection.execute(delete(documents).where(documents.c.id == document_id))
            # All collections of the space: an earlier version may have left words in any of them.
            owned = connection.scalars(select(collections.c.key).where(collections.c.space == document["space"])).all()
            for collection in owned:
                fulltext.compact(connection, collection)
            bump(connection, touched)
            forgotten = connection.scalars(
                select(journal.c.chunk_id).where(journal.c.document_id == document_id).order_by(journal.c.chunk_id)
            ).all()
        self._database.checkpoint()
        return tuple(dict.fromkeys(forgotten))

    def unfinished(self, document_id: str | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return (space, index, chunk ids) of vector writes and deletes that are open.

        Args:
            document_id: Only those of this document; by default all, as a killed process left them.
        """
        query = select(journal.c.space, journal.c.index_id, journal.c.chunk_id).order_by(
            journal.c.space, journal.c.index_id, journal.c.chunk_id
        )
        if document_id is not None:
            query = query.where(journal.c.document_id == document_id)
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query):
                found[row.space, row.index_id].append(row.chunk_id)
        return [(space, index, tuple(ids)) for (space, index), ids in found.items()]

    def settle(self, chunk_ids: Sequence[str]) -> None:
        """Note that the vectors agree with the catalog for these chunk ids."""
        with self._database.write() as connection:
            for batch in batches(chunk_ids):
                connection.execute(delete(journal).where(journal.c.chunk_id.in_(batch)))


def _publish(
    connection: Connection, embedded: EmbeddedChunks, index: str, extractions: Sequence[Extraction]
) -> str | None:
    document = embedded.document
    collection = ensure_collection(connection, document.space, index)
    _check(connection, embedded, index, extractions)
    previous = connection.scalar(select(documents.c.version).where(documents.c.id == document.id))
    take_out(connection, document.id, document.space, keep=(collection, document.version))
    _write_version(connection, document, len(embedded.chunks), is_new=previous is None)
    keys = write_chunks(connection, collection, embedded)
    write_graph(connection, keys, extractions)
    note(connection, document.space, index, document.id, list(keys))
    bump(connection, [collection])
    return previous if previous != document.version else None


def _check(connection: Connection, embedded: EmbeddedChunks, index: str, extractions: Sequence[Extraction]) -> None:
    dimension = connection.scalar(select(index_versions.c.dimension).where(index_versions.c.id == index))
    expected = (len(embedded.chunks), dimension)
    if embedded.chunks and embedded.vectors.shape != expected:
        raise InputError(
            f"The vectors of {embedded.document.name!r} have the shape {embedded.vectors.shape}, not {expected}.",
            hint="Vectors of another model belong into another index version.",
        )
    foreign = {extraction.source_id for extraction in extractions} - {chunk.id for chunk in embedded.chunks}
    if foreign:
        raise InputError(f"The graph records of {embedded.document.name!r} name no chunk of it: {min(foreign)!r}.")


def _write_version(connection: Connection, document: Document, n_chunks: int, *, is_new: bool) -> None:
    at = now()
    mine = versions.c.document_id == document.id
    if is_new:
        connection.execute(
            insert(documents).values(
                id=document.id,
                space=document.space,
                source=document.source,
                version=document.version,
                added_at=at,
                updated_at=at,
            )
        )
    else:
        connection.execute(
            update(documents).where(documents.c.id == document.id).values(version=document.version, updated_at=at)
        )
    connection.execute(update(versions).where(mine).values(state="superseded"))
    ordinal = connection.scalar(select(func.coalesce(func.max(versions.c.ordinal), 0)).where(mine)) or 0
    values = {
        "ordinal": ordinal + 1,
        "state": "live",
        "name": document.name,
        "title": document.title,
        "media_type": document.media_type,
        "file_sha256": document.file_sha256,
        "n_bytes": document.n_bytes,
        "n_characters": len(document.text),
        "n_chunks": n_chunks,
        "text": document.text,
        "blocks": pack_blocks(document.blocks),
        "about": pack_about(document.metadata, document.report),
    }
    again = mine & (versions.c.version == document.version)
    if connection.execute(update(versions).where(again).values(values)).rowcount == 0:
        values |= {"document_id": document.id, "version": document.version, "created_at": at}
        connection.execute(insert(versions).values(values))
