"""The rows of documents and versions: a version goes live, and the one before stays as text."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from rag.stores.access import now
from rag.stores.chunk_rows import batches
from rag.stores.codec import pack_about, pack_blocks
from rag.stores.schema import documents, versions
from rag.stores.standing_rows import write_standings
from rag.types import Document, EmbeddedChunks


def write_versions(connection: Connection, batch: Sequence[EmbeddedChunks]) -> dict[str, str]:
    """Make the versions of different documents live.

    Returns:
        The version of each document that was live before; new documents are not among them.
    """
    at = now()
    before, ordinals = _known(connection, [embedded.document.id for embedded in batch])
    new = [embedded.document for embedded in batch if embedded.document.id not in before]
    known = [embedded.document for embedded in batch if embedded.document.id in before]
    if new:
        connection.execute(insert(documents), [_document_row(document, at) for document in new])
    if known:
        connection.execute(
            update(documents)
            .where(documents.c.id == bindparam("known"))
            .values(version=bindparam("to"), updated_at=at),
            [{"known": document.id, "to": document.version} for document in known],
        )
        for some in batches([document.id for document in known]):
            connection.execute(update(versions).where(versions.c.document_id.in_(some)).values(state="superseded"))
    _write_rows(connection, batch, ordinals, at)
    write_standings(connection, [embedded.document for embedded in batch])
    return before


def _known(connection: Connection, document_ids: Sequence[str]) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Return the live version of the documents that are known, and the ordinal of every version of each."""
    live: dict[str, str] = {}
    ordinals: dict[str, dict[str, int]] = {}
    for some in batches(document_ids):
        for row in connection.execute(select(documents.c.id, documents.c.version).where(documents.c.id.in_(some))):
            live[row.id] = row.version
        query = select(versions.c.document_id, versions.c.version, versions.c.ordinal)
        for document_id, version, ordinal in connection.execute(query.where(versions.c.document_id.in_(some))):
            ordinals.setdefault(document_id, {})[version] = ordinal
    return live, ordinals


def _document_row(document: Document, at: str) -> dict[str, object]:
    return {
        "id": document.id,
        "space": document.space,
        "source": document.source,
        "version": document.version,
        "added_at": at,
        "updated_at": at,
    }


def _write_rows(
    connection: Connection, batch: Sequence[EmbeddedChunks], ordinals: dict[str, dict[str, int]], at: str
) -> None:
    """Insert versions, or write them again where a document goes back to one, or into another index version."""
    fresh: list[dict[str, object]] = []
    again: list[dict[str, object]] = []
    for embedded in batch:
        document = embedded.document
        of_document = ordinals.get(document.id, {})
        row = _version_row(document, len(embedded.chunks), max(of_document.values(), default=0) + 1)
        if document.version in of_document:
            again.append({**row, "of_document": document.id, "of_version": document.version})
        else:
            fresh.append({**row, "document_id": document.id, "version": document.version, "created_at": at})
    if fresh:
        connection.execute(insert(versions), fresh)
    if again:
        same = (versions.c.document_id == bindparam("of_document")) & (versions.c.version == bindparam("of_version"))
        connection.execute(update(versions).where(same), again)


def _version_row(document: Document, n_chunks: int, ordinal: int) -> dict[str, object]:
    return {
        "ordinal": ordinal,
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
