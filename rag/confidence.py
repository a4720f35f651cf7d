"""How likely an answer is right: a calibrated model over the signals of one question, evaluated in plain Python.

The model is a file that people can read: `rag/calibration.json`, shipped, or ``calibration.json`` in the home
directory, which wins. `footnote calibrate` writes both (`rag.evaluation.calibrate`); see
docs/decisions/0023-calibrated-confidence.md.
"""

from __future__ import annotations

import hashlib
import json
import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.types import Confidence, Level, ModelUse

NAME = "calibration.json"
FORMAT = "footnote-calibration/2"
LISTED, OF_LISTS = "listed", "list "
"""Whether a list is told as a whole, and what stands before the names of the signals of one."""
HIGH, MEDIUM = 0.75, 0.5
# How many answers must be alike before tenths, or quarters, can be told apart: the standard error of a share is
# below 0.08 with 40 and below 0.13 with 16.
_FOR_TENTHS, _FOR_QUARTERS = 40, 16


@dataclass(frozen=True, slots=True)
class Curve:
    """What a signal adds to the log-odds: straight between points, level beyond the first and the last.

    Args:
        points: Value of the signal and what it adds there, by rising value; two or more.
    """

    points: tuple[tuple[float, float], ...]

    @property
    def rise(self) -> float:
        """How much more the highest value adds than the lowest; below 0 for a signal that speaks against."""
        return self.points[-1][1] - self.points[0][1]

    def at(self, value: float) -> float:
        """Return what a value adds."""
        place = bisect_left(self.points, value, key=lambda point: point[0])
        if place in (0, len(self.points)):
            return self.points[min(place, len(self.points) - 1)][1]
        (left, low), (right, high) = self.points[place - 1 : place + 1]
        return low + (high - low) * (value - left) / (right - left)


@dataclass(frozen=True, slots=True)
class Band:
    """Calibration questions whose probability lay in ``[start, end)``: how many, their mean, how many were right."""

    start: float
    end: float
    n: int
    mean: float
    right: int


@dataclass(frozen=True, slots=True)
class Bar:
    """What a least confidence does to the calibration questions.

    Args:
        bar: The least confidence.
        shown: Answers that it lets through.
        right: How many of these are right.
        answerable: How many of these answer a question that the documents answer.
    """

    bar: float
    shown: int
    right: int
    answerable: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model with what is known of it.

    Args:
        use: Version and hash of the file, as receipts name them.
        intercept: Log-odds where no signal says anything.
        curves: By signal.
        bands: From 0 to 1, without gaps, their shares rising.
        bars: By rising bar.
        n_questions: Questions that it was fitted on.
        n_answerable: How many of them the documents answer.
        facts: The whole file: sets, figures, how it was made.
    """

    use: ModelUse
    intercept: float
    curves: Mapping[str, Curve]
    bands: tuple[Band, ...]
    bars: tuple[Bar, ...]
    n_questions: int
    n_answerable: int
    facts: Mapping[str, Any]


def as_weighed(signals: Mapping[str, float], names: Collection[str]) -> Mapping[str, float]:
    """Return signals under the names by which a model weighs them: a list that is told as a whole has its own.

    How sure a reader is, or how much of the question stands in an answer, says something else of twelve steps than of a
    sentence (docs/decisions/0057-lists-of-their-own.md).

    Args:
        signals: By name, see `rag.ask.signals`.
        names: Those that the model knows; without `LISTED` among them it tells no lists apart.
    """
    if LISTED not in names:
        return signals
    is_list = "called" in signals
    return {f"{OF_LISTS if is_list else ''}{name}": value for name, value in signals.items()} | {LISTED: float(is_list)}


def estimate(signals: Mapping[str, float], calibration: Calibration) -> Confidence:
    """Return the confidence that the signals give: ``1 / (1 + exp(-(intercept + Σ curve(value))))``.

    Args:
        signals: By name, see `rag.ask.signals`; one that is missing says nothing, one that is unknown is kept.
        calibration: The model.
    """
    probability = chance(as_weighed(signals, calibration.curves), calibration)
    rounded = {name: round(value, 4) for name, value in signals.items()}
    band = next((band for band in calibration.bands if probability < band.end), None)
    n, right = (band.n, band.right) if band else (0, 0)
    return Confidence(round(probability, 4), _level(probability, n, right), rounded, n, right)


def chance(told: Mapping[str, float], calibration: Calibration) -> float:
    """Return the probability that signals give, by the names of `as_weighed`."""
    curves = calibration.curves
    z = calibration.intercept + sum(each.at(told[name]) for name, each in curves.items() if name in told)
    return 1.0 / (1.0 + math.exp(-max(min(z, 30.0), -30.0)))


def _level(probability: float, n: int, right: int) -> Level:
    """Return the level of the share that `in_words` tells; where it tells none, of the chance.

    A "high" beside "right 7 times in 10" and a "medium" beside the same words would leave a reader with neither.
    """
    share = right / n if n >= _FOR_QUARTERS else probability
    return "high" if share >= HIGH else "medium" if share >= MEDIUM else "low"


def in_words(n: int, right: int) -> str:
    """Return how often answers alike were right, no finer than so many of them can tell.

    Args:
        n: Calibration questions whose answers had about the same confidence.
        right: How many of these were right.
    """
    share = right / n if n else 0.0
    if n >= _FOR_TENTHS:
        tenths = round(10 * share)
        if tenths >= 10:
            return "Answers like this one were right more than 9 times in 10."
        if tenths < 1:
            return "Answers like this one were right less than 1 time in 10."
        return f"Answers like this one were right {tenths} time{'s' * (tenths > 1)} in 10."
    if n >= _FOR_QUARTERS:
        told = ("rarely", "about 1 time in 4", "about half of the time", "about 3 times in 4", "nearly always")
        return f"Answers like this one were right {told[round(4 * share)]}."
    return "Too few answers like this one have been checked to say how often they are right."


def in_hundredths(probability: float) -> str:
    """Return a chance with two places, cut and not rounded: 0.748 is below a bar of 0.75 and must not read like it."""
    return f"{math.floor(round(probability * 100, 6)) / 100:.2f}"


def read_calibration(path: Path) -> Calibration:
    """Return the calibration of a home directory, or the shipped one where there is no such file.

    Raises:
        SettingsError: The file is damaged or of another format.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return shipped()
    except OSError as exc:
        raise SettingsError(
            f"The calibration {str(path)!r} cannot be read: {exc.strerror}.", hint="Check it, or remove it."
        ) from exc
    return _parsed(content, str(path), "home")


