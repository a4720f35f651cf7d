"""The models that can be trained, and the slots that they fill."""

from __future__ import annotations

from typing import Literal

from rag.models.references import Slot

OwnKind = Literal["reader", "verifier", "writer"]
Kind = Literal["reader", "verifier", "writer", "embedding"]
SLOTS: dict[Kind, Slot] = {
    "reader": "reranker",
    "verifier": "verifier",
    "writer": "generator",
    "embedding": "embedding",
}
