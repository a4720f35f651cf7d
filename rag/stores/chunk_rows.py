"""The rows of chunks: written with their full text and graph records, taken out with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, update

from knowledge_graph.types import Extraction
from rag.stores import fulltext
from rag.stores.codec import pack_vector
from rag.stores.schema import chunks, collections, journal, mentions, relations
from rag.types import Chunk, EmbeddedChunks

_BATCH = 500
_Row = TypeVar("_Row")


def note(connection: Connection, space: str, index: str, document_id: str, chunk_ids: Sequence[str]) -> None:
    """Enter chunk ids into the journal: their vectors may disagree with the catalog from now on."""
    known = set(
        connection.scalars(
            select(journal.c.chunk_id).where(
                journal.c.space == space, journal.c.index_id == index, journal.c.document_id == document_id
            )
        )
    )
    rows = [
        {"space": space, "index_id": index, "chunk_id": chunk_id, "document_id": document_id}
        for chunk_id in dict.fromkeys(chunk_ids)
        if chunk_id not in known
    ]
    if rows:
        connection.execute(insert(journal), rows)


def take_out(connection: Connection, document_id: str, space: str, *, keep: tuple[int, str] | None = None) -> list[int]:
    """Delete the chunks of a document with full text and graph records, and note their ids in the journal.

    Args:
        connection: Open transaction.
        document_id: The document.
        space: Its space.
        keep: Collection and version that are about to be written again; the version's chunks in other
            collections stay, since an index version being built beside the active one must not empty it.

    Returns:
        The collections that lost chunks.
    """
    of_document = chunks.c.document_id == document_id
    if keep is not None:
        of_document &= (chunks.c.version != keep[1]) | (chunks.c.collection == keep[0])
    touched = connection.execute(
        select(collections.c.key, collections.c.index_id)
        .join(chunks, chunks.c.collection == collections.c.key)
        .where(of_document)
        .distinct()
    ).all()
    for key, index in touched:
        here = of_document & (chunks.c.collection == key)
        rows = connection.execute(select(chunks.c.id, chunks.c.key, chunks.c.context, chunks.c.text).where(here)).all()
        fulltext.forget(connection, key, (fulltext.Passage(row.key, row.context, row.text) for row in rows))
        note(connection, space, index, document_id, [row.id for row in rows])
        connection.execute(delete(chunks).where(here))
    bump(connection, [row.key for row in touched])
    return [row.key for row in touched]


def write_chunks(connection: Connection, collection: int, embedded: EmbeddedChunks) -> dict[str, int]:
    """Insert the chunks and their full text; return their row numbers by id."""
    rows = [
        _chunk_row(chunk, collection, pack_vector(vector))
        for chunk, vector in zip(embedded.chunks, embedded.vectors, strict=True)
    ]
    for batch in batches(rows):
        connection.execute(insert(chunks), batch)
    inserted = connection.execute(
        select(chunks.c.id, chunks.c.key, chunks.c.context, chunks.c.text)
        .where(chunks.c.collection == collection, chunks.c.document_id == embedded.document.id)
        .order_by(chunks.c.ordinal)
    ).all()
    fulltext.insert(connection, collection, (fulltext.Passage(row.key, row.context, row.text) for row in inserted))
    return {row.id: row.key for row in inserted}


def _chunk_row(chunk: Chunk, collection: int, vector: bytes) -> dict[str, object]:
    return {
        "collection": collection,
        "id": chunk.id,
        "document_id": chunk.document_id,
        "version": chunk.version,
        "ordinal": chunk.ordinal,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "context": chunk.context,
        "headings": json.dumps(chunk.headings, ensure_ascii=False),
        "page": chunk.page,
        "n_tokens": chunk.n_tokens,
        "vector": vector,
    }


def write_graph(connection: Connection, keys: Mapping[str, int], extractions: Sequence[Extraction]) -> None:
    """Insert what chunks gave to the graph, under their row numbers."""
    mentioned: list[dict[str, object]] = []
    related: list[dict[str, object]] = []
    for extraction in extractions:
        key = keys[extraction.source_id]
        mentioned += (
            {
                "chunk": key,
                "ordinal": ordinal,
                "surface": mention.surface,
                "kind": mention.kind,
                "start": mention.start,
                "end": mention.end,
            }
            for ordinal, mention in enumerate(extraction.mentions)
        )
        related += (
            {
                "chunk": key,
                "ordinal": ordinal,
                "head": relation.head,
                "label": relation.label,
                "tail": relation.tail,
                "start": relation.start,
                "end": relation.end,
            }
            for ordinal, relation in enumerate(extraction.relations)
        )
    for table, rows in ((mentions, mentioned), (relations, related)):
        for batch in batches(rows):
            connection.execute(insert(table), batch)


def bump(connection: Connection, touched: Iterable[int]) -> None:
    """Give collections a new revision."""
    keys = list(touched)
    if keys:
        connection.execute(
            update(collections).where(collections.c.key.in_(keys)).values(revision=collections.c.revision + 1)
        )


def batches(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """Return the rows in pieces that one statement can take."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