@lru_cache(maxsize=1)
def shipped() -> Calibration:
    """Return the calibration that comes with Footnote."""
    return _parsed(resources.files(__package__).joinpath(NAME).read_bytes(), NAME, "bundled")


@lru_cache(maxsize=8)
def _parsed(content: bytes, name: str, origin: str) -> Calibration:
    try:
        facts = _of_format(json.loads(content))
        return Calibration(
            use=ModelUse(f"{origin}:calibration/{facts['version']}", hashlib.sha256(content).hexdigest()),
            intercept=_finite(facts["intercept"]),
            curves={signal: _curve(signal, each) for signal, each in facts["signals"].items()},
            bands=tuple(
                Band(
                    _finite(each["start"]),
                    _finite(each["end"]),
                    int(each["n"]),
                    _finite(each["mean"]),
                    int(each["right"]),
                )
                for each in facts["reliability"]
            ),
            bars=tuple(
                Bar(_finite(each["bar"]), int(each["shown"]), int(each["right"]), int(each["answerable"]))
                for each in facts["bars"]
            ),
            n_questions=int(facts["questions"]),
            n_answerable=int(facts["answerable"]),
            facts=facts,
        )
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as exc:
        raise SettingsError(
            f"The calibration {name!r} is damaged: {exc}.",
            hint="Make it anew with `footnote calibrate`, or remove it to use the one that comes with Footnote.",
        ) from exc


def _curve(signal: str, points: Sequence[Sequence[Any]]) -> Curve:
    curve = Curve(tuple((_finite(value), _finite(adds)) for value, adds in points))
    values = [value for value, _ in curve.points]
    if len(values) < 2 or any(right <= left for left, right in pairwise(values)):
        raise ValueError(f"the points of {signal!r} are not two or more by rising value")
    return curve


def _finite(value: Any) -> float:  # noqa: ANN401 - what stands in a file
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is no finite number")
    return number


def _of_format(facts: dict[str, Any]) -> dict[str, Any]:
    if facts["format"] != FORMAT:
        raise ValueError(f"its format is {facts['format']!r}, not {FORMAT!r}")
    return facts


NO_CONFIDENCE = Confidence(0.0, "low", {})
"""Of a question that was not looked up."""
