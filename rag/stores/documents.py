"""The catalog's documents and their versions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from rag.errors import NotFound
from rag.stores.access import now, require_space
from rag.stores.codec import pack_about, unpack_about, unpack_blocks
from rag.stores.database import Database
from rag.stores.schema import documents, versions
from rag.stores.standing_rows import read_standings, write_standings
from rag.types import NO_STANDING, Document, DocumentInfo, VersionInfo


class Documents:
    """Documents and versions; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database

    def find(self, space: str, source: str) -> DocumentInfo | None:
        """Return the live document with this source."""
        query = _live_documents().where(documents.c.space == space, documents.c.source == source)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _document_info(row)

    def documents(self, space: str) -> tuple[DocumentInfo, ...]:
        """Return the live documents of a space, by title, then id.

        Raises:
            NotFound: There is no such space.
        """
        query = _live_documents().where(documents.c.space == space)
        with self._database.read() as connection:
            require_space(connection, space)
            found = [_document_info(row) for row in connection.execute(query).mappings()]
        return tuple(sorted(found, key=lambda info: (info.title.casefold(), info.id)))

    def sources(self, space: str) -> dict[str, str]:
        """Return the id of each live document of a space by its source, in order; cheap, also for very many.

        Raises:
            NotFound: There is no such space.
        """
        query = select(documents.c.source, documents.c.id).where(documents.c.space == space)
        with self._database.read() as connection:
            require_space(connection, space)
            return {row.source: row.id for row in connection.execute(query.order_by(documents.c.source))}

    def document(self, document_id: str) -> DocumentInfo:
        """Return one document.

        Raises:
            NotFound: There is no such document.
        """
        with self._database.read() as connection:
            row = connection.execute(_live_documents().where(documents.c.id == document_id)).mappings().first()
        if row is None:
            raise _no_document(document_id)
        return _document_info(row)

    def versions(self, document_id: str) -> tuple[VersionInfo, ...]:
        """Return its versions, newest first; none for an unknown document."""
        query = (
            select(
                versions.c.document_id,
                versions.c.version,
                versions.c.state,
                versions.c.n_characters,
                versions.c.n_chunks,
                versions.c.file_sha256,
                versions.c.created_at,
            )
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.ordinal.desc())
        )
        with self._database.read() as connection:
            return tuple(VersionInfo(**row) for row in connection.execute(query).mappings())

    def text(self, document_id: str, version: str) -> Document:
        """Return one version whole, live or superseded.

        Raises:
            NotFound: There is no such version.
        """
        query = (
            select(versions, documents.c.space, documents.c.source)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.document_id == document_id, versions.c.version == version)
        )
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
            standing = read_standings(connection, [document_id]).get(document_id, NO_STANDING)
        if row is None:
            raise _no_version(document_id, version)
        about, report = unpack_about(row["about"])
        return Document(
            id=document_id,
            version=version,
            space=row["space"],
            source=row["source"],
            name=row["name"],
            title=row["title"],
            media_type=row["media_type"],
            file_sha256=row["file_sha256"],
            n_bytes=row["n_bytes"],
            text=row["text"],
            blocks=unpack_blocks(row["blocks"]),
            metadata=about,
            report=report,
            standing=standing,
        )

    def media_type(self, document_id: str, version: str) -> str:
        """Return the IANA media type of one version, live or superseded, without reading its text.

        Raises:
            NotFound: There is no such version.
        """
        query = select(versions.c.media_type).where(
            versions.c.document_id == document_id, versions.c.version == version
        )
        with self._database.read() as connection:
            stored: str | None = connection.scalar(query)
        if stored is None:
            raise _no_version(document_id, version)
        return stored

    def touch(self, document: Document) -> None:
        """Record a new file hash, size, name, report and metadata for a version whose content is unchanged.

        Raises:
            NotFound: The version is not in the catalog.
        """
        values = {
            "name": document.name,
            "media_type": document.media_type,
            "file_sha256": document.file_sha256,
            "n_bytes": document.n_bytes,
            "about": pack_about(document.metadata, document.report),
        }
        with self._database.write() as connection:
            same = (versions.c.document_id == document.id) & (versions.c.version == document.version)
            if connection.execute(update(versions).where(same).values(values)).rowcount == 0:
                raise _no_document(f"{document.id}@{document.version}")
            connection.execute(update(documents).where(documents.c.id == document.id).values(updated_at=now()))
            write_standings(connection, [document])

    def originals(self) -> frozenset[str]:
        """Return the hashes of all files that a version of a document refers to."""
        with self._database.read() as connection:
            return frozenset(connection.scalars(select(versions.c.file_sha256).distinct()))


def require_document(connection: Connection, document_id: str) -> RowMapping:
    """Return the row of a document.

    Raises:
        NotFound: There is no such document.
    """
    row = connection.execute(select(documents).where(documents.c.id == document_id)).mappings().first()
    if row is None:
        raise _no_document(document_id)
    return row


def _live_documents() -> Select[Any]:
    counted = select(func.count()).where(versions.c.document_id == documents.c.id).correlate(documents)
    return select(
        documents.c.id,
        documents.c.space,
        documents.c.source,
        documents.c.version,
        documents.c.added_at,
        documents.c.updated_at,
        versions.c.name,
        versions.c.title,
        versions.c.media_type,
        versions.c.n_bytes,
        versions.c.n_chunks,
        versions.c.n_characters,
        versions.c.about,
        counted.scalar_subquery().label("n_versions"),
    ).join(versions, (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version))


def _document_info(row: RowMapping) -> DocumentInfo:
    values = dict(row)
    metadata, report = unpack_about(values.pop("about"))
    return DocumentInfo(**values, metadata=metadata, report=report)


def _no_document(document_id: str) -> NotFound:
    hint = "It may have been removed meanwhile; the library, or 'footnote documents list', shows those there are."
    return NotFound(f"There is no document {document_id!r}.", hint=hint)


def _no_version(document_id: str, version: str) -> NotFound:
    return NotFound(f"There is no version {version!r} of document {document_id!r}.", hint="It may have been removed.")
