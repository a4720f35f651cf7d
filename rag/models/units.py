"""What a grounded text may be made of: the words of its evidence, numbers, codes and names only whole.

A model that may only put these units one behind the other cannot write a number, a code or a name that the evidence
does not hold, nor cut one, nor put one together from pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag import lexis, verbs
from rag.english import is_english

Kind = Literal["word", "number", "name", "joint", "opening", "mark"]
"""A ``number`` is anything with a digit; a ``joint`` could join two of them; behind an ``opening`` no space stands."""

# The closed list: words that say nothing of their own. What negates, counts or limits is none of them: it must stand in
# the evidence, or it could turn round what the evidence says.
FUNCTION_WORDS = frozenset(
    """a an the this that these those it its he his him she her they their them we our you your i my who whom whose
    which what when where why how there here and or but nor so as than if while because of in on at by for to from
    with into during about between through over under after before since within among around against per is are
    was were be been being am has have had having do does did doing also both such own other""".split()
)
_NEGATIONS = frozenset(
    """no not never none nothing nobody neither nor without cannot only hardly barely unless except all every always
    most must may might can could will would shall should""".split()
)
_MARKS: tuple[tuple[str, Kind], ...] = (
    (".", "joint"),
    (",", "joint"),
    (":", "joint"),
    (";", "mark"),
    ("!", "mark"),
    ("—", "mark"),
    ("–", "joint"),
    ("'s", "mark"),
    ("'", "mark"),
    (")", "mark"),
    ("(", "opening"),
    ('"', "opening"),
)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_DIGITS = r"\d+(?:[.,:/–-]\d+)*"
_MEASURES = (
    r"%|‰|°\s?[CFKNSEW]?|percent|per cent|percentage points?|thousand|hundred|million|billion|trillion|dozen|bn|"
    r"(?:working |business |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)|"
    r"century|centuries|"
    r"euros?|dollars?|pounds?|yen|cents?|EUR|USD|GBP|[kMGT]?B|[kMG]?bit/s|[kMG]?Hz|"
    r"(?:milli|centi|kilo)?(?:metres?|meters?|grams?|litres?|liters?)|miles?|feet|foot|inch(?:es)?|yards?|tons?|tonnes?|"
    r"mm|cm|km|m|mg|kg|g|l|ml|kW|MW|W|V|mA|A|dBm|a\.?m\.?|p\.?m\.?|BC|BCE|AD|CE"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?\b(?:{_MONTHS})\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?"
    r"(?:,? \d{4}\b)?(?<=[\d.])"
)
_AMOUNT = (
    rf"[-−+±~≈#]?(?:[$€£¥]\s?)?(?<![\w.]){_DIGITS}(?:st|nd|rd|th|s)?(?!\w)"
    rf"(?:[\s-]?(?:{_MEASURES})(?!\w))*(?:-[^\W\d_]+)*"
)
_PROTECTED = re.compile(
    "|".join(
        (
            r"(?P<address>https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
            r"(?P<phone>\+\d{1,3}(?:[ -/]?\(?\d+\)?)+|\b0\d+(?:[ /-]\d+)+)",
            rf"(?P<date>{_DATE})",
            rf"(?P<number>{_AMOUNT})",
            # Letters with digits or signs between them: HX-2104, v2.4.1, WPA2-PSK, A/B, §4.
            r"(?P<code>(?:§\s?)?(?=[\w.\-/:+#&]*\d)[\w]+(?:[.\-_/:+#&]+\w+)*)",
        )
    )
)
_CAPITAL = r"[A-Z][\w&-]*(?:['’](?!s\b)\w+)?"
_NAME = re.compile(rf"\b{_CAPITAL}(?: (?:of |the |de |von |van |du |la |del |of the )?{_CAPITAL})+")
_WORD = re.compile(r"[^\W\d_]+(?:(?:['’](?!s\b)|-)[^\W\d_]+)*")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){1,}(?:[A-Z]\b)?|\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|No|vs|etc|e\.g|i\.e)\.")
_FENCED = re.compile(r'<passage n="\d+" source="(?P<title>[^"]*)">\n(?P<text>.*?)\n</passage>', re.DOTALL)
_ASKED = re.compile(r"^Question: (?P<asked>.*)$", re.MULTILINE)
# Signs that stand for themselves, as in texts whose words and signs were taken apart: "Port - au - Prince".
_ALONE = re.compile(r"(?<=\s)[-–—&/+](?=\s)")
_LISTS = re.compile(rf"{_DIGITS}(?:, {_DIGITS})*,? (?:and|or|to) {_DIGITS}|{_DIGITS}(?:, {_DIGITS})+")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d$")
_BEGINNINGS = frozenset(
    "many several some most early later modern former two three both each despite following".split()
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What can only be written whole.

    Args:
        text: As it is written.
        kind: What it is.
    """

    text: str
    kind: Kind


