"""The files as they were uploaded, each under the hash of its bytes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import InputError, NotFound, StoreError

_HASH = re.compile(r"[0-9a-f]{64}")


class FileOriginals:
    """A directory of files named by hash, ``ab/abcdef…``, as `rag.protocols.Originals`.

    Args:
        path: The directory; made when missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _translated(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """Store a file unless it is there; either all of it arrives, or nothing.

        Args:
            sha256: Hash of the bytes, hexadecimal.
            chunks: The bytes in pieces, of which one at a time is held in memory.

        Raises:
            InputError: The bytes have another hash.
            StoreError: The disk is full or not writable.
        """
        target = self._place(sha256)
        if target.exists():
            return
        with _translated(target):
            target.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    _copy(chunks, file.write, sha256)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(name, target)  # noqa: PTH105 - a name from tempfile
                _sync_directory(target.parent)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)  # noqa: PTH108 - a name from tempfile
                raise

    def path(self, sha256: str) -> Path:
        """Return where the file lies, for readers that want a path.

        Raises:
            NotFound: There is no such file.
        """
        place = self._place(sha256)
        if not place.is_file():
            raise NotFound(f"There is no original with the hash {sha256!r}.", hint="Ingest the file again.")
        return place

    @contextmanager
    def open(self, sha256: str) -> Iterator[bytes]:
        """Give its bytes.

        Raises:
            NotFound: There is no such file.
        """
        with _translated(self._path):
            content = self.path(sha256).read_bytes()
        yield content

    def delete(self, sha256: str) -> None:
        """Remove it; an unknown one is ignored."""
        place = self._place(sha256)
        with _translated(place):
            place.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # not empty, or gone
                place.parent.rmdir()

    def stored(self) -> set[str]:
        """Return the hashes of all files."""
        return {path.name for path in self._path.glob("??/*") if _HASH.fullmatch(path.name)}

    def sweep(self, keep: Iterable[str]) -> set[str]:
        """Remove every file but these, and what interrupted writes left; return the hashes removed."""
        removed = self.stored() - set(keep)
        for sha256 in sorted(removed):
            self.delete(sha256)
        for part in self._path.glob("??/.part-*"):
            part.unlink(missing_ok=True)
        return removed

    def _place(self, sha256: str) -> Path:
        # A hash is part of a path: anything else could lead out of the directory.
        if not _HASH.fullmatch(sha256):
            raise InputError(
                f"{sha256!r} is not a SHA-256 in lower-case hexadecimal.", hint="Give the hash that the catalog holds."
            )
        return self._path / sha256[:2] / sha256


def _copy(chunks: Iterable[bytes], write: Callable[[bytes], object], sha256: str) -> None:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        write(chunk)
    if digest.hexdigest() != sha256:
        raise InputError(
            f"The file has the hash {digest.hexdigest()}, not {sha256}.",
            hint="It changed while it was read; try again.",
        )


def _sync_directory(path: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a directory; its rename is durable by itself.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreError("The disk is full; nothing was changed.", hint="Free some space and try again.") from exc
        raise StoreError(
            f"{str(path)!r} cannot be used: {exc.strerror}.", hint="Check the permissions of the home directory."
        ) from exc
