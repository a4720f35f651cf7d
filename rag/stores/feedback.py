"""What people say of answers, in the catalog's database: rows are added, never changed by a person.

Each row, also one that takes back what was said before, is an entry of the ledger, in the same transaction. Removing a
document takes the words that may come from it out of these rows too, inside the removal's own transaction
(`rag.stores.redaction`).
"""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Row, Select, func, insert, select

from rag.errors import NotFound
from rag.stores.access import now
from rag.stores.chain import HashLog
from rag.stores.database import Database
from rag.stores.judgement_entries import enter_judgement
from rag.stores.schema import answers, feedback
from rag.types import JudgedAnswer, Judgement, Passage

# SQLite takes 32,766 values in one statement.
_BATCH = 10_000


class SqlFeedback:
    """Judgements over a SQL database, as `rag.protocols.Feedback`; safe to use from many threads.

    Args:
        database: An open database, shared with `rag.stores.catalog.SqlCatalog`.
        log: The catalog's second copy of the ledger's hashes; ``None`` for none.
    """

    def __init__(self, database: Database, log: HashLog | None = None) -> None:
        self._database = database
        self._log = log

    def asked_by(self, receipt: str) -> tuple[str, str]:
        """Return who asked for an answer, and in which space.

        Raises:
            NotFound: There is no such receipt.
        """
        query = select(answers.c.principal, answers.c.space).where(answers.c.receipt == receipt)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"There is no answer with the receipt {receipt!r}.", hint="Check the receipt.")
        return row.principal, row.space

    def add_judgement(self, judgement: Judgement) -> Judgement:
        """Store a judgement and return it with its time; it replaces earlier ones of the same person.

        Raises:
            StoreError: There is no such answer.
        """
        chosen, at = judgement.passage, now()
        with self._database.write() as connection:
            query = (
                insert(feedback)
                .values(
                    receipt=judgement.receipt,
                    principal=judgement.principal,
                    verdict=judgement.verdict,
                    answerable=judgement.answerable,
                    question=judgement.question,
                    expected=judgement.expected,
                    document_id=chosen.document_id if chosen else None,
                    version=chosen.version if chosen else None,
                    start=chosen.start if chosen else None,
                    end=chosen.end if chosen else None,
                    given_at=at,
                    salt=secrets.token_hex(16),
                )
                .returning(feedback.c.key)
            )
            entry = enter_judgement(connection, "judgement", connection.execute(query).scalar_one())
        if self._log is not None:
            self._log.note(entry, self._database)
        return dataclasses.replace(judgement, at=at)

    def judgements_of(self, principal_id: str, receipts: Iterable[str]) -> dict[str, Judgement]:
        """Return the latest judgement of one person by receipt, those withdrawn left out."""
        return {each.receipt: each for each in self._on(receipts, feedback.c.principal == principal_id)}

    def judgements_on(self, receipts: Iterable[str]) -> dict[str, tuple[Judgement, ...]]:
        """Return the latest judgement of each person by receipt, the newest first, those withdrawn left out."""
        found: dict[str, tuple[Judgement, ...]] = {}
        for each in self._on(receipts):
            found[each.receipt] = (*found.get(each.receipt, ()), each)
        return found

    def judged(self, space: str) -> tuple[JudgedAnswer, ...]:
        """Return the answers of a space that somebody judged, the latest judgement first."""
        by_receipt: dict[str, list[Judgement]] = {}
        records: dict[str, str] = {}
        query = (
            _latest()
            .add_columns(answers.c.record)
            .join(answers, answers.c.receipt == feedback.c.receipt)
            .where(answers.c.space == space, feedback.c.verdict != "withdrawn")
            .order_by(feedback.c.key.desc())
        )
        with self._database.read() as connection:
            for row in connection.execute(query):
                by_receipt.setdefault(row.receipt, []).append(_judgement(row))
                records[row.receipt] = row.record
        return tuple(JudgedAnswer(json.loads(records[name]), tuple(own)) for name, own in by_receipt.items())

    def _on(self, receipts: Iterable[str], *which: ColumnElement[bool]) -> Iterator[Judgement]:
        """Yield the latest judgement of each person for answers, the newest first, those withdrawn left out."""
        wanted = sorted(set(receipts))
        query = _latest().where(feedback.c.verdict != "withdrawn", *which).order_by(feedback.c.key.desc())
        with self._database.read() as connection:
            for begin in range(0, len(wanted), _BATCH):
                some = feedback.c.receipt.in_(wanted[begin : begin + _BATCH])
                yield from map(_judgement, connection.execute(query.where(some)))


def _latest() -> Select[tuple[object, ...]]:
    """Select the last row of each person for each answer."""
    last = select(func.max(feedback.c.key)).group_by(feedback.c.receipt, feedback.c.principal)
    return select(feedback).where(feedback.c.key.in_(last))


def _judgement(row: Row[tuple[object, ...]]) -> Judgement:
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for columns by name
    chosen = None
    if known["document_id"] is not None:
        chosen = Passage(known["document_id"], known["version"], known["start"], known["end"])
    return Judgement(
        receipt=known["receipt"],
        principal=known["principal"],
        verdict=known["verdict"],
        answerable=bool(known["answerable"]),
        question=known["question"],
        expected=known["expected"],
        passage=chosen,
        at=known["given_at"],
        redacted=known["redacted_at"] is not None,
    )
