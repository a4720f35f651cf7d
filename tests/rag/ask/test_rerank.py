"""What the reranker says and what the searches said are added by their scores."""

import math
from dataclasses import replace

import numpy as np
import pytest

from rag.ask.question.form import read_shape
from rag.ask.rerank import rerank
from rag.protocols import Found
from rag.sentences import Span
from rag.types import Evidence, ModelUse


class Opinion:
    """A reranker with a fixed opinion of each text, and a note of what it has read."""

    use = ModelUse("test:opinion", "")

    def __init__(self, **opinions: float) -> None:
        self.opinions = opinions
        self.read = []

    def score(self, question, passages):
        texts = [passage.splitlines()[-1] for passage in passages]
        self.read += texts
        return np.array([self.opinions[text] for text in texts], dtype=np.float32)

    def find(self, question, passages):
        return [None] * len(passages)


def rerank_for(evidence: Evidence, opinion: Opinion, *, limit: int) -> Evidence:
    return rerank(evidence, opinion, opinion, limit=limit)


@pytest.fixture
def searched(evidence_of):
    """Evidence of passages in the order of their names, with what the searches said."""

    def make(**scores: float) -> Evidence:
        evidence = evidence_of("which one", *scores)
        hits = [
            replace(hit, features={"search": score}) for hit, score in zip(evidence.hits, scores.values(), strict=True)
        ]
        return replace(evidence, hits=tuple(hits))

    return make


def texts(evidence: Evidence) -> list[str]:
    return [hit.passage.chunk.text for hit in evidence.hits]


def test_what_was_spoken_of_before_counts_beside_what_was_read(searched):
    evidence, opinion = searched(a=0.5, b=0.5), Opinion(a=0.9, b=0.4)
    assert texts(rerank_for(evidence, opinion, limit=9)) == ["a", "b"]
    before = {"a": 0.0, "b": 1.0}
    hits = [
        replace(hit, features={**hit.features, "stays": 0.6, "before": before[hit.passage.chunk.text]})
        for hit in evidence.hits
    ]
    kept = rerank_for(replace(evidence, hits=tuple(hits)), opinion, limit=9)
    assert texts(kept) == ["b", "a"]
    assert [hit.features["judged"] for hit in kept.hits] == pytest.approx([0.6, 0.4])
    # What the reranker said is kept as it was.
    assert [hit.features["rerank"] for hit in kept.hits] == pytest.approx([0.4, 0.9])


def test_the_score_adds_a_third_of_the_searches_and_two_of_the_reranker(searched):
    hits = rerank_for(searched(a=1.0, b=0.4, c=0.0), Opinion(a=0.2, b=0.5, c=0.3), limit=9).hits
    assert [hit.passage.chunk.text for hit in hits] == ["b", "a", "c"]
    assert [hit.score for hit in hits] == pytest.approx([(0.4 + 2) / 3, 1 / 3, 2 / 9], abs=1e-6)


def test_hits_keep_what_the_reranker_said_and_its_rank(searched):
    best, worst = rerank_for(searched(a=0.5, b=0.5), Opinion(a=-3.0, b=7.0), limit=9).hits
    assert best.features == {"search": 0.5, "rerank": 7.0, "judged": 1.0}
    assert worst.features == {"search": 0.5, "rerank": -3.0, "judged": 0.0}
    assert (best.ranks["rerank"], worst.ranks["rerank"]) == (1, 2)


def test_a_reranker_that_is_hardly_for_one_does_not_overrule_sure_searches(searched):
    narrow = rerank_for(searched(a=1.0, b=0.1, c=0.0), Opinion(a=0.69, b=0.7, c=0.1), limit=9)
    assert texts(narrow) == ["a", "b", "c"]
    clear = rerank_for(searched(a=1.0, b=0.1, c=0.0), Opinion(a=0.3, b=0.7, c=0.1), limit=9)
    assert texts(clear) == ["b", "a", "c"]


def test_only_the_best_are_read_and_the_others_follow_in_their_order(searched):
    opinion = Opinion(a=0.1, b=0.9)
    ranked = rerank_for(searched(a=0.9, b=0.8, d=0.7, c=0.6), opinion, limit=2)
    assert texts(ranked) == ["b", "a", "d", "c"]
    assert opinion.read == ["a", "b"]
    scores = [hit.score for hit in ranked.hits]
    assert scores == sorted(scores, reverse=True)
    assert "rerank" not in ranked.hits[2].features


def test_what_an_exact_query_found_to_the_letter_stays_first(searched):
    before = searched(a=0.1, b=0.9)
    letter = replace(before.hits[0], features={"search": 0.1, "exact": 1.0})
    ranked = rerank_for(replace(before, hits=(letter, before.hits[1])), Opinion(a=0.0, b=1.0), limit=9)
    assert texts(ranked) == ["a", "b"]


def test_a_passage_that_only_the_graph_brought_is_judged_by_the_reranker_alone(searched):
    before = searched(a=0.5, b=0.0)
    brought = replace(before.hits[1], features={})
    ranked = rerank_for(replace(before, hits=(before.hits[0], brought)), Opinion(a=0.1, b=0.9), limit=9)
    assert texts(ranked) == ["b", "a"]


def test_equal_passages_come_by_id(searched):
    before = searched(b=0.5, a=0.5)
    assert texts(rerank_for(before, Opinion(a=1.0, b=1.0), limit=9)) == ["b", "a"]
    turned = replace(before, hits=before.hits[::-1])
    assert texts(rerank_for(turned, Opinion(a=1.0, b=1.0), limit=9)) == ["b", "a"]


