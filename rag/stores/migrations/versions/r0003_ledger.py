"""The chain of entries over all answers; answers of before are taken into it as they are."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from rag.canonical import digest

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    """Create the table, and an entry for every answer that there is."""
    op.create_table(
        "ledger",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("record_sha256", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("previous"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ledger_by_receipt", "ledger", ["receipt"], unique=False)
    _adopt(op.get_bind())


def _adopt(connection: sa.Connection) -> None:
    answers = sa.table("answers", sa.column("key"), sa.column("receipt"), sa.column("record"))
    ledger = sa.table(
        "ledger", *map(sa.column, ("sequence", "kind", "receipt", "record_sha256", "previous", "at", "hash"))
    )
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    last, sequence, previous = -1, 0, "0" * 64
    while True:
        query = sa.select(answers).where(answers.c.key > last).order_by(answers.c.key).limit(_BATCH)
        rows = connection.execute(query).all()
        if not rows:
            return
        last = rows[-1].key
        for row in rows:
            record = json.loads(row.record)
            # As for new answers: the digest of a record that is redacted later must not give its words away.
            record.setdefault("salt", secrets.token_hex(16))
            sequence += 1
            entry = {
                "sequence": sequence,
                "kind": "adopted",
                "receipt": row.receipt,
                "record_sha256": digest(record),
                "previous": previous,
                "at": at,
            }
            previous = digest(entry)
            written = json.dumps(record, ensure_ascii=False)
            connection.execute(sa.update(answers).where(answers.c.key == row.key).values(record=written))
            connection.execute(sa.insert(ledger).values({**entry, "hash": previous}))
