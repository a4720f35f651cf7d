"""The tables of the catalog.

Only plain tables stand here, so that another SQL database stays possible; full text is SQLite's own
and lives in `rag.stores.fulltext`. A change here needs a migration beside it in ``migrations/versions``.

spaces ─ members
   └ documents ─ versions, standings
          └ chunks ─ mentions, relations          (rows of live versions only, per collection)
index_versions ─ active_index
collections                                        (one per space and index version)
journal                                            (vector writes that may not have happened)
conversations, answers ─ answer_sources
                   └ feedback
ledger                                             (a chain of hashes over all answers and judgements)
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

spaces = Table(
    "spaces",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("created_at", String, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("space", ForeignKey("spaces.id"), primary_key=True),
    Column("principal", String, primary_key=True),
    Column("role", String, nullable=False),
)

index_versions = Table(
    "index_versions",
    metadata,
    Column("id", String, primary_key=True),
    Column("embedding_ref", String, nullable=False),
    Column("embedding_sha256", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("chunker", String, nullable=False),
    Column("parser", String, nullable=False),
    Column("created_at", String, nullable=False),
)

# One row: switching and going back are one update.
active_index = Table(
    "active_index",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("index_id", ForeignKey("index_versions.id"), nullable=False),
    CheckConstraint("only = 1", name="one_row"),
)

collections = Table(
    "collections",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("space", ForeignKey("spaces.id"), nullable=False),
    Column("index_id", ForeignKey("index_versions.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("fulltext_version", Integer, nullable=False),
    UniqueConstraint("space", "index_id"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("space", ForeignKey("spaces.id"), nullable=False),
    Column("source", String, nullable=False),
    Column("version", String, nullable=False),
    Column("added_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    UniqueConstraint("space", "source"),
)

versions = Table(
    "versions",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("version", String, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("name", String, nullable=False),
    Column("title", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("file_sha256", String, nullable=False),
    Column("n_bytes", Integer, nullable=False),
    Column("n_characters", Integer, nullable=False),
    Column("n_chunks", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", LargeBinary, nullable=False),
    Column("about", LargeBinary, nullable=False),
    Column("created_at", String, nullable=False),
    Index("versions_by_file", "file_sha256"),
)

# What was read of a document and what a person says over it, as JSON; the columns before are what it is looked up by.
standings = Table(
    "standings",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("space", String, nullable=False),
    Column("key", String, nullable=False),
    Column("family", String, nullable=False),
    Column("successor", String, nullable=False),
    Column("predecessor", String, nullable=False),
    Column("read", Text, nullable=False),
    Column("edited", Text, nullable=False),
    Column("edited_by", String, nullable=False),
    Column("edited_at", String, nullable=False),
    Index("standings_by_key", "key"),
    Index("standings_by_family", "family"),
    Index("standings_by_successor", "successor"),
    Index("standings_by_predecessor", "predecessor"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("collection", ForeignKey("collections.key"), nullable=False),
    Column("id", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("headings", Text, nullable=False),
    Column("page", Integer, nullable=True),
    Column("n_tokens", Integer, nullable=False),
    Column("turns", Text, nullable=False, server_default="[]"),
    Column("vector", LargeBinary, nullable=False),
    Column("sentences", LargeBinary, nullable=False, server_default=""),
    ForeignKeyConstraint(["document_id", "version"], ["versions.document_id", "versions.version"]),
    UniqueConstraint("collection", "id"),
    Index("chunks_by_document", "document_id", "version"),
    # Row numbers are the keys of the full text: one that was used once must never mean another chunk.
    sqlite_autoincrement=True,
)

mentions = Table(
    "mentions",
    metadata,
    Column("chunk", ForeignKey("chunks.key", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("surface", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

relations = Table(
    "relations",
    metadata,
    Column("chunk", ForeignKey("chunks.key", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("head", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("tail", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

# No foreign keys: a row is written before its document exists and outlives it until the vectors are gone.
journal = Table(
    "journal",
    metadata,
    Column("space", String, primary_key=True),
    Column("index_id", String, primary_key=True),
    Column("chunk_id", String, primary_key=True),
    Column("document_id", String, nullable=False),
    Index("journal_by_document", "document_id"),
    Index("journal_by_chunk", "chunk_id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("principal", String, nullable=False),
    Column("space", ForeignKey("spaces.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Index("conversations_by_principal", "principal", "space"),
)

answers = Table(
    "answers",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("receipt", String, nullable=False, unique=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=True),
    Column("principal", String, nullable=False),
    Column("space", ForeignKey("spaces.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("outcome", String, nullable=False),
    Column("record", Text, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("redacted_at", String, nullable=True),
    Index("answers_by_conversation", "conversation"),
)

# No foreign key to documents: a receipt still says which document it rested on when that is gone.
answer_sources = Table(
    "answer_sources",
    metadata,
    Column("receipt", ForeignKey("answers.receipt"), primary_key=True),
    Column("document_id", String, primary_key=True),
    Column("version", String, primary_key=True),
    Index("answer_sources_by_document", "document_id"),
)

# Rows are only added: the newest of a person counts. No foreign key to documents, as in `answer_sources`;
# `rag.stores.redaction` blanks the words when a document that they may come from is removed. The ledger has an entry
# for each row and each such change, with the digest of all columns (`rag.stores.judgement_entries`).
feedback = Table(
    "feedback",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("receipt", ForeignKey("answers.receipt"), nullable=False),
    Column("principal", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("answerable", Boolean, nullable=False),
    Column("question", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("document_id", String, nullable=True),
    Column("version", String, nullable=True),
    Column("start", Integer, nullable=True),
    Column("end", Integer, nullable=True),
    Column("given_at", String, nullable=False),
    Column("redacted_at", String, nullable=True),
    Column("salt", String, nullable=False, server_default=""),
    Index("feedback_by_receipt", "receipt", "principal"),
)

# Rows are only added. No foreign key: an entry must outlive a row of `answers` that somebody deletes, to tell of it.
# A chain cannot fork: one entry has one number, and one follower.
ledger = Table(
    "ledger",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("receipt", String, nullable=False),
    Column("record_sha256", String, nullable=False),
    Column("previous", String, nullable=False, unique=True),
    Column("at", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Index("ledger_by_receipt", "receipt"),
)
