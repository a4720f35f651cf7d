"""The catalog: the truth about spaces, documents, chunks, index versions, graph records and answers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from sqlalchemy import func, select
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

    def retire(self, document_id: str) -> tuple[str, ...]:
        """Remove a document, see `Publishing.retire`; what answers lost by it is in the ledger's log at once."""
        forgotten = super().retire(document_id)
        self._follow()
        return forgotten

    def checkpoint(self) -> None:
        """Empty the database's log, which holds older states of its pages.

        Raises:
            StoreError: A reader held the log for longer than the time limit.
        """
        self._database.checkpoint()

    def check_removed(self, check: RemovalCheck) -> RemovalCheck:
        """Complete a removal check with what is left of the document in the catalog and the full text.

        Raises:
            StoreError: Something is left, there or in what the check counted before.
        """
        # The removal's last writes were to the journal, whose rows name chunks.
        self.checkpoint()
        mine = check.document_id
        of_document = select(func.count()).select_from(chunks).where(chunks.c.document_id == mine)
        queries = {
            "documents": select(func.count()).where(documents.c.id == mine),
            "versions": select(func.count()).where(versions.c.document_id == mine),
            "standings": select(func.count()).where(standings.c.document_id == mine),
            "chunks": of_document,
            "mentions": of_document.join(mentions, mentions.c.chunk == chunks.c.key),
            "relations": of_document.join(relations, relations.c.chunk == chunks.c.key),
            "answers": select(func.count())
            .select_from(answers)
            .join(answer_sources, answer_sources.c.receipt == answers.c.receipt)
            .where(answer_sources.c.document_id == mine, answers.c.redacted_at.is_(None)),
            "feedback": select(func.count()).where(feedback.c.document_id == mine, feedback.c.expected != ""),
        }
        with self._database.read() as connection:
            left = {name: connection.scalar(query) or 0 for name, query in queries.items()}
            left["full_text"] = sum(
                connection.execute(
                    sql(
                        f"SELECT count(*) FROM {fulltext.table_name(key)}_docsize "  # noqa: S608 - a number
                        "WHERE id NOT IN (SELECT key FROM chunks WHERE collection = :key)"
                    ),
                    {"key": key},
                ).scalar_one()
                for key in connection.scalars(select(collections.c.key)).all()
            )
        completed = dataclasses.replace(check, left={**check.left, **left})
        remaining = {name: count for name, count in completed.left.items() if count}
        if remaining:
            raise StoreError(
                f"Document {check.title!r} ({mine}) is not wholly gone: {remaining}.", hint="Remove it once more."
            )
        return completed
