from dataclasses import replace

import pytest

from knowledge_graph.extract import extract
from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.types import SourceText
from rag.ask.enrich import enrich
from rag.types import Evidence, Hit

TEXTS = {
    "ground": ("Forbidden Ground", "Forbidden Ground is a film directed by Pál Gábor."),
    "gabor": ("Pál Gábor", "Pál Gábor was born in Budapest."),
    "harbour": ("Silent Harbour", "Silent Harbour is a film directed by Anna Bell."),
    "sea": ("Tides", "This one is about the sea."),
}
QUESTION = "Where was the director of Forbidden Ground born?"


class Shelf:
    """Passages by name, what of them is live, and what was asked for."""

    def __init__(self, passage_of) -> None:
        self.passages = {name: passage_of(text, title=title, document=name) for name, (title, text) in TEXTS.items()}
        self.by_id = {passage.chunk.id: passage for passage in self.passages.values()}
        self.asked = []

    def live(self, chunk_ids):
        self.asked += chunk_ids
        return {chunk_id: self.by_id[chunk_id] for chunk_id in chunk_ids if chunk_id in self.by_id}

    def name(self, hit: Hit) -> str:
        return hit.passage.chunk.document_id

    def graph(self) -> KnowledgeGraph:
        return KnowledgeGraph(
            extract(SourceText(passage.chunk.id, passage.chunk.text, title=passage.title))
            for passage in self.passages.values()
        )


@pytest.fixture
def shelf(passage_of) -> Shelf:
    return Shelf(passage_of)


@pytest.fixture
def retrieved(shelf, query_of):
    """Evidence of hits in the order of their names, with the scores given."""

    def make(question: str, **scores: float) -> Evidence:
        hits = tuple(
            Hit(shelf.passages[name], score, ("dense",), {"dense": rank}, (), {"search": score})
            for rank, (name, score) in enumerate(scores.items(), 1)
        )
        return Evidence(query_of(question), hits)

    return make


def names(evidence: Evidence) -> list[str]:
    return [hit.passage.chunk.document_id for hit in evidence.hits]


def test_a_passage_that_only_the_graph_knows_joins_with_the_way_to_it(shelf, retrieved):
    found = enrich(retrieved(QUESTION, ground=0.9, sea=0.1), shelf.graph(), limit=5, live=shelf.live)
    joined = next(hit for hit in found.hits if shelf.name(hit) == "gabor")
    assert joined.origin == ("graph",)
    assert joined.ranks == {"graph": 2}
    assert joined.path == (
        "question",
        "names",
        "Forbidden Ground",
        "found only in",
        "Forbidden Ground",
        "mentions",
        "Pál Gábor",
        "mentioned in",
        "Pál Gábor",
    )
    assert joined.features["pagerank"] > 0
    assert joined.passage.chunk.text == TEXTS["gabor"][1]


def test_a_passage_that_was_there_gets_origin_rank_and_path_and_keeps_the_rest(shelf, retrieved):
    found = enrich(retrieved(QUESTION, ground=0.9), shelf.graph(), limit=5, live=shelf.live)
    hit = found.hits[0]
    assert hit.origin == ("dense", "graph")
    assert hit.ranks == {"dense": 1, "graph": 1}
    assert hit.path == ("question", "names", "Forbidden Ground", "found only in", "Forbidden Ground")
    assert hit.features["search"] == 0.9


def test_what_the_graph_reached_comes_before_what_it_did_not(shelf, retrieved):
    before = retrieved(QUESTION, sea=0.5, ground=0.9)
    assert names(enrich(before, shelf.graph(), limit=2, live=shelf.live)) == ["ground", "gabor", "sea"]


def test_scores_fall_with_the_rank(shelf, retrieved):
    hits = enrich(retrieved(QUESTION, ground=0.9, sea=0.5), shelf.graph(), limit=5, live=shelf.live).hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_the_walk_starts_where_the_searches_are_sure(shelf, retrieved):
    near = enrich(retrieved("who was it", ground=0.2, harbour=0.9), shelf.graph(), limit=1, live=shelf.live)
    assert names(near)[0] == "harbour"


def test_a_chunk_that_is_not_live_does_not_join(shelf, retrieved):
    del shelf.by_id[shelf.passages["gabor"].chunk.id]
    found = enrich(retrieved(QUESTION, ground=0.9), shelf.graph(), limit=5, live=shelf.live)
    assert names(found) == ["ground"]
    assert shelf.passages["gabor"].chunk.id in shelf.asked


def test_a_code_keeps_the_order_of_the_search_and_new_passages_follow(shelf, retrieved):
    before = retrieved("Forbidden Ground", sea=0.1, ground=0.9)
    exact = replace(before, query=replace(before.query, kind="exact"))
    found = enrich(exact, shelf.graph(), limit=5, live=shelf.live)
    assert names(found) == ["sea", "ground", "gabor"]
    assert found.hits[1].origin == ("dense", "graph")


def test_without_a_limit_or_neighbours_the_evidence_stays_as_it_is(shelf, retrieved):
    before = retrieved(QUESTION, ground=0.9)
    assert enrich(before, shelf.graph(), limit=0, live=shelf.live) is before
    assert enrich(before, KnowledgeGraph(), limit=5, live=shelf.live) is before


def test_the_graph_answers_where_the_searches_found_nothing(shelf, retrieved):
    assert names(enrich(retrieved(QUESTION), shelf.graph(), limit=5, live=shelf.live)) == ["ground", "gabor"]


def test_walked_again_a_hit_is_told_from_the_graph_once(shelf, retrieved):
    once = enrich(retrieved(QUESTION, ground=0.9), shelf.graph(), limit=5, live=shelf.live)
    again = enrich(once, shelf.graph(), limit=5, live=shelf.live)
    assert [hit.origin for hit in again.hits] == [("dense", "graph"), ("graph",)]


def read(evidence: Evidence, **judged: float) -> Evidence:
    """Evidence after a reranker that says this of the passages."""
    hits = [
        replace(hit, features={**hit.features, "judged": judged[hit.passage.chunk.document_id]})
        if hit.passage.chunk.document_id in judged
        else hit
        for hit in evidence.hits
    ]
    return replace(evidence, hits=tuple(hits))


def test_what_the_reranker_said_counts_beside_the_walk(shelf, retrieved):
    before = retrieved("who was it", harbour=0.5, sea=0.49)
    assert names(enrich(before, shelf.graph(), limit=2, live=shelf.live)) == ["harbour", "sea"]
    judged = read(before, harbour=0.0, sea=1.0)
    assert names(enrich(judged, shelf.graph(), limit=2, live=shelf.live)) == ["sea", "harbour"]


def test_the_reranker_cannot_sink_what_the_walk_is_sure_of(shelf, retrieved):
    judged = read(retrieved("who was it", harbour=0.9, sea=0.5), harbour=0.0, sea=1.0)
    assert names(enrich(judged, shelf.graph(), limit=2, live=shelf.live)) == ["harbour", "sea"]


def test_no_passage_appears_twice(shelf, retrieved):
    before = retrieved(QUESTION, ground=0.9, gabor=0.3, sea=0.2)
    found = names(enrich(before, shelf.graph(), limit=5, live=shelf.live))
    assert sorted(found) == ["gabor", "ground", "sea"]
