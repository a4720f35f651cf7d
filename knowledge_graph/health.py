"""How well a graph connects its sources: what it leaves out, what falls apart, what everything hangs on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from knowledge_graph.snapshot import Snapshot

# An entity that more than this share of the sources mention tells few of them apart, and most hubs that are named.
_HUB_SHARE, _MAX_HUBS = 0.1, 5


@dataclass(frozen=True, slots=True)
class GraphHealth:
    """The state of a graph in numbers.

    Args:
        sources: Sources that gave anything.
        entities: Entities.
        shared: Entities that several sources mention; only these lead from one source to another.
        mentions: Pairs of source and entity.
        relations: Relations.
        sources_with_entity: Sources that mention an entity.
        components: Groups of sources that no shared entity joins.
        largest_component: Share of the sources in the largest group; 0 without sources.
        orphan_mentions: Share of the mentions whose entity stands in one source only; 0 without mentions.
        hubs: Entities that more than a tenth of the sources mention, with that share; the largest first, at most five.
    """

    sources: int
    entities: int
    shared: int
    mentions: int
    relations: int
    sources_with_entity: int
    components: int
    largest_component: float
    orphan_mentions: float
    hubs: tuple[tuple[str, float], ...]


def health(view: Snapshot, label: Callable[[str], str], *, relations: int) -> GraphHealth:
    """Return the state of a graph.

    Args:
        view: The graph.
        label: Gives the name of an entity to show.
        relations: How many relations it has.
    """
    sources, entities, _ = view.mentions
    n_sources, n_mentions = len(view.sources), len(entities)
    frequency = np.bincount(entities, minlength=len(view.keys))
    sizes = _component_sizes(view)
    return GraphHealth(
        sources=n_sources,
        entities=int(np.count_nonzero(frequency)),
        shared=len(view.shared),
        mentions=n_mentions,
        relations=relations,
        sources_with_entity=len(np.unique(sources)),
        components=len(sizes),
        largest_component=round(max(sizes) / n_sources, 4) if n_sources else 0.0,
        orphan_mentions=round(int(np.count_nonzero(frequency == 1)) / n_mentions, 4) if n_mentions else 0.0,
        hubs=_hubs(view, frequency.tolist(), label),
    )


def _component_sizes(view: Snapshot) -> list[int]:
    """Count the sources of each connected component; entities of one source join nothing."""
    n_sources = len(view.sources)
    if not n_sources:
        return []
    sources, entities, _ = view.mentions
    n_nodes = n_sources + len(view.shared)
    ends = view.node[entities]
    edges = sparse.coo_array((np.ones(len(ends), dtype=np.int8), (sources, ends)), shape=(n_nodes, n_nodes))
    _, component = csgraph.connected_components(edges, directed=False)
    sizes: list[int] = np.unique(component[:n_sources], return_counts=True)[1].tolist()
    return sizes


def _hubs(view: Snapshot, frequency: list[int], label: Callable[[str], str]) -> tuple[tuple[str, float], ...]:
    n_sources = len(view.sources)
    # In a handful of sources everything that is mentioned twice would be a hub.
    busy = [number for number, count in enumerate(frequency) if count > max(2, _HUB_SHARE * n_sources)]
    busy.sort(key=lambda number: (-frequency[number], view.keys[number]))
    return tuple((label(view.keys[number]), round(frequency[number] / n_sources, 4)) for number in busy[:_MAX_HUBS])
