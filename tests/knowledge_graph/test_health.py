"""The state of a graph is counted right, against networkx where it can count too."""

import networkx as nx
import pytest

from knowledge_graph.extract import extract
from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.types import SourceText


def graph_of(*texts: str) -> KnowledgeGraph:
    return KnowledgeGraph(extract(SourceText(f"s{number}", text)) for number, text in enumerate(texts))


@pytest.fixture
def health():
    return graph_of("Anna Bell met Carl Dorn.", "Anna Bell slept.", "Eva Frey sang.", "nothing").health()


def test_sources_without_an_entity_are_told_apart(health):
    assert (health.sources, health.sources_with_entity) == (4, 3)


def test_counts_agree_with_the_graph(health):
    graph = graph_of("Anna Bell met Carl Dorn.", "Anna Bell slept.", "Eva Frey sang.", "nothing")
    for name, count in graph.counts().items():
        assert getattr(health, name) == count


def test_components_are_groups_of_sources_that_an_entity_joins(health):
    assert health.components == 3
    assert health.largest_component == 0.5


def test_mentions_of_entities_that_stand_nowhere_else_are_orphans(health):
    # Anna Bell twice; Carl Dorn and Eva Frey once.
    assert health.orphan_mentions == 0.5


def test_components_are_those_that_networkx_finds():
    texts = [
        "Anna Bell met Carl Dorn.",
        "Carl Dorn met Eva Frey.",
        "Eva Frey slept.",
        "Gus Hall sang.",
        "Gus Hall ate.",
    ]
    graph = graph_of(*texts)
    assert graph.health().components == nx.number_connected_components(graph.network()) == 2


def test_hubs_are_entities_of_more_than_a_tenth_of_the_sources_and_of_three():
    texts = ["Anna Bell met Carl Dorn." for _ in range(3)]
    others = [f"Nothing happened {number} times." for number in range(17)]
    assert graph_of(*texts, *others).health().hubs == (("Anna Bell", 0.15), ("Carl Dorn", 0.15))
    assert graph_of(*texts[:2]).health().hubs == ()


def test_an_empty_graph_is_healthy():
    health = KnowledgeGraph().health()
    assert (health.sources, health.components, health.largest_component, health.orphan_mentions) == (0, 0, 0.0, 0.0)
    assert health.hubs == ()
