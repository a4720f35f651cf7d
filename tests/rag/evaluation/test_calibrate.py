"""A calibration is fitted on labelled questions, refused on too few, and measured on what it has not seen."""

import json
import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from rag.confidence import estimate, read_calibration, shipped
from rag.errors import InputError
from rag.evaluation.calibrate import MIN_QUESTIONS, bands, calibrate, samples, written
from rag.evaluation.fitting import Sample, columns_of
from rag.evaluation.runner import half_of
from tests.rag.evaluation.conftest import make_question, make_run


def made(n, *, dataset="set", seed=3, noise=0.35, share=0.5):
    """Questions whose best passage tells whether the answer is right, more or less; nothing else does."""
    chance = random.Random(seed)
    drawn = []
    for i in range(n):
        right = chance.random() < share
        answers = min(max((0.7 if right else 0.4) + chance.gauss(0, noise) * 0.5, 0.0), 1.0)
        signals = {"answers": answers, "statement": 0.5, "missing": chance.random(), "coverage": chance.random()}
        drawn.append(Sample(dataset, f"g{i // 2}", signals, has_statements=True, right=right, answerable=right))
    return drawn


def fitted(drawn, **choices):
    settings = {"halved": (), "models": {"embedding": "m"}, "current": shipped()} | choices
    return calibrate(drawn, **settings)


def risen(facts):
    """By signal, how much more its highest value adds than its lowest."""
    return {name: points[-1][1] - points[0][1] for name, points in facts["signals"].items()}


@pytest.fixture(scope="module")
def large():
    return fitted(made(600), version="9")


def test_a_signal_that_tells_is_weighed_and_one_that_never_differs_is_not(large):
    rises = risen(large)
    assert "statement" not in rises
    assert rises["answers"] > 4 * max(abs(rises["missing"]), abs(rises["coverage"]))
    assert large["figures"]["auroc"] > 0.75
    assert large["figures"]["ece"] < 0.1


def test_no_signal_counts_against_what_it_says():
    turned = [
        Sample(
            each.dataset,
            each.group,
            {
                "coverage": 1 - each.signals["answers"],
                "missing": each.signals["answers"],
                "focus": each.signals["answers"],
                "length": each.signals["answers"],
            },
            has_statements=True,
            right=each.right,
            answerable=each.answerable,
        )
        for each in made(400)
    ]
    rises = risen(fitted(turned))
    assert (rises["coverage"], rises["missing"]) == (0.0, 0.0)
    # One speaks either way, and how long a question is for neither.
    assert rises["focus"] > 0
    assert rises["length"] == 0.0


def test_a_signal_that_tells_only_below_a_value_is_a_bent_line():
    chance, drawn = random.Random(5), []
    for each in made(1200):
        score = chance.random()
        drawn.append(replace(each, signals={"answers": score}, right=chance.random() < min(0.05 + 1.7 * score, 0.9)))
    points = fitted(drawn)["signals"]["answers"]

    slopes = [(high - low) / (right - left) for (left, low), (right, high) in pairwise(points)]
    assert len(slopes) == 4
    assert min(slopes[:2]) > 3 * max(slopes[2:])
    assert min(slopes) >= 0


def test_the_file_is_read_back_and_says_what_it_was_fitted_on(large, tmp_path):
    path = tmp_path / "calibration.json"
    path.write_text(written(large), encoding="utf-8")
    calibration = read_calibration(path)
    assert json.loads(path.read_text(encoding="utf-8")) == large
    assert (calibration.n_questions, calibration.use.ref) == (600, "home:calibration/9")
    sure, unsure = (estimate({"answers": value}, calibration) for value in (0.95, 0.1))
    assert sure.probability > 0.7 > 0.3 > unsure.probability
    assert sure.n_right / sure.n_alike > unsure.n_right / unsure.n_alike


def test_the_bars_fall_from_all_answers_to_few(large):
    shown = [each["shown"] for each in large["bars"]]
    assert shown[0] == 600
    assert shown == sorted(shown, reverse=True)
    assert all(each["right"] <= each["shown"] for each in large["bars"])


def test_with_few_questions_only_the_scale_is_refitted():
    facts = fitted(made(120))
    known = shipped().curves
    slopes = {round(rise / known[name].rise, 2) for name, rise in risen(facts).items() if abs(known[name].rise) > 0.5}
    assert len(slopes) == 1
    assert "scale" in facts["method"]


@pytest.mark.parametrize(
    "drawn", [made(MIN_QUESTIONS - 1), made(200, share=1.0), made(200, share=0.0), made(200, share=0.03)]
)
def test_too_few_or_one_kind_is_refused_with_how_many_are_needed(drawn):
    with pytest.raises(InputError) as caught:
        fitted(drawn)
    assert str(len(drawn)) in caught.value.message
    assert "60" in caught.value.hint


