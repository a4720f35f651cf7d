"""The models that a new one is made from: where they lie, what a card calls them, and whether they fit together."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError, ModelError
from rag.models.bundled import BUNDLED
from rag.models.pairs import CONFIG, own_config
from rag.models.references import Reference, parse
from rag.models.weights import file_sha256, locate
from rag.training.kinds import SLOTS, Kind, OwnKind

TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """A model that a new one is made from.

    Args:
        reference: As a card names it.
        sha256: Of its weights.
        folder: Where it lies.
        share: How much of it is in a mean; 1 where it is no part of one.
    """

    reference: str
    sha256: str
    folder: Path
    share: float = 1.0


def found(ref: str, *, kind: Kind, cache: Path) -> Origin:
    """Return a model to begin with.

    Args:
        ref: Its reference; an encoder of the embedding's slot is a beginning for each of the models.
        kind: Of the model that is made from it.
        cache: Where models that were pulled lie.

    Raises:
        ModelError: It is missing, or has no weights.
    """
    parsed = parse(ref, slot=SLOTS[kind])
    known = BUNDLED.get(parsed.name) if parsed.kind == "bundled" else None
    folder, sha256 = locate(parsed, slot=known.slot if known else SLOTS[kind], cache=cache)
    return Origin(told(parsed), sha256, folder)


def found_own(ref: str, *, kind: OwnKind, cache: Path) -> Origin:
    """Return a model that is one of our own, of a kind.

    Args:
        ref: Its reference.
        kind: Of it.
        cache: Where models that were pulled lie.

    Raises:
        ModelError: It is missing, or of another kind.
    """
    origin = found(ref, kind=kind, cache=cache)
    own_config(origin.folder, kind=kind, slot=SLOTS[kind])
    return origin


def told(reference: Reference) -> str:
    """Return what a card calls a model: it goes to other machines, so of a folder of this one it keeps the name."""
    return Path(reference.name).name if reference.kind == "folder" else reference.text


def weighed(text: str) -> tuple[str, float]:
    """Return reference and share of ``MODEL:SHARE``; a model without a share counts 1.

    Raises:
        InputError: The share is no positive number.
    """
    reference, _, number = text.rpartition(":")
    try:
        share = float(number) if reference else None
    except ValueError:
        share = None
    if share is None:
        return text, 1.0
    if not (share > 0 and math.isfinite(share)):
        raise InputError(
            f"The share of {reference!r} must be a number above 0, got {number!r}.",
            hint="Write it behind the model, as in 'models/first:2'; leave out a model that is not to count.",
        )
    return reference, share


def check_alike(origins: Sequence[Origin]) -> None:
    """See that models are built alike and read alike, so that their weights can be joined.

    Raises:
        ModelError: One differs from the first in its configuration or its tokenizer; says which and in what.
    """
    first = origins[0]
    wanted = _config(first)
    for other in origins[1:]:
        config = _config(other)
        for name in sorted(wanted.keys() | config.keys()):
            if wanted.get(name) != config.get(name):
                raise ModelError(
                    f"{other.reference!r} has {name} {config.get(name)!r}, but {first.reference!r} has "
                    f"{wanted.get(name)!r}.",
                    hint="Only models of one architecture can be joined: those that began with the same one.",
                )
        check_reads_alike(first, other)


def check_reads_alike(first: Origin, other: Origin) -> None:
    """See that two models have the same tokenizer, so that a token's number means the same to both.

    Raises:
        ModelError: They do not.
    """
    hashes = [file_sha256(each.folder / TOKENIZER) for each in (first, other)]
    if hashes[0] != hashes[1]:
        raise ModelError(
            f"The tokenizer of {other.reference!r} is not that of {first.reference!r}: "
            f"SHA-256 {hashes[1]}, expected {hashes[0]}.",
            hint="Name models that began with the same encoder.",
        )


def _config(origin: Origin) -> dict[str, object]:
    config: dict[str, object] = json.loads((origin.folder / CONFIG).read_text(encoding="utf-8"))
    return config
