"""Find names, terms, codes, acronyms, quotations and dates in a text by how they are written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge_graph import patterns
from knowledge_graph.types import Mention
from knowledge_graph.vocabulary import ABBREVIATIONS, GENERIC_NOUNS, ROMAN_NUMERALS, STOP_WORDS, UNITS

# A name of more words is a sentence in capitals.
MAX_NAME_WORDS = 8
# Longest code, with what stands before its first digit.
_MAX_CODE_CHARACTERS = 40
_NO_ACRONYMS = STOP_WORDS | ROMAN_NUMERALS | UNITS
_NO_NAMES = STOP_WORDS | GENERIC_NOUNS | UNITS
_JOINTS = frozenset({"and", "&", "of"})
# Letters before the capital of a name such as iPhone, eBay or macOS.
_MAX_SMALL_LETTERS = 3


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class Sentences:
    """The sentences of a text and which of them are shouted, that is, written in capitals only."""

    def __init__(self, text: str) -> None:
        self.spans = _split(text)
        self.starts = [span.start for span in self.spans]
        self.shouted = [_shouts(text[span.start : span.end]) for span in self.spans]

    def at(self, position: int) -> int:
        """Return the number of the sentence at a position of the text."""
        return max(bisect_right(self.starts, position) - 1, 0)


def spot(text: str, sentences: Sentences) -> list[Mention]:
    """Return the mentions of a text, in no particular order; some overlap, some are found twice."""
    return [
        *_headlines(text, sentences),
        *_codes(text),
        *_dates(text),
        *_quoted(text),
        *_acronyms(text, sentences),
        *_terms(text, sentences.spans),
        *_names(text, sentences),
    ]


def _split(text: str) -> list[Span]:
    """Split at full stops before a capital, unless an abbreviation or an initial stands there, and at line ends."""
    spans = []
    start = 0
    for boundary in patterns.BOUNDARY.finditer(text):
        if boundary[1] and patterns.ABBREVIATED.search(text, max(start, boundary.start() - 8), boundary.start()):
            continue
        spans.append(Span(start, boundary.end(1) if boundary[1] else boundary.start()))
        start = boundary.end()
    spans.append(Span(start, len(text)))
    return [span for span in spans if span.end > span.start]


def _shouts(sentence: str) -> bool:
    return sentence.isupper() and " " in sentence.strip() and sum(map(str.isalpha, sentence)) > len("CODE")


def _headlines(text: str, sentences: Sentences) -> Iterator[Mention]:
    for (start, end), shouted in zip(sentences.spans, sentences.shouted, strict=True):
        if shouted:
            line = text[start:end].strip(patterns.BULLETS + ".:!?")
            if 1 < len(line.split()) <= MAX_NAME_WORDS:
                place = text.index(line, start)
                yield Mention(line, "heading", place, place + len(line))


def _codes(text: str) -> Iterator[Mention]:
    """Look for codes where digits are, from the start of the word that they stand in."""
    reached = 0
    for digits in patterns.DIGITS.finditer(text):
        start = digits.start()
        while start > max(reached, digits.start() - _MAX_CODE_CHARACTERS) and (
            text[start - 1].isalnum() or text[start - 1] in "-."
        ):
            start -= 1
        code = patterns.CODE.match(text, start)
        if code and code.end() > digits.start() and not text[code.end() : code.end() + 1].isalnum():
            yield Mention(code[0], "code", start, code.end())
        reached = digits.end()


def _dates(text: str) -> Iterator[Mention]:
    """Find dates with at least a month and a year."""
    for month in patterns.MONTH_DATE.finditer(text):
        day = patterns.DAY.search(text, max(0, month.start() - len("31st ")), month.start())
        start = day.start() if day else month.start()
        yield Mention(text[start : month.end()], "date", start, month.end())
    if "-" in text:
        for iso in patterns.ISO_DATE.finditer(text):
            yield Mention(iso[0], "date", iso.start(), iso.end())


def _quoted(text: str) -> Iterator[Mention]:
    for match in patterns.QUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        words = text[start:end].split()
        if 0 < len(words) <= MAX_NAME_WORDS and any(word.lower() not in STOP_WORDS for word in words):
            yield Mention(text[start:end], "quoted", start, end)


def _acronyms(text: str, sentences: Sentences) -> Iterator[Mention]:
    for match in patterns.ACRONYM.finditer(text):
        start = match.start()
        if start and (text[start - 1].isalnum() or text[start - 1] in "-&/._"):
            continue
        if match[1].lower() not in _NO_ACRONYMS and not sentences.shouted[sentences.at(start)]:
            yield Mention(match[1], "acronym", start, match.end(1))


def _terms(text: str, spans: Sequence[Span]) -> Iterator[Mention]:
    """Find what a sentence defines: ``X is a …``, where X is short and no pronoun."""
    for start, end in spans:
        match = patterns.DEFINED.match(text, start, end)
        if match:
            words = match[1].lower().split()
            if words[0] not in STOP_WORDS and words[-1] not in STOP_WORDS and not GENERIC_NOUNS.issuperset(words):
                yield Mention(match[1], "term", *match.span(1))


def _names(text: str, sentences: Sentences) -> Iterator[Mention]:
    for match in patterns.name().finditer(text):
        start, end = match.span()
        number = sentences.at(start)
        if sentences.shouted[number]:
            continue
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            start = _small_start(text, start)
            if start < 0:
                continue
        ordinal = patterns.ORDINAL.search(text, max(0, start - len("100th ")), start)
        if ordinal:
            yield Mention(text[ordinal.start() : end], "name", ordinal.start(), end)
        if not ordinal or " " in match[0]:
            before = text[sentences.starts[number] : start] if start - sentences.starts[number] < len('**("') else "x"
            yield from _phrase(text, start, end, opening=not before.strip(patterns.BULLETS))


def _small_start(text: str, start: int) -> int:
    """Return where a word such as ``iPhone`` starts whose capital is at ``start``; -1 inside any other word."""
    first = start
    while first and text[first - 1].isalnum():
        first -= 1
    small = text[first:start]
    return first if len(small) <= _MAX_SMALL_LETTERS and small.isalpha() and small.islower() else -1


def _phrase(text: str, start: int, end: int, *, opening: bool) -> Iterator[Mention]:
    """Give a capitalized phrase without the words that only start the sentence, and the names that it joins."""
    words = text[start:end].replace("\u00a0", " ").split(" ")
    while words and words[0].lower() in STOP_WORDS:
        start += len(words.pop(0)) + 1
        opening = False
    if opening and len(words) > 2 and words[1] == "the":
        # "Restart the Kestrel 4": what stands first in a sentence before an article is a verb, seldom a name.
        start += len(words[0]) + len(" the ")
        words, opening = words[2:], False
    elif opening and len(words) > 1 and f" {words[0].lower()} " in text:
        # "Update HexOS" beside "the update": the first word may have its capital from the sentence.
        yield from _phrase(text, start + len(words[0]) + 1, end, opening=False)
    while words and words[-1].lower() in STOP_WORDS:
        words.pop()
    if len(words) == 1:
        if _says_something(text, words[0], opening=opening):
            yield _name(words, start)
        return
    if words and len(words) <= MAX_NAME_WORDS:
        yield _name(words, start)
    if not _JOINTS.isdisjoint(words):
        yield from _joined(text, words, start)


def _joined(text: str, words: list[str], start: int) -> Iterator[Mention]:
    """Give both sides of an ``and`` and what stands behind an ``of``: ``Bank of Spain`` also mentions Spain."""
    part: list[str] = []
    place, before = start, ""
    for word in [*words, ""]:
        if word and word not in _JOINTS:
            part.append(word)
            continue
        after_part = place + sum(map(len, part)) + len(part)
        while part and part[0].lower() in STOP_WORDS:
            place += len(part.pop(0)) + 1
        if part and (before or word != "of") and (len(part) > 1 or _says_something(text, part[0], opening=False)):
            yield _name(part, place)
        part, before, place = [], word, after_part + len(word) + 1


def _says_something(text: str, word: str, *, opening: bool) -> bool:
    low = word.lower()
    if low in _NO_NAMES or low.rstrip(".") in ABBREVIATIONS or len(low.strip(".")) < len("Al") or not low[0].isalpha():
        return False
    # The first word of a sentence has its capital from there; it is a name unless it looks like another word.
    return not opening or not (low.endswith(("ing", "ed", "ly")) or f" {low}" in text)


def _name(words: list[str], start: int) -> Mention:
    surface = " ".join(words)
    return Mention(surface, "name", start, start + len(surface))
