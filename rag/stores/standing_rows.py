"""The rows of standings: what was read of a document goes in with its version, what a person said stays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from rag.standing import key_of
from rag.stores.chunk_rows import batches
from rag.stores.codec import of_fields
from rag.stores.schema import standings
from rag.types import Document, Standing


def write_standings(connection: Connection, written: Sequence[Document]) -> None:
    """Store what was read of documents; what people said of them stays."""
    for some in batches(written):
        ids = [document.id for document in some]
        rows = connection.execute(select(standings).where(standings.c.document_id.in_(ids)))
        known = {row.document_id: row for row in rows}
        connection.execute(delete(standings).where(standings.c.document_id.in_(ids)))
        connection.execute(insert(standings), [_row(document, known.get(document.id)) for document in some])


def read_standings(connection: Connection, document_ids: Sequence[str]) -> dict[str, Standing]:
    """Return what was read of documents, without what people said."""
    query = select(standings.c.document_id, standings.c.read).where(standings.c.document_id.in_(document_ids))
    return {row.document_id: unpack_standing(json.loads(row.read)) for row in connection.execute(query)}


def over(read: Standing, edited: Mapping[str, str | None]) -> Standing:
    """Return what was read with what a person says in its place."""
    if not edited:
        return read
    learnt = {**dict(read.learnt), **dict.fromkeys(edited, "person")}
    changes: dict[str, Any] = {**edited, "learnt": tuple(sorted(learnt.items()))}
    return replace(read, **changes)


def _row(document: Document, known: Row[Any] | None) -> dict[str, object]:
    edited: dict[str, str | None] = json.loads(known.edited) if known is not None and known.edited else {}
    return {
        "document_id": document.id,
        "space": document.space,
        "key": key_of(document.source),
        "read": json.dumps(asdict(document.standing), ensure_ascii=False),
        "edited": known.edited if known is not None else "",
        "edited_by": known.edited_by if known is not None else "",
        "edited_at": known.edited_at if known is not None else "",
        **columns(over(document.standing, edited)),
    }


def columns(standing: Standing) -> dict[str, str]:
    """Return what documents are looked up by."""
    return {
        "family": standing.family,
        "successor": key_of(standing.successor),
        "predecessor": key_of(standing.predecessor),
    }


def unpack_standing(stored: Mapping[str, Any]) -> Standing:
    """Return a standing from its JSON form."""
    return of_fields(Standing, {**stored, "learnt": tuple((name, how) for name, how in stored["learnt"])})
