"""How a judgement stands in the ledger: its record, made of the columns of its row, and the entries about it.

An entry names the judgement as ``RECEIPT/KEY``. The key is part of the record, since the newest row of a person is the
one that counts. The salt serves as in the records of answers: see `rag.stores.redaction`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from rag.stores import chain
from rag.stores.schema import feedback
from rag.types import EntryKind, LedgerEntry

KINDS: frozenset[EntryKind] = frozenset({"judgement", "judgement_redaction", "judgement_adopted"})
"""Kinds of entries about judgements."""
FIRST: frozenset[EntryKind] = KINDS - {"judgement_redaction"}
"""Kinds of the first entry about a judgement."""
# Named one by one: a column that comes later must not change the digests of before.
_RECORD = (
    *("key", "receipt", "principal", "verdict", "answerable", "question", "expected"),
    *("document_id", "version", "start", "end", "given_at", "redacted_at", "salt"),
)


def enter_judgement(connection: Connection, kind: EntryKind, key: int) -> LedgerEntry:
    """Add an entry for a judgement as it stands now.

    Args:
        connection: The transaction for writing in which the row was written.
        kind: What happened to it.
        key: Of the row.
    """
    row = connection.execute(select(feedback).where(feedback.c.key == key)).mappings().one()
    return chain.append(connection, kind, name_of(row), record_of(row))


def name_of(row: RowMapping) -> str:
    """Return the name of a judgement in the ledger."""
    return f"{row['receipt']}/{row['key']}"


def answer_of(name: str) -> str:
    """Return the receipt of the answer that a judgement is about, by its name in the ledger."""
    return name.rpartition("/")[0]


def record_of(row: RowMapping) -> Mapping[str, Any]:
    """Return the record of a judgement; its digest is in the ledger."""
    return {name: row[name] for name in _RECORD}
