"""From a question to sources: which entities it names, where the walk starts, and the way to each source."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from knowledge_graph.extract import extract
from knowledge_graph.rank import DAMPING, FloatArray, inflow, personalized_pagerank
from knowledge_graph.resolve import entity_key, normalized, singular
from knowledge_graph.snapshot import Snapshot
from knowledge_graph.types import Neighbour, SourceText, Trail
from knowledge_graph.vocabulary import STOP_WORDS

# Share of the walk's starts that goes to the entities of the question, where the rarest of them names one source
# only; times its rarity otherwise. Where a question names just what everything here is about, the walk starts
# at the seeds, so that a graph that cannot tell passages apart does not reorder them (docs/decisions/0006).
ENTITY_SHARE = 0.5
# Exponent of an entity's weight: of two entities the rarer one is what the question is about.
_SHARPNESS = 2.0
# A known name that the question writes in small letters may be meant, or be just words.
_PHRASE_WEIGHT = 0.5
_WORD_WEIGHT = 0.05
# question, entity, source, entity, source: a longer way convinces nobody.
_MAX_TRAIL_NODES = 5


def neighbours(
    view: Snapshot, question: str, seeds: Mapping[str, float], label: Callable[[str], str], *, limit: int
) -> list[Neighbour]:
    """Return the sources nearest to a question.

    The trail of each says where most of its score came from, step by step back to the question.

    Args:
        view: The graph.
        question: Its words.
        seeds: Weights of the sources that other searches found; unknown ones are left out.
        label: Gives the name of an entity to show.
        limit: Most sources.

    Returns:
        Sources by personalized PageRank, best first, ties by source id; none where nothing of the question
        or the seeds is in the graph.
    """
    entities = question_entities(view, question)
    restart = _restart(view, entities, seeds)
    if restart is None:
        return []
    scores = personalized_pagerank(view.walk, restart)
    return [
        Neighbour(view.sources[node], float(scores[node]), _trail(view, scores, restart, entities, node, label))
        for node in _best(scores[: len(view.sources)], limit)
    ]


def _best(scores: FloatArray, limit: int) -> list[int]:
    """Return the places of the highest positive scores, best first, ties by place."""
    reached = np.flatnonzero(scores > 0)
    if len(reached) > limit:
        least = np.partition(scores[reached], -limit)[-limit]
        reached = reached[scores[reached] >= least]
    return [int(node) for node in reached[np.lexsort((reached, -scores[reached]))][:limit]]


def question_entities(view: Snapshot, question: str) -> dict[int, float]:
    """Return the known entities that a question names, with weights, by number.

    Capitalized, quoted and coded names are read off the question as off any text; names in small letters are
    found by the gazetteer, in the plural too. An entity weighs its rarity.
    """
    written = {entity_key(mention.surface) for mention in extract(SourceText("", question)).mentions}
    spoken = normalized(question)
    found = {name.key: name for name in view.gazetteer.find(" ".join(map(singular, spoken.split())))}
    found |= {name.key: name for name in view.gazetteer.find(spoken)}
    weights: dict[int, float] = {}
    for key in sorted(written | found.keys()):
        if key in view.numbers and (key in written or not STOP_WORDS.issuperset(key.split())):
            entity = int(view.entity[view.numbers[key]])
            share = 1.0 if key in written else _PHRASE_WEIGHT if " " in key else _WORD_WEIGHT
            weights[entity] = max(float(view.rarity[view.node[entity]]) * share, weights.get(entity, 0.0))
    return weights


def _restart(view: Snapshot, entities: Mapping[int, float], seeds: Mapping[str, float]) -> FloatArray | None:
    """Share the starts of the walk among entities and seeds; entities that many sources mention get a small share."""
    known = {view.number_of[source]: weight for source, weight in seeds.items() if source in view.number_of}
    named = {entity: weight**_SHARPNESS for entity, weight in entities.items()}
    total_seeds, total_named = sum(known.values()), sum(named.values())
    by_entity = ENTITY_SHARE * max(entities.values(), default=0.0) if total_seeds > 0 else 1.0
    restart = np.zeros(len(view.rarity))
    if total_seeds > 0:
        for node, weight in known.items():
            restart[node] += (1.0 - by_entity) * weight / total_seeds
    if total_named > 0:
        for entity, weight in named.items():
            restart[view.node[entity]] += by_entity * weight / total_named
    return restart if restart.any() else None


def _trail(
    view: Snapshot,
    scores: FloatArray,
    restart: FloatArray,
    entities: Mapping[int, float],
    source: int,
    label: Callable[[str], str],
) -> Trail:
    """Follow the strongest inflow back from a source until the question is reached."""
    nodes = [source]
    while len(nodes) < _MAX_TRAIL_NODES - 1:
        before, flow = inflow(view.walk, scores, nodes[-1])
        for visited in nodes:
            flow[before == visited] = 0.0
        # The question itself leads here more than any neighbour does, or nothing else does.
        if not flow.any() or (1.0 - DAMPING) * restart[nodes[-1]] >= DAMPING * flow.max():
            break
        nodes.append(int(before[np.argmax(flow)]))
    while len(nodes) > 1 and not restart[nodes[-1]]:
        nodes.pop()
    return Trail(tuple(_words(view, nodes[::-1], entities, label)))


def _words(view: Snapshot, nodes: list[int], entities: Mapping[int, float], label: Callable[[str], str]) -> list[str]:
    n_sources = len(view.sources)
    alone = sorted((-weight, view.keys[entity]) for entity, weight in entities.items() if view.node[entity] == nodes[0])
    steps = ["question"]
    if nodes[0] >= n_sources:
        steps.append("names")
    elif alone:
        steps += ["names", label(alone[0][1]), "found only in"]
    else:
        steps.append("is close to")
    for position, node in enumerate(nodes):
        if position:
            steps.append("mentions" if node >= n_sources else "mentioned in")
        if node >= n_sources:
            steps.append(label(view.shared[node - n_sources]))
        else:
            steps.append(view.titles[node] or view.sources[node])
    return steps
