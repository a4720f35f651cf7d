"""What is known of the model of a slot without loading it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.models.bundled import bundled_folder, bundled_model
from rag.models.references import Reference, Slot, parse
from rag.models.weights import weight_files, weights_sha256


def describe(ref: str, *, slot: Slot, cache: Path) -> dict[str, Any]:
    """Return what ``footnote models list`` shows of one slot.

    Args:
        ref: The reference that the slot is set to.
        slot: The slot.
        cache: The home's ``models`` folder.

    Returns:
        ``slot``, ``ref``, ``kind``, ``present`` (whether it can be used now), ``bytes`` and ``sha256`` of its weights
        and their ``path``; the last three are ``None`` where there are none on this machine.

    Raises:
        ModelError: The reference is malformed, or names a bundled model that does not exist.
    """
    reference = parse(ref, slot=slot)
    folder = _folder(reference, slot=slot, cache=cache)
    files = weight_files(folder) if folder is not None and folder.is_dir() else ()
    return {
        "slot": slot,
        "ref": ref,
        "kind": reference.kind,
        "present": bool(files) if _has_weights(reference, slot) else True,
        "bytes": sum(path.stat().st_size for path in files) or None,
        "sha256": weights_sha256(folder) if files and folder is not None else None,
        "path": str(folder) if files else None,
    }


def _has_weights(reference: Reference, slot: Slot) -> bool:
    if reference.kind == "bundled":
        return bool(bundled_model(reference.name, slot=slot).sha256)
    return reference.kind != "openai"


def _folder(reference: Reference, *, slot: Slot, cache: Path) -> Path | None:
    if not _has_weights(reference, slot):
        return None
    if reference.kind != "bundled":
        return reference.folder(cache)
    try:
        return bundled_folder(reference.name, slot=slot)
    except ModelError:
        # Its package is not installed: the list says so, and is no error.
        return None
