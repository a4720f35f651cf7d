"""Find the names that a graph knows in a text, whatever their capitals, by Aho-Corasick."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import ahocorasick

# New names gather in a small automaton until they are this share of the large one; then both become one.
# Building 60,000 names takes a quarter of a second, too long before the first question after each upload.
_MERGE_SHARE = 0.1
_MERGE_LEAST = 500


class Found(NamedTuple):
    """A known name at the words ``[start, end)`` of a normalized text."""

    key: str
    start: int
    end: int


class Gazetteer:
    """The names of one moment; `renewed` gives the next, reusing what was built.

    Args:
        names: Keys to find, see `knowledge_graph.resolve.entity_key`.
    """

    def __init__(self, names: AbstractSet[str]) -> None:
        self._names = names
        self._base_names: AbstractSet[str] = frozenset(names)
        self._base = _automaton(names)
        self._fresh = _automaton(())

    def renewed(self, names: AbstractSet[str]) -> Gazetteer:
        """Return the gazetteer of these names; where few are new and none is gone, in time proportional to those.

        A name that is gone is kept nowhere: it may have left with the document that held it.
        """
        new = names - self._base_names
        if self._base_names - names or len(new) > max(_MERGE_LEAST, _MERGE_SHARE * len(self._base_names)):
            return Gazetteer(names)
        gazetteer = object.__new__(Gazetteer)
        gazetteer._names, gazetteer._base_names, gazetteer._base = names, self._base_names, self._base
        gazetteer._fresh = _automaton(new)
        return gazetteer

    def find(self, text: str) -> list[Found]:
        """Return the known names of a normalized text, the longest where some overlap, in order."""
        padded = f" {text} "
        found = []
        for automaton in (self._base, self._fresh):
            if len(automaton):
                for last, key in automaton.iter(padded):
                    if key in self._names:
                        start = padded.count(" ", 0, last - len(key))
                        found.append(Found(key, start - 1, start + key.count(" ")))
        found.sort(key=lambda name: (name.start - name.end, name.start, name.key))
        taken: set[int] = set()
        kept = []
        for name in found:
            words = range(name.start, name.end)
            if taken.isdisjoint(words):
                taken.update(words)
                kept.append(name)
        return sorted(kept, key=lambda name: name.start)


def _automaton(names: Collection[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for name in names:
        automaton.add_word(f" {name} ", name)
    automaton.make_automaton()
    return automaton
