"""Names of uploaded files, without what could lead out of a folder or mislead a reader."""

from __future__ import annotations

import unicodedata
from pathlib import Path

_MAX_PART = 120
_MAX_PARTS = 8


def clean_name(name: str) -> str:
    """Return the name of an uploaded file without anything that could lead out of a folder or mislead a reader.

    Folders stay, as ``a/b.pdf``; parts such as ``..``, control and direction characters go.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/")
    text = "".join(ch for ch in text if unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    parts = [part.strip() for part in text.split("/")]
    kept = [_shorten(part) for part in parts if part.strip(". ")]
    return "/".join(kept[-_MAX_PARTS:]) or "unnamed"


def _shorten(part: str) -> str:
    if len(part) <= _MAX_PART:
        return part
    stem, suffix = Path(part).stem, Path(part).suffix[:16]
    return stem[: _MAX_PART - len(suffix)] + suffix
