"""One moment of a graph as arrays: what a question reads, while the graph may already be changing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from knowledge_graph.gazetteer import Gazetteer
from knowledge_graph.rank import FloatArray, IntArray, Walk, walk
from knowledge_graph.types import EntityKind

# How much a source is about an entity that it mentions in this way.
KIND_WEIGHTS: Mapping[EntityKind, float] = {
    "title": 2.0,
    "heading": 1.0,
    "term": 1.0,
    "code": 1.0,
    "acronym": 1.0,
    "name": 1.0,
    "quoted": 1.0,
    "date": 0.5,
}


class Link(NamedTuple):
    """A relation of a record, by entity keys."""

    head: str
    label: str
    tail: str
    start: int
    end: int


class Record(NamedTuple):
    """What the graph keeps of one extraction: parallel tuples of mentions, and relations."""

    title: str
    surfaces: tuple[str, ...]
    kinds: tuple[EntityKind, ...]
    keys: tuple[str, ...]
    links: tuple[Link, ...]


class Mentions(NamedTuple):
    """Edges from sources to entities, by number; each pair once, in order of source, then entity."""

    sources: IntArray
    entities: IntArray
    weights: FloatArray


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The graph at one revision; nodes are sources ``0 … S-1``, then the entities that several sources share.

    An entity of one source leads nowhere else, so it has no node of its own: it stands for its source.

    Args:
        revision: Revision of the graph that this is a picture of.
        sources: Source ids, sorted.
        number_of: Node of every source id.
        titles: Their titles, empty where there is none.
        shared: Keys of the shared entities, sorted; node ``S + i`` is ``shared[i]``.
        nodes: Node of every entity, shared or not.
        entity_of: Entity of every key.
        rarity: Of every node, in 0..1: 1 for an entity of one source, less the more sources mention it.
        mentions: All mention edges, those of entities without a node included, entities numbered as in ``entities``.
        entities: Keys of all entities, sorted.
        walk: The walk over the nodes.
        gazetteer: All keys.
    """

    revision: int
    sources: tuple[str, ...]
    number_of: Mapping[str, int]
    titles: tuple[str, ...]
    shared: tuple[str, ...]
    nodes: Mapping[str, int]
    entity_of: Mapping[str, str]
    rarity: FloatArray
    mentions: Mentions
    entities: tuple[str, ...]
    walk: Walk
    gazetteer: Gazetteer


def snapshot(
    revision: int, records: Mapping[str, Record], entity_of: Mapping[str, str], gazetteer: Gazetteer
) -> Snapshot:
    """Return a picture of these records.

    The weight of a mention is the weight of its kind times the rarity of the entity, ``log(1 + S / df)``
    with S sources, df of which mention it: a hub takes little of a walk, and what it takes it spreads thinly.

    Args:
        revision: Number of the picture.
        records: By source id.
        entity_of: Entity of every key in the records.
        gazetteer: Of the same keys.
    """
    sources = tuple(sorted(records))
    entities = tuple(sorted(set(entity_of.values())))
    number = dict(zip(entities, range(len(entities)), strict=True))
    code = {key: number[entity] for key, entity in entity_of.items()}
    edges = _mentions([records[source] for source in sources], code, len(entities))
    frequency = np.bincount(edges.entities, minlength=len(entities))
    idf = np.log1p(len(sources) / np.maximum(frequency, 1))
    edges = edges._replace(weights=edges.weights * idf[edges.entities])
    is_shared = frequency > 1
    node = np.empty(len(entities), dtype=np.int64)
    node[is_shared] = len(sources) + np.arange(np.count_nonzero(is_shared))
    alone = ~is_shared[edges.entities]
    node[edges.entities[alone]] = edges.sources[alone]
    return Snapshot(
        revision=revision,
        sources=sources,
        number_of=dict(zip(sources, range(len(sources)), strict=True)),
        titles=tuple(records[source].title for source in sources),
        shared=tuple(entity for entity, several in zip(entities, is_shared, strict=True) if several),
        nodes=dict(zip(entities, node.tolist(), strict=True)),
        entity_of=entity_of,
        rarity=np.concatenate([np.ones(len(sources)), idf[is_shared] / np.log1p(max(len(sources), 1))]),
        mentions=edges,
        entities=entities,
        walk=_walk(edges, node, alone, len(sources) + int(np.count_nonzero(is_shared))),
        gazetteer=gazetteer,
    )


def _walk(edges: Mentions, node: IntArray, alone: np.ndarray[tuple[int], np.dtype[np.bool_]], n_nodes: int) -> Walk:
    several = ~alone
    return walk(n_nodes, edges.sources[several], node[edges.entities[several]], edges.weights[several])


def _mentions(records: Sequence[Record], code: Mapping[str, int], n_entities: int) -> Mentions:
    """Number the mentions; where a source mentions an entity in several ways, the strongest counts."""
    counts = [len(record.keys) for record in records]
    sources = np.repeat(np.arange(len(records), dtype=np.int64), counts)
    keys = (code[key] for record in records for key in record.keys)
    kinds = (KIND_WEIGHTS[kind] for record in records for kind in record.kinds)
    entities = np.fromiter(keys, dtype=np.int64, count=sum(counts))
    weights = np.fromiter(kinds, dtype=np.float64, count=sum(counts))
    pair = sources * max(n_entities, 1) + entities
    order = np.lexsort((-weights, pair))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pair[order][1:] != pair[order][:-1]
    kept = order[first]
    return Mentions(sources[kept], entities[kept], weights[kept])
