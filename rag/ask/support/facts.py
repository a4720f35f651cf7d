"""The facts of a text that another one must hold to support it: numbers with their units, codes and names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag import lexis
from rag.english import is_english

_NUMBER_WITH_UNIT = re.compile(
    r"(?<![\w.,])(?P<sign>[$€£]|(?:EUR|USD|GBP)\s)?(?P<number>\d+(?:[.,]\d+)*)[\s-]?"
    r"(?:(?:working|business|calendar|consecutive|full|whole)\s)*(?P<unit>%|[^\W\d_]+)?"
)
_OPENING = re.compile(r"[A-Z][^\W\d_]+(?=\s)")
# Stems of units that measure alike: "24 days" is no "24 months".
_MEASURES = frozenset(
    map(
        lexis.stem,
        "second minute hour day week month quarter year percent % euro dollar pound cent gram kilogram kg g mm cm m km "
        "metre meter kilometre watt kw volt ampere kb mb gb tb kbit mbit gbit hz khz mhz ghz degree am pm "
        "st nd rd th".split(),
    )
)

# One unit has several spellings; by their stems, the one that stands for it.
_SPELLINGS = {
    lexis.stem(spelling): lexis.stem(row.split()[0])
    for row in (
        "second sec secs s",
        "minute min mins",
        "hour hr hrs h",
        "euro eur",
        "dollar usd",
        "pound gbp",
        "% percent",
        "kg kilogram kilogramme kilo",
        "g gram gramme",
        "m metre meter",
        "km kilometre kilometer",
        "cm centimetre centimeter",
        "mm millimetre millimeter",
        "watt w",
        "kw kilowatt",
        "volt v",
        "ampere amp",
        "kbit kbps",
        "mbit mbps",
        "gbit gbps",
    )
    for spelling in row.split()
}


def missing_facts(text: str, held: str) -> tuple[str, ...]:
    """Return the numbers (with their unit), codes and names of a text that another one does not hold, as written."""
    numbers = lexis.digits(text) - lexis.digits(held)
    units = _units(held)
    found = [
        match.group().strip()
        for match in _NUMBER_WITH_UNIT.finditer(text)
        if lexis.digits(match["number"]) & numbers or _other_unit(match, units)
    ]
    told = frozenset(number for words in found for number in lexis.digits(words))
    codes = [code for code in lexis.codes(text) if not lexis.holds(held, code)]
    rest = [number for number in sorted(numbers - told) if not any(number in code for code in codes)]
    known = frozenset(map(lexis.stem, lexis.words(held)))
    names = [name for name in _names(text) if any(lexis.stem(word) not in known for word in lexis.terms(name))]
    return tuple(dict.fromkeys([*found, *codes, *rest, *names]))


def _names(text: str) -> tuple[str, ...]:
    """Return the names of a text; the word that opens it is one where it is no common word."""
    opening = _OPENING.match(text)
    first = opening[0].casefold() if opening else ""
    opens = bool(first) and first not in lexis.STOP_WORDS and not is_english(first)
    return (*([opening[0]] if opening and opens else []), *lexis.names(text))


def _units(text: str) -> dict[str, frozenset[str]]:
    """Return the stems that follow each number of a text; an empty one where none does, or none that tells its unit."""
    found: dict[str, frozenset[str]] = {}
    for match in _NUMBER_WITH_UNIT.finditer(text):
        unit = (match["unit"] or "").casefold()
        told = "" if match["sign"] or (unit in lexis.STOP_WORDS and unit not in _MEASURES) else _unit(unit)
        for number in lexis.digits(match["number"]):
            found[number] = found.get(number, frozenset()) | {told}
    return found


def _unit(written: str) -> str:
    """Return the stem that stands for a unit, however it is spelled."""
    stem = lexis.stem(written.casefold())
    return _SPELLINGS.get(stem, stem)


def _other_unit(match: re.Match[str], units: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether a number has a unit of measure, and counts only other things where it stands in the source."""
    unit = _unit(match["unit"] or "")
    beside = [units[number] for number in lexis.digits(match["number"]) if number in units]
    return unit in _MEASURES and any(unit not in each and "" not in each for each in beside)
