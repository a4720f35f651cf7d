"""What is kept in memory of texts: keys without their words, and what was made of those used last."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


def text_key(*texts: str) -> bytes:
    """Return a hash of texts, 16 bytes; the same texts cut elsewhere have another.

    No words of a document that may be removed stand in it.
    """
    lengths = ",".join(str(len(text)) for text in texts)
    whole = f"{lengths}:{''.join(texts)}"
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Kept(Generic[Entry]):
    """What was made of texts last, the longest unused forgotten first; safe to use from many threads.

    What was begun before everything was forgotten is of an older generation and is not kept: forgetting is for good.

    Args:
        limit: Largest size of all entries together.
        size: Size of an entry; by default each counts 1.
    """

    def __init__(self, limit: int, *, size: Callable[[Entry], int] = lambda _: 1) -> None:
        self._limit = limit
        self._size = size
        self._total = 0
        self._generation = 0
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def all(
        self, texts: Sequence[tuple[str, ...]], make: Callable[[list[tuple[str, ...]]], Sequence[Entry]]
    ) -> list[Entry]:
        """Return the entry of each of some texts, or of several that belong together; what is missing is made."""
        generation = self._generation
        keys = {each: text_key(*each) for each in texts}
        known = {each: entry for each, key in keys.items() if (entry := self._get(key)) is not None}
        missing = [each for each in keys if each not in known]
        for each, entry in zip(missing, make(missing) if missing else (), strict=True):
            known[each] = entry
            self._put(keys[each], entry, generation)
        return [known[each] for each in texts]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._generation += 1
            self._entries.clear()
            self._total = 0

    def _get(self, key: bytes) -> Entry | None:
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def _put(self, key: bytes, entry: Entry, generation: int) -> None:
        size = self._size(entry)
        with self._lock:
            if generation != self._generation or key in self._entries or size > self._limit:
                return
            self._entries[key] = entry
            self._total += size
            while self._total > self._limit:
                _, dropped = self._entries.popitem(last=False)
                self._total -= self._size(dropped)
