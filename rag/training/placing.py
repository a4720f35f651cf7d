"""An answer where it stands: with its article, its preposition, and what is counted."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from rag import lexis
from rag.sentences import Span

PREPOSITIONS = frozenset(
    "in on at by from near during since until around before after between within into to for of with through under "
    "over towards across along against behind beside inside outside about throughout".split()
)
_WHEN = frozenset("in on at by during since around between about circa throughout".split())
_WHERE = frozenset("in on at near from to into between under within across along behind outside inside around".split())
_YEAR = re.compile(r"^(?:1\d|20)\d\d$")
_TIMES_OR_PLACES = re.compile(r"\b(?:year|month|decade|century|city|country|state)\b")
_AMOUNT = re.compile(r"(?:the|a|an) [$€£]?[\d.,]+")
_ARTICLES, _REASONS = ("the", "a", "an"), ("because", "to", "due")
# An answer of fewer letters within a word is a part of it.
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Place:
    """An answer where it stands.

    Args:
        text: Its words, with the article before them.
        before: The preposition before it, lower case; empty where there is none.
        near: The words of its sentence, lower case.
    """

    text: str
    before: str
    near: frozenset[str]


def placed(text: str, answer: Span, sentence: Span) -> Place | None:
    """Return an answer with whole words, its article, and the preposition before it."""
    if _is_cut(text, answer):
        return None
    start, end = _whole(text, answer, sentence)
    before = text[sentence.start : start].split()
    if before and before[-1].lower() in _ARTICLES:
        start = text.rindex(before[-1], sentence.start, start)
        before.pop()
        after = re.match(r" ([a-z]+)\b", text[end : end + 40])
        if after and after[1] not in lexis.STOP_WORDS | PREPOSITIONS and not after[1].endswith(("ed", "ing", "s")):
            # Article and adjective of a noun that the answer lacks.
            return None
    words = _tidied(text[start:end], begins=not before)
    last = before[-1].lower() if before else ""
    near = frozenset(lexis.words(text[sentence.start : sentence.end]))
    return Place(words, last if last in PREPOSITIONS or last in ("because", "circa") else "", near)


def _is_cut(text: str, answer: Span) -> bool:
    """Tell whether an answer is a part of a number, or a scrap of a word: it was found in the wrong place."""
    before, last, after = text[answer.start - 1 : answer.start], text[answer.end - 1], text[answer.end : answer.end + 1]
    if before.isdigit() or (last.isdigit() and (after.isalnum() or after == "-")):
        return True
    return answer.end - answer.start < _SHORT and (before.isalpha() or after.isalpha())


def _whole(text: str, answer: Span, sentence: Span) -> tuple[int, int]:
    """Return where the words of an answer begin and end, signs before and behind numbers included."""
    start, end = answer
    while start > sentence.start and (text[start - 1].isalnum() or text[start - 1] in "-$€£"):
        start -= 1
    while end < sentence.end and (text[end].isalnum() or (text[end] == "-" and text[end + 1 : end + 2].isalnum())):
        end += 1
    return start, end + (text[end : end + 1] == "%")


def _tidied(words: str, *, begins: bool) -> str:
    """Return the words of an answer as they stand within a sentence: brackets and quotation marks in pairs."""
    words = words.strip(" ,;:").rstrip(" .,")
    for left, right in ("()", "[]", '""'):
        if words.count(left) != words.count(right) or (left == right and words.count(left) % 2):
            words = words.replace(left, "").replace(right, "").strip()
    if not begins and _AMOUNT.fullmatch(words):
        words = words.split()[1]
    if words.partition(" ")[0].lower() in lexis.STOP_WORDS and not words.partition(" ")[2][:1].isupper():
        words = f"{words[:1].lower()}{words[1:]}"
    return words


def adverbial(kind: str, prep: str, noun: str, place: Place) -> str | None:
    """Return an answer that says when, where or of what, with its preposition; ``None`` where it is not known."""
    first = place.text.split()[0].lower()
    if kind == "why":
        return place.text if first in _REASONS else _behind("because", place, {"because"})
    if first in PREPOSITIONS:
        return place.text
    if prep:
        return f"{prep.lower()} {place.text}"
    if kind == "how":
        return _behind("by", place, {"by"}) if first.endswith("ing") else None
    if kind in ("when", "where"):
        known = _behind(place.before, place, _WHEN if kind == "when" else _WHERE)
        return f"in {place.text}" if known is None and kind == "when" and _YEAR.match(place.text) else known
    if _TIMES_OR_PLACES.search(noun) and not noun.endswith((" of", " in")):
        return _behind(place.before, place, _WHEN | _WHERE) or f"in {place.text}"
    return None


def _behind(word: str, place: Place, known: Container[str]) -> str | None:
    """Return an answer behind a word, where one of those known stands before it in the text."""
    return f"{word} {place.text}" if place.before in known else None


def counted(answer: str, noun: str) -> str:
    """Return a number with what is counted; words that both end and begin are said once."""
    noun = noun.strip()
    answer = answer.removeprefix("the ").removeprefix("The ")
    if noun and re.search(r"\d\s?[a-z(]", answer) and " million" not in answer and " billion" not in answer:
        return answer
    if not noun or set(lexis.stems(noun)) & set(lexis.stems(answer)):
        return answer
    return f"{answer} {noun}"
