"""The connection to the catalog's database: transactions, migrations, errors in Footnote's own terms."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from rag.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 30
_BEGIN = "footnote_begin"


class Database:
    """One database for many threads: readers never wait, writers wait for each other.

    Opening brings the tables up to date. SQLite runs in WAL mode, where a reader sees the state at the
    beginning of its transaction; ``secure_delete`` overwrites deleted content with zeros.

    Args:
        url: SQLAlchemy URL, e.g. ``sqlite:////home/me/footnote/catalog.db``.
        secure_delete: Whether SQLite overwrites what it deletes; off only to show that it matters.

    Raises:
        StoreError: The database cannot be opened, is damaged, or was written by a newer Footnote.
    """

    def __init__(self, url: str | URL, *, secure_delete: bool = True) -> None:
        self._writing = threading.RLock()
        # Every thread of the server may hold a reader: the pool must not make one wait for another.
        self._engine = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=-1)
        # A writer takes the lock at once: one that began as a reader could not wait for another writer.
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        if self.is_sqlite:
            _prepare_sqlite(self._engine, secure_delete=secure_delete)
        try:
            self._migrate()
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in a transaction that sees one state of the catalog."""
        with _translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is committed at the end, or rolled back on an error."""
        with _translated(), self._writing, self._writer.connect() as connection, connection.begin():
            yield connection

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database and empty it.

        Raises:
            StoreError: A reader held the log for longer than the time limit, or there is no room on the disk.
        """
        if not self.is_sqlite:
            return
        with _translated(), self._writing, self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StoreError(
                "The log of the catalog could not be emptied: a reader has held it for more than "
                f"{BUSY_TIMEOUT_S} seconds.",
                hint="Try again when no long question or ingest is running.",
            )

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.util.exc import CommandError

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as exc:
                raise StoreError(
                    f"The catalog was written by a newer Footnote: {exc}.",
                    hint="Install that version or a later one, or choose another home directory.",
                ) from exc


def _prepare_sqlite(engine: Engine, *, secure_delete: bool) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself: it would not begin one before a read or a DDL.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Sorting a large result would otherwise leave text in files outside the home directory.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA secure_delete = {'ON' if secure_delete else 'OFF'}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as exc:
        raise _explain(exc) from exc


def _explain(error: SQLAlchemyError | sqlite3.Error) -> StoreError:
    cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    if "disk is full" in cause:
        return StoreError("The disk is full; nothing was changed.", hint="Free some space and try again.")
    if "readonly" in cause or "unable to open" in cause:
        return StoreError(
            f"The catalog cannot be written: {cause}.", hint="Check the permissions of the home directory."
        )
    if "malformed" in cause or "not a database" in cause:
        return StoreError(
            f"The catalog is damaged: {cause}.", hint="Put back a copy of catalog.db, or choose another home."
        )
    if isinstance(error, IntegrityError):
        return StoreError(
            f"The catalog refused a change that contradicts it: {cause}.", hint="Nothing was changed; try again."
        )
    return StoreError(
        f"The catalog failed: {cause}.", hint="Try again; `footnote status` says whether the stores agree."
    )
