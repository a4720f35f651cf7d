"""What people say of answers joins the chain of entries; judgements of before are taken into it as they are."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from rag.canonical import digest

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = (
    *("key", "receipt", "principal", "verdict", "answerable", "question", "expected"),
    *("document_id", "version", "start", "end", "given_at", "redacted_at", "salt"),
)


def upgrade() -> None:
    """Give each judgement a salt, and the chain an entry for each."""
    op.add_column("feedback", sa.Column("salt", sa.String(), nullable=False, server_default=""))
    _adopt(op.get_bind())


def _adopt(connection: sa.Connection) -> None:
    feedback = sa.table(
        "feedback", *(sa.column(name, sa.Boolean() if name == "answerable" else None) for name in _COLUMNS)
    )
    ledger = sa.table(
        "ledger", *map(sa.column, ("sequence", "kind", "receipt", "record_sha256", "previous", "at", "hash"))
    )
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    last = connection.execute(sa.select(ledger).order_by(ledger.c.sequence.desc()).limit(1)).first()
    sequence, previous = (last.sequence, last.hash) if last else (0, "0" * 64)
    for row in connection.execute(sa.select(feedback).order_by(feedback.c.key)).mappings().all():
        record = {**row, "salt": secrets.token_hex(16)}
        sequence += 1
        entry = {
            "sequence": sequence,
            "kind": "judgement_adopted",
            "receipt": f"{row['receipt']}/{row['key']}",
            "record_sha256": digest(record),
            "previous": previous,
            "at": at,
        }
        previous = digest(entry)
        connection.execute(sa.update(feedback).where(feedback.c.key == row["key"]).values(salt=record["salt"]))
        connection.execute(sa.insert(ledger).values({**entry, "hash": previous}))
