"""The home directory: where everything lies, and the one process that owns it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from sqlalchemy import URL

from rag.errors import HomeInUse, StoreError

_LOCK = "footnote.lock"
_OWNER = "owner.json"


class Home:
    """Layout and ownership of a home directory.

    Used as a context manager, or with `acquire` and `release`. The lock is the operating system's: it ends
    with the process, however that dies, so no stale lock ever has to be removed by hand.

    Args:
        path: The directory; made by `acquire` when missing.
        models: Where models that were pulled lie; by default inside the directory.
    """

    def __init__(self, path: Path, *, models: Path | None = None) -> None:
        self.path = path
        self._models = models
        self._lock: FileLock | None = None

    @property
    def catalog(self) -> Path:
        """File of the catalog."""
        return self.path / "catalog.db"

    @property
    def database_url(self) -> URL:
        """SQLAlchemy URL of the catalog."""
        # As text it would end at a question mark in a folder's name.
        return URL.create("sqlite", database=str(self.catalog))

    @property
    def ledger_log(self) -> Path:
        """File that holds the hashes of the ledger a second time."""
        return self.path / "ledger.log"

    @property
    def chroma(self) -> Path:
        """Directory of the vectors."""
        return self.path / "chroma"

    @property
    def files(self) -> Path:
        """Directory of the originals."""
        return self.path / "files"

    @property
    def logs(self) -> Path:
        """Directory of the logs."""
        return self.path / "logs"

    @property
    def uploads(self) -> Path:
        """Directory of uploaded files that are waiting to be read."""
        return self.path / "uploads"

    @property
    def models(self) -> Path:
        """Directory of models that were pulled."""
        return self._models or self.path / "models"

    def acquire(self) -> Self:
        """Make the directory and become its owner.

        Raises:
            HomeInUse: Another process, or another part of this one, owns it.
            StoreError: The path is no directory, or cannot be written.
        """
        lock = FileLock(self.path / _LOCK, timeout=0, mode=0o600)
        try:
            self._make()
            lock.acquire()
            self._sign()
            self._sweep()
        except Timeout as exc:
            raise self._in_use() from exc
        except OSError as exc:
            lock.release()
            raise StoreError(
                f"The home directory {str(self.path)!r} cannot be used: {exc.strerror or exc}.",
                hint="Choose another one with --home, mend its permissions, or free some space.",
            ) from exc
        self._lock = lock
        return self

    def release(self) -> None:
        """Let go of the directory; harmless when it is not held."""
        if self._lock is None:
            return
        self._owner.unlink(missing_ok=True)
        self._lock.release()
        self._lock = None

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def _owner(self) -> Path:
        return self.path / _OWNER

    def _make(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise NotADirectoryError(20, "it is a file, not a directory")
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for directory in (self.chroma, self.files, self.logs, self.uploads, self.models):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its log files the mode of the database, so that is made first, for the owner alone.
        os.close(os.open(self.path / "catalog.db", os.O_CREAT | os.O_RDWR, 0o600))

    def _sweep(self) -> None:
        """Remove the uploads that a killed process left; nobody waits for them any more."""
        for left in self.uploads.iterdir():
            shutil.rmtree(left, ignore_errors=True)

    def _sign(self) -> None:
        """Write down who owns the directory, for the message that the next one gets."""
        self._owner.write_text(json.dumps({"pid": os.getpid(), "command": " ".join(sys.argv)}), encoding="utf-8")
        self._owner.chmod(0o600)

    def _in_use(self) -> HomeInUse:
        holder = "another process"
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            owner = json.loads(self._owner.read_text(encoding="utf-8"))
            holder = f"process {owner['pid']} ({owner['command']})"
        return HomeInUse(
            f"The home directory {str(self.path)!r} is in use by {holder}.",
            hint="Use that process's window, end it, or choose another directory with --home.",
        )
