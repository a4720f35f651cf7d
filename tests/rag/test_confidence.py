"""A probability from a file that people can read, and how it is said."""

import json
import math

import pytest

from rag.confidence import FORMAT, Curve, estimate, in_hundredths, in_words, read_calibration, shipped
from rag.errors import SettingsError

FACTS = {
    "format": FORMAT,
    "version": "7",
    "questions": 100,
    "answerable": 60,
    "intercept": -1.0,
    "signals": {"rerank": [[0.0, -4.0], [0.5, 0.0], [1.0, 4.0]]},
    "reliability": [
        {"start": 0.0, "end": 0.5, "n": 50, "mean": 0.2, "right": 10},
        {"start": 0.5, "end": 1.0, "n": 50, "mean": 0.8, "right": 45},
    ],
    "bars": [{"bar": 0.0, "shown": 90, "right": 55, "answerable": 60}],
}


@pytest.fixture
def calibration(tmp_path):
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    return read_calibration(path)


def test_the_probability_is_the_formula(calibration):
    expected = 1 / (1 + math.exp(-(-1.0 + 2.0)))
    assert estimate({"rerank": 0.75}, calibration).probability == round(expected, 4)


@pytest.mark.parametrize(
    ("value", "adds"), [(-1.0, -2.0), (0.2, -2.0), (0.3, -1.0), (0.4, 0.0), (0.7, 0.5), (1.0, 1.0), (3.0, 1.0)]
)
def test_a_curve_is_straight_between_its_points_and_level_beyond(value, adds):
    curve = Curve(((0.2, -2.0), (0.4, 0.0), (1.0, 1.0)))
    assert curve.at(value) == pytest.approx(adds)
    assert curve.rise == 3.0


def test_a_signal_that_is_missing_says_nothing_and_one_that_is_unknown_is_kept(calibration):
    confidence = estimate({"moon": 0.3}, calibration)
    assert confidence.probability == round(1 / (1 + math.e), 4)
    assert dict(confidence.signals) == {"moon": 0.3}


def test_the_answers_alike_are_those_of_its_band(calibration):
    low, high = estimate({"rerank": 0.0}, calibration), estimate({"rerank": 1.0}, calibration)
    assert (low.n_alike, low.n_right) == (50, 10)
    assert (high.n_alike, high.n_right) == (50, 45)


@pytest.mark.parametrize(
    ("n", "right", "level"), [(40, 16, "low"), (40, 28, "medium"), (40, 32, "high"), (4, 0, "high")]
)
def test_the_level_is_that_of_the_share_that_is_told(tmp_path, n, right, level):
    bands = [{"start": 0.0, "end": 0.5, "n": 40, "mean": 0.2, "right": 4}]
    bands += [{"start": 0.5, "end": 1.0, "n": n, "mean": 0.8, "right": right}]
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(FACTS | {"reliability": bands}), encoding="utf-8")
    assert estimate({"rerank": 1.0}, read_calibration(path)).level == level


@pytest.mark.parametrize(
    ("n", "right", "words"),
    [
        (50, 45, "right 9 times in 10"),
        (50, 50, "right more than 9 times in 10"),
        (50, 1, "right less than 1 time in 10"),
        (50, 6, "right 1 time in 10"),
        (20, 15, "right about 3 times in 4"),
        (20, 0, "right rarely"),
        (8, 8, "Too few answers"),
        (0, 0, "Too few answers"),
    ],
)
def test_the_words_say_no_more_than_the_numbers_carry(n, right, words):
    assert words in in_words(n, right)


def test_the_one_of_the_home_wins_and_the_shipped_one_is_used_without(calibration, tmp_path):
    assert calibration.use.ref == "home:calibration/7"
    assert len(calibration.use.sha256) == 64
    assert read_calibration(tmp_path / "none.json") == shipped()


def with_points(*points):
    return json.dumps(FACTS | {"signals": {"rerank": points}})


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        json.dumps({**FACTS, "format": "other/1"}),
        json.dumps({"format": FORMAT}),
        json.dumps(FACTS | {"signals": []}),
        json.dumps(FACTS | {"intercept": math.nan}),
        with_points(),
        with_points([0.5, 1.0]),
        with_points([0.5, 1.0], [0.5, 2.0]),
        with_points([0.75, 1.0], [0.25, 2.0]),
        with_points([0.25, 1.0], [0.75, math.inf]),
        with_points([0.25, 1.0], [0.75, "much"]),
        with_points([0.25, 1.0, 2.0], [0.75, 3.0]),
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"calibration\.json"):
        read_calibration(path)


def test_a_number_that_is_written_as_text_is_a_number(tmp_path):
    path = tmp_path / "calibration.json"
    path.write_text(with_points([0, "-4"], ["1.0", "4"]), encoding="utf-8")
    assert estimate({"rerank": 0.75}, read_calibration(path)).probability == round(1 / (1 + math.exp(-1)), 4)


def test_the_shipped_one_says_what_it_rests_on():
    calibration = shipped()
    assert calibration.n_questions >= 100
    assert [band.start for band in calibration.bands[1:]] == [band.end for band in calibration.bands[:-1]]
    assert (calibration.bands[0].start, calibration.bands[-1].end) == (0.0, 1.0)
    shares = [band.right / band.n for band in calibration.bands]
    assert shares == sorted(shares)


@pytest.mark.parametrize(("probability", "told"), [(0.7499, "0.74"), (0.57, "0.57"), (0.29, "0.29"), (1.0, "1.00")])
def test_a_chance_is_cut_to_two_places(probability, told):
    assert in_hundredths(probability) == told
