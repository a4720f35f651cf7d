"""Quantities in a sentence, made comparable: their kind, their bounds in one unit, and the words around them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag import lexis

Bound = Literal["exact", "least", "most", "about"]


def _each(first: str, others: str) -> tuple[str, ...]:
    return tuple(f"{first} {other}" for other in others.split())


# Unit, and how many of the unit of its kind it is.
_UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), ("time", 1 / 86400)),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), ("time", 1 / 1440)),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), ("time", 1 / 24)),
    **dict.fromkeys(("day", "days", "calendar days", "calendar day"), ("time", 1.0)),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), ("time", 7.0)),
    **dict.fromkeys(("month", "months", "mth", "mths"), ("time", 30.4375)),
    **dict.fromkeys(("year", "years", "yr", "yrs"), ("time", 365.25)),
    **dict.fromkeys(("working days", "working day", "business days", "business day"), ("working days", 1.0)),
    **dict.fromkeys(("%", "percent", "per cent"), ("share", 1.0)),
    **dict.fromkeys(("€", "eur", "euro", "euros"), ("euro", 1.0)),
    **dict.fromkeys(("$", "usd", "dollar", "dollars"), ("dollar", 1.0)),
    **dict.fromkeys(("£", "gbp", "pound", "pounds"), ("pound", 1.0)),
    **{unit: ("bytes", factor) for unit, factor in {"kb": 1.0, "mb": 1e3, "gb": 1e6, "tb": 1e9}.items()},
    **{unit: ("bits", factor) for unit, factor in {"kbit/s": 1.0, "mbit/s": 1e3, "gbit/s": 1e6}.items()},
    **{
        unit: ("length", factor)
        for units, factor in {
            "mm millimetre millimetres millimeter millimeters": 1.0,
            "cm centimetre centimetres centimeter centimeters": 10.0,
            "m metre metres meter meters": 1e3,
            "km kilometre kilometres kilometer kilometers": 1e6,
            "mile miles": 1_609_344.0,
        }.items()
        for unit in units.split()
    },
    **dict.fromkeys(("m²", "m2", "sqm", "sq m", *_each("square", "metre metres meter meters")), ("area", 1.0)),
    **dict.fromkeys(("m³", "m3", *_each("cubic", "metre metres meter meters")), ("volume", 1e6)),
    **{unit: ("volume", factor) for unit, factor in {"ml": 1.0, "l": 1e3, "litres": 1e3, "litre": 1e3}.items()},
    **dict.fromkeys(("liter", "liters"), ("volume", 1e3)),
    **{
        unit: ("weight", factor)
        for units, factor in {
            "mg": 1e-3,
            "g gram grams gramme grammes": 1.0,
            "kg kilo kilos kilogram kilograms kilogramme kilogrammes": 1e3,
            "t tonne tonnes": 1e6,
        }.items()
        for unit in units.split()
    },
    **{unit: ("power", factor) for unit, factor in {"mw": 1e-3, "w": 1.0, "watts": 1.0, "kw": 1e3}.items()},
    **{unit: (unit, 1.0) for unit in ("v", "a", "ma", "ghz", "mhz", "dbm", "°c", "°f")},
    **dict.fromkeys(("degrees celsius", "degree celsius", "degrees c", "degrees"), ("°c", 1.0)),
    **dict.fromkeys(("degrees fahrenheit", "degree fahrenheit", "degrees f"), ("°f", 1.0)),
}
# Where a capital makes another unit, or makes one at all: megawatts are no milliwatts, and "-30 C" is a temperature.
_WITH_CAPITAL: Mapping[str, tuple[str, float]] = {"MW": ("power", 1e6), "C": ("°c", 1.0), "F": ("°f", 1.0)}
# "1.200,00" and "1.200.000" can be read in one way only; "1.200" has two, and is 1.2 as in English.
_CONTINENTAL = r"\d{1,3}(?:(?:\.\d{3})+,\d{1,2}|(?:\.\d{3}){2,})(?![\d.,]*\d)"
_NUMBER = rf"{_CONTINENTAL}|\d{{1,3}}(?:[, \u00a0\u202f]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?"
# "£1m", "€1.5 million": without a sign "1 m" is a metre.
_SCALES: Mapping[str, float] = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_WORD = "|".join(word for word in lexis.NUMBER_WORDS if word != "zero")
_LONGEST_FIRST = "|".join(re.escape(unit) for unit in sorted({*_UNITS, "c", "f"}, key=len, reverse=True))
_VALUE = re.compile(
    rf"(?P<between>\bbetween\s+)?(?P<sign>[€$£]|\b(?:EUR|USD|GBP)(?=\s))?\s?(?<![\w.,/-])(?P<minus>[-−](?=\d))?"
    rf"(?P<low>{_NUMBER}|(?:{_WORD})\b)"
    rf"(?:\s*(?:-|–|\bto\b|\bor\b|(?(between)\band\b|(?!)))\s*(?P<high>{_NUMBER}|(?:{_WORD})\b))?"
    r"(?(sign)(?:(?P<scale>k|m|bn)\b|\s(?P<many>thousand|million|billion)\b)?)"
    # "$20 a month" are no amperes.
    rf"(?:[\s-]?(?!an?\s+[a-z])(?P<unit>{_LONGEST_FIRST})(?![\w])|\s+(?P<noun>[a-z]{{3,}})\b)?",
    re.IGNORECASE,
)
_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "least",
        re.compile(
            r"(?:\b(?:at least|minimum(?: of)?|over|from|(?:no|not) less than|min\.?)"
            r"|(?<!\bno )(?<!\bnot )\bmore than)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "most",
        re.compile(
            r"(?:\b(?:at most|up to|maximum(?: of)?|under|(?:no|not) more than|max\.?)"
            r"|(?<!\bno )(?<!\bnot )\bless than)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "about",
        re.compile(
            r"(?:\b(?:about|around|approximately|roughly|nearly|almost|circa|ca\.?|some)|~|≈)\W*$", re.IGNORECASE
        ),
    ),
)
# How far two numbers may be apart: of one unit, of two units (a month is no fixed number of days), and with "about".
_SAME, _SAME_ACROSS, _SAME_ABOUT = 0.004, 0.03, 0.2
_AROUND, _SHORT = 45, 14


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity.

    Args:
        kind: What can be compared: ``time``, ``euro``, or ``n`` and the stem of what is counted.
        low: Its number, or the lower end of a range, in the unit of its kind.
        high: The upper end.
        bound: Whether the number is a limit or a guess.
        unit: As written.
        text: The words of number and unit.
        near: Stems of the words around it.
    """

    kind: str
    low: float
    high: float
    bound: Bound
    unit: str
    text: str
    near: frozenset[str]


