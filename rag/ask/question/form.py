"""What the form of a question says: its language, what it denies, and of how many things it asks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rag import lexis
from rag.types import QueryShape

# Words that give a language away, hardly ever written in the others.
TELLING: Mapping[str, frozenset[str]] = {
    "en": frozenset("the is are what how which who when where does do can why and for with of this my".split()),
    "de": frozenset(
        "der das und ist nicht wie wann wo wer welche welcher ich mit für ein eine kann wird den zum".split()
    ),
    "fr": frozenset(
        "le les est et une comment quel quelle où quand pourquoi je mon pour avec dans des du sur ne".split()
    ),
    "es": frozenset("el los las es cómo qué cuál dónde cuándo por para con una mi del cuánto puedo está".split()),
    "it": frozenset("il gli è come quale dove quando perché per con una mio della del posso sono che quanto".split()),
    "pt": frozenset("os as é como qual onde quando por para com uma meu do da não posso quanto são".split()),
    "nl": frozenset("het een is hoe wat welke waar wanneer waarom ik mijn met voor van niet kan wordt".split()),
}
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("CYRILLIC", "ru"),
    ("GREEK", "el"),
    ("ARABIC", "ar"),
    ("HEBREW", "he"),
    ("DEVANAGARI", "hi"),
    ("THAI", "th"),
)

_DENIES = re.compile(r"\b(?:not|never|without|except|excluding|cannot|no|nor)\b|\b\w+n[’']t\b", re.IGNORECASE)
# How far what is denied may stand from the word that denies it.
_DENIED_WORDS = 3

# What was read of a word or a name is not given back, and names and lists have an end: a question of thousands of
# letters or capitals would otherwise be read again from each of them on.
_CAPITAL = r"[A-Z][\w’'&-]*+(?:(?<=\b[A-Z])\.)?"
# A name ("Gerald R. Ford", "Legacy of Cotton", "Storm (1955 film)"), a code, or a word with a number (``kestrel 4``).
_THING = (
    rf"(?:{_CAPITAL}(?:[ ](?:(?:(?:of|de|et|&)[ ](?:the[ ])?)?{_CAPITAL}|\d\w*+)){{0,15}}+(?:[ ]\([^()]{{1,40}}\))?"
    r"|(?<![A-Za-z])[A-Za-z]{2}\w*+-\d[\w-]*+|\b[a-z]{3,}+[ ]\d\w*+)"
)
_JOINED_BY = r"(?:,?\s+(?:and|or|vs\.?|versus|than)\s+(?:on\s+|in\s+|for\s+|of\s+)?(?:the\s+|an?\s+)?)"
_LISTED_BY = rf"(?:,\s*(?:the\s+|an?\s+)?|{_JOINED_BY})"
_THINGS = re.compile(rf"{_THING}(?:{_LISTED_BY}{_THING}){{0,30}}{_JOINED_BY}{_THING}")
# "the director of Storm and the director of Calm" asks the same of two things.
_SAME_OF_BOTH = re.compile(
    rf"\b(?P<asked>(?:[a-z]+\s+)?(?:of|for|in)\s+(?:[a-z]+\s+){{0,2}})(?P<one>{_THING})"
    rf"(?P<join>,?\s+(?:and|or|than|vs\.?|versus)\s+)(?:the\s+)?(?P=asked)(?={_THING})"
)
_ALTERNATIVES = re.compile(r"\bor\b")
# "Kestrel 4 and 6" names two Kestrels, "Kestrel 6 vs 6 Pro" too; "after 30 and 60 days" names nothing. In "do the
# Kestrel 4 and 6 cost …" what they do follows, and nothing that is counted.
_NUMBERED = re.compile(
    r"(?P<helped>\b(?i:do|does|did|can|will)\s+(?:(?:the|both|our|your)\s+){0,2}+)?"
    r"\b(?P<name>[A-Za-z][\w’'-]*+(?:[ ][A-Z][\w’'-]*+)*+)[ ]"
    r"(?P<one>\d\w*+(?:[ ][A-Z][a-z]\w*+)?)\s+(?:and|or|vs\.?|versus|than)\s+"
    rf"(?P<two>\d\w*+(?:[ ][A-Z][a-z]\w*+|(?(helped)(?!\s*(?:%|{lexis.UNIT}\b))|(?!\s*[a-z%]))))"
)
_BETWEEN = re.compile(
    r"\b(?:differences?\s+between|compare|choose\s+between)\s+(?:the\s+|an?\s+)?(?P<one>\w+(?:\s\w+){0,2}?)\s+"
    r"(?:and|or|with|to)\s+(?:the\s+|an?\s+)?(?P<two>\w+(?:\s\w+){0,2})",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|vs\.?|versus|than|between|better|best|more|less|fewer|same|both|common|share)\b"
    r"|^(?:which|who|what|is|are)\b.*\bor\b",
    re.IGNORECASE,
)
_COMPARING_WORDS = re.compile(
    r"\b(?:what(?:'s|\s+is|\s+are)?\s+the\s+)?(?:differences?\s+(?:between|of)|compare|between|vs\.?|versus)\b\s*",
    re.IGNORECASE,
)
# "the team that owns Vault", "the component behind HX-6017", "whoever owns HX-1107"; or, after another
# preposition, "the firmware of the router in Homeline 300": what is asked for hangs on a thing that is described.
_DESCRIBED = re.compile(
    r"\b(?=(?P<inner>(?:the|an?)\s+(?:[\w’'-]+\s+){1,2}?(?:that|which|whose|behind|owning)\s+\w.+"
    r"|whoever\s+\w.+"
    rf"|(?<=of\s)(?:the|an?)\s+(?:[a-z’'-]+\s+){{1,3}}?(?:of|in|for)\s+(?:the\s+|an?\s+|our\s+)?{_THING}"
    rf"|(?<=for\s)(?:the|an?)\s+(?:[a-z’'-]+\s+){{1,3}}?of\s+(?:the\s+|an?\s+|our\s+)?{_THING}))"
)
_OPENING = re.compile(
    r"^(?:what|which|who|whose|how|when|where|why|does|do|did|can|is|are|was|were|will|has|have)\s+", re.IGNORECASE
)


class Reading(NamedTuple):
    """Of how many things a question asks, and what to look up for each."""

    shape: QueryShape
    subqueries: tuple[str, ...]


def language(text: str) -> str:
    """Return the ISO 639 code of the language that script and small words point to; empty where nothing does."""
    letters = [char for char in text if char.isalpha() and not char.isascii()]
    names = [unicodedata.name(char, "") for char in letters]
    for script, code in _SCRIPTS:
        if sum(name.startswith(script) for name in names) * 4 >= sum(map(str.isalpha, text)) > 0:
            return code
    words = set(lexis.words(text))
    votes = {code: len(words & telling) for code, telling in TELLING.items()}
    best = max(votes.values())
    return next((code for code, count in votes.items() if count == best), "") if best else ""


def negated(text: str) -> tuple[str, ...]:
    """Return the terms that a text denies: the first within three words of a word that denies."""
    found: list[str] = []
    for match in _DENIES.finditer(text):
        after = re.split(r"[,.;:?!]", text[match.end() :], maxsplit=1)[0]
        found += lexis.terms(" ".join(after.split()[:_DENIED_WORDS]))[:1]
    return tuple(dict.fromkeys(found))


def read_shape(text: str) -> Reading:
    """Return whether a question compares, names several things or follows a chain, with what to look up for each."""
    several = _several(text)
    if several:
        return Reading("comparison" if _COMPARES.search(text) else "several", several)
    between = _BETWEEN.search(text)
    if between:
        return Reading("comparison", (between["one"], between["two"]))
    # The innermost description comes first: it is what has to be found before the others can be.
    described = [re.sub(r"\s*[?.!]+$", "", match["inner"]) for match in _DESCRIBED.finditer(text)]
    inner = [part for part in described if lexis.codes(part) or lexis.names(f"x {part}") or re.search(r" \d", part)]
    return Reading("chain", tuple(inner[::-1])) if inner else Reading("single", ())


def _several(text: str) -> tuple[str, ...]:
    """Return the question once for each of the things that it lists."""
    text = _SAME_OF_BOTH.sub(r"\g<asked>\g<one>\g<join>", text)
    numbered = _NUMBERED.search(text)
    if numbered and numbered["name"].casefold() not in lexis.STOP_WORDS:
        things, span = (
            [f"{numbered['name']} {numbered[number]}" for number in ("one", "two")],
            (numbered.start("name"), numbered.end()),
        )
    else:
        things, span = next(_lists(text), ([], (0, 0)))
    asked = (f"{text[: span[0]]}{thing}{text[span[1] :]}" for thing in things)
    return tuple(" ".join(_COMPARING_WORDS.sub(" ", question).split()) for question in asked)


def _lists(text: str) -> Iterator[tuple[list[str], tuple[int, int]]]:
    quoted = [text.find(phrase) for phrase in lexis.phrases(text)]
    ends = [start + len(phrase) for start, phrase in zip(quoted, lexis.phrases(text), strict=True)]
    for match in _THINGS.finditer(text):
        # The word that opens a question is no part of the name that follows it.
        opening = next((word.end() for word in _OPENING.finditer(match[0])), 0)
        start = match.start() + opening
        listed = match[0][opening:]
        if _ALTERNATIVES.search(listed) and not text[:start].rstrip().endswith(",") and "," in listed:
            # "Which is based in Kentucky, this one or that one": the first is the question's, not the list's.
            skipped = re.match(r"[^,]*,\s*", listed)
            start, listed = start + (skipped.end() if skipped else 0), listed[skipped.end() if skipped else 0 :]
        things = [thing for thing in re.findall(_THING, listed) if not _is_small(thing, opens=start == 0)]
        inside = any(left <= start < right for left, right in zip(quoted, ends, strict=True))
        if len(set(things)) > 1 and not inside:
            yield things, (start, match.end())


def _is_small(thing: str, *, opens: bool) -> bool:
    """Return whether a capital letter only opens a sentence ("After"), where it does not open a title ("The Crow")."""
    first, *others = thing.split()
    return first.casefold() in lexis.STOP_WORDS and (opens or not others)
