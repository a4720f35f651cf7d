"""What the parts of the service stand on."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rag.wiring import Workspace


class Opened(ABC):
    """Has the workspace of the process."""

    @abstractmethod
    def workspace(self) -> Workspace:
        """Return the workspace, opened at the first call.

        Raises:
            RagError: The home directory is in use or damaged, or a model is missing.
        """
