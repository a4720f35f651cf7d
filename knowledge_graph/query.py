"""From a question to sources: which entities it names, where the walk starts, and the way to each source."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from knowledge_graph.extract import extract
from knowledge_graph.rank import FloatArray, inflow, personalized_pagerank
from knowledge_graph.resolve import entity_key, normalized, singular
from knowledge_graph.snapshot import Snapshot
from knowledge_graph.types import Neighbour, SourceText, Trail
from knowledge_graph.vocabulary import STOP_WORDS

# Share of the walk's starts that goes to the entities of the question; the rest goes to the seeds.
ENTITY_SHARE = 0.5
# A single word in small letters may be a name or just a word.
_PLAIN_WORD_WEIGHT = 0.2
# question, entity, source, entity, source: a longer way convinces nobody.
_MAX_TRAIL_NODES = 5


def neighbours(
    view: Snapshot, question: str, seeds: Mapping[str, float], label: Callable[[str], str], *, limit: int
) -> list[Neighbour]:
    """Return the sources nearest to a question.

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
    nearest = scores[: len(view.sources)]
    order = np.lexsort((np.arange(len(nearest)), -nearest))[:limit]
    return [
        Neighbour(view.sources[node], float(nearest[node]), _trail(view, scores, restart, entities, int(node), label))
        for node in order
        if nearest[node] > 0
    ]


def question_entities(view: Snapshot, question: str) -> dict[str, float]:
    """Return the known entities that a question names, with weights, by key.

    Capitalized, quoted and coded names are read off the question as off any text; names in small letters are
    found by the gazetteer, in the plural too. An entity weighs its rarity.
    """
    written = {entity_key(mention.surface) for mention in extract(SourceText("", question)).mentions}
    spoken = normalized(question)
    found = {name.key: name for name in view.gazetteer.find(" ".join(map(singular, spoken.split())))}
    found |= {name.key: name for name in view.gazetteer.find(spoken)}
    weights: dict[str, float] = {}
    for key in sorted(written | found.keys()):
        if key not in view.entity_of or (key not in written and (key in STOP_WORDS or len(key) < len("abc"))):
            continue
        entity = view.entity_of[key]
        certain = key in written or " " in key
        weight = float(view.rarity[view.nodes[entity]]) * (1.0 if certain else _PLAIN_WORD_WEIGHT)
        weights[entity] = max(weight, weights.get(entity, 0.0))
    return weights


def _restart(view: Snapshot, entities: Mapping[str, float], seeds: Mapping[str, float]) -> FloatArray | None:
    number = view.number_of
    known = {number[source]: weight for source, weight in seeds.items() if source in number and weight > 0}
    restart = np.zeros(len(view.rarity))
    by_seed = (1.0 - ENTITY_SHARE) if entities else 1.0
    by_entity = 1.0 - by_seed if known else 1.0
    for node, weight in known.items():
        restart[node] += by_seed * weight / sum(known.values())
    for entity, weight in entities.items():
        restart[view.nodes[entity]] += by_entity * weight / sum(entities.values())
    return restart if restart.any() else None


def _trail(
    view: Snapshot,
    scores: FloatArray,
    restart: FloatArray,
    entities: Mapping[str, float],
    source: int,
    label: Callable[[str], str],
) -> Trail:
    """Follow the strongest inflow back from a source until the question is reached."""
    nodes = [source]
    while len(nodes) < _MAX_TRAIL_NODES - 1:
        before, flow = inflow(view.walk, scores, nodes[-1])
        flow = np.where(np.isin(before, nodes), 0.0, flow)
        if not flow.any() or (restart[nodes[-1]] > 0 and len(nodes) > 1):
            break
        nodes.append(int(before[np.argmax(flow)]))
    while len(nodes) > 1 and not restart[nodes[-1]]:
        nodes.pop()
    return Trail(tuple(_words(view, nodes[::-1], entities, label)))


def _words(view: Snapshot, nodes: list[int], entities: Mapping[str, float], label: Callable[[str], str]) -> list[str]:
    n_sources = len(view.sources)
    alone = sorted((e for e in entities if view.nodes[e] == nodes[0]), key=lambda e: (-entities[e], e))
    steps = ["question"]
    if nodes[0] >= n_sources:
        steps.append("names")
    elif alone:
        steps += ["names", label(alone[0]), "found only in"]
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
