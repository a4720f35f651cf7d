"""Decide which surface forms name the same entity: by spelling, and by what the stored extractions say together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from knowledge_graph.types import EntityKind
from knowledge_graph.vocabulary import ARTICLES

_ACRONYM_PLURAL = re.compile(r"\b([A-Z]{2,})s\b")
_POSSESSIVE = re.compile(r"['’]s\b|['’](?=\s|$)")
_NO_WORD = re.compile(r"[^\w.]+|_|(?<!\d)\.|\.(?!\d)")
_CODE_JOINT = re.compile(r"(?<=[a-z])(?=\d)")
_INITIALS = re.compile(r"\b([^\W\d_]) (?=[^\W\d_]\b)")
# Ordinary words, whose only normalization is lower case: nine of ten surface forms.
_PLAIN = re.compile(r"(?:[A-Z][a-z]+|[a-z]{2,})(?: (?:[A-Z][a-z]+|[a-z]{2,}))*")
_PERSON_KINDS = frozenset({"name", "title", "term"})
_INITIAL_FORM = re.compile(r"[^\W\d_]\.\s?[^\W\d_][\w\-'’]+")


def normalized(text: str) -> str:
    """Return a text as names are compared: lower case, no accents, words and numbers parted by single spaces.

    ``HX-2104`` and ``HX2104`` become ``hx 2104``, ``J. K. Rowling`` becomes ``jk rowling``, ``the Halo's APs``
    becomes ``the halo ap``.
    """
    if _PLAIN.fullmatch(text):
        return text.lower()
    text = _POSSESSIVE.sub("", _ACRONYM_PLURAL.sub(r"\1", text)).casefold()
    if not text.isascii():
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    text = _NO_WORD.sub(" ", text.replace("&", " and ").replace("++", " plus plus").replace("# ", " sharp "))
    return _CODE_JOINT.sub(" ", _INITIALS.sub(r"\1", " ".join(text.split())))


def entity_key(surface: str) -> str:
    """Return what all spellings of one name have in common; empty where nothing of a name is left."""
    first, _, rest = normalized(surface).partition(" ")
    return rest if first in ARTICLES else f"{first} {rest}".rstrip()


def singular(key: str) -> str:
    """Return a key with its last word in the singular, by the regular English endings."""
    if len(key) < len("aps") + 1 or not key.endswith("s") or key.endswith(("ss", "us", "is")):
        return key
    if key.endswith("ies"):
        return key[:-3] + "y"
    return key[:-2] if key.endswith(("sses", "xes", "ches", "shes")) else key[:-1]


def _initial_form(key: str) -> str:
    """Return ``j smith`` for ``john smith`` and for itself; empty for a key that is no first and family name."""
    first, _, family = key.partition(" ")
    return f"{first[0]} {family}" if first.isalpha() and family.isalpha() else ""


class Resolution:
    """What the stored extractions know about names, as counts; forgetting subtracts exactly what adding added.

    Which entity a key belongs to is a function of the counts alone, so of the set of stored extractions:

    - a plural joins its singular where one of the two is written with a small letter, as a common noun is
      (``Access points``, ``access point``); ``Peters`` and ``Peter`` stay apart;
    - an acronym joins its expansion where only one is known; with two it stays apart;
    - ``J. Smith`` joins ``John Smith`` where that is the only J Smith of the collection.
    """

    def __init__(self) -> None:
        self._common: dict[str, int] = {}
        self._initialled: dict[str, int] = {}
        self._people: dict[str, dict[str, int]] = {}
        self._expansions: dict[str, dict[str, int]] = {}

    def count(self, surface: str, kind: EntityKind, key: str, step: int) -> None:
        """Add (``step`` 1) or take back (-1) one mention."""
        last = surface.rsplit(" ", 1)[-1]
        if last[:1].islower():
            _bump(self._common, singular(key), step)
        form = _initial_form(key) if kind in _PERSON_KINDS else ""
        if form and form != key:
            _bump_within(self._people, form, key, step)
        elif form and _INITIAL_FORM.fullmatch(surface):
            _bump(self._initialled, key, step)

    def count_expansion(self, acronym: str, expansion: str, step: int) -> None:
        """Add (``step`` 1) or take back (-1) one place that spells an acronym out; both as keys."""
        _bump_within(self._expansions, acronym, expansion, step)

    def entity(self, key: str) -> str:
        """Return the key of the entity that a key belongs to."""
        if key in self._expansions:
            spelled_out = {self._folded(expansion) for expansion in self._expansions[key]}
            return spelled_out.pop() if len(spelled_out) == 1 else key
        if key in self._initialled and len(self._people.get(key, ())) == 1:
            return next(iter(self._people[key]))
        return self._folded(key)

    def moved(self, keys: Iterable[str]) -> dict[str, str]:
        """Return those of the keys that belong to another entity than their own, with its key."""
        suspects = [key for key in keys if key[-1] == "s" or key in self._expansions or key in self._initialled]
        found = {key: self.entity(key) for key in suspects}
        return {key: entity for key, entity in found.items() if entity != key}

    def _folded(self, key: str) -> str:
        one = singular(key)
        return one if one in self._common else key


def _bump(counts: dict[str, int], key: str, step: int) -> None:
    left = counts.get(key, 0) + step
    if left:
        counts[key] = left
    else:
        del counts[key]


def _bump_within(counts: dict[str, dict[str, int]], outer: str, inner: str, step: int) -> None:
    within = counts.setdefault(outer, {})
    _bump(within, inner, step)
    if not within:
        del counts[outer]