def test_labels_against_which_the_confidence_speaks_are_refused():
    # Only what went wrong was judged: sure answers that are wrong, and refusals that would have been right.
    curves = shipped().curves
    chance = random.Random(1)
    drawn = []
    for i in range(150):
        right = chance.random() < 0.3
        signals = {name: (0.2 if right else 0.8) + chance.random() * 0.2 for name in curves}
        drawn.append(Sample("home", f"g{i}", signals, has_statements=True, right=right, answerable=True))
    with pytest.raises(InputError, match="nothing was written") as caught:
        fitted(drawn)
    assert "judge answers as they come" in caught.value.hint


def grouped(*groups):
    """Questions of groups, each with how many there are and how many of them are right."""
    facts = [(f"g{i}", j < n_right) for i, (n, n_right) in enumerate(groups) for j in range(n)]
    right, others = ([each for each in made(4 * len(facts)) if each.right == kind] for kind in (True, False))
    return [replace((right if is_right else others).pop(), group=group) for group, is_right in facts]


@pytest.mark.parametrize(
    "drawn",
    [
        grouped((20, 10), (20, 10), (20, 10), (20, 10)),
        grouped((20, 20), (20, 0), (20, 0), (20, 0), (20, 0), (20, 0)),
        grouped((20, 0), (20, 20), (20, 20), (20, 20), (20, 20), (20, 20)),
    ],
)
def test_questions_on_too_few_matters_are_refused(drawn):
    with pytest.raises(InputError, match=f"on {len({each.group for each in drawn})} matters") as caught:
        fitted(drawn)
    assert "5 matters" in caught.value.hint


def test_two_matters_of_a_kind_among_five_are_enough():
    drawn = grouped((20, 20), (20, 20), (20, 0), (20, 0), (20, 0))
    assert fitted(drawn)["questions"] == 100


def test_a_halved_set_is_fitted_on_one_half_and_measured_on_the_other():
    drawn = made(700, dataset="a")
    facts = fitted(drawn, halved=("a",))
    n_first = sum(half_of(each.group) == "first" for each in drawn)
    told = facts["sets"]["a"]
    assert (told["fitted_on"], told["measured_on"], told["how"]) == (n_first, 700 - n_first, "the other half")
    assert facts["questions"] == n_first


def test_the_same_questions_give_the_same_file():
    assert written(fitted(made(320), version="1")) == written(fitted(made(320), version="1"))


def test_bands_are_joined_until_their_shares_rise():
    probability = np.linspace(0.01, 0.99, 200)
    right = np.array([place % 2 == 0 if place < 100 else place % 3 != 0 for place in range(200)])
    found = bands(probability, right)
    shares = [each["right"] / each["n"] for each in found]
    assert shares == sorted(shares)
    assert sum(each["n"] for each in found) == 200
    assert (found[0]["start"], found[-1]["end"]) == (0.0, 1.0)


def test_a_run_without_answers_is_named():
    with pytest.raises(InputError, match="made no answers"):
        samples(make_run([make_question("a", 1.0)]))


def test_a_way_through_tables_counts_no_more_than_it_may():
    drawn = [
        Sample(
            each.dataset,
            each.group,
            each.signals | {"trail": float(each.right)},
            each.has_statements,
            each.right,
            each.right,
        )
        for each in made(600)
    ]
    points = fitted(drawn)["signals"]["trail"]
    assert [value for value, _ in points] == [0.0, 1.0]
    # 0.3 for a standard deviation, and where half of them are right that is ½.
    assert points[1][1] - points[0][1] == pytest.approx(0.6, abs=0.01)


def with_lists(n_lists):
    """Return questions of which some get a list: of these `coverage` tells what `answers` tells of the others."""
    drawn = made(600)
    for n, each in enumerate(drawn[:n_lists]):
        told = each.signals["answers"]
        drawn[n] = replace(each, signals=each.signals | {"answers": 0.5, "coverage": told, "called": 0.3 + 0.001 * n})
    return drawn


def test_lists_have_weights_of_their_own_where_there_are_enough_of_them(tmp_path):
    facts = fitted(with_lists(300), version="9")
    rises = risen(facts)
    assert "list answers" not in rises
    assert rises["list coverage"] > 4 * abs(rises["coverage"])
    (tmp_path / "calibration.json").write_text(written(facts), encoding="utf-8")
    calibration = read_calibration(tmp_path / "calibration.json")
    sure, unsure = ({"answers": 0.5, "coverage": value, "called": 0.4} for value in (0.95, 0.1))
    assert estimate(sure, calibration).probability > 0.3 + estimate(unsure, calibration).probability
    assert set(estimate(sure, calibration).signals) == set(sure), "signals keep their names"
    few = fitted(with_lists(30), version="9")["signals"]
    assert "called" in few
    assert not any(name.startswith("list ") for name in few)


def test_a_set_counts_by_the_root_of_its_size():
    drawn = [*made(400), *made(100, dataset="other")]
    columns = columns_of(drawn, ["answers"])
    large, small = columns.shares[:400].sum(), columns.shares[400:].sum()
    assert large == pytest.approx(2 * small)
    assert columns.shares.sum() == pytest.approx(len(drawn))
