"""How structured values are written into columns: compressed JSON, vectors in little-endian float32 or in 8 bits."""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.types import Block, Flag, FlagDecision, Float32Array, ParseReport

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")
_FLOAT = np.dtype("<f4")
# A vector of zeros has no direction; nothing is divided by it.
_SMALLEST = np.float32(1e-12)


def pack_blocks(blocks: Sequence[Block]) -> bytes:
    """Return the blocks as compressed JSON."""
    return _pack([[block.kind, block.start, block.end, block.level, block.page] for block in blocks])


def unpack_blocks(packed: bytes) -> tuple[Block, ...]:
    """Return the blocks that `pack_blocks` wrote."""
    return tuple(
        Block(kind=kind, start=start, end=end, level=level, page=page)
        for kind, start, end, level, page in _unpack(packed)
    )


def pack_about(metadata: Sequence[tuple[str, str]], report: ParseReport) -> bytes:
    """Return what is known of a file beside its text, as compressed JSON."""
    return _pack({"metadata": [list(pair) for pair in metadata], "report": dataclasses.asdict(report)})


def unpack_about(packed: bytes) -> tuple[tuple[tuple[str, str], ...], ParseReport]:
    """Return the metadata and the parse report that `pack_about` wrote."""
    about = _unpack(packed)
    report: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in about["report"].items()
    }
    report["flags"] = tuple(of_fields(Flag, flag) for flag in report.get("flags", ()))
    report["decisions"] = tuple(of_fields(FlagDecision, decision) for decision in report.get("decisions", ()))
    return tuple((key, value) for key, value in about["metadata"]), of_fields(ParseReport, report)


def of_fields(kind: type[Value], stored: Mapping[str, Any]) -> Value:
    """Return a value of its stored fields.

    Raises:
        StoreError: It has a field that is not known here: leaving it out would lose it when the value is written again.
    """
    try:
        return kind(**stored)
    except TypeError as exc:
        unknown = sorted(set(stored) - {field.name for field in dataclasses.fields(kind)})
        if not unknown:
            raise
        raise StoreError(
            f"The catalog was written by a newer Footnote: it knows {', '.join(unknown)} of a {kind.__name__}.",
            hint="Install that version or a later one, or choose another home directory.",
        ) from exc


def pack_vector(vector: Float32Array) -> bytes:
    """Return one vector as bytes."""
    return np.ascontiguousarray(vector, dtype=_FLOAT).tobytes()


def unpack_vectors(packed: Sequence[bytes], dimension: int) -> Float32Array:
    """Return vectors of shape ``(len(packed), dimension)``."""
    return np.frombuffer(b"".join(packed), dtype=_FLOAT).reshape(len(packed), dimension).astype(np.float32)


def pack_sentences(vectors: Float32Array) -> bytes:
    """Return the vectors of a passage's sentences in 8 bits a number, the largest of each vector being 127.

    They are compared by their direction alone, so that no scale is kept: the cosine with what they were is 0.9999.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    codes: NDArray[np.int8] = np.rint(vectors / np.maximum(largest, _SMALLEST) * 127).astype(np.int8)
    return codes.tobytes()


def unpack_sentences(packed: bytes, dimension: int) -> Float32Array:
    """Return the vectors that `pack_sentences` wrote, shape ``(n, dimension)``, rows of unit length."""
    vectors: Float32Array = np.frombuffer(packed, dtype=np.int8).reshape(-1, dimension).astype(np.float32)
    lengths: Float32Array = np.linalg.norm(vectors, axis=1, keepdims=True).astype(np.float32)
    return np.divide(vectors, np.maximum(lengths, _SMALLEST), dtype=np.float32)


def _pack(value: object) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def _unpack(packed: bytes) -> Any:  # noqa: ANN401 - JSON of this module's own making
    return json.loads(zlib.decompress(packed))
