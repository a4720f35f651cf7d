"""The catalog's receipts: every answer with what it rested on, and the conversations that hold them.

What is stored of an answer, and every later change of it, is an entry of the chain in `rag.stores.chain`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from rag.errors import AccessError, InputError, NotFound
from rag.stores import chain
from rag.stores.access import now
from rag.stores.audit import check_ledger
from rag.stores.chain import HashLog
from rag.stores.database import Database
from rag.stores.redaction import forget_gone, sources
from rag.stores.schema import answer_sources, answers, conversations
from rag.types import Answer, LedgerCheck, LedgerEntry, Principal


class Ledger:
    """Answers and conversations; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database
    _log: HashLog | None

    def save_answer(self, answer: Answer, principal: Principal, record: Mapping[str, object]) -> tuple[str, ...]:
        """Store an answer's receipt with its entry in the ledger; its conversation is begun by its first answer.

        Words of a document that was removed after it was read are not stored, see `rag.stores.redaction`.

        Args:
            answer: The answer, with all documents that it was made from.
            principal: Who asked.
            record: Its JSON form. Every mapping in it that holds words of a document must name that
                document (``document``, ``document_id``, ``chunk`` or ``chunk_id``) beside them, so that
                the words can be taken out when the document is removed.

        Returns:
            Ids of the documents in it that have been removed meanwhile.

        Raises:
            AccessError: The conversation belongs to someone else or to another space.
            InputError: The record is no JSON.
        """
        try:
            stored = _record(json.dumps(record, allow_nan=False))
        except (TypeError, ValueError) as exc:
            raise InputError(
                f"The record of answer {answer.receipt!r} is no JSON: {exc}.",
                hint="Store texts, finite numbers, lists and mappings only.",
            ) from exc
        question, named = answer.question, _sources(answer, stored)
        with self._database.write() as connection:
            # In the transaction that stores it: a removal comes before it, or finds the stored answer.
            at = now()
            kept, gone = forget_gone(connection, stored, named, at=at)
            asked = str(kept.get("question", question.text))
            if question.conversation is not None:
                _enter_conversation(connection, answer, principal, title=asked)
            connection.execute(
                insert(answers).values(
                    receipt=answer.receipt,
                    conversation=question.conversation,
                    principal=principal.id,
                    space=question.space,
                    question=asked,
                    outcome=answer.verdict.outcome,
                    record=json.dumps(kept, ensure_ascii=False),
                    asked_at=answer.asked_at,
                    redacted_at=at if gone else None,
                )
            )
            rows = [
                {"receipt": answer.receipt, "document_id": document_id, "version": version}
                for document_id, version in sorted(named)
            ]
            if rows:
                connection.execute(insert(answer_sources), rows)
            entries = [chain.append(connection, "answer", answer.receipt, kept)]
            # As many as the record has notes, as where words go later.
            entries += [chain.append(connection, "redaction", answer.receipt, kept) for _ in gone]
        if self._log is not None:
            for entry in entries:
                self._log.note(entry, self._database)
        return gone

    def answer(self, receipt: str) -> Mapping[str, object]:
        """Return the stored record of an answer.

        Raises:
            NotFound: There is no such receipt.
        """
        with self._database.read() as connection:
            record = connection.scalar(select(answers.c.record).where(answers.c.receipt == receipt))
        if record is None:
            raise NotFound(f"There is no answer with the receipt {receipt!r}.", hint="Check the receipt.")
        return _record(record)

    def answers(self, conversation: str) -> tuple[Mapping[str, object], ...]:
        """Return the records of a conversation, oldest first; none for an unknown one."""
        query = select(answers.c.record).where(answers.c.conversation == conversation).order_by(answers.c.key)
        with self._database.read() as connection:
            return tuple(_record(record) for record in connection.scalars(query))

    def ledger(self, receipt: str) -> tuple[LedgerEntry, ...]:
        """Return the entries of an answer, without those of its judgements, in the order of the chain."""
        with self._database.read() as connection:
            return tuple(chain.entries(connection, receipt=receipt))

    def ledger_head(self) -> LedgerEntry | None:
        """Return the last entry of the chain."""
        with self._database.read() as connection:
            return chain.head(connection)

    def check_ledger(self, anchors: Iterable[tuple[int, str]] = ()) -> LedgerCheck:
        """Walk over the whole chain, compare every record with its digest and every quote with its document.

        Judgements are compared as answers are.

        Args:
            anchors: Numbers and hashes of entries that were noted elsewhere, e.g. in exports.
        """
        return check_ledger(self._database, self._log, anchors)

    def _follow(self) -> None:
        if self._log is not None:
            with self._database.read() as connection:
                self._log.follow(connection)

    def conversations(self, principal: Principal, space: str) -> tuple[Mapping[str, object], ...]:
        """Return ``id``, ``title``, ``n_answers``, ``created_at`` and ``updated_at`` of each, newest first."""
        last = func.max(answers.c.key)
        query = (
            select(
                conversations.c.id,
                conversations.c.title,
                func.count().label("n_answers"),
                conversations.c.created_at,
                conversations.c.updated_at,
            )
            .join(answers, answers.c.conversation == conversations.c.id)
            .where(*_listed(principal, space))
            .group_by(conversations.c.id)
            .order_by(last.desc())
        )
        with self._database.read() as connection:
            return tuple(dict(row) for row in connection.execute(query).mappings())

    def find_conversations(self, principal: Principal, space: str, text: str) -> tuple[Mapping[str, object], ...]:
        """Return those of `conversations` whose title and questions hold every word, in any order and case.

        Each has a ``question`` beside: the latest one with a word that its title lacks, empty where that lacks none.
        """
        query = (
            select(conversations.c.id, answers.c.question)
            .join(answers, answers.c.conversation == conversations.c.id)
            .where(*_listed(principal, space))
            .order_by(answers.c.key.desc())
        )
        asked: dict[str, list[str]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                asked.setdefault(row.id, []).append(row.question)
        words = text.casefold().split()
        listed = ((each, asked.get(str(each["id"]), [])) for each in self.conversations(principal, space))
        return tuple(
            {**each, "question": _asked_beside(str(each["title"]), questions, words)}
            for each, questions in listed
            if all(word in "\n".join((str(each["title"]), *questions)).casefold() for word in words)
        )

    def rename_conversation(self, conversation: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            NotFound: There is no such conversation.
        """
        self._change_conversation(conversation, title=title)

    def delete_conversation(self, conversation: str) -> None:
        """Remove a conversation from the list of its owner; receipts stay.

        A question that is asked in it later opens it again; the answer to an earlier one does not.

        Raises:
            NotFound: There is no such conversation.
        """
        self._change_conversation(conversation, state="deleted", updated_at=now())

    def _change_conversation(self, conversation: str, **values: str) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                update(conversations).where(conversations.c.id == conversation).values(values)
            ).rowcount
            if changed == 0:
                raise NotFound(f"There is no conversation {conversation!r}.", hint="It may have been deleted.")


def _listed(principal: Principal, space: str) -> tuple[ColumnElement[bool], ...]:
    table = conversations.c
    return table.principal == principal.id, table.space == space, table.state == "open"


def _asked_beside(title: str, asked: Sequence[str], words: Sequence[str]) -> str:
    lacking = [word for word in words if word not in title.casefold()]
    return next((text for text in asked if any(word in text.casefold() for word in lacking)), "")


def _enter_conversation(connection: Connection, answer: Answer, principal: Principal, *, title: str) -> None:
    question = answer.question
    row = connection.execute(select(conversations).where(conversations.c.id == question.conversation)).first()
    if row is None:
        connection.execute(
            insert(conversations).values(
                id=question.conversation,
                principal=principal.id,
                space=question.space,
                title=title,
                state="open",
                created_at=now(),
                updated_at=now(),
            )
        )
        return
    if (row.principal, row.space) != (principal.id, question.space):
        raise AccessError(
            f"The conversation {question.conversation!r} belongs to another person or space.",
            hint="Begin a new conversation.",
        )
    # A deleted one was changed last when it was deleted.
    asked_at, changed_at = map(datetime.fromisoformat, (answer.asked_at, row.updated_at))
    if row.state == "open" or asked_at > changed_at:
        values = {"state": "open", "updated_at": now()}
        connection.execute(update(conversations).where(conversations.c.id == row.id).values(values))


def _sources(answer: Answer, record: object) -> set[tuple[str, str]]:
    """Return (document, version) of everything that an answer rests on, shows, or was made from."""
    chunks = [hit.passage.chunk for hit in answer.passages]
    known = {*answer.read, *((chunk.document_id, chunk.version) for chunk in chunks)}
    for statement in (*answer.verdict.statements, *answer.verdict.sides):
        known |= {(citation.document_id, citation.version) for citation in statement.citations}
    documents = {document for document, _ in known}
    return known | {(document, "") for document in sources(record) - documents}


def _record(stored: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(stored)
    return record
