"""Graphs in memory over extractions that are stored elsewhere: loaded on first use, then kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock, RLock

from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.types import Extraction


class GraphStore:
    """One graph per space of readers and version of its index; safe to use from many threads.

    The extractions are the truth and live with the caller, who stores a change first and then calls `apply`.
    Changes can be applied twice without harm, so that a graph that is being loaded while a change is stored
    ends up right whichever comes first.

    Args:
        load: Gives all stored extractions of a space and index.
    """

    def __init__(self, load: Callable[[str, str], Iterable[Extraction]]) -> None:
        self._load = load
        self._lock = Lock()
        self._gates: dict[tuple[str, str], RLock] = {}
        self._graphs: dict[tuple[str, str], KnowledgeGraph] = {}

    def graph(self, space: str, index: str) -> KnowledgeGraph:
        """Return the graph of a space, loading it where it is not in memory."""
        graph = self._graphs.get((space, index))
        if graph is not None:
            return graph
        with self._gate(space, index):
            if (space, index) not in self._graphs:
                self._graphs[space, index] = KnowledgeGraph(self._load(space, index))
            return self._graphs[space, index]

    def apply(self, space: str, index: str, added: Sequence[Extraction], removed: Sequence[str]) -> None:
        """Follow a change that has been stored; where the graph is not in memory, the next load will see it.

        Args:
            space: Whose graph.
            index: Version of its index.
            added: Extractions that are new or replace those of the same source.
            removed: Source ids that are gone.
        """
        with self._gate(space, index):
            graph = self._graphs.get((space, index))
            if graph is not None:
                graph.change(added, removed)

    def forget(self, space: str, index: str) -> None:
        """Drop a graph from memory; the next use loads it again."""
        with self._gate(space, index):
            self._graphs.pop((space, index), None)

    def _gate(self, space: str, index: str) -> RLock:
        with self._lock:
            return self._gates.setdefault((space, index), RLock())
