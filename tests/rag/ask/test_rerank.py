import numpy as np
import pytest

from rag.ask.rerank import rerank
from rag.types import Evidence, ModelUse


class Lengths:
    """The longer the passage, the better; remembers what it read."""

    use = ModelUse("test:lengths", "0" * 64)

    def __init__(self):
        self.read = []

    def score(self, question, passages):
        self.read.append((question, list(passages)))
        return np.array([len(passage) for passage in passages], dtype=np.float32)


def texts(evidence):
    return [hit.passage.chunk.text for hit in evidence.hits]


def test_the_reranker_decides_most(evidence_of):
    ranked = rerank(evidence_of("Q?", "a", "aaa", "aa"), Lengths(), limit=10)

    assert texts(ranked) == ["aaa", "aa", "a"]


def test_the_first_ranking_has_its_vote(evidence_of):
    """The passage that the reranker likes best overtakes a near one, and not the first of a long list."""
    near = rerank(evidence_of("Q?", "a" * 8, "a" * 9), Lengths(), limit=10)
    far = rerank(evidence_of("Q?", "a" * 8, *("a" * n for n in range(1, 7)), "a" * 9), Lengths(), limit=10)

    assert texts(near) == ["a" * 9, "a" * 8]
    assert texts(far)[:2] == ["a" * 8, "a" * 9]


def test_scores_fall_and_features_carry_the_rerankers(evidence_of):
    before = evidence_of("Q?", *("a" * n for n in (2, 9, 4, 7, 1)))
    ranked = rerank(before, Lengths(), limit=3)

    scores = [hit.score for hit in ranked.hits]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    read = {hit.passage.chunk.text: hit.features["rerank"] for hit in ranked.hits[:3]}
    # Title, a line feed, and the text.
    assert read == {"a" * n: len("Manual") + 1 + n for n in (2, 9, 4)}
    assert [hit.features["cosine"] for hit in ranked.hits[3:]] == [hit.features["cosine"] for hit in before.hits[3:]]


def test_passages_behind_the_limit_are_not_read_and_keep_their_order(evidence_of):
    reranker = Lengths()

    ranked = rerank(evidence_of("Q?", "a", "aa", "aaa", "aaaaa", "aaaa"), reranker, limit=2)

    assert texts(ranked)[2:] == ["aaa", "aaaaa", "aaaa"]
    assert reranker.read == [("Q?", ["Manual\na", "Manual\naa"])]


def test_equal_votes_are_ordered_by_chunk_id(evidence_of):
    """Two passages of one length stand as their ids do for the reranker, whatever their order was."""
    evidence = evidence_of("Q?", "bb", "aa")
    turned = Evidence(evidence.query, evidence.hits[::-1])

    assert [hit.ranks["rerank"] for hit in rerank(evidence, Lengths(), limit=5).hits] == [1, 2]
    assert {hit.passage.chunk.id: hit.ranks["rerank"] for hit in rerank(turned, Lengths(), limit=5).hits} == {
        evidence.hits[0].passage.chunk.id: 1,
        evidence.hits[1].passage.chunk.id: 2,
    }


@pytest.mark.parametrize("passages", [(), ("a",)])
def test_nothing_to_order_passes_through(evidence_of, passages):
    reranker = Lengths()
    evidence = evidence_of("Q?", *passages)

    assert rerank(evidence, reranker, limit=5) is evidence
    assert reranker.read == []


def test_every_passage_stays_with_its_origin_and_path(evidence_of):
    before = evidence_of("Q?", "a", "aaa", "aa", "aaaa")
    ranked = rerank(before, Lengths(), limit=3)

    assert sorted(texts(ranked)) == sorted(texts(before))
    origins = {hit.passage.chunk.id: (hit.origin, hit.path) for hit in before.hits}
    assert {hit.passage.chunk.id: (hit.origin, hit.path) for hit in ranked.hits} == origins
