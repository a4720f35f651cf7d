"""What Chroma leaves on the disk, and how it goes.

Found in Chroma 1.5.9: a deleted collection keeps its directory with all vectors; deleted rows stay readable
in free pages of ``chroma.sqlite3``; deleted vectors stay in the graph file. See docs/decisions/0005.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from rag.errors import StoreError

_DATABASE = "chroma.sqlite3"
_TIMEOUT_S = 30


def sweep(path: Path) -> None:
    """Remove directories of collections that are no more, and free pages of the database.

    Args:
        path: Directory of the store. It may be open: the database's own locks make both sides wait.

    Raises:
        StoreError: The database was busy for too long.
    """
    try:
        with closing(sqlite3.connect(path / _DATABASE, timeout=_TIMEOUT_S, isolation_level=None)) as connection:
            known = {row[0] for row in connection.execute("SELECT id FROM segments")}
            connection.execute("PRAGMA secure_delete = ON")
            # Copies of the pages must not pass through a directory outside the home.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("VACUUM")
    except sqlite3.Error as exc:
        raise StoreError(
            f"The database of the vectors in {str(path)!r} cannot be cleaned: {exc}.", hint="Try again later."
        ) from exc
    for directory in path.iterdir():
        if directory.is_dir() and _is_segment(directory.name) and directory.name not in known:
            shutil.rmtree(directory)


def discard_damaged(path: Path) -> bool:
    """Remove the whole store when its database is damaged, since all of it can be built again.

    Args:
        path: Directory of the store, which nobody has open.

    Returns:
        Whether it was removed.
    """
    database = path / _DATABASE
    if not database.exists() or _is_sound(database):
        return False
    shutil.rmtree(path)
    return True


def _is_sound(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(database, timeout=_TIMEOUT_S)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _is_segment(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
