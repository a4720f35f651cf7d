"""The catalog's chunks as searches need them: live passages, stored vectors, graph records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, cast, get_args

import numpy as np
from sqlalchemy import Connection, Row, Select, Table, select

from knowledge_graph.types import EntityKind, Extraction, Mention, Relation
from rag.errors import StoreError
from rag.stores.access import collection_key
from rag.stores.codec import unpack_sentences, unpack_vectors
from rag.stores.database import Database
from rag.stores.schema import chunks, collections, documents, index_versions, mentions, relations, versions
from rag.types import Chunk, Float32Array, LiveChunk, Turn

_BATCH = 500
_KINDS: frozenset[str] = frozenset(get_args(EntityKind))


class Passages:
    """Live chunks; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database

    def live(self, space: str, index: str, chunk_ids: Iterable[str]) -> dict[str, LiveChunk]:
        """Return those of the chunks that are live in this space and index, in the order asked for."""
        asked = list(dict.fromkeys(chunk_ids))
        found: dict[str, LiveChunk] = {}
        with self._database.read() as connection:
            collection = collection_key(connection, space, index)
            for start in range(0, len(asked), _BATCH):
                query = _passages().where(
                    chunks.c.collection == collection, chunks.c.id.in_(asked[start : start + _BATCH])
                )
                for row in connection.execute(query):
                    found[row.id] = _live_chunk(row)
        return {chunk_id: found[chunk_id] for chunk_id in asked if chunk_id in found}

    def document_chunks(self, document_id: str, index: str, ordinals: range | None = None) -> tuple[Chunk, ...]:
        """Return the live chunks of a document in an index version, in order: all, or those at some places."""
        query = (
            _passages()
            .join(collections, collections.c.key == chunks.c.collection)
            .where(chunks.c.document_id == document_id, collections.c.index_id == index)
            .order_by(chunks.c.ordinal)
        )
        if ordinals is not None:
            query = query.where(chunks.c.ordinal >= ordinals.start, chunks.c.ordinal < ordinals.stop)
        with self._database.read() as connection:
            return tuple(_live_chunk(row).chunk for row in connection.execute(query))

    def chunk_vectors(self, space: str, index: str) -> tuple[tuple[str, ...], Float32Array]:
        """Return ids and stored vectors, ``(n, dimension)``, of live chunks, by id."""
        with self._database.read() as connection:
            collection = collection_key(connection, space, index)
            dimension = _dimension(connection, index)
            query = select(chunks.c.id, chunks.c.vector).where(chunks.c.collection == collection)
            rows = sorted(connection.execute(query), key=lambda row: row.id)
        if not rows:
            return (), np.empty((0, dimension), dtype=np.float32)
        return tuple(row.id for row in rows), unpack_vectors([row.vector for row in rows], dimension)

    def sentence_vectors(self, space: str, index: str, chunk_ids: Sequence[str]) -> dict[str, Float32Array]:
        """Return the vectors of the sentences of live chunks, each ``(n, dimension)``; without any, its own."""
        found: dict[str, Float32Array] = {}
        with self._database.read() as connection:
            collection, dimension = collection_key(connection, space, index), _dimension(connection, index)
            query = select(chunks.c.id, chunks.c.vector, chunks.c.sentences).where(chunks.c.collection == collection)
            for start in range(0, len(chunk_ids), _BATCH):
                for row in connection.execute(query.where(chunks.c.id.in_(chunk_ids[start : start + _BATCH]))):
                    found[row.id] = (
                        unpack_sentences(row.sentences, dimension)
                        if row.sentences
                        else unpack_vectors([row.vector], dimension)
                    )
        return found

    def extractions(self, space: str, index: str) -> Iterator[Extraction]:
        """Yield what the live chunks gave to the graph, by source id; chunks that gave nothing are left out."""
        with self._database.read() as connection:
            collection = collection_key(connection, space, index)
            mentioned = _mentions_by_chunk(connection, collection)
            related = _relations_by_chunk(connection, collection)
        for source_id in sorted(mentioned.keys() | related.keys()):
            yield Extraction(source_id, mentioned.get(source_id, ()), related.get(source_id, ()))

    def graph_revision(self, space: str, index: str) -> int:
        """Return a number that grows with every change of the space's live chunks; 0 before the first."""
        query = select(collections.c.revision).where(collections.c.space == space, collections.c.index_id == index)
        with self._database.read() as connection:
            return connection.scalar(query) or 0


def _dimension(connection: Connection, index: str) -> int:
    """Return the length of the vectors of an index version; 0 of an unknown one, which has none."""
    return connection.scalar(select(index_versions.c.dimension).where(index_versions.c.id == index)) or 0


def _passages() -> Select[Any]:
    return (
        select(
            chunks.c.id,
            chunks.c.document_id,
            chunks.c.version,
            chunks.c.ordinal,
            chunks.c.start,
            chunks.c.end,
            chunks.c.text,
            chunks.c.context,
            chunks.c.headings,
            chunks.c.page,
            chunks.c.n_tokens,
            chunks.c.turns,
            versions.c.title,
            versions.c.media_type,
            documents.c.source,
        )
        .join(documents, documents.c.id == chunks.c.document_id)
        .join(
            versions,
            (versions.c.document_id == chunks.c.document_id) & (versions.c.version == chunks.c.version),
        )
        # Chunks of other versions are taken out in the same transaction; this says so once more.
        .where(documents.c.version == chunks.c.version)
    )


def _live_chunk(row: Row[Any]) -> LiveChunk:
    chunk = Chunk(
        id=row.id,
        document_id=row.document_id,
        version=row.version,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        text=row.text,
        context=row.context,
        headings=tuple(json.loads(row.headings)),
        page=row.page,
        n_tokens=row.n_tokens,
        turns=tuple(Turn(start, page, tuple(headings)) for start, page, headings in json.loads(row.turns)),
    )
    return LiveChunk(chunk=chunk, title=row.title, source=row.source, media_type=row.media_type)


def _mentions_by_chunk(connection: Connection, collection: int | None) -> dict[str, tuple[Mention, ...]]:
    return {
        chunk_id: tuple(Mention(row.surface, _entity_kind(row.kind), row.start, row.end) for row in of_chunk)
        for chunk_id, of_chunk in _by_chunk(connection, mentions, collection)
    }


def _relations_by_chunk(connection: Connection, collection: int | None) -> dict[str, tuple[Relation, ...]]:
    return {
        chunk_id: tuple(Relation(row.head, row.label, row.tail, row.start, row.end) for row in of_chunk)
        for chunk_id, of_chunk in _by_chunk(connection, relations, collection)
    }


def _by_chunk(connection: Connection, table: Table, collection: int | None) -> Iterator[tuple[str, Iterator[Row[Any]]]]:
    """Return the rows of a table of graph records, in order, with the id of the chunk that they came from."""
    query = (
        select(chunks.c.id, table)
        .join(chunks, chunks.c.key == table.c.chunk)
        .where(chunks.c.collection == collection)
        .order_by(table.c.chunk, table.c.ordinal)
    )
    return groupby(connection.execute(query).all(), key=lambda row: row.id)


def _entity_kind(stored: str) -> EntityKind:
    if stored not in _KINDS:
        raise StoreError(
            f"The catalog holds an entity of unknown kind {stored!r}.",
            hint="A newer Footnote may have written it: upgrade, or put back a copy of catalog.db.",
        )
    return cast("EntityKind", stored)
