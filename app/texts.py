"""The documents that were read last, whole, kept until one of them changes or goes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from rag.types import Document


class Texts:
    """Documents by id and version, the latest that were asked for.

    Args:
        read: Reads a version of a document.
        limit: So many are kept.
    """

    def __init__(self, read: Callable[[str, str], Document], limit: int) -> None:
        self._read, self._limit = read, limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._n_forgotten = 0

    def of(self, document_id: str, version: str) -> Document:
        """Return one version of a document, read where it is not kept."""
        key = (document_id, version)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            n_forgotten = self._n_forgotten
        document = self._read(*key)
        with self._lock:
            # What was read before all was forgotten may be of a document that is removed.
            if n_forgotten == self._n_forgotten:
                self._kept[key] = document
                self._kept.move_to_end(key)
                while len(self._kept) > self._limit:
                    self._kept.popitem(last=False)
        return document

    def forget(self) -> None:
        """Drop all, and keep nothing of what is being read."""
        with self._lock:
            self._n_forgotten += 1
            self._kept.clear()
