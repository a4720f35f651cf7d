import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_graph.errors import ExtractionError
from knowledge_graph.extract import extract
from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.types import Extraction, SourceText

# Each sentence takes part in a rule of resolution with another one.
SENTENCES = (
    "An access point (AP) is a device.",
    "The Associated Press (AP) wrote it.",
    "Our access points run v2.4.1.",
    "The AP fails with HX-2104.",
    "John Smith met Anna Bell.",
    "Jane Smith met Anna Bell.",
    "It was signed by J. Smith in Lisbon.",
    "Anna Bell's house stands in Lisbon.",
    "Halo Mesh, also known as HaloNet, fails with HX2104.",
    "nothing at all",
)
TITLES = ("", "Halo Mesh", "Lisbon (city)")
QUESTIONS = ("Where is J. Smith?", "why does the access point fail with HX-2104", "Lisbon and the Halo Mesh")
EXTRACTIONS = st.builds(
    lambda number, sentences, title: extract(SourceText(f"s{number}", " ".join(sentences), title=title)),
    st.integers(0, 5),
    st.lists(st.sampled_from(SENTENCES), max_size=3),
    st.sampled_from(TITLES),
)
CHANGES = st.lists(
    st.tuples(st.lists(EXTRACTIONS, max_size=3), st.lists(st.sampled_from("012345"), max_size=2)), max_size=6
)


def picture(graph: KnowledgeGraph) -> object:
    network: nx.Graph = graph.network()
    edges = sorted((*sorted((a, b)), sorted(shown.items())) for a, b, shown in network.edges(data=True))
    answers = [graph.neighbours(question, {"s1": 1.0, "s4": 0.5}, limit=5) for question in QUESTIONS]
    return sorted(network.nodes(data=True)), edges, answers, [graph.entities(question) for question in QUESTIONS]


@settings(deadline=None, max_examples=60)
@given(CHANGES, st.booleans())
def test_after_any_changes_the_graph_equals_one_built_anew(changes, draw_between):
    graph, kept = KnowledgeGraph(), {}
    for added, removed in changes:
        graph.change(added, [f"s{number}" for number in removed])
        kept = {key: value for key, value in kept.items() if key[1:] not in removed}
        kept |= {extraction.source_id: extraction for extraction in added}
        if draw_between:
            graph.snapshot()
    assert picture(graph) == picture(KnowledgeGraph(kept.values()))


@given(st.permutations([extract(SourceText(f"s{n}", text)) for n, text in enumerate(SENTENCES)]))
@settings(deadline=None, max_examples=20)
def test_the_order_of_additions_does_not_matter(extractions):
    assert picture(KnowledgeGraph(extractions)) == picture(KnowledgeGraph(reversed(extractions)))


def graph_of(*texts: str) -> KnowledgeGraph:
    return KnowledgeGraph(extract(SourceText(f"s{n}", text)) for n, text in enumerate(texts))


def test_nothing_is_left_of_what_was_removed():
    graph = graph_of("Anna Bell met J. Smith at the access point (AP).", "Anna Bell met John Smith.")
    graph.remove(["s0", "s1", "unknown"])
    left = [vars(graph._resolution), graph._records, graph._names.numbers, graph._names._written, graph._names._key_of]
    assert not any(any(part.values()) if isinstance(part, dict) else part for part in left)
    assert not any(graph._names.keys)
    assert len(graph.network()) == len(graph) == 0


def test_names_of_a_removed_source_leave_with_it_not_with_the_next_question():
    graph = graph_of("Anna Bell met Carl Dorn.", "Anna Bell slept.")
    assert "Carl Dorn" in graph.entities("Where is Carl Dorn?")
    graph.remove(["s0"])
    assert graph._view is None
    graph.entities("Where is Anna Bell?")
    assert set(graph.snapshot().gazetteer._base_names) == {"anna bell"}


def test_adding_a_known_source_replaces_it():
    graph = graph_of("Anna Bell met Carl Dorn.")
    graph.add([extract(SourceText("s0", "Carl Dorn slept."))])
    assert ("entity", "anna bell") not in graph.network()
    assert ("entity", "carl dorn") in graph.network()


def test_an_extraction_without_a_source_is_refused():
    with pytest.raises(ExtractionError, match="empty source id"):
        graph_of("Anna Bell").add([Extraction("", (), ())])


def test_an_ambiguous_acronym_stays_apart_and_a_clear_one_does_not():
    clear = graph_of("An access point (AP) fails.", "The AP fails.")
    assert ("entity", "ap") not in clear.network()
    clear.add([extract(SourceText("s9", "The Associated Press (AP) wrote."))])
    assert ("entity", "ap") in clear.network()


def test_the_view_shows_relations_with_their_sentence():
    text = "Forbidden Ground was directed by Pál Gábor."
    edge = graph_of(text).network().edges[("entity", "forbidden ground"), ("entity", "pal gabor")]
    assert edge == {"kind": "relation", "relations": (("was directed by", "s0", 0, len(text)),)}


def test_entities_are_shown_as_they_are_written_most_often():
    graph = graph_of("HALO MESH fails at Bell's.", "The Halo Mesh fails.", "A Halo Mesh works.")
    assert graph.network().nodes["entity", "halo mesh"]["label"] == "Halo Mesh"


def test_counts():
    graph = graph_of("Anna Bell met Carl Dorn.", "Anna Bell slept.", "nothing")
    assert graph.counts() == {"sources": 3, "entities": 2, "shared": 1, "mentions": 3, "relations": 1}


def test_a_snapshot_stays_as_it_is_while_the_graph_changes():
    graph = graph_of("Anna Bell met Carl Dorn.", "Anna Bell slept.")
    before = graph.snapshot()
    graph.remove(["s1"])
    assert before.sources == ("s0", "s1")
    assert graph.snapshot().sources == ("s0",)
