"""Full text, the writing side: one FTS5 table per collection, changed in the catalog's own transactions.

A table per (space, index version) keeps the word statistics of a space to itself and its searches fast.
The tables are contentless: they hold words and row numbers, and the passages stand only in ``chunks``.
Such a table forgets a row only when told the very text that was indexed, so what `rag.stores.words`
makes of a passage has a version, and a table of another version is built again when the catalog is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, select, update
from sqlalchemy import text as sql

from rag.errors import StoreError
from rag.stores.schema import chunks, collections
from rag.stores.words import WORDS_VERSION, indexed_text

TOKENIZER = "porter unicode61 remove_diacritics 2"
_COLUMNS = "context, text, codes, joined"
_BATCH = 500


class Passage(NamedTuple):
    """What the full text needs of a chunk: its row number, context and text."""

    key: int
    context: str
    text: str


def create_table(connection: Connection, collection: int) -> None:
    """Create the full text of a collection.

    Raises:
        StoreError: The database is not SQLite.
    """
    if connection.dialect.name != "sqlite":
        raise StoreError(
            f"Full text needs SQLite, not {connection.dialect.name!r}.",
            hint="Use a sqlite:// URL until another full text is written.",
        )
    connection.execute(
        sql(
            f"CREATE VIRTUAL TABLE {table_name(collection)} "
            f"USING fts5({_COLUMNS}, content = '', tokenize = '{TOKENIZER}')"
        )
    )


def table_name(collection: int) -> str:
    """Return the name of the full-text table of a collection."""
    return f"fulltext_{collection:d}"


def insert(connection: Connection, collection: int, passages: Iterable[Passage]) -> None:
    """Index passages."""
    name = table_name(collection)
    statement = sql(
        f"INSERT INTO {name} (rowid, {_COLUMNS}) VALUES (:key, :context, :text, :codes, :joined)"  # noqa: S608 - a number
    )
    _execute(connection, statement, passages)


def forget(connection: Connection, collection: int, passages: Iterable[Passage]) -> None:
    """Take passages out; they must be given as they were indexed."""
    name = table_name(collection)
    statement = sql(
        f"INSERT INTO {name} ({name}, rowid, {_COLUMNS}) "  # noqa: S608 - a number
        "VALUES ('delete', :key, :context, :text, :codes, :joined)"
    )
    _execute(connection, statement, passages)


def compact(connection: Connection, collection: int) -> None:
    """Merge the index into one segment, which drops the words of passages that were taken out."""
    name = table_name(collection)
    connection.execute(sql(f"INSERT INTO {name} ({name}) VALUES ('optimize')"))  # noqa: S608 - a number


def rebuild_outdated(connection: Connection) -> None:
    """Build the full text again where another version of `rag.stores.words` wrote it."""
    outdated = select(collections.c.key).where(collections.c.fulltext_version != WORDS_VERSION)
    for collection in connection.scalars(outdated).all():
        connection.execute(sql(f"DROP TABLE IF EXISTS {table_name(collection)}"))
        create_table(connection, collection)
        rows = connection.execute(
            select(chunks.c.key, chunks.c.context, chunks.c.text).where(chunks.c.collection == collection)
        )
        insert(connection, collection, (Passage(*row) for row in rows))
        connection.execute(
            update(collections).where(collections.c.key == collection).values(fulltext_version=WORDS_VERSION)
        )


def _execute(connection: Connection, statement: TextClause, passages: Iterable[Passage]) -> None:
    rows: list[dict[str, object]] = []
    for passage in passages:
        indexed = indexed_text(passage.context, passage.text)
        rows.append({"key": passage.key, **indexed._asdict()})
        if len(rows) == _BATCH:
            connection.execute(statement, rows)
            rows = []
    if rows:
        connection.execute(statement, rows)
