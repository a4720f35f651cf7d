"""What Chroma leaves on the disk: how deleted content goes, and how torn files are noticed.

Found in Chroma 1.5.9. A deleted collection keeps its directory with all vectors, deleted rows stay readable in
free pages of ``chroma.sqlite3``, deleted vectors stay in the graph file: see docs/decisions/0005-deleting.md. Graph
files are written in place, inside ``upsert`` and ``delete`` only, and loading a torn one can end the process with a
segmentation fault, so it must be noticed before: a seal holds size and time of each after every write.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID

from rag.errors import StoreError
from rag.stores.vacuum import TIMEOUT_S

_DATABASE = "chroma.sqlite3"
_SEAL = "seal.json"


def sweep(path: Path) -> None:
    """Remove directories of collections that are no more, and free pages of the database.

    Args:
        path: Directory of the store, which this process may have open.

    Raises:
        StoreError: The database was busy for too long.
    """
    script = Path(__file__).with_name("vacuum.py")
    arguments = [sys.executable, "-I", str(script), str(path / _DATABASE)]
    ended = subprocess.run(arguments, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    if ended.returncode != 0:
        raise StoreError(
            f"The database of the vectors in {str(path)!r} cannot be cleaned: {ended.stderr.strip()[-200:]}.",
            hint="Try again when no long question or ingest is running.",
        )
    known = set(ended.stdout.split())
    for directory in _segments(path):
        if directory.name not in known:
            shutil.rmtree(directory)


def seal(path: Path) -> None:
    """Note that the graph files are whole as they are now; call it after every write, before the next.

    Args:
        path: Directory of the store.
    """
    files = _graph_files(path)
    sealed = _sealed(path)
    if files == sealed:
        return
    for name, seen in files.items():
        if sealed.get(name) != seen:
            _sync(path / name)
    draft = path / f"{_SEAL}.part"
    draft.write_text(json.dumps(files), encoding="utf-8")
    _sync(draft)
    draft.replace(path / _SEAL)


def unseal(path: Path) -> None:
    """Note that the graph files may be half written, so that `discard_torn` removes the store.

    Args:
        path: Directory of the store.
    """
    (path / _SEAL).unlink(missing_ok=True)


def discard_torn(path: Path) -> bool:
    """Remove the whole store when a killed process left files half written; it can be built again.

    Args:
        path: Directory of the store, which nobody has open.

    Returns:
        Whether it was removed.
    """
    if not (path / _DATABASE).exists() and not _segments(path):
        return False
    if _graph_files(path) == _sealed(path) and _is_sound(path / _DATABASE):
        return False
    shutil.rmtree(path)
    return True


def _graph_files(path: Path) -> dict[str, list[int]]:
    """Return size in bytes and time of change in nanoseconds of each graph file."""
    found = {}
    for directory in _segments(path):
        for file in directory.iterdir():
            seen = file.stat()
            found[f"{directory.name}/{file.name}"] = [seen.st_size, seen.st_mtime_ns]
    return found


def _sealed(path: Path) -> dict[str, list[int]]:
    try:
        sealed: dict[str, list[int]] = json.loads((path / _SEAL).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return sealed


def _segments(path: Path) -> list[Path]:
    """Return the directories of graph files, which Chroma names by UUID."""
    return [entry for entry in path.iterdir() if entry.is_dir() and _is_uuid(entry.name)] if path.is_dir() else []


def _is_sound(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(database, timeout=TIMEOUT_S)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _sync(file: Path) -> None:
    # Windows wants a handle that may write.
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
