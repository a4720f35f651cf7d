import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_graph.extract import extract
from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.rank import DAMPING, inflow, personalized_pagerank, walk
from knowledge_graph.types import SourceText

TEXTS = (
    "Forbidden Ground was directed by Pál Gábor.",
    "Pál Gábor met Anna Bell in Lisbon.",
    "Anna Bell wrote Silent Harbour.",
    "Silent Harbour was filmed in Lisbon, not far from Porto.",
    "nothing is named here",
    "Porto and Lisbon are cities.",
)


def star() -> np.ndarray:
    """Nodes 0, 1, 2 around node 3, with weights 1, 1, 2; node 4 alone."""
    over = walk(5, np.array([0, 1, 2]), np.array([3, 3, 3]), np.array([1.0, 1.0, 2.0]))
    return personalized_pagerank(over, np.array([1.0, 0, 0, 0, 0]))


def test_a_step_is_taken_in_proportion_to_the_weight():
    scores = star()
    assert scores[2] == pytest.approx(2 * scores[1])


def test_what_is_not_reached_has_no_score():
    assert star()[4] == 0


def test_inflow_says_what_each_neighbour_sends():
    over = walk(3, np.array([0, 1]), np.array([2, 2]), np.array([1.0, 3.0]))
    before, flow = inflow(over, np.array([0.1, 0.2, 0.7]), 2)
    assert before.tolist() == [0, 1]
    assert flow.tolist() == pytest.approx([0.1, 0.2])


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(6, 9)), max_size=16), st.integers(0, 9))
def test_scores_are_those_of_networkx(edges, start):
    pairs = sorted(edges)
    weights = np.array([1.0 + (left * right) % 5 for left, right in pairs])
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    restart = np.zeros(10)
    restart[start] = 1.0
    network = nx.Graph()
    network.add_nodes_from(range(10))
    network.add_weighted_edges_from((a, b, w) for (a, b), w in zip(pairs, weights, strict=True))
    slow = nx.pagerank(network, alpha=DAMPING, personalization={start: 1.0}, tol=1e-12)
    quick = personalized_pagerank(walk(10, left, right, weights), restart, steps=80)
    assert quick == pytest.approx([slow[node] for node in range(10)], abs=1e-9)


def test_neighbours_score_as_networkx_ranks_the_graph_it_shows():
    graph = KnowledgeGraph(extract(SourceText(f"s{n}", text)) for n, text in enumerate(TEXTS))
    network = graph.network()
    lonely = [node for node in network if node[0] == "entity" and _sources(network, node) < 2]
    network.remove_nodes_from(lonely)
    network.remove_edges_from([(a, b) for a, b, kind in network.edges(data="kind") if kind == "relation"])
    slow = nx.pagerank(network, alpha=DAMPING, personalization={("source", "s0"): 1.0}, tol=1e-12)
    found = graph.neighbours("nothing", {"s0": 1.0}, limit=10)
    assert len(found) > 1
    for neighbour in found:
        assert neighbour.score == pytest.approx(slow["source", neighbour.source_id], abs=5e-3)


def _sources(network: nx.Graph, node: tuple[str, str]) -> int:
    return sum(other[0] == "source" for other in network[node])
