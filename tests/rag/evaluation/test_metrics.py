"""Against values worked out by hand, and a slow, obvious second implementation."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.metrics import CUTOFFS, average, metric_names, percentiles, score


@pytest.fixture
def by_hand():
    # Relevant: b at rank 2, d at rank 4, z not found.
    return score({"q": ["a", "b", "c", "d", "e"]}, {"q": {"b": 1, "d": 1, "z": 1}})["q"]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("recall@1", 0.0),
        ("recall@2", 1 / 3),
        ("recall@3", 1 / 3),
        ("recall@5", 2 / 3),
        ("recall@20", 2 / 3),
        ("precision@1", 0.0),
        ("precision@2", 1 / 2),
        ("precision@3", 1 / 3),
        ("precision@5", 2 / 5),
        ("precision@8", 2 / 8),
        ("precision@20", 2 / 20),
        ("mrr@10", 1 / 2),
        ("all@5", 0.0),
        ("all@20", 0.0),
        # Ranks 2 and 4 gain 1/log2(3) and 1/log2(5); the best order would gain 1, 1/log2(3) and 1/log2(4).
        ("ndcg@10", (0.6309298 + 0.4306766) / (1 + 0.6309298 + 0.5)),
    ],
)
def test_a_ranking_worked_out_by_hand(by_hand, metric, value):
    assert by_hand[metric] == pytest.approx(value, abs=1e-6)


def test_all_needs_every_relevant_document():
    found = score({"q": ["b", "x", "d"]}, {"q": {"b": 1, "d": 1}})["q"]
    assert (found["all@2"], found["all@3"]) == (0.0, 1.0)


def test_mrr_ends_at_rank_ten():
    ranked = [f"x{i}" for i in range(10)]
    found = score({"q": [*ranked[:9], "d"], "r": [*ranked, "d"]}, {"q": {"d": 1}, "r": {"d": 1}})
    assert found["q"]["mrr@10"] == pytest.approx(0.1)
    assert found["r"]["mrr@10"] == 0.0


def test_grades_weigh_in_ndcg():
    # The best order would have the higher grade first: its gain is not divided, the other one's by log2(3).
    found = score({"q": ["low", "high"]}, {"q": {"low": 1, "high": 3}})["q"]
    assert found["ndcg@10"] == pytest.approx((1 + 3 * 0.6309298) / (3 + 0.6309298), abs=1e-6)


def test_a_question_that_finds_nothing_scores_zero():
    found = score({"q": []}, {"q": {"d": 1}, "r": {"d": 1}})
    assert set(found) == {"q", "r"}
    assert not any(value for row in found.values() for value in row.values())


def test_the_order_given_is_the_order_judged():
    # trec_eval sorts by score and breaks ties by descending id: equal scores would put "z" first.
    assert score({"q": ["a", "z"]}, {"q": {"a": 1}})["q"]["recall@1"] == 1.0


def test_other_cutoffs_are_counted():
    found = score({"q": ["a", "b"]}, {"q": {"b": 1}}, cutoffs=(1, 50))["q"]
    assert list(found) == metric_names((1, 50))
    assert found["recall@50"] == 1.0


@given(
    ranked=st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), unique=True, max_size=25),
    grades=st.dictionaries(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.integers(1, 3), min_size=1, max_size=6),
)
def test_any_ranking_agrees_with_the_definitions(ranked, grades):
    found = score({"q": ranked}, {"q": grades})["q"]
    for k in CUTOFFS:
        hits = len(set(ranked[:k]) & set(grades))
        assert found[f"recall@{k}"] == pytest.approx(hits / len(grades))
        assert found[f"precision@{k}"] == pytest.approx(hits / k)
        assert found[f"all@{k}"] == float(hits == len(grades))
    ranks = [rank for rank, document in enumerate(ranked[:10], 1) if document in grades]
    assert found["mrr@10"] == pytest.approx(1 / ranks[0] if ranks else 0.0)
    gained = sum(grades[ranked[rank - 1]] / math.log2(rank + 1) for rank in ranks)
    best = sum(grade / math.log2(i + 2) for i, grade in enumerate(sorted(grades.values(), reverse=True)[:10]))
    assert found["ndcg@10"] == pytest.approx(gained / best)


def test_the_average_is_over_questions():
    assert average([{"m": 1.0}, {"m": 0.0}, {"m": 0.5}]) == {"m": 0.5}
    assert average([]) == {}


def test_percentiles_are_interpolated():
    assert percentiles([10.0, 20.0, 30.0]) == pytest.approx({"p50": 20.0, "p95": 29.0, "p99": 29.8})