def units(question: str, evidence: Sequence[str]) -> frozenset[Unit]:
    """Return what an answer may be made of.

    Args:
        question: Its words may be used too, but none of its numbers, codes and names that the evidence lacks, nor
            words that negate or limit.
        evidence: Sentences and titles.
    """
    found: set[Unit] = set()
    for text in evidence:
        found |= set(_of(text))
        found |= {Unit(sign, "joint") for sign in _ALONE.findall(text)}
    held = {unit.text.casefold() for unit in found}
    for word in _WORD.findall(question):
        small = word.casefold()
        plain = small not in _NEGATIONS and (is_english(small) or small in FUNCTION_WORDS)
        if small in held or (plain and not _is_name(word, question)):
            found.add(Unit(small if small not in held else word, "word"))
    found |= {Unit(word, "word") for word in FUNCTION_WORDS}
    found |= {Unit(mark, kind) for mark, kind in _MARKS}
    bases = {unit.text for unit in found if unit.kind == "word" and unit.text.islower() and len(unit.text) > 2}
    found |= {Unit(form, "word") for word in bases - FUNCTION_WORDS - _NEGATIONS for form in verbs.inflections(word)}
    return frozenset(found)


def passages_of(messages: Sequence[str]) -> tuple[str, list[str]]:
    """Return the question of a chat's messages, and the titles and texts of the passages that are fenced in them.

    Words beside the fences give no ground: those of the question only what `units` takes of one.
    """
    evidence: list[str] = []
    for message in messages:
        for fence in _FENCED.finditer(message):
            evidence += [fence["title"], *fence["text"].splitlines()]
    outside = [_FENCED.sub(" ", message) for message in messages]
    asked = [match["asked"] for text in outside for match in _ASKED.finditer(text)]
    return (asked or outside or [""])[-1].strip(), [text for text in evidence if text.strip()]


def _of(text: str) -> Iterator[Unit]:
    """Yield the units of a text: what is protected, the words between, and each word in small letters."""
    taken: list[tuple[int, int]] = []
    for unit, span in (*_numbers(text), *_names(text)):
        taken.append(span)
        yield unit
    for match in _LISTS.finditer(text):
        cuts = any(begin < match.start() < end or begin < match.end() < end for begin, end in taken)
        if not cuts:
            yield Unit(match[0], "number")
    for match in _WORD.finditer(text):
        if any(begin <= match.start() < end for begin, end in taken):
            continue
        yield Unit(match[0], "word")
        if match[0][1:].islower() or len(match[0]) == 1:
            yield Unit(match[0].lower(), "word")


def _numbers(text: str) -> Iterator[tuple[Unit, tuple[int, int]]]:
    """Yield addresses, dates, numbers and codes with their places; the year of a date stands for itself too."""
    for match in _PROTECTED.finditer(text):
        if not any(map(str.isdigit, match[0])) and not match["address"]:
            continue
        yield Unit(match[0].strip(), "number"), match.span()
        year = _YEAR.search(match[0]) if match["date"] else None
        if year:
            yield Unit(year[0], "number"), match.span()


def _names(text: str) -> Iterator[tuple[Unit, tuple[int, int]]]:
    """Yield names of several words, and initials."""
    for match in (*_NAME.finditer(text), *_INITIALS.finditer(text)):
        begin, end = _without_beginning(text, *match.span())
        if " " in text[begin:end] or "." in text[begin:end]:
            yield Unit(text[begin:end], "name"), (begin, end)


def _without_beginning(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return a name without the word that only begins its sentence: "The Baltic Way" is "Baltic Way"."""
    first, _, rest = text[begin:end].partition(" ")
    while rest and (first.casefold() in lexis.STOP_WORDS or first.casefold() in _BEGINNINGS):
        begin += len(first) + 1
        first, _, rest = text[begin:end].partition(" ")
    return begin, end


def _is_name(word: str, question: str) -> bool:
    """Tell whether a word of a question is written like a name: with a capital, and not as its first word."""
    return word[:1].isupper() and not question.lstrip().startswith(word)
