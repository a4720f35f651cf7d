"""Run migrations on the connection that `rag.stores.database.Database` hands over."""

from __future__ import annotations

from alembic import context

from rag.stores.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
# The caller's transaction spans all migrations: an interrupted one leaves the old tables.
context.run_migrations()
