"""Who asks, where, and with which models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
Int32Array = NDArray[np.int32]
Role = Literal["owner", "editor", "reader"]
EDITORS: Final = frozenset[Role | None]({"owner", "editor"})
"""Who may change a space, and see all that was asked in it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The person on whose behalf a flow runs.

    Args:
        id: Stable name of the person in the catalog.
        owner: Whether the person owns the home directory and may do everything.
    """

    id: str
    owner: bool = False


LOCAL_OWNER = Principal(id="local", owner=True)
DEFAULT_SPACE = "default"


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A model that took part: its reference and the hash of its weights (empty for a remote one)."""

    ref: str
    sha256: str
