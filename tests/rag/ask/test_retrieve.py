"""Two searches become one ranking by their scores; what a code names to the letter comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.retrieve import retrieve
from rag.protocols import LexicalHit, VectorHit
from rag.types import Chunk, Evidence, LiveChunk, Query


class Near:
    """Vectors that know the cosine of each passage."""

    def __init__(self, cosines: Mapping[str, float]) -> None:
        self.cosines = cosines

    def query(self, space, index, vector, *, limit: int) -> list[VectorHit]:
        best = sorted(self.cosines, key=lambda name: (-self.cosines[name], name))[:limit]
        return [VectorHit(name, self.cosines[name]) for name in best]


class Worded:
    """Full text that knows the score of each passage, and which passages hold which phrase."""

    def __init__(self, scores: Mapping[str, float], phrases: Mapping[str, Sequence[str]] | None = None) -> None:
        self.scores, self.phrases = scores, phrases or {}

    def search(self, space, index, terms, *, phrases=(), limit: int) -> list[LexicalHit]:
        held = [set(self.phrases.get(phrase, ())) for phrase in phrases]
        names = [name for name in self.scores if all(name in each for each in held)]
        best = sorted(names, key=lambda name: (-self.scores[name], name))[:limit]
        return [LexicalHit(name, self.scores[name]) for name in best]


@pytest.fixture
def found(query_of, passage_of):
    """Return what is retrieved, all of it live unless said otherwise."""

    def run(
        cosines: Mapping[str, float],
        words: Mapping[str, float],
        *,
        query: Query | None = None,
        phrases: Mapping[str, Sequence[str]] | None = None,
        dead: Sequence[str] = (),
        **numbers: float,
    ) -> Evidence:
        def live(chunk_ids: Sequence[str]) -> dict[str, LiveChunk]:
            return {name: _named(passage_of(name), name) for name in chunk_ids if name not in dead}

        limits = {"dense_limit": 50, "lexical_limit": 50, "lexical_share": 0.5, "limit": 50}
        return retrieve(
            query or query_of("how is it reset"),
            Near(cosines),
            Worded(words, phrases),
            live,
            space="s",
            index="i",
            **{**limits, **numbers},
        )

    return run


def _named(passage: LiveChunk, name: str) -> LiveChunk:
    return replace(passage, chunk=replace(passage.chunk, id=name))


def names(evidence: Evidence) -> list[str]:
    return [hit.passage.chunk.id for hit in evidence.hits]


def test_the_score_is_the_mean_of_what_both_searches_say(found):
    hits = found({"a": 0.8, "b": 0.6, "c": 0.4}, {"b": 8.0, "c": 2.0}).hits
    assert {hit.passage.chunk.id: pytest.approx(hit.score) for hit in hits} == {"a": 0.5, "b": 0.75, "c": 0.125}


def test_a_search_that_is_sure_outweighs_one_that_is_not(found):
    # By ranks the two would tie: each is first once and second once.
    assert names(found({"a": 0.9, "b": 0.3, "c": 0.2}, {"b": 5.0, "a": 4.9})) == ["a", "b", "c"]
    assert names(found({"b": 0.9, "a": 0.89, "c": 0.2}, {"a": 5.0, "b": 1.0})) == ["a", "b", "c"]


def test_the_share_of_the_words_can_be_chosen(found):
    searches = {"a": 0.9, "b": 0.1}, {"b": 9.0}
    assert names(found(*searches, lexical_share=0.4)) == ["a", "b"]
    assert names(found(*searches, lexical_share=0.6)) == ["b", "a"]


def test_hits_know_where_they_come_from(found):
    first, second, third = found({"a": 0.9, "b": 0.5}, {"a": 3.0, "c": 1.0}).hits
    assert (first.origin, first.ranks) == (("dense", "lexical"), {"dense": 1, "lexical": 1})
    assert first.features == {"cosine": 0.9, "bm25": 3.0, "search": 1.0}
    assert (second.origin, second.features) == (("lexical",), {"bm25": 1.0, "search": pytest.approx(1 / 6)})
    assert (third.origin, third.features) == (("dense",), {"cosine": 0.5, "search": 0.0})


def test_one_search_alone_keeps_its_order(found):
    assert names(found({"a": 0.2, "b": 0.7, "c": 0.5}, {"a": 9.0}, lexical_limit=0)) == ["b", "c", "a"]
    assert names(found({"c": 0.9}, {"a": 2.0, "b": 7.0}, dense_limit=0)) == ["b", "a"]


def test_passages_that_no_search_tells_apart_come_by_id(found):
    assert names(found({"b": 0.5, "a": 0.5}, {"b": 2.0, "a": 2.0})) == ["a", "b"]


def test_a_single_hit_is_not_taken_for_the_worst(found):
    assert names(found({"b": 0.9}, {"a": 1.0, "b": 0.5})) == ["b", "a"]


def test_what_is_not_live_is_dropped_before_the_scores_are_compared(found):
    hits = found({"gone": 0.99, "a": 0.5, "b": 0.1}, {"gone": 90.0, "a": 1.0}, dead=["gone"]).hits
    assert {hit.passage.chunk.id: hit.score for hit in hits} == {"a": 1.0, "b": 0.0}


def test_only_the_best_are_kept(found):
    assert names(found({"a": 0.9, "b": 0.5, "c": 0.1}, {}, limit=2)) == ["a", "b"]


def test_a_code_is_found_to_the_letter_first(found, query_of):
    exact = replace(query_of("HX-2104"), kind="exact")
    cosines, words = {"near": 0.9, "literal": 0.1}, {"near": 9.0, "literal": 0.5}
    hits = found(cosines, words, query=exact, phrases={"HX-2104": ["literal"]}).hits
    assert [hit.passage.chunk.id for hit in hits] == ["literal", "near"]
    assert [hit.features.get("exact") for hit in hits] == [1.0, None]


def test_a_phrase_that_stands_nowhere_does_not_hide_the_words(found, query_of):
    asked = replace(query_of('the "green lamp" blinks'), phrases=("green lamp",))
    assert names(found({}, {"a": 2.0, "b": 1.0}, query=asked)) == ["a", "b"]
    assert names(found({}, {"a": 2.0, "b": 1.0}, query=asked, phrases={"green lamp": ["b"]})) == ["b"]


def test_nothing_found_is_no_evidence(found):
    assert found({}, {}).hits == ()


scores = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.0, 1.0), max_size=6)


@given(cosines=scores, words=scores, share=st.floats(0.0, 1.0))
def test_a_passage_that_both_searches_put_higher_comes_first(cosines, words, share):
    def live(chunk_ids):
        return {name: _plain(name) for name in chunk_ids}

    query = Query("q", "q", "question", ("q",), (), (), (), None)
    found = retrieve(
        query,
        Near(cosines),
        Worded(words),
        live,
        space="s",
        index="i",
        dense_limit=9,
        lexical_limit=9,
        lexical_share=share,
        limit=9,
    )
    by_name = {hit.passage.chunk.id: hit.score for hit in found.hits}
    assert set(by_name) == set(cosines) | set(words)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in by_name.values())
    for left in set(cosines) & set(words):
        for right in set(cosines) & set(words):
            if cosines[left] >= cosines[right] and words[left] >= words[right]:
                assert by_name[left] >= by_name[right] - 1e-9


def _plain(name: str) -> LiveChunk:
    return LiveChunk(Chunk(name, "d", "v", 0, 0, 1, "t", "", (), None, 1), "t", "s", "text/plain")
