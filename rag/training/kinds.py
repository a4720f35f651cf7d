"""The models that can be trained, and the slots that they fill."""

from __future__ import annotations

from typing import Literal

from rag.models.references import Slot

PairKind = Literal["reader", "verifier"]
Kind = Literal["reader", "verifier", "embedding"]
SLOTS: dict[Kind, Slot] = {"reader": "reranker", "verifier": "verifier", "embedding": "embedding"}
