"""One moment of a graph as arrays: what a question reads, while the graph may already be changing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge_graph.gazetteer import Gazetteer
from knowledge_graph.rank import FloatArray, IntArray, Walk, walk
from knowledge_graph.types import EntityKind

# How much a source is about an entity that it mentions in this way. Measured in docs/decisions/0006: with 1.0 for
# titles recall on multi-hop questions falls by 2 to 3 points, from 2.0 to 4.0 it hardly changes.
KIND_WEIGHTS: Mapping[EntityKind, float] = {
    "title": 3.0,
    "heading": 1.0,
    "term": 1.0,
    "code": 1.0,
    "acronym": 1.0,
    "name": 1.0,
    "quoted": 1.0,
    "date": 0.5,
}


# Kinds as records hold them, one byte each.
KINDS: tuple[EntityKind, ...] = tuple(KIND_WEIGHTS)


class Link(NamedTuple):
    """A relation of a record; its ends are numbers of keys."""

    head: int
    label: str
    tail: int
    start: int
    end: int


class Record(NamedTuple):
    """What the graph keeps of one extraction.

    Args:
        title: Title of the source, or empty.
        surfaces: Surface forms of its mentions.
        kinds: Their kinds, a byte each: the place in ``KINDS``.
        keys: Numbers of their keys, as bytes of 32-bit integers.
        links: Relations.
    """

    title: str
    surfaces: tuple[str, ...]
    kinds: bytes
    keys: bytes
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
        keys: Keys by number, empty for numbers that are free.
        numbers: Numbers by key.
        entity: Number of the entity that each key belongs to, by number.
        node: Node of each entity, by number; -1 for a number that is no entity.
        rarity: Of every node, in 0..1: 1 for an entity of one source, less the more sources mention it.
        mentions: All mention edges, those of entities without a node included.
        walk: The walk over the nodes.
        gazetteer: All keys.
    """

    revision: int
    sources: tuple[str, ...]
    number_of: Mapping[str, int]
    titles: tuple[str, ...]
    shared: tuple[str, ...]
    keys: Sequence[str]
    numbers: Mapping[str, int]
    entity: IntArray
    node: IntArray
    rarity: FloatArray
    mentions: Mentions
    walk: Walk
    gazetteer: Gazetteer


def snapshot(
    revision: int,
    records: Mapping[str, Record],
    numbers: dict[str, int],
    keys: list[str],
    moved: Mapping[str, str],
    gazetteer: Gazetteer,
) -> Snapshot:
    """Return a picture of these records.

    The weight of a mention is the weight of its kind times the rarity of the entity, ``log(1 + S / df)``
    with S sources, df of which mention it: a hub takes little of a walk, and what it takes it spreads thinly.
    Where a source mentions an entity in several ways, the strongest counts.

    Args:
        revision: Number of the picture.
        records: By source id.
        numbers: Numbers by key; the picture keeps it.
        keys: Keys by number; the picture keeps it.
        moved: Entity of each key that belongs to another than its own.
        gazetteer: Of the same keys.
    """
    sources = tuple(sorted(records))
    entity = _entities(numbers, keys, moved)
    edges = _mentions([records[source] for source in sources], entity)
    frequency = np.bincount(edges.entities, minlength=len(keys))
    idf = np.log1p(len(sources) / np.maximum(frequency, 1))
    edges = edges._replace(weights=edges.weights * idf[edges.entities])
    shared = np.array(sorted(np.flatnonzero(frequency > 1).tolist(), key=keys.__getitem__), dtype=np.int64)
    node = np.full(len(keys), -1, dtype=np.int64)
    node[shared] = len(sources) + np.arange(len(shared))
    alone = frequency[edges.entities] == 1
    node[edges.entities[alone]] = edges.sources[alone]
    return Snapshot(
        revision=revision,
        sources=sources,
        number_of=dict(zip(sources, range(len(sources)), strict=True)),
        titles=tuple(records[source].title for source in sources),
        shared=tuple(keys[number] for number in shared.tolist()),
        keys=keys,
        numbers=numbers,
        entity=entity,
        node=node,
        rarity=np.concatenate([np.ones(len(sources)), idf[shared] / np.log1p(max(len(sources), 1))]),
        mentions=edges,
        walk=_walk(edges, node, ~alone, len(sources) + len(shared)),
        gazetteer=gazetteer,
    )


def _walk(edges: Mentions, node: IntArray, several: NDArray[np.bool_], n_nodes: int) -> Walk:
    """Sort the edges by node, so that sums of weights do not depend on which name was seen first."""
    left, right, weights = edges.sources[several], node[edges.entities[several]], edges.weights[several]
    order = np.lexsort((right, left))
    return walk(n_nodes, left[order], right[order], weights[order])


def _entities(numbers: dict[str, int], keys: list[str], moved: Mapping[str, str]) -> IntArray:
    """Give each key its entity; one that nobody writes as such (``access point`` for ``access points``) is added."""
    for entity in moved.values():
        if entity not in numbers:
            numbers[entity] = len(keys)
            keys.append(entity)
    belongs = np.arange(len(keys), dtype=np.int64)
    for key, entity in moved.items():
        belongs[numbers[key]] = numbers[entity]
    return belongs


def _mentions(records: Sequence[Record], entity: IntArray) -> Mentions:
    counts = [len(record.kinds) for record in records]
    sources = np.repeat(np.arange(len(records), dtype=np.int64), counts)
    entities = entity[np.frombuffer(b"".join(record.keys for record in records), dtype=np.int32)]
    kinds = np.frombuffer(b"".join(record.kinds for record in records), dtype=np.uint8)
    weights = np.array([KIND_WEIGHTS[kind] for kind in KINDS])[kinds]
    pair = sources * max(len(entity), 1) + entities
    order = np.lexsort((-weights, pair))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pair[order][1:] != pair[order][:-1]
    kept = order[first]
    return Mentions(sources[kept], entities[kept], weights[kept])
