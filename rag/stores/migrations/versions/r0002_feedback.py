"""What people say of answers, and how it forgets a document that is removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# In the transaction that removes a document, whatever way leads there. A person may have copied the expected answer
# from the passage that was chosen or, where none was, from any that the answer showed; a longer text that stands in
# the document to the letter goes in any case, and so does a question that was written anew.
_FORGET = """
CREATE TRIGGER feedback_forgets BEFORE DELETE ON versions BEGIN
    UPDATE feedback SET expected = '', redacted_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE expected <> '' AND (
        document_id = OLD.document_id
        OR (document_id IS NULL
            AND receipt IN (SELECT receipt FROM answer_sources WHERE document_id = OLD.document_id))
        OR (length(expected) >= 12 AND (instr(OLD.text, expected) > 0 OR instr(OLD.title, expected) > 0))
    );
    UPDATE feedback SET question = '', redacted_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE length(question) >= 12 AND (instr(OLD.text, question) > 0 OR instr(OLD.title, question) > 0);
END
"""


def upgrade() -> None:
    """Create the table and its trigger."""
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
    op.execute(_FORGET)
