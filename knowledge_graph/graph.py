"""The knowledge graph of one collection: extractions come and go, questions are asked meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import RLock

import networkx as nx

from knowledge_graph import query
from knowledge_graph.errors import ExtractionError
from knowledge_graph.gazetteer import Gazetteer
from knowledge_graph.resolve import Resolution, entity_key
from knowledge_graph.snapshot import Link, Record, Snapshot, snapshot
from knowledge_graph.types import SPELLED_OUT, EntityKind, Extraction, Neighbour


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
        self._keys: dict[str, str] = {}
        self._surfaces: dict[str, dict[str, int]] = {}
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
        found = query.question_entities(self.snapshot(), question)
        return {self.label(entity): found[entity] for entity in sorted(found, key=lambda e: (-found[e], e))}

    def label(self, entity: str) -> str:
        """Return how the sources write an entity most often; ties by the alphabet."""
        with self._lock:
            written = self._surfaces.get(entity)
            return min(written, key=lambda surface: (-written[surface], surface)) if written else entity

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
            labels = {entity: self.label(entity) for entity in view.entities}
        network = nx.Graph()
        for source, title in zip(view.sources, view.titles, strict=True):
            network.add_node(("source", source), kind="source", label=title or source)
        for entity in view.entities:
            network.add_node(("entity", entity), kind="entity", label=labels[entity])
        for source, number, weight in zip(*(array.tolist() for array in view.mentions), strict=True):
            network.add_edge(
                ("source", view.sources[source]), ("entity", view.entities[number]), kind="mentions", weight=weight
            )
        for source in view.sources:
            for link in records[source].links:
                ends = sorted({view.entity_of[link.head], view.entity_of[link.tail]})
                if len(ends) > 1:
                    _relate(network, ends, (link.label, source, link.start, link.end))
        return network

    def _drawn(self) -> Snapshot:
        entity_of = {key: self._resolution.entity(key) for key in self._surfaces}
        names = entity_of.keys()
        gazetteer = self._view.gazetteer.renewed(names) if self._view else Gazetteer(names)
        return snapshot(self._revision, self._records, entity_of, gazetteer)

    def _count(self, extraction: Extraction) -> None:
        surfaces, kinds, keys = [], [], []
        title = ""
        for mention in extraction.mentions:
            key = self._keys.get(mention.surface) or entity_key(mention.surface)
            if key:
                surfaces.append(mention.surface)
                kinds.append(mention.kind)
                keys.append(key)
                title = title or (mention.surface if mention.kind == "title" else "")
                self._count_mention(mention.surface, mention.kind, key, 1)
        links = []
        for relation in extraction.relations:
            head, tail = self._keys.get(relation.head, ""), self._keys.get(relation.tail, "")
            if head in keys and tail in keys and head != tail:
                links.append(Link(head, relation.label, tail, relation.start, relation.end))
        self._count_expansions(links, 1)
        record = Record(title, tuple(surfaces), tuple(kinds), tuple(keys), tuple(links))
        self._records[extraction.source_id] = record

    def _discount(self, record: Record) -> None:
        self._count_expansions(record.links, -1)
        for surface, kind, key in zip(record.surfaces, record.kinds, record.keys, strict=True):
            self._count_mention(surface, kind, key, -1)

    def _count_mention(self, surface: str, kind: EntityKind, key: str, step: int) -> None:
        self._resolution.count(surface, kind, key, step)
        written = self._surfaces.setdefault(key, {})
        left = written.get(surface, 0) + step
        if left:
            written[surface] = left
            self._keys[surface] = key
            return
        del written[surface], self._keys[surface]
        if not written:
            del self._surfaces[key]

    def _count_expansions(self, links: Iterable[Link], step: int) -> None:
        for link in links:
            if link.label == SPELLED_OUT:
                self._resolution.count_expansion(link.head, link.tail, step)


def _relate(network: nx.Graph, ends: list[str], relation: tuple[str, str, int, int]) -> None:
    left, right = (("entity", end) for end in ends)
    if not network.has_edge(left, right):
        network.add_edge(left, right, kind="relation", relations=())
    edge = network.edges[left, right]
    edge["relations"] = tuple(sorted((*edge["relations"], relation)))
