"""What people say of answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "feedback",
        sa.Column("key", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("answerable", sa.Boolean(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.String(), nullable=False),
        sa.Column("redacted_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["receipt"], ["answers.receipt"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("feedback_by_receipt", "feedback", ["receipt", "principal"], unique=False)
