"""The catalog: the truth about spaces, documents, chunks, index versions, graph records and answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy import text as sql

from rag.errors import StoreError
from rag.stores import fulltext
from rag.stores.access import Access
from rag.stores.chain import HashLog
from rag.stores.database import Database
from rag.stores.documents import Documents
from rag.stores.ledger import Ledger
from rag.stores.passages import Passages
from rag.stores.publishing import Publishing
from rag.stores.schema import (
    answer_sources,
    answers,
    chunks,
    collections,
    documents,
    feedback,
    mentions,
    relations,
    standings,
    versions,
)
from rag.stores.staleness import Staleness
from rag.types import RemovalCheck


class SqlCatalog(Access, Documents, Publishing, Passages, Ledger, Staleness):
    """The catalog over a SQL database, as `rag.protocols.Catalog`; safe to use from many threads.

    Args:
        database: An open database, shared with `rag.stores.lexical.SqliteLexical`.
        ledger_log: File that holds the hashes of the ledger a second time; ``None`` for no such file.
    """

    def __init__(self, database: Database, *, ledger_log: Path | None = None) -> None:
        self._database = database
        self._log = HashLog(ledger_log) if ledger_log is not None else None
        with database.write() as connection:
            fulltext.rebuild_outdated(connection)
            if self._log is not None:
                self._log.begin(connection)

    @property
    def hash_log(self) -> HashLog | None:
        """The second copy of the ledger's hashes, for other stores over the same database."""
        return self._log

    def retire(self, document_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove documents, see `Publishing.retire`; what answers lost by it is in the ledger's log at once."""
        forgotten = super().retire(document_ids)
        self._follow()
        return forgotten

    def checkpoint(self) -> None:
        """Empty the database's log, which holds older states of its pages.

        Raises:
            StoreError: A reader held the log for longer than the time limit.
        """
        self._database.checkpoint()

    def check_removed(self, checks: Sequence[RemovalCheck]) -> tuple[RemovalCheck, ...]:
        """Complete removal checks with what is left of each document in the catalog, and in the full text of all.

        Raises:
            StoreError: Something is left, there or in what a check counted before.
        """
        # The removal's last writes were to the journal, whose rows name chunks.
        self.checkpoint()
        with self._database.read() as connection:
            words = _words_left(connection)
            completed = tuple(
                dataclasses.replace(
                    check, left={**check.left, **_rows_left(connection, check.document_id), "full_text": words}
                )
                for check in checks
            )
        for check in completed:
            remaining = {name: count for name, count in check.left.items() if count}
            if remaining:
                raise StoreError(
                    f"Document {check.title!r} ({check.document_id}) is not wholly gone: {remaining}.",
                    hint="Remove it once more.",
                )
        return completed


def _rows_left(connection: Connection, document_id: str) -> Mapping[str, int]:
    of_document = select(func.count()).select_from(chunks).where(chunks.c.document_id == document_id)
    queries = {
        "documents": select(func.count()).where(documents.c.id == document_id),
        "versions": select(func.count()).where(versions.c.document_id == document_id),
        "standings": select(func.count()).where(standings.c.document_id == document_id),
        "chunks": of_document,
        "mentions": of_document.join(mentions, mentions.c.chunk == chunks.c.key),
        "relations": of_document.join(relations, relations.c.chunk == chunks.c.key),
        "answers": select(func.count())
        .select_from(answers)
        .join(answer_sources, answer_sources.c.receipt == answers.c.receipt)
        .where(answer_sources.c.document_id == document_id, answers.c.redacted_at.is_(None)),
        "feedback": select(func.count()).where(feedback.c.document_id == document_id, feedback.c.expected != ""),
    }
    return {name: connection.scalar(query) or 0 for name, query in queries.items()}


def _words_left(connection: Connection) -> int:
    """Return how many passages the full text holds that are no chunks."""
    return sum(
        connection.execute(
            sql(
                f"SELECT count(*) FROM {fulltext.table_name(key)}_docsize "  # noqa: S608 - a number
                "WHERE id NOT IN (SELECT key FROM chunks WHERE collection = :key)"
            ),
            {"key": key},
        ).scalar_one()
        for key in connection.scalars(select(collections.c.key)).all()
    )
