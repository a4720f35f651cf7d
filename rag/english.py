"""Which words are English: a list of common words, so that a word that the documents lack is no typing error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

# The word list that SymSpell publishes (MIT): 82,765 words with their inflections, American and British.
_PACKAGE, _FILE = "symspellpy", "frequency_dictionary_en_82_765.txt"
_PREFIX = re.compile(r"^(?:un|re|pre|non|mis|over|under|sub|inter|multi|micro|auto)(?=\w{4})")


def is_english(word: str) -> bool:
    """Return whether a lower-case word stands in the list, as singular or plural, or behind a prefix such as "un"."""
    whole = _PREFIX.sub("", word)
    return any(form in _ranks() for form in (word, word.removesuffix("s"), f"{word}s", whole))


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