def values(sentence: str) -> tuple[Value, ...]:
    """Return the quantities of a sentence that have a unit or count something, in order."""
    found = []
    all_of_it = lexis.stems(sentence) if " | " in sentence or len(sentence.split()) <= _SHORT else None
    for match in _VALUE.finditer(sentence):
        unit = (match["sign"] or match["unit"] or "").casefold()
        counted = lexis.stem(match["noun"].casefold()) if match["noun"] else ""
        if not unit and (not counted or match["noun"].casefold() in lexis.STOP_WORDS or match["noun"][0].isupper()):
            continue
        known = _WITH_CAPITAL.get(match["unit"] or "") or _UNITS.get(unit)
        if unit and not known:
            continue
        kind, factor = known or (f"n {counted}", 1.0)
        factor *= _SCALES[(match["scale"] or match["many"] or "").casefold()]
        low = _number(match["low"]) * (-factor if match["minus"] else factor)
        high = _number(match["high"]) * factor if match["high"] else low
        before = sentence[max(0, match.start() - _AROUND) : match.start()]
        bounds = [name for name, pattern in _BOUNDS if pattern.search(before)]
        bound: Bound = bounds[0] if bounds else "exact"
        near = _near(sentence, match.start(), match.end()) if all_of_it is None else all_of_it
        # "$50 license": what follows an amount is no part of it.
        text = sentence[match.start() : match.start("noun") if unit and match["noun"] else match.end()].strip()
        found.append(Value(kind, min(low, high), max(low, high), bound, unit, text, near))
    return tuple(found)


def disagree(one: Value, other: Value) -> bool:
    """Tell whether two quantities of one kind cannot both hold of the same thing."""
    if one.kind != other.kind or {one.bound, other.bound} == {"least", "most"}:
        return False
    slack = _SAME if one.unit == other.unit else _SAME_ACROSS
    slack = _SAME_ABOUT if "about" in {one.bound, other.bound} else slack
    if one.bound == other.bound:
        return _apart(one.low, other.low, slack) if one.bound in {"least", "most"} else _outside(one, other, slack)
    for limit, value in ((one, other), (other, one)):
        if limit.bound == "least":
            return value.high < limit.low * (1 - slack)
        if limit.bound == "most":
            return value.low > limit.high * (1 + slack)
    return _outside(one, other, slack)


def _outside(one: Value, other: Value, slack: float) -> bool:
    """Tell whether two ranges have no number in common."""
    return one.low > other.high * (1 + slack) or other.low > one.high * (1 + slack)


def _apart(one: float, other: float, slack: float) -> bool:
    return not math.isclose(one, other, rel_tol=slack)


def _number(written: str) -> float:
    if written.casefold() in lexis.NUMBER_WORDS:
        return float(lexis.NUMBER_WORDS[written.casefold()])
    if re.fullmatch(_CONTINENTAL, written):
        return float(written.replace(".", "").replace(",", "."))
    plain = re.sub(r"[, \u00a0\u202f](?=\d{3}(?!\d))", "", written)
    return float(plain.replace(",", "."))


def _near(sentence: str, start: int, end: int) -> frozenset[str]:
    """Return the stems around a quantity; in the row of a table and in a short sentence all of it is near."""
    words = sentence[max(0, start - _AROUND) : start].split()[-5:] + sentence[end : end + _AROUND].split()[:5]
    return lexis.stems(" ".join(words))
