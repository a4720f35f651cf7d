"""Uploaded files on their way into the library: copies of them below the home directory, until they are read."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from app.names import clean_name, distinct
from rag.errors import StoreError
from rag.types import SourceFile

_COPY_BYTES = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def stage(files: Sequence[tuple[str, BinaryIO]], uploads: Path) -> tuple[Path, list[SourceFile]]:
    """Copy files that were dropped together to a folder of their own; nothing is left of it where that fails.

    Args:
        files: Name and content of each.
        uploads: Where the folder is made.

    Returns:
        The folder, and the files in it under the names that people see.

    Raises:
        StoreError: A file cannot be written, e.g. since the disk is full.
    """
    names = distinct(clean_name(name) for name, _ in files)
    try:
        folder = Path(tempfile.mkdtemp(dir=uploads))
        try:
            return folder, [_copy(folder, n, *each) for n, each in enumerate(zip(names, files, strict=True))]
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as exc:
        reason = "the disk is full" if exc.errno in _FULL else exc.strerror or str(exc)
        what = "1 file" if len(files) == 1 else f"{len(files)} files"
        raise StoreError(
            f"The upload was not taken: {what} could not be saved in {str(uploads)!r}: {reason}.",
            hint="Free some space, or see that Footnote may write there, and upload again.",
        ) from exc


def _copy(folder: Path, position: int, known: str, file: tuple[str, BinaryIO]) -> SourceFile:
    path = folder / f"{position:06d}{Path(known).suffix[:16]}"
    with path.open("wb") as target:
        shutil.copyfileobj(file[1], target, _COPY_BYTES)
    return SourceFile(path, f"upload:{known}", known.rsplit("/", 1)[-1])
