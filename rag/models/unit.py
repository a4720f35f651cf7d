"""Rows of unit length, so that a product of two vectors is their cosine."""

from __future__ import annotations

import numpy as np

from rag.types import Float32Array


def unit(vectors: Float32Array) -> Float32Array:
    """Return the rows with length 1, shape as given; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: Float32Array = (vectors / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32, copy=False)
    return rows
