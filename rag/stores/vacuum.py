"""Free the pages of Chroma's database that still hold deleted rows; runs as a process of its own.

SQLite's locks belong to a process, and Chroma brings its own SQLite: opened by Python's in the same process,
the two would not see each other's locks and damage the file. Standard library only, so that it starts fast.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing

TIMEOUT_S = 30


def vacuum(database: str) -> list[str]:
    """Rewrite the database without what was deleted; return the ids of the segments that it knows.

    Args:
        database: Path of ``chroma.sqlite3``.

    Raises:
        sqlite3.Error: It was busy for too long, or is damaged.
    """
    with closing(sqlite3.connect(database, timeout=TIMEOUT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        # Copies of the pages must not pass through a directory outside the home.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("VACUUM")
        return [row[0] for row in connection.execute("SELECT id FROM segments")]


if __name__ == "__main__":
    sys.stdout.write("\n".join(vacuum(sys.argv[1])))
