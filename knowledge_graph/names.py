"""The names that a graph knows: surface forms, their keys, and small numbers for the keys."""

from __future__ import annotations

from knowledge_graph.resolve import entity_key


class Names:
    """Counts how often the sources write each name; a name that nobody writes any more is forgotten.

    A key has a number as long as it is known; numbers of forgotten keys are given again. Records and arrays
    hold numbers, which keeps a graph of 100,000 sources small and quick to draw.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.keys: list[str] = []
        self._free: list[int] = []
        self._written: dict[str, dict[str, int]] = {}
        self._key_of: dict[str, str] = {}

    def key(self, surface: str) -> str:
        """Return the key of a surface form."""
        known = self._key_of.get(surface)
        return entity_key(surface) if known is None else known

    def add(self, surface: str, key: str) -> int:
        """Count one place where a key is written like this, and return the number of the key."""
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = {}
            self.numbers[key] = self._number(key)
        written[surface] = written.get(surface, 0) + 1
        self._key_of[surface] = key
        return self.numbers[key]

    def discard(self, surface: str) -> None:
        """Take back one place that was added."""
        key = self._key_of[surface]
        written = self._written[key]
        written[surface] -= 1
        if not written[surface]:
            del written[surface], self._key_of[surface]
        if not written:
            del self._written[key]
            number = self.numbers.pop(key)
            self.keys[number] = ""
            self._free.append(number)

    def label(self, key: str) -> str:
        """Return how the sources write a key most often, ties by the alphabet; the key where none writes it."""
        written = self._written.get(key)
        return min(written, key=lambda surface: (-written[surface], surface)) if written else key

    def _number(self, key: str) -> int:
        if self._free:
            number = self._free.pop()
            self.keys[number] = key
            return number
        self.keys.append(key)
        return len(self.keys) - 1
