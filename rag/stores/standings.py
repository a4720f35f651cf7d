"""The standing of documents in the catalog's database: what was read, and what a person says over it.

What was read goes in with the version, in its transaction, and changes with it; what a person says stays until that
person or another takes it back, or the document goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from rag.errors import InputError
from rag.standing import UPLOADED, key_of
from rag.stores.access import now
from rag.stores.chunk_rows import batches
from rag.stores.database import Database
from rag.stores.documents import require_document
from rag.stores.schema import documents, standings, versions
from rag.stores.standing_rows import columns, over, unpack_standing, write_standings
from rag.types import Document, DocumentStanding

EDITABLE = frozenset({"status", "effective_from", "effective_to", "successor"})


class SqlStandings:
    """The standing of documents over a SQL database, as `rag.protocols.Standings`; safe to use from many threads.

    Args:
        database: An open database, shared with `rag.stores.catalog.SqlCatalog`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, space: str, document_ids: Iterable[str] | None = None) -> tuple[DocumentStanding, ...]:
        """Return the standing of documents and of all other editions and successors of each, by id; or of a space."""
        with self._database.read() as connection:
            if document_ids is None:
                return _found(connection, standings.c.space == space)
            asked = sorted(set(document_ids))
            known = [each for some in batches(asked) for each in _found(connection, standings.c.document_id.in_(some))]
            related = _found(connection, (standings.c.space == space) & _related(known)) if known else ()
        found = {each.document_id: each for each in (*related, *known)}
        return tuple(found[document_id] for document_id in sorted(found))

    def edit(self, document_id: str, changes: Mapping[str, str | None], *, by: str) -> DocumentStanding:
        """Keep what a person says of a document, in the place of what was said before; nothing takes it back.

        Args:
            document_id: The document.
            changes: Some of `EDITABLE`; ``None`` for a day that there is not.
            by: Id of the person.

        Raises:
            NotFound: There is no such document.
            InputError: A name is none of `EDITABLE`.
        """
        if unknown := set(changes) - EDITABLE:
            raise InputError(
                f"{min(unknown)!r} cannot be set on a document.", hint=f"These can: {', '.join(sorted(EDITABLE))}."
            )
        with self._database.write() as connection:
            require_document(connection, document_id)
            row = connection.execute(select(standings).where(standings.c.document_id == document_id)).one()
            said = json.dumps(dict(changes), ensure_ascii=False) if changes else ""
            values = {"edited": said, "edited_by": by if changes else "", "edited_at": now() if changes else ""}
            found_by = columns(over(unpack_standing(json.loads(row.read)), changes))
            mine = standings.c.document_id == document_id
            connection.execute(update(standings).where(mine).values(**values, **found_by))
            return _found(connection, mine)[0]

    def unread(self) -> tuple[tuple[str, str], ...]:
        """Return (document, version) of the documents that came before standings were kept."""
        query = (
            select(documents.c.id, documents.c.version)
            .outerjoin(standings, standings.c.document_id == documents.c.id)
            .where(standings.c.document_id.is_(None))
            .order_by(documents.c.id)
        )
        with self._database.read() as connection:
            return tuple((row.id, row.version) for row in connection.execute(query))

    def add(self, read: Sequence[Document]) -> None:
        """Store what was read of documents that came before standings were kept."""
        if read:
            with self._database.write() as connection:
                write_standings(connection, read)


def _related(known: Sequence[DocumentStanding]) -> ColumnElement[bool]:
    """Select what shares a family with one of them, is named by one, or names one."""
    families = {each.standing.family for each in known} - {""}
    named = {key_of(name) for each in known for name in (each.standing.successor, each.standing.predecessor)} - {""}
    keys = {each.key for each in known} | {each.title.casefold() for each in known}
    conditions = [
        standings.c.family.in_(families),
        # Files that came through the browser were stored with the beginning of their source once.
        standings.c.key.in_(named | {f"{UPLOADED}{name}" for name in named}),
        func.lower(versions.c.title).in_(named),
        standings.c.successor.in_(keys),
        standings.c.predecessor.in_(keys),
    ]
    return or_(*conditions)


def _found(connection: Connection, condition: ColumnElement[bool]) -> tuple[DocumentStanding, ...]:
    query = (
        select(standings, versions.c.title)
        .join(documents, documents.c.id == standings.c.document_id)
        .join(versions, (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version))
        .where(condition)
        .order_by(standings.c.document_id)
    )
    return tuple(_document_standing(row) for row in connection.execute(query))


def _document_standing(row: Row[Any]) -> DocumentStanding:
    edited: dict[str, str | None] = json.loads(row.edited) if row.edited else {}
    standing = over(unpack_standing(json.loads(row.read)), edited)
    return DocumentStanding(
        row.document_id, row.title, row.key.removeprefix(UPLOADED), standing, edited, row.edited_by, row.edited_at
    )
