"""The gate: surely better somewhere, surely worse nowhere."""

import numpy as np
import pytest

from rag.evaluation.compare import Difference
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Group, Reading
from rag.training.measuring.gate import (
    Change,
    Measured,
    compare_measured,
    judge,
    measure_groups,
    measure_held_out,
    of_runs,
)


def change(low, high, figure="f1"):
    return Change(figure, 0.5, 0.5 + (low + high) / 2, low, high, 100)


class Ranker:
    """Scores a passage by its length."""

    def score(self, question, passages):
        return np.array([len(passage) for passage in passages], dtype=np.float32)


class Judge:
    """Supports what stands in the source."""

    def support(self, claims, sources):
        return np.array([float(c in s) for c, s in zip(claims, sources, strict=True)], dtype=np.float32)


def test_a_sure_gain_wins():
    verdict = judge([change(0.01, 0.05), change(-0.02, 0.03, "auroc")])
    assert verdict.wins
    assert "f1" in verdict.reason


def test_chance_does_not_win():
    assert not judge([change(-0.01, 0.3)]).wins
    assert not judge([]).wins


def test_a_sure_loss_anywhere_loses_and_is_named():
    verdict = judge([change(0.1, 0.2), change(-0.2, -0.1, "auroc")])
    assert not verdict.wins
    assert "auroc" in verdict.reason


def test_cases_are_drawn_with_both_their_values():
    before = np.random.default_rng(1).random(200).astype(np.float32)
    # A little better everywhere: sure, though the cases differ far more among each other.
    (moved,) = compare_measured(Measured({"f1": before}, {}, {}), Measured({"f1": before + 0.01}, {}, {}))
    assert moved.low == pytest.approx(0.01, abs=1e-4)
    assert moved.high == pytest.approx(0.01, abs=1e-4)
    assert moved.n == 200


def test_noise_is_not_sure():
    generator = np.random.default_rng(1)
    one, other = (Measured({"f1": generator.random(50).astype(np.float32)}, {}, {}) for _ in range(2))
    (moved,) = compare_measured(one, other)
    assert moved.low < 0 < moved.high


def test_scores_are_compared_by_auroc():
    labels = np.array([True, False] * 30)
    bad = np.random.default_rng(1).random(60).astype(np.float32)
    good = labels.astype(np.float32)
    (moved,) = compare_measured(
        Measured({}, {"auroc": bad}, {"auroc": labels}), Measured({}, {"auroc": good}, {"auroc": labels})
    )
    assert moved.after == 1.0
    assert moved.before < 0.8
    assert moved.low > 0


def test_only_what_both_models_do_is_compared():
    values = np.ones(3, dtype=np.float32)
    assert [
        c.figure
        for c in compare_measured(Measured({"rank": values}, {}, {}), Measured({"rank": values, "f1": values}, {}, {}))
    ] == ["rank"]


def test_a_ranker_is_measured_by_the_rank_of_the_relevant_and_ties_count_against_it():
    def group(*texts):
        readings = [Reading(text, None, answers=None, relevant=n == 0) for n, text in enumerate(texts)]
        return Group("toy", "?", tuple(readings))

    found = measure_groups(Ranker(), [group("long", "a"), group("a", "long", "longer"), group("ab", "cd"), group("x")])
    np.testing.assert_allclose(found.means["reciprocal rank"], [1, 1 / 3, 1 / 2])
    assert set(found.figures()) == {"reciprocal rank"}


def test_a_verifier_is_measured_over_all_claims():
    claims = [
        Claim("red", "it is red", supported=True, faults=(), kind="sentence"),
        Claim("blue", "it is red", supported=False, faults=None, kind="name"),
    ] * 20
    told = []
    found = measure_held_out(Judge(), claims, on_progress=lambda *step: told.append(step))
    assert found.figures() == {"auroc": 1.0}
    assert told == [(32, 40), (40, 40)]


def test_figures_of_two_evaluations_are_taken_by_name():
    rows = [Difference("ndcg@10", 0.5, 0.6, 0.05, 0.15, 3, 1), Difference("recall@1", 0.5, 0.5, 0, 0, 0, 0)]
    assert of_runs(rows, ["ndcg@10", "missing"], 9) == (Change("ndcg@10", 0.5, 0.6, 0.05, 0.15, 9),)
