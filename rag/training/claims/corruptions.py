"""Change a sentence so that its source no longer supports it, and note which words are at fault.

The errors are those that matter where people act on an answer: numbers, units, dates, names, negation, opposites, how
strong a rule is, and conditions left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.sentences import Span
from rag.training.examples.changes import NAME, NEGATIVE, NUMBER, WORD, opposites, other_name, other_number

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_COUNTS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_UNITS = (
    "second minute hour day week month year decade century".split(),
    "seconds minutes hours days weeks months years decades centuries".split(),
    "millimetres centimetres metres kilometres feet inches yards miles".split(),
    "meters kilometers feet inches yards miles".split(),
    "mm cm km".split(),
    "grams kilograms tons pounds ounces".split(),
    "dollars euros pounds yen".split(),
    "KB MB GB TB".split(),
    "thousand million billion trillion".split(),
    "kW MW GW".split(),
)
_STRENGTH = {
    "must": ("may", "need not"),
    "may": ("must", "may not"),
    "should": ("must not", "need not"),
    "can": ("cannot", "must"),
    "all": ("some", "few", "no"),
    "every": ("no",),
    "each": ("no",),
    "some": ("all", "no"),
    "many": ("few", "all"),
    "most": ("all", "few"),
    "few": ("many", "most"),
    "only": ("not only",),
    "always": ("sometimes", "never"),
    "never": ("always", "sometimes"),
    "usually": ("never", "always"),
    "often": ("rarely", "never"),
    "both": ("neither",),
    "at least": ("at most",),
    "at most": ("at least",),
    "up to": ("more than",),
    "more than": ("less than",),
    "less than": ("more than",),
    "over": ("under",),
    "under": ("over",),
    "within": ("after",),
    "nearly": ("more than",),
}
_STRONG = re.compile(r"\b(?:" + "|".join(sorted(_STRENGTH, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)\b")
_REMOVABLE = re.compile(r"\b(?:not|never) ")
_CONDITION = re.compile(
    r",? \b(?:if|unless|except|provided that|as long as|only if|only when|until|without|but not)\b [^,.;:]{8,}"
    r"|^(?:If|Unless|Until|When|Where|Except) [^,.;:]{8,}, ",
)
_LISTED = re.compile(r"[,;/&]|\b(?:and|or|nor|as well as)\b")
# A condition is cut only where enough of the sentence is left.
_LEAST_LEFT = 4


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A sentence that its source does not support.

    Args:
        text: The sentence.
        faults: The words that are wrong, as spans of the text; empty where something is missing.
        kind: What was changed.
    """

    text: str
    faults: tuple[Span, ...]
    kind: str


