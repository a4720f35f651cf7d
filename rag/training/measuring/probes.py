"""Wrong sentences to measure a verifier with, made in other ways than those that it was trained on.

Training takes the wrong number or name from near by and has lists of words; here numbers are reckoned, years are
moved, names come from articles about something else, and negations are those of speech.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.sentences import sentence_spans

_LEAST, _MOST = 40, 300
_YEAR = re.compile(r"\b1[0-9]\d\d\b|\b20[0-2]\d\b")
_QUANTITY = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w,]|\.\d)")
_MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")
_MONTHS = tuple("January February March April June July August September October November December".split())
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*\b")
_SAID = (
    (re.compile(r"\b(is|are|was|were) "), r"\1 no longer "),
    (re.compile(r"\b(can|will|would|could|should|must) "), r"\1 hardly ever "),
    (re.compile(r"\b(has|have|had) "), r"\1 never "),
)


@dataclass(frozen=True, slots=True)
class Probe:
    """A claim with its source; ``kind`` is ``right``, ``number``, ``date``, ``name`` or ``negation``."""

    claim: str
    source: str
    kind: str


def probes(passages: Mapping[str, Sequence[str]], *, per_kind: int, seed: int) -> list[Probe]:
    """Return right sentences of passages and as many wrong ones of each kind, where the passages offer so many.

    Args:
        passages: Texts by what they belong to.
        per_kind: Most probes of a kind; right ones are four times as many, one for each wrong one.
        seed: Of every choice.
    """
    chance = random.Random(seed)  # noqa: S311 - test sentences
    sentences = [
        (article, text, text[span.start : span.end])
        for article, texts in sorted(passages.items())
        for text in texts
        for span in sentence_spans(text)
        if _LEAST <= span.end - span.start <= _MOST
    ]
    chance.shuffle(sentences)
    proper = {
        article: sorted({name for text in texts for name in _PROPER.findall(text)})
        for article, texts in passages.items()
    }
    made: dict[str, list[Probe]] = {kind: [] for kind in ("number", "date", "name", "negation")}
    right: list[Probe] = []
    for article, text, sentence in sentences:
        kinds = [kind for kind, found in made.items() if len(found) < per_kind]
        chance.shuffle(kinds)
        for kind in kinds:
            wrong = _wrong(kind, sentence, article, proper, chance)
            if wrong is not None and wrong.casefold() not in text.casefold():
                made[kind].append(Probe(wrong, text, kind))
                right.append(Probe(sentence, text, "right"))
                break
    return [*right, *(probe for found in made.values() for probe in found)]


def _wrong(
    kind: str, sentence: str, article: str, proper: Mapping[str, Sequence[str]], chance: random.Random
) -> str | None:
    if kind == "negation":
        pattern, replacement = chance.choice(_SAID)
        return pattern.sub(replacement, sentence, count=1) if pattern.search(sentence) else None
    pattern = {"number": _QUANTITY, "date": chance.choice([_YEAR, _YEAR, _MONTH]), "name": _PROPER}[kind]
    found = [match for match in pattern.finditer(sentence) if kind != "number" or not _YEAR.fullmatch(match[0])]
    if not found:
        return None
    match = chance.choice(found)
    if kind == "number":
        other = _reckoned(match[0], chance)
    elif pattern is _YEAR:
        other = str(int(match[0]) + chance.choice([-30, -10, -7, -1, 1, 2, 5, 20]))
    elif pattern is _MONTH:
        other = chance.choice([month for month in _MONTHS if month != match[0]])
    else:
        others = [each for each in sorted(proper) if each != article]
        elsewhere = proper[chance.choice(others)] if others else ()
        pool = [name for name in elsewhere if len(name.split()) == len(match[0].split())]
        other = chance.choice(pool) if pool else ""
    if not other or other == match[0]:
        return None
    return sentence[: match.start()] + other + sentence[match.end() :]


def _reckoned(number: str, chance: random.Random) -> str:
    """Return another number of the same form: a little more, half, double or ten times as much."""
    digits = number.replace(",", "")
    if "." in digits:
        return f"{float(digits) * chance.choice([0.5, 1.1, 2]):.{len(digits.split('.')[1])}f}"
    value = int(digits)
    other = chance.choice([value + 1, value + 10, value * 2, value * 10, max(value - 1, 0) or value + 2])
    return f"{other:,}" if "," in number else str(other)
