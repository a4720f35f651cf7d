"""What is measured, and the words for it: how heavy something is asks what it weighs, in grams or the like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag import lexis

_LENGTH = r"(?:mm|cm|m|km|(?:milli|centi|kilo)?met(?:re|er)s?|inch(?:es)?|feet|foot|ft|miles?)"
_TIME = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|ms|s|min|h)"
_WEIGHT = r"(?:mg|g|kg|t|lbs?|oz|(?:milli|kilo)?gram(?:me)?s?|kilos?|tonnes?|tons?|pounds?|ounces?)"
_MONEY = r"(?:€|\$|£|eur|usd|gbp|euros?|dollars?|pounds?|cents?)"
_SPEED = rf"(?:km/h|mph|m/s|rpm|knots?|[kmg]bit/s|[kmg]bps|\w+ (?:per|a|an) (?:second|minute|hour)|{_TIME})"
# From its first digit on, so that a long run of digits is read once.
_NUMBER = rf"(?:(?<!\d)\d[\d.,]*|\b(?:{'|'.join(lexis.NUMBER_WORDS)}|half))"
# Words that ask for it or tell it | further words that tell it | its units.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("heavy weight weigh weighs", "mass", _WEIGHT),
    ("tall height", "high", _LENGTH),
    ("wide width", "broad", _LENGTH),
    ("size dimension dimensions", "large big measurements", _LENGTH),
    ("deep depth", "", _LENGTH),
    ("thick thickness", "", _LENGTH),
    ("expensive price cost", "cheap fee charge rate free", rf"{_MONEY}"),
    ("fast speed", "quick rate", _SPEED),
    ("old age", "aged founded built born since established opened existed exists", _TIME),
    ("hot warm cold temperature", "heat", r"(?:degrees?|°\s?[cf]?|celsius|fahrenheit)"),
    ("loud loudness noise", "", r"(?:db|dba|decibels?)"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured.

    Args:
        words: Stems of the words that ask for it or tell it.
        unit: Finds a number with one of its units.
    """

    words: frozenset[str]
    unit: re.Pattern[str]

    def told_in(self, text: str) -> bool:
        """Tell whether a text says something of it: a number with such a unit, or a word for it."""
        return bool(self.unit.search(text)) or bool(self.words & lexis.stems(text))


def measured_alike(question: str, text: str) -> str:
    """Return a text with those words of a question behind it that it says in another word for the same measure.

    A text that says what something weighs gets the ``heavy`` that the question has for it; one that holds the word, or
    says nothing of the measure, stays as it is.
    """
    held = lexis.stems(text)
    said = [
        term
        for term in lexis.terms(question)
        if lexis.stem(term) not in held and any(lexis.stem(term) in group and group & held for group in _GROUPS)
    ]
    return " ".join((text, *said))


def _measure(asks: str, tells: str, unit: str) -> Measure:
    signs = r"|(?:[€$£]|\b(?:eur|usd|gbp))\s?\d" if unit == _MONEY else ""
    pattern = re.compile(rf"{_NUMBER}[\s-]?{unit}(?!\w){signs}", re.IGNORECASE)
    return Measure(frozenset(map(lexis.stem, f"{asks} {tells}".split())), pattern)


MEASURED: Mapping[str, Measure] = {
    word: _measure(asks, tells, unit) for asks, tells, unit in _ROWS for word in asks.split()
}
"""What each word that asks for a measure wants, lower case."""
_GROUPS = [frozenset(map(lexis.stem, asks.split())) for asks, _, _ in _ROWS]
