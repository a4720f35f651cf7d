"""Decide which surface forms name the same entity: by spelling, and by what the stored extractions say together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from knowledge_graph.types import EntityKind
from knowledge_graph.vocabulary import ARTICLES

_ACRONYM_PLURAL = re.compile(r"\b([A-Z]{2,})s\b")
_POSSESSIVE = re.compile(r"['’]s\b|['’](?=\s|$)")
_WITHIN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
_NO_WORD = re.compile(r"[^\w.]+|_|(?<!\d)\.|\.(?!\d)")
_CODE_JOINT = re.compile(r"(?<=[a-z])(?=\d)")
_INITIALS = re.compile(r"\b([^\W\d_]) (?=[^\W\d_]\b)")
_INITIAL_FORM = re.compile(r"[^\W\d_]\.\s?[^\W\d_][\w\-'’]+")


def normalized(text: str) -> str:
    """Return a text as names are compared: lower case, no accents, words and numbers parted by single spaces.

    ``HX-2104`` and ``HX2104`` become ``hx 2104``, ``J. K. Rowling`` becomes ``jk rowling``, ``the Halo's APs``
    becomes ``the halo ap``.
    """
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


class Person(NamedTuple):
    """An initial and a family name."""

    initial: str
    family: str


def _person(key: str) -> Person | None:
    words = key.split(" ")
    return Person(words[0][0], words[1]) if len(words) == 2 and "".join(words).isalpha() else None


class Resolution:
    """What the stored extractions know about names, as counts; forgetting subtracts exactly what adding added.

    Which entity a key belongs to is a function of the counts alone, so of the set of stored extractions:

    - a plural joins its singular where one of the two is written with a small letter, as a common noun is
      (``Access points``, ``access point``); ``Peters`` and ``Peter`` stay apart;
    - an acronym joins its expansion where only one is known; with two it stays apart;
    - ``J. Smith`` joins ``John Smith`` where that is the only J Smith of the collection.
    """

    def __init__(self) -> None:
        self._common: Counter[str] = Counter()
        self._initialled: Counter[str] = Counter()
        self._people: dict[Person, Counter[str]] = {}
        self._expansions: dict[str, Counter[str]] = {}

    def count(self, surface: str, kind: EntityKind, key: str, step: int) -> None:
        """Add (``step`` 1) or take back (-1) one mention."""
        last = surface.rsplit(" ", 1)[-1]
        if last[:1].islower():
            _bump(self._common, singular(key), step)
        person = _person(key) if kind in {"name", "title", "term"} else None
        if person and len(key) > len(person.initial) + 1 + len(person.family):
            _bump(self._people.setdefault(person, Counter()), key, step)
            if not self._people[person]:
                del self._people[person]
        elif person and _INITIAL_FORM.fullmatch(surface):
            _bump(self._initialled, key, step)

    def count_expansion(self, acronym: str, expansion: str, step: int) -> None:
        """Add (``step`` 1) or take back (-1) one place that spells an acronym out; both as keys."""
        _bump(self._expansions.setdefault(acronym, Counter()), expansion, step)
        if not self._expansions[acronym]:
            del self._expansions[acronym]

    def entity(self, key: str) -> str:
        """Return the key of the entity that a key belongs to."""
        if key in self._expansions:
            spelled_out = {self._folded(expansion) for expansion in self._expansions[key]}
            return spelled_out.pop() if len(spelled_out) == 1 else key
        person = _person(key) if key in self._initialled else None
        if person and len(self._people.get(person, ())) == 1:
            return next(iter(self._people[person]))
        return self._folded(key)

    def _folded(self, key: str) -> str:
        one = singular(key)
        return one if one in self._common else key


def _bump(counts: Counter[str], key: str, step: int) -> None:
    counts[key] += step
    if not counts[key]:
        del counts[key]
