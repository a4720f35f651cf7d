"""The first tables: spaces, documents, chunks, graph records, receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "index_versions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("embedding_ref", sa.String(), nullable=False),
        sa.Column("embedding_sha256", sa.String(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("chunker", sa.String(), nullable=False),
        sa.Column("parser", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "journal",
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("index_id", sa.String(), nullable=False),
        sa.Column("chunk_id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("space", "index_id", "chunk_id"),
    )
    op.create_index("journal_by_chunk", "journal", ["chunk_id"], unique=False)
    op.create_index("journal_by_document", "journal", ["document_id"], unique=False)
    op.create_table(
        "spaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "active_index",
        sa.Column("only", sa.Integer(), nullable=False),
        sa.Column("index_id", sa.String(), nullable=False),
        sa.CheckConstraint("only = 1", name="one_row"),
        sa.ForeignKeyConstraint(
            ["index_id"],
            ["index_versions.id"],
        ),
        sa.PrimaryKeyConstraint("only"),
    )
    op.create_table(
        "collections",
        sa.Column("key", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("index_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fulltext_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["index_id"],
            ["index_versions.id"],
        ),
        sa.ForeignKeyConstraint(
            ["space"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("space", "index_id"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("conversations_by_principal", "conversations", ["principal", "space"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("space", "source"),
    )
    op.create_table(
        "members",
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("space", "principal"),
    )
    op.create_table(
        "answers",
        sa.Column("key", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=True),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.String(), nullable=False),
        sa.Column("redacted_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversations.id"],
        ),
        sa.ForeignKeyConstraint(
            ["space"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("receipt"),
    )
    op.create_index("answers_by_conversation", "answers", ["conversation"], unique=False)
    op.create_table(
        "versions",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("n_bytes", sa.Integer(), nullable=False),
        sa.Column("n_characters", sa.Integer(), nullable=False),
        sa.Column("n_chunks", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "version"),
    )
    op.create_index("versions_by_file", "versions", ["file_sha256"], unique=False)
    op.create_table(
        "answer_sources",
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt"],
            ["answers.receipt"],
        ),
        sa.PrimaryKeyConstraint("receipt", "document_id", "version"),
    )
    op.create_index("answer_sources_by_document", "answer_sources", ["document_id"], unique=False)
    op.create_table(
        "chunks",
        sa.Column("key", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("collection", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("n_tokens", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection"],
            ["collections.key"],
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "version"],
            ["versions.document_id", "versions.version"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("collection", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("chunks_by_document", "chunks", ["document_id", "version"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chunk"], ["chunks.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chunk", "ordinal"),
    )
    op.create_table(
        "relations",
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chunk"], ["chunks.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chunk", "ordinal"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("relations")
    op.drop_table("mentions")
    op.drop_index("chunks_by_document", table_name="chunks")
    op.drop_table("chunks")
    op.drop_index("answer_sources_by_document", table_name="answer_sources")
    op.drop_table("answer_sources")
    op.drop_index("versions_by_file", table_name="versions")
    op.drop_table("versions")
    op.drop_index("answers_by_conversation", table_name="answers")
    op.drop_table("answers")
    op.drop_table("members")
    op.drop_table("documents")
    op.drop_index("conversations_by_principal", table_name="conversations")
    op.drop_table("conversations")
    op.drop_table("collections")
    op.drop_table("active_index")
    op.drop_table("spaces")
    op.drop_index("journal_by_document", table_name="journal")
    op.drop_index("journal_by_chunk", table_name="journal")
    op.drop_table("journal")
    op.drop_table("index_versions")