class Corruption:
    """Corrupts sentences.

    Args:
        seed: Of the choices.
    """

    def __init__(self, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - training examples
        self._opposites = opposites()
        self._ways: list[Callable[[str, Sequence[str]], Corrupted | None]] = [
            self._number,
            self._number,
            self._word_of_a_series,
            self._name,
            self._name,
            self._swapped,
            self._negation,
            self._opposite,
            self._strength,
            self._condition,
        ]

    def corrupt(self, sentence: str, texts: Sequence[str]) -> Corrupted | None:
        """Return a corrupted sentence, or ``None`` where no change fits.

        Args:
            sentence: One that its source supports.
            texts: The source first, then others like it, from which names and numbers are taken.
        """
        for way in self._random.sample(self._ways, len(self._ways)):
            changed = way(sentence, texts)
            if changed is not None and changed.text.casefold() not in texts[0].casefold():
                return changed
        return None

    def _number(self, sentence: str, texts: Sequence[str]) -> Corrupted | None:
        found = list(NUMBER.finditer(sentence))
        if not found:
            return None
        number = self._random.choice(found)
        # A number of the very sentence would often be right somewhere: all of its numbers are avoided.
        return _replaced(sentence, number, other_number(number[0], texts, sentence, self._random), "number")

    def _word_of_a_series(self, sentence: str, _: Sequence[str]) -> Corrupted | None:
        series = {word: words for words in (_MONTHS, _DAYS, _COUNTS, _ORDINALS, *_UNITS) for word in words}
        found = [match for match in WORD.finditer(sentence) if match[0] in series]
        if not found:
            return None
        word = self._random.choice(found)
        others = [each for each in series[word[0]] if each != word[0]]
        kind = "date" if series[word[0]] in (_MONTHS, _DAYS) else "unit" if series[word[0]] in _UNITS else "number"
        return _replaced(sentence, word, self._random.choice(others), kind)

    def _name(self, sentence: str, texts: Sequence[str]) -> Corrupted | None:
        found = [match for match in NAME.finditer(sentence) if match.start() > 0 and not match[0][0].isdigit()]
        if not found:
            return None
        name = self._random.choice(found)
        other = other_name(name[0], texts, sentence, self._random)
        return other and _replaced(sentence, name, other, "name")  # type: ignore[return-value]

    def _swapped(self, sentence: str, _: Sequence[str]) -> Corrupted | None:
        found = [match for match in NAME.finditer(sentence) if not match[0][0].isdigit()]
        if len(found) < 2:
            return None
        one, other = sorted(self._random.sample(found, 2), key=lambda match: match.start())
        text = (
            f"{sentence[: one.start()]}{other[0]}{sentence[one.end() : other.start()]}{one[0]}{sentence[other.end() :]}"
        )
        # A list ("A, B and C") says the same in any order.
        between = _LISTED.sub(" ", NAME.sub(" ", sentence[one.end() : other.start()]))
        if one[0] == other[0] or len(between.split()) < 2:
            return None
        moved = other.start() + len(other[0]) - len(one[0])
        return Corrupted(
            text, (Span(one.start(), one.start() + len(other[0])), Span(moved, moved + len(one[0]))), "swapped"
        )

    def _negation(self, sentence: str, _: Sequence[str]) -> Corrupted | None:
        there = _REMOVABLE.search(sentence)
        if there is not None:
            text = sentence[: there.start()] + sentence[there.end() :]
            return Corrupted(text, _word_at(text, max(0, there.start() - 1)), "negation")
        verb = _AUXILIARY.search(sentence)
        if verb is None or NEGATIVE.search(sentence):
            return None
        return _replaced(sentence, verb, f"{verb[0]} not", "negation")

    def _opposite(self, sentence: str, _: Sequence[str]) -> Corrupted | None:
        found = [match for match in WORD.finditer(sentence) if match[0] in self._opposites]
        if not found:
            return None
        word = self._random.choice(found)
        return _replaced(sentence, word, self._random.choice(self._opposites[word[0]]), "opposite")

    def _strength(self, sentence: str, _: Sequence[str]) -> Corrupted | None:
        found = list(_STRONG.finditer(sentence))
        if not found:
            return None
        word = self._random.choice(found)
        other = self._random.choice(_STRENGTH[word[0].lower()])
        return _replaced(sentence, word, other.capitalize() if word[0][0].isupper() else other, "strength")

    def _condition(self, sentence: str, _: Sequence[str]) -> Corrupted | None:
        found = list(_CONDITION.finditer(sentence))
        if not found:
            return None
        clause = self._random.choice(found)
        left = sentence[: clause.start()] + sentence[clause.end() :]
        if len(WORD.findall(left)) < _LEAST_LEFT:
            return None
        return Corrupted(left[:1].upper() + left[1:], (), "condition")


def _replaced(sentence: str, match: re.Match[str], other: str, kind: str) -> Corrupted | None:
    if other.casefold() == match[0].casefold():
        return None
    text = sentence[: match.start()] + other + sentence[match.end() :]
    return Corrupted(text, (Span(match.start(), match.start() + len(other)),), kind)


def _word_at(text: str, place: int) -> tuple[Span, ...]:
    """Return the word that stands around a place."""
    return tuple(Span(match.start(), match.end()) for match in WORD.finditer(text) if match.end() >= place)[:1]
