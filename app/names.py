"""Names of uploaded files, without what could lead out of a folder or mislead a reader."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

# No file system has longer names, so that a name of a file on a disk is kept whole, for its download too.
_MAX_PART = 255
# Of a long path so many folders are told, the nearest.
_MAX_FOLDERS = 3
_MAX_PARTS = 8


def clean_name(name: str) -> str:
    """Return the name of an uploaded file without anything that could lead out of a folder or mislead a reader.

    Folders stay, as ``a/b.pdf``; parts such as ``..``, control and direction characters go. Names that differ only in
    what is cut off stay different.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/")
    text = "".join(ch for ch in text if unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    parts = [part.strip() for part in text.split("/")]
    kept = [_shorten(part) for part in parts if part.strip(". ")]
    if len(kept) > _MAX_PARTS:
        kept = [_mark("/".join(kept[: 1 - _MAX_PARTS])), *kept[1 - _MAX_PARTS :]]
    return "/".join(kept) or "unnamed"


def distinct(names: Iterable[str]) -> list[str]:
    """Return names of files that came together; one that stood before gets a number: ``a.pdf``, ``a (2).pdf``."""
    given: list[str] = []
    seen: set[str] = set()
    for name in names:
        path, number, free = PurePosixPath(name), 1, name
        while free in seen:
            number += 1
            free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        seen.add(free)
        given.append(free)
    return given


def place_of(source: str) -> str:
    """Return where a file lay, by the archive and the folders that hold it; empty where it came by itself.

    Args:
        source: As the catalog knows it: a path, or ``upload:`` with a name, an archive's end marked with "!".
    """
    *folders, _ = source.removeprefix("upload:").removeprefix("/").split("/")
    nearest = folders[-_MAX_FOLDERS:]
    told = "/".join(("…", *nearest) if len(nearest) < len(folders) else nearest)
    return told.replace("!/", " › ").removesuffix("!")


def _shorten(part: str) -> str:
    if len(part) <= _MAX_PART:
        return part
    suffix, mark = Path(part).suffix[:16], f"-{_mark(part)}"
    return Path(part).stem[: _MAX_PART - len(suffix) - len(mark)] + mark + suffix


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
