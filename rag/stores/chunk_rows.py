"""The rows of chunks: written with their full text and graph records, taken out with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from itertools import groupby
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, delete, insert, select, tuple_, update

from knowledge_graph.types import Extraction
from rag.stores import fulltext
from rag.stores.codec import pack_sentences, pack_vector
from rag.stores.schema import chunks, collections, journal, mentions, relations
from rag.types import Chunk, EmbeddedChunks

_BATCH = 500
_Row = TypeVar("_Row")


def note(connection: Connection, space: str, index: str, document_of: Mapping[str, str]) -> None:
    """Enter chunk ids into the journal: their vectors may disagree with the catalog from now on.

    Args:
        connection: Open transaction.
        space: Space of the vectors.
        index: Their index version.
        document_of: Document of each chunk id.
    """
    for chunk_ids in batches(list(document_of)):
        here = (journal.c.space == space) & (journal.c.index_id == index)
        known = set(connection.scalars(select(journal.c.chunk_id).where(here, journal.c.chunk_id.in_(chunk_ids))))
        rows = [
            {"space": space, "index_id": index, "chunk_id": chunk_id, "document_id": document_of[chunk_id]}
            for chunk_id in chunk_ids
            if chunk_id not in known
        ]
        if rows:
            connection.execute(insert(journal), rows)


def take_out(
    connection: Connection,
    space: str,
    document_ids: Sequence[str],
    *,
    keep: tuple[int, Mapping[str, str]] | None = None,
) -> set[int]:
    """Delete the chunks of documents with full text and graph records, and note their ids in the journal.

    Args:
        connection: Open transaction.
        space: The space of the documents.
        document_ids: The documents.
        keep: A collection and the version of each document that is about to be written again to it; the chunks of
            that version in other collections stay, since an index version being built beside the active one must
            not empty it.

    Returns:
        The collections that lost chunks.
    """
    touched: set[int] = set()
    for some in batches(document_ids):
        condition: ColumnElement[bool] = chunks.c.document_id.in_(some)
        if keep is not None:
            version = tuple_(chunks.c.document_id, chunks.c.version)
            written_again = [(document_id, keep[1][document_id]) for document_id in some]
            condition &= (chunks.c.collection == keep[0]) | version.not_in(written_again)
        touched |= _take_out(connection, space, condition)
    bump(connection, touched)
    return touched


def _take_out(connection: Connection, space: str, condition: ColumnElement[bool]) -> set[int]:
    columns = (chunks.c.collection, chunks.c.key, chunks.c.id, chunks.c.document_id, chunks.c.context, chunks.c.text)
    rows = connection.execute(select(*columns).where(condition).order_by(chunks.c.collection, chunks.c.key)).all()
    if not rows:
        return set()
    touched: set[int] = set()
    index_of = {row.key: row.index_id for row in connection.execute(select(collections.c.key, collections.c.index_id))}
    for collection, group in groupby(rows, key=lambda row: row.collection):
        mine = list(group)
        fulltext.forget(connection, collection, (fulltext.Passage(row.key, row.context, row.text) for row in mine))
        note(connection, space, index_of[collection], {row.id: row.document_id for row in mine})
        touched.add(collection)
    connection.execute(delete(chunks).where(condition))
    return touched


def write_chunks(connection: Connection, collection: int, batch: Sequence[EmbeddedChunks]) -> dict[str, int]:
    """Insert the chunks of documents and their full text; return their row numbers by id."""
    rows = [
        _chunk_row(chunk, collection, pack_vector(vector), pack_sentences(sentences))
        for embedded in batch
        for chunk, vector, sentences in zip(embedded.chunks, embedded.vectors, embedded.sentences, strict=True)
    ]
    for some in batches(rows):
        connection.execute(insert(chunks), some)
    keys: dict[str, int] = {}
    for document_ids in batches([embedded.document.id for embedded in batch]):
        here = (chunks.c.collection == collection) & chunks.c.document_id.in_(document_ids)
        keys.update((row.id, row.key) for row in connection.execute(select(chunks.c.id, chunks.c.key).where(here)))
    written = (chunk for embedded in batch for chunk in embedded.chunks)
    fulltext.insert(
        connection, collection, (fulltext.Passage(keys[chunk.id], chunk.context, chunk.text) for chunk in written)
    )
    return keys


def _chunk_row(chunk: Chunk, collection: int, vector: bytes, sentences: bytes) -> dict[str, object]:
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
        "turns": json.dumps([astuple(turn) for turn in chunk.turns], ensure_ascii=False),
        "vector": vector,
        "sentences": sentences,
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
    keys = sorted(touched)
    if keys:
        connection.execute(
            update(collections).where(collections.c.key.in_(keys)).values(revision=collections.c.revision + 1)
        )


def batches(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """Return the rows in pieces that one statement can take."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
