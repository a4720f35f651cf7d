"""Graphs in memory over extractions that are stored elsewhere: loaded on first use, then kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock, RLock
from typing import Generic, TypeVar

from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.types import Extraction

Collection = TypeVar("Collection", bound=Hashable)


class GraphStore(Generic[Collection]):
    """One graph per collection of texts; safe to use from many threads.

    The extractions are the truth and live with the caller, who stores a change first and then calls `apply`.
    Both are repeatable, so that a graph that is loaded while a change is being stored ends up right either way.

    Args:
        load: Gives all stored extractions of a collection.
    """

    def __init__(self, load: Callable[[Collection], Iterable[Extraction]]) -> None:
        self._load = load
        self._lock = Lock()
        self._gates: dict[Collection, RLock] = {}
        self._graphs: dict[Collection, KnowledgeGraph] = {}

    def graph(self, collection: Collection) -> KnowledgeGraph:
        """Return the graph of a collection, loading it where it is not in memory."""
        graph = self._graphs.get(collection)
        if graph is not None:
            return graph
        with self._gate(collection):
            if collection not in self._graphs:
                self._graphs[collection] = KnowledgeGraph(self._load(collection))
            return self._graphs[collection]

    def apply(self, collection: Collection, added: Sequence[Extraction], removed: Sequence[str]) -> None:
        """Follow a change that has been stored; where the graph is not in memory, the next load will see it.

        Args:
            collection: What changed.
            added: Extractions that are new or replace those of the same source.
            removed: Source ids that are gone.
        """
        with self._gate(collection):
            graph = self._graphs.get(collection)
            if graph is not None:
                graph.change(added, removed)

    def forget(self, collection: Collection) -> None:
        """Drop a graph from memory; the next use loads it again."""
        with self._gate(collection):
            self._graphs.pop(collection, None)

    def _gate(self, collection: Collection) -> RLock:
        with self._lock:
            return self._gates.setdefault(collection, RLock())
