"""Which words are English: a list of common words, so that a word that the documents lack is no typing error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

# The word list that SymSpell publishes (MIT): 82,765 words with their inflections, American and British.
_PACKAGE, _FILE = "symspellpy", "frequency_dictionary_en_82_765.txt"
# As people type them: no slips, and no words of the list.
_TYPED = frozenset(
    """dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt cant couldnt wont wouldnt shouldnt mustnt neednt
    aint theyd theyll theyre theyve youd youll youre youve weve whats wheres whos hows thats theres heres
    cust custs appt appts acct accts recd reqd approx asap dunno gonna wanna gotta kinda tmrw""".split()
)
# What is made of words of the list: "dialing", "a nine-seater", "leadtime". Rare words are parts of none.
_ENDINGS = ("ing", "ed", "er", "ers")
_LEAST_PART, _COMMON = 4, 5000
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")
_PREFIX = re.compile(r"^(?:un|re|pre|non|mis|over|under|sub|inter|multi|micro|auto)(?=\w{4})")


def is_english(word: str) -> bool:
    """Return whether a lower-case word stands in the list, as singular or plural, or behind a prefix such as "un"."""
    whole = _PREFIX.sub("", word)
    return any(form in _ranks() for form in (word, word.removesuffix("s"), f"{word}s", whole))


def is_made_of_english(word: str) -> bool:
    """Return whether a lower-case word is one that people make or shorten: "hoovered", "leadtime", "cust"."""
    ranks = _ranks()
    parts = ((word[:place], word[place:]) for place in range(_LEAST_PART, len(word) - _LEAST_PART + 1))
    joined = any(max(ranks.get(first, _COMMON), ranks.get(second, _COMMON)) < _COMMON for first, second in parts)
    return word in _TYPED or joined or any(_is_made_with(ending, word) for ending in _ENDINGS)


def doubled(word: str) -> str:
    """Return a lower-case word with the consonant before its ending doubled, if that is one of the list; else nothing.

    "Refering" lacks a letter, and "dialing" is written so in America: neither is any other word.
    """
    ending = next((ending for ending in _ENDINGS if word.endswith(ending)), "")
    base = word.removesuffix(ending)
    written = f"{base}{base[-1:]}{ending}"
    return written if ending and written in _ranks() else ""


def _is_made_with(ending: str, word: str) -> bool:
    """Tell whether a word is one of the list with an ending; "comming" and "assesed" are slips."""
    base = word.removesuffix(ending)
    listed = base != word and len(base) >= _LEAST_PART and base in _ranks()
    return listed and not _DOUBLED.search(base) and base[-1] != "s" and not doubled(word)


def is_listed(word: str) -> bool:
    """Return whether a lower-case word stands in the list as it is."""
    return word in _ranks()


def english_near(word: str, *, max_distance: int, limit: int) -> list[str]:
    """Return words of the list that begin like a lower-case word, nearest first, then the most common.

    Args:
        word: To compare with.
        max_distance: Most letters added, left out, replaced or swapped with their neighbour.
        limit: Most words.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    ranks = _ranks()
    matches = process.extract(
        word, _by_letter().get(word[:1], []), scorer=OSA.distance, score_cutoff=max_distance, limit=None
    )
    return sorted((other for other, _, _ in matches), key=lambda other: (OSA.distance(word, other), ranks[other]))[
        :limit
    ]


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, int]:
    lines = resources.files(_PACKAGE).joinpath(_FILE).read_text(encoding="utf-8-sig").splitlines()
    return {line.partition(" ")[0]: rank for rank, line in enumerate(lines)}


@lru_cache(maxsize=1)
def _by_letter() -> Mapping[str, list[str]]:
    words: dict[str, list[str]] = {}
    for word in _ranks():
        words.setdefault(word[0], []).append(word)
    return words
