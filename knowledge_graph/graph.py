"""The knowledge graph of one collection: extractions come and go, questions are asked meanwhile."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from threading import RLock

import networkx as nx
import numpy as np

from knowledge_graph import query
from knowledge_graph.errors import ExtractionError
from knowledge_graph.gazetteer import Gazetteer
from knowledge_graph.health import GraphHealth, health
from knowledge_graph.names import Names
from knowledge_graph.resolve import Resolution
from knowledge_graph.snapshot import KINDS, Link, Record, Snapshot, snapshot
from knowledge_graph.types import SPELLED_OUT, Extraction, Neighbour


class KnowledgeGraph:
    """Entities and the sources that mention them; safe to read and change from many threads.

    After any sequence of additions and removals it equals one built from the extractions that remain. A change
    takes time in proportion to itself; the first question after it draws a new picture of the whole (arrays,
    see `knowledge_graph.snapshot`), which later questions share.

    Args:
        extractions: What to begin with.
    """

    def __init__(self, extractions: Iterable[Extraction] = ()) -> None:
        self._lock = RLock()
        self._records: dict[str, Record] = {}
        self._names = Names()
        self._resolution = Resolution()
        self._revision = 0
        self._view: Snapshot | None = None
        self.add(extractions)

    def __len__(self) -> int:
        """Return the number of sources."""
        return len(self._records)

    def add(self, extractions: Iterable[Extraction]) -> None:
        """Take extractions in; one with a known source id replaces the earlier one.

        Raises:
            ExtractionError: An extraction without a source id; nothing is changed by it.
        """
        for extraction in extractions:
            if not extraction.source_id:
                raise ExtractionError(
                    "An extraction has an empty source id, expected the id of the text that it comes from.",
                    hint="Give SourceText a source_id.",
                )
            with self._lock:
                self.remove((extraction.source_id,))
                self._count(extraction)
                self._revision += 1

    def remove(self, source_ids: Iterable[str]) -> None:
        """Forget everything that came from these sources; unknown ids are ignored."""
        for source_id in source_ids:
            with self._lock:
                record = self._records.pop(source_id, None)
                if record is not None:
                    self._discount(record)
                    self._revision += 1
                    # The picture holds the names of what is gone.
                    self._view = None

    def change(self, added: Iterable[Extraction], removed: Iterable[str]) -> None:
        """Remove, then add, as one change: no question sees the moment between."""
        with self._lock:
            self.remove(removed)
            self.add(added)

    def neighbours(self, question: str, seeds: Mapping[str, float], *, limit: int) -> list[Neighbour]:
        """Return the sources nearest to a question, see `knowledge_graph.query.neighbours`."""
        return query.neighbours(self.snapshot(), question, seeds, self.label, limit=limit)

    def entities(self, question: str) -> dict[str, float]:
        """Return the names of the known entities in a question, with their weights, the weightiest first."""
        view = self.snapshot()
        found = query.question_entities(view, question)
        order = sorted(found, key=lambda number: (-found[number], view.keys[number]))
        return {self.label(view.keys[number]): found[number] for number in order}

    def counts(self) -> dict[str, int]:
        """Return the numbers of sources, entities, entities that several sources share, mentions and relations."""
        with self._lock:
            view = self.snapshot()
            return {
                "sources": len(view.sources),
                "entities": len(np.unique(view.mentions.entities)),
                "shared": len(view.shared),
                "mentions": len(view.mentions.entities),
                "relations": sum(len(record.links) for record in self._records.values()),
            }

    def health(self) -> GraphHealth:
        """Return the state of the graph, see `knowledge_graph.health.health`."""
        with self._lock:
            relations = sum(len(record.links) for record in self._records.values())
            return health(self.snapshot(), self.label, relations=relations)

    def label(self, entity: str) -> str:
        """Return how the sources write an entity most often; ties by the alphabet."""
        with self._lock:
            return self._names.label(entity)

    def snapshot(self) -> Snapshot:
        """Return the picture of the graph as it is now."""
        view = self._view
        if view is not None and view.revision == self._revision:
            return view
        with self._lock:
            if self._view is None or self._view.revision != self._revision:
                self._view = self._drawn()
            return self._view

    def network(self) -> nx.Graph:
        """Return the graph for networkx: ``("source", id)`` and ``("entity", key)`` nodes, with weighted edges.

        Nodes carry ``kind`` and ``label``, mention edges ``kind`` and ``weight``, relation edges ``kind`` and
        ``relations``, sorted tuples of label, source id, start and end.
        """
        with self._lock:
            view = self.snapshot()
            records = dict(self._records)
            known = np.unique(view.mentions.entities).tolist()
            labels = {number: self.label(view.keys[number]) for number in known}
        network = nx.Graph()
        for source, title in zip(view.sources, view.titles, strict=True):
            network.add_node(("source", source), kind="source", label=title or source)
        for number in known:
            network.add_node(("entity", view.keys[number]), kind="entity", label=labels[number])
        for place, number, weight in zip(*(column.tolist() for column in view.mentions), strict=True):
            ends = ("source", view.sources[place]), ("entity", view.keys[number])
            network.add_edge(*ends, kind="mentions", weight=weight)
        for source in view.sources:
            for link in records[source].links:
                entities = sorted({view.keys[view.entity[link.head]], view.keys[view.entity[link.tail]]})
                if len(entities) > 1:
                    _relate(network, entities, (link.label, source, link.start, link.end))
        return network

    def _drawn(self) -> Snapshot:
        numbers, keys = dict(self._names.numbers), list(self._names.keys)
        moved = self._resolution.moved(numbers)
        known = numbers.keys() | moved.values() if moved else numbers.keys()
        gazetteer = self._view.gazetteer.renewed(known) if self._view else Gazetteer(known)
        return snapshot(self._revision, self._records, numbers, keys, moved, gazetteer)

    def _count(self, extraction: Extraction) -> None:
        """Enter an extraction into records and counts."""
        numbers: dict[str, int] = {}
        surfaces, kinds, keys, title = [], bytearray(), array("i"), ""
        for mention in extraction.mentions:
            key = self._names.key(mention.surface)
            if key:
                numbers[mention.surface] = self._names.add(mention.surface, key)
                surfaces.append(mention.surface)
                kinds.append(KINDS.index(mention.kind))
                keys.append(numbers[mention.surface])
                title = title or (mention.surface if mention.kind == "title" else "")
                self._resolution.count(mention.surface, mention.kind, key, 1)
        links = tuple(
            Link(numbers[relation.head], relation.label, numbers[relation.tail], relation.start, relation.end)
            for relation in extraction.relations
            if numbers.get(relation.head, -1) != numbers.get(relation.tail, -1)
            and relation.head in numbers
            and relation.tail in numbers
        )
        self._count_expansions(links, 1)
        self._records[extraction.source_id] = Record(title, tuple(surfaces), bytes(kinds), keys.tobytes(), links)

    def _discount(self, record: Record) -> None:
        self._count_expansions(record.links, -1)
        for surface, kind in zip(record.surfaces, record.kinds, strict=True):
            self._resolution.count(surface, KINDS[kind], self._names.key(surface), -1)
            self._names.discard(surface)

    def _count_expansions(self, links: Iterable[Link], step: int) -> None:
        for link in links:
            if link.label == SPELLED_OUT:
                keys = self._names.keys
                self._resolution.count_expansion(keys[link.head], keys[link.tail], step)


def _relate(network: nx.Graph, ends: list[str], relation: tuple[str, str, int, int]) -> None:
    left, right = (("entity", end) for end in ends)
    if not network.has_edge(left, right):
        network.add_edge(left, right, kind="relation", relations=())
    edge = network.edges[left, right]
    edge["relations"] = tuple(sorted((*edge["relations"], relation)))
