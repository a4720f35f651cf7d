"""Whether a text speaks of something: words and phrases in any form, also as people mistype or disguise them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag import lexis
from rag.english import is_english
from rag.safety.disguises import LOOK_ALIKES
from rag.verbs import inflections

# From so many letters on a word may be misspelt by one of them, or written in two words.
_LONG = 6
# Shorter words are abbreviations, and have no forms.
_MIN_INFLECTED = 3
# "Sue Miller": so short a word, capitalized within a sentence before another, is somebody's name.
_MAX_FIRST_NAME = 4

_ARTICLE = re.compile(r"(?i)\b(?:an?|the|this|that|any|no|every)\s+$")


def speaks_of(text: str, phrases: Iterable[str]) -> bool:
    """Return whether a text holds all words of one of these phrases.

    A word counts in any form (``sue``: sued, suing), in letters that look like its own, in two words (``law suit``),
    and from six letters on with one letter added, left out, replaced or swapped, where that is no English word and no
    name. A short word in small letters is not found in a name (``Sue Miller``).

    Args:
        text: A question.
        phrases: Words and phrases; one in capitals is found in names too.
    """
    plain = _latin(text)
    unnamed = _without_first_names(plain)
    return any(_holds(_read(unnamed if phrase.islower() else plain), _latin(phrase)) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands in a text.

    Args:
        text: In small letters.
        words: Those of weight, and each two neighbours as one word.
        stems: Of those of weight.
        unknown: Those that may be misspelt.
    """

    text: str
    words: frozenset[str]
    stems: frozenset[str]
    unknown: frozenset[str]


@lru_cache(maxsize=16)
def _read(text: str) -> _Read:
    terms = lexis.terms(text)
    words = lexis.words(text)
    joined = {left + right for left, right in pairwise(words) if len(left + right) >= _LONG}
    named = {word for name in lexis.names(text) if not name.isupper() for word in lexis.words(name)}
    unknown = {word for word in terms if len(word) >= _LONG - 1 and word not in named and not is_english(word)}
    return _Read(lexis.squeezed(text), frozenset(terms) | joined, lexis.stems(text), frozenset(unknown))


def _holds(read: _Read, phrase: str) -> bool:
    terms = lexis.terms(phrase)
    if not terms:
        # Words without meaning stand in longer ones: "IT" in "deposit".
        return lexis.holds(read.text, lexis.squeezed(phrase))
    return all(_is_said(term, read) for term in terms) or (len(terms) > 1 and _is_said("".join(terms), read))


def _is_said(word: str, read: _Read) -> bool:
    from rapidfuzz.distance import OSA

    forms = {word} | (inflections(word) if len(word) >= _MIN_INFLECTED else frozenset())
    if lexis.stem(word) in read.stems or not forms.isdisjoint(read.words):
        return True
    long = [form for form in forms if len(form) >= _LONG] if len(word) >= _LONG else []
    return any(OSA.distance(form, other, score_cutoff=1) <= 1 for form in long for other in read.unknown)


def _latin(text: str) -> str:
    """Return a text with words in Latin letters where each of their letters looks like one."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(
        r"\w+", lambda word: alike if (alike := word[0].translate(LOOK_ALIKES)).isascii() else word[0], folded
    )


def _without_first_names(text: str) -> str:
    for name in lexis.names(text):
        first, *more = name.split()
        if more and len(first) <= _MAX_FIRST_NAME and not name.isupper() and first.casefold() not in lexis.STOP_WORDS:
            before, _, after = text.partition(name)
            if not _ARTICLE.search(before):
                text = f"{before}… {' '.join(more)}{after}"
    return text