def test_one_passage_or_no_limit_leaves_the_evidence_as_it_is(searched):
    opinion = Opinion(a=1.0)
    alone = searched(a=0.5)
    assert rerank_for(alone, opinion, limit=9) is alone
    several = searched(a=0.5, b=0.4)
    assert rerank_for(several, opinion, limit=0) is several
    assert opinion.read == []


def test_what_the_graph_finds_far_from_the_question_is_not_read(searched):
    names = "abcdefghijk"
    before = searched(**dict.fromkeys(names, 0.5))
    near = [
        replace(hit, features={"search": 0.5, "pagerank": 0.2 if place < 9 else 0.2 * math.exp(-5.1)})
        for place, hit in enumerate(before.hits)
    ]
    opinion = Opinion(**dict.fromkeys(names, 0.5))
    rerank_for(replace(before, hits=tuple(near)), opinion, limit=11)
    assert opinion.read == list("abcdefghi")


def test_a_passage_is_judged_by_the_one_of_several_things_that_it_answers_best(searched):
    class OfEach(Opinion):
        def score(self, question, passages):
            best = {"A or B?": "a", "A?": "a", "B?": "b"}[question]
            texts = [passage.splitlines()[-1] for passage in passages]
            return np.array([1.0 if text == best else self.opinions[text] for text in texts], dtype=np.float32)

    before = searched(a=0.5, b=0.5, c=0.5)
    query = replace(before.query, text="A or B?", shape="comparison", subqueries=("A?", "B?"))
    hits = rerank_for(replace(before, query=query), OfEach(a=0.0, b=0.1, c=0.3), limit=9).hits
    assert {hit.passage.chunk.text: hit.features["judged"] for hit in hits} == pytest.approx(
        {"a": 1.0, "b": 1.0, "c": 0.3}, abs=1e-6
    )


def test_the_links_of_a_chain_do_not_judge(searched):
    before = searched(a=0.5, b=0.5)
    query = replace(before.query, shape="chain", subqueries=("the way there",))
    opinion = Opinion(a=0.1, b=0.9)
    rerank_for(replace(before, query=query), opinion, limit=9)
    assert opinion.read == ["a", "b"]


CHAIN = "Who was the first president of the association that published Journal of Letters?"


class Reads(Opinion):
    """A reader that takes each passage for what the description stands for, and then likes the last one."""

    def __init__(self, **opinions: float) -> None:
        super().__init__(**opinions)
        self.asked = []

    def score(self, question, passages):
        self.asked.append(question)
        said = super().score(question, passages)
        return said if question == CHAIN else -said

    def find(self, question, passages):
        return [Found(0.0, 1.0, Span(text.rfind("\n") + 1, len(text)), 1.0) for text in passages]


def chain(before: Evidence) -> Evidence:
    shape, subqueries = read_shape(CHAIN)
    return replace(before, query=replace(before.query, text=CHAIN, shape=shape, subqueries=subqueries))


def test_a_passage_is_judged_by_what_it_says_of_the_first_link_too(searched):
    opinion = Reads(Xerxes=1.0, Yves=0.5, Zeno=0.0)
    hits = rerank_for(chain(searched(Xerxes=0.5, Yves=0.5, Zeno=0.5)), opinion, limit=9).hits

    assert opinion.asked == [CHAIN, "Who was the first president of Xerxes?"]
    assert {hit.passage.chunk.text: hit.features["judged"] for hit in hits} == {"Xerxes": 1.0, "Yves": 0.5, "Zeno": 1.0}


def near(evidence: Evidence, **cosines: float) -> Evidence:
    """The evidence with how near the nearest sentence of each passage is."""
    hits = [
        replace(hit, features={**hit.features, "sentence": cosines[hit.passage.chunk.text]}) for hit in evidence.hits
    ]
    return replace(evidence, hits=tuple(hits))


def test_those_with_the_nearest_sentences_are_read_wherever_they_stand(searched):
    names = dict.fromkeys("abcdefgh", 0.5)
    opinion = Opinion(**names | {"g": 0.9})
    cosines = names | {"h": 0.1, "c": 0.2, "d": 0.3}
    ranked = rerank_for(near(searched(**names), **cosines), opinion, limit=2)
    assert sorted(opinion.read) == ["a", "b", "e"]
    opinion.read.clear()
    ranked = rerank_for(near(searched(**names), **cosines | {"g": 0.8}), opinion, limit=2)
    assert sorted(opinion.read) == ["a", "b", "g"]
    assert texts(ranked)[0] == "g"
    # The others keep their order.
    assert texts(ranked)[-5:] == ["c", "d", "e", "f", "h"]


def test_a_near_sentence_counts_beside_what_the_reranker_says_and_less(searched):
    evidence = searched(a=0.5, b=0.5, c=0.5)
    close = Opinion(a=0.60, b=0.58, c=0.1)
    assert texts(rerank_for(near(evidence, a=0.3, b=0.7, c=0.3), close, limit=9)) == ["b", "a", "c"]
    clear = Opinion(a=0.60, b=0.40, c=0.1)
    assert texts(rerank_for(near(evidence, a=0.3, b=0.7, c=0.3), clear, limit=9)) == ["a", "b", "c"]
