"""Figures over judged answers, against values worked out by hand and a slow second way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.figures import FIGURES, as_json, auroc, ece, figures, reliability, right_at, risk_coverage, table
from rag.evaluation.records import AnswerRecord, CitationScores


def answer(probability, *, right=False, shown=True, answerable=True, f1=None, cited=None):
    return AnswerRecord(
        outcome="answered" if shown else "refused",
        reason=None if shown else "weak_evidence",
        shown=shown,
        answerable=answerable,
        right=right,
        exact_match=None if f1 is None else float(f1 == 1),
        f1=f1,
        probability=probability,
        signals={},
        statements=(),
        citations=cited,
        ask_ms=1.0,
    )


FOUR = [
    answer(0.9, right=True, f1=1.0),
    answer(0.8, answerable=False),
    answer(0.6, f1=0.2),
    answer(0.1, shown=False, answerable=False),
    answer(0.2, shown=False, right=True, f1=0.0),
]


def test_the_figures_of_a_few_answers():
    found = figures(table(FOUR))
    assert tuple(found) == FIGURES
    assert found["f1"] == pytest.approx(0.4)
    assert found["exact_match"] == pytest.approx(1 / 3)
    assert found["coverage"] == pytest.approx(2 / 3)
    assert found["selective_accuracy"] == pytest.approx(1 / 3)
    assert (found["refusal_precision"], found["refusal_recall"]) == (0.5, 0.5)
    assert found["auroc"] == pytest.approx((3 + 1) / 6)
    assert found["right_at_half"] == pytest.approx(1 / 3)


def test_what_the_labels_do_not_tell_is_none():
    printed = as_json(figures(table([answer(0.5, shown=False)])))
    assert {name for name, value in printed.items() if value is not None} == {
        "coverage",
        "refusal_precision",
        "ece",
        "right_at_half",
    }


def test_citations_count_where_the_answer_is_shown():
    cited = CitationScores(recall=1.0, precision=0.5, gold_recall=None, gold_precision=None, per_statement=2.0)
    hidden = cited.model_copy(update={"precision": 0.0})
    found = figures(table([answer(0.9, cited=cited), answer(0.1, shown=False, cited=hidden)]))
    assert (found["citation_precision"], found["citation_recall"], found["citations_per_statement"]) == (0.5, 1.0, 2.0)
    assert math.isnan(found["citation_gold_recall"])


PAIRS = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40)


@given(PAIRS)
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs):
    probability = np.array([place / 20 for place, _ in pairs])
    right = np.array([good for _, good in pairs])
    good, bad = probability[right], probability[~right]
    won = [1.0 if a > b else 0.5 if a == b else 0.0 for a in good for b in bad]
    found = auroc(probability, right)
    assert math.isnan(found) if not won else found == pytest.approx(sum(won) / len(won))


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_bins_and_bars_are_counted_as_one_would_by_hand(drawn):
    answers = [(place / 20, right, answerable) for place, right, answerable in drawn]
    probability, right, answerable = (np.array(column) for column in zip(*answers, strict=True))

    bins = [[each for each in answers if min(int(each[0] * 15 + 1e-9), 14) == n] for n in range(15)]
    apart = [abs(sum(p for p, *_ in each) - sum(good for _, good, _ in each)) for each in bins]
    assert ece(probability, right) == pytest.approx(sum(apart) / len(answers))

    bars = sorted({p for p, *_ in answers}, reverse=True)
    over = [[each for each in answers if each[0] >= bar] for bar in bars]
    shares = [(len(each) / len(answers), sum(not good for _, good, _ in each) / len(each)) for each in over]
    assert risk_coverage(probability, right) == [pytest.approx(point) for point in shares]

    found = right_at(probability, right, answerable, coverage=0.5)
    if not answerable.any():
        assert math.isnan(found)
        return
    half = next(each for each in over if 2 * sum(known for *_, known in each) >= answerable.sum())
    assert found == pytest.approx(sum(good for _, good, _ in half) / len(half))


def test_ece_is_the_mean_distance_by_bins():
    probability = np.array([0.9, 0.9, 0.9, 0.9, 0.1])
    right = np.array([True, True, True, False, False])
    assert ece(probability, right) == pytest.approx((4 * abs(0.9 - 0.75) + 1 * 0.1) / 5)


def test_full_confidence_is_in_the_last_bin():
    (only,) = reliability(np.array([1.0]), np.array([True]))
    assert (only.start, only.end, only.right) == (14 / 15, 1.0, 1.0)


def test_equal_confidence_cannot_be_parted_by_a_bar():
    probability, right = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    answerable = np.array([True, True, False, True])
    assert right_at(probability, right, answerable, coverage=0.5) == pytest.approx(2 / 3)
    assert risk_coverage(probability, right) == [
        (0.25, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]
