"""The chain over all answers and judgements: entries that are only added, each with the hash of the one before.

An entry is written in the transaction that writes the answer, so that a kill leaves both or neither. A writer
holds the database's only write lock from before it reads the head, so that no two entries follow the same one.
The hashes are written down a second time, in a plain file beside the database: see `HashLog`.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from rag.canonical import digest
from rag.stores.access import now
from rag.stores.database import Database
from rag.stores.schema import ledger
from rag.types import EntryKind, LedgerEntry

_LOG = logging.getLogger(__name__)
ROOT = "0" * 64
"""What stands for the hash of an entry before the first."""
_BATCH = 1000
# No chain is longer than numbers of so many digits count.
_MAX_DIGITS = 18
_ADOPTED = frozenset({"adopted", "judgement_adopted"})


def append(connection: Connection, kind: EntryKind, receipt: str, record: Mapping[str, object]) -> LedgerEntry:
    """Add an entry for an answer, or a judgement of one, as it stands now.

    Args:
        connection: A transaction for writing, in which the record is stored too.
        kind: What happened to it.
        receipt: The answer, or the name of the judgement.
        record: Its record as it will be read back.

    Raises:
        TypeError: The record is no JSON.
        ValueError: A number in it is not finite.
    """
    last = head(connection)
    fields: dict[str, Any] = {
        "sequence": last.sequence + 1 if last else 1,
        "kind": kind,
        "receipt": receipt,
        "record_sha256": digest(record),
        "previous": last.hash if last else ROOT,
        "at": now(),
    }
    entry = LedgerEntry(**fields, hash=digest(fields))
    connection.execute(insert(ledger).values({**fields, "hash": entry.hash}))
    return entry


def entry_hash(entry: LedgerEntry) -> str:
    """Return the hash that an entry must have."""
    fields = ("sequence", "kind", "receipt", "record_sha256", "previous", "at")
    return digest({name: getattr(entry, name) for name in fields})


def head(connection: Connection) -> LedgerEntry | None:
    """Return the last entry."""
    row = connection.execute(select(ledger).order_by(ledger.c.sequence.desc()).limit(1)).mappings().first()
    return None if row is None else LedgerEntry(**row)


def entries(connection: Connection, *, after: int | None = None, receipt: str | None = None) -> Iterator[LedgerEntry]:
    """Yield entries in the order of their numbers.

    Args:
        connection: An open transaction.
        after: Only those with a greater number; by default all, those that somebody put before the first too.
        receipt: Only those of this answer.
    """
    query = select(ledger).order_by(ledger.c.sequence)
    if after is not None:
        query = query.where(ledger.c.sequence > after)
    if receipt is not None:
        query = query.where(ledger.c.receipt == receipt)
    for row in connection.execution_options(yield_per=_BATCH).execute(query).mappings():
        yield LedgerEntry(**row)


class HashLog:
    """The hashes of the chain written down outside of the database, a line ``NUMBER HASH`` an entry.

    Whoever changes the database alone does not change this file, which can stand on a medium that only takes
    additions. It may lack the last lines after a kill; the next entry brings them.

    Args:
        path: The file; made with the first catalog, and never again, so that its loss is noticed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._last: int | None = None

    def begin(self, connection: Connection) -> None:
        """Make the file where the chain holds nothing yet that it could have named, and bring it up to date."""
        if not self.path.exists() and all(entry.kind in _ADOPTED for entry in entries(connection)):
            self._append("")
        self.follow(connection)

    def follow(self, connection: Connection) -> None:
        """Write down the entries that are missing at the end of the file; a lost file is not made again."""
        with self._writing:
            if not self.path.exists():
                return
            if self._last is None:
                try:
                    self._last = max(self.lines()[0], default=0)
                except OSError as exc:
                    # As where it cannot be written: the answers are worth more, and `verify` tells of it.
                    _LOG.warning("%s could not be read: %s", self.path, exc)
                    return
            new = list(entries(connection, after=self._last))
            if new and self._append("".join(f"{entry.sequence} {entry.hash}\n" for entry in new)):
                self._last = new[-1].sequence

    def note(self, entry: LedgerEntry, database: Database) -> None:
        """Write down an entry whose transaction is over, and those before it that are missing."""
        if not self.take(entry):
            with database.read() as connection:
                self.follow(connection)

    def take(self, entry: LedgerEntry) -> bool:
        """Write down an entry that has just been stored, without a look at the database.

        Returns:
            Whether the file holds it now; not when entries before it are missing, see `follow`.
        """
        with self._writing:
            if self._last is None or entry.sequence > self._last + 1 or not self.path.exists():
                return False
            if entry.sequence == self._last + 1 and self._append(f"{entry.sequence} {entry.hash}\n"):
                self._last = entry.sequence
            return self._last >= entry.sequence

    def lines(self) -> tuple[dict[int, str], list[str]]:
        """Return the hash of each number, and the lines that are neither whole nor the torn beginning of one.

        Raises:
            OSError: The file cannot be read.
        """
        known: dict[int, str] = {}
        broken: list[str] = []
        text = self.path.read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            number, _, hashed = line.partition(" ")
            if number.isdecimal() and len(number) <= _MAX_DIGITS and len(hashed) == len(ROOT):
                if known.setdefault(int(number), hashed) != hashed:
                    broken.append(line)
            elif line.strip() and not (number.isdecimal() and len(hashed) < len(ROOT)):
                broken.append(line)
        return known, broken

    def _append(self, text: str) -> bool:
        """Add text in one write; a failure costs the second copy of some hashes, never an answer."""
        try:
            opened = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
            try:
                size = os.fstat(opened).st_size
                torn = size > 0 and os.pread(opened, 1, size - 1) != b"\n"
                lines = (("\n" if torn else "") + text).encode("ascii")
                if os.write(opened, lines) < len(lines):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            finally:
                os.close(opened)
        except OSError as exc:
            _LOG.warning("%s could not be written: %s", self.path, exc)
            return False
        return True
