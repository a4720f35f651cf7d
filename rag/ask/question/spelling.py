"""Put right what a question misspells, as far as the documents tell how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rag import lexis
from rag.english import doubled, english_near, is_english, is_made_of_english
from rag.protocols import Similar, Vocabulary
from rag.types import Correction

# Shorter words are left alone; from so many letters on, two slips are allowed instead of one.
_MIN_LETTERS, _TWO_SLIPS = 4, 8
# A word of fewer passages is corrected to only when it is one slip away and this long.
_FREQUENT, _LONG = 2, 6
# A capitalized word inside a sentence may be a name that the documents lack; this long it is taken for a slip.
_LONG_NAME = 7
_ENGLISH_TRIED = 8

# A word without its possessive; contractions are left out.
_WORD = re.compile(r"(?<![\w’'])[^\W\d_]+(?!\w|[’'](?!s\b)\w)")
_SPACED_CODE = re.compile(r"(?<![\w-])([A-Za-z]{1,6})[ ]+(\d[\dA-Za-z]*(?:-[\dA-Za-z]+)*)(?![\w-])")
# "60k": so many thousands.
_THOUSANDS = re.compile(r"(?<![\w.,/-])(\d{1,4}(?:\.\d{1,2})?)k(?![\w-])", re.IGNORECASE)
_GLUED = re.compile(r"([^\W\d_]{4,})(\d+[a-z]?)", re.IGNORECASE)
# What is quoted, and addresses of pages, files and people, stays as it is.
_UNTOUCHED = re.compile(r"[\"“”«»][^\"“”«»]*[\"“”«»]|\S*(?:[@/\\_#]|\w\.\w)\S*")
_VOWELS = "aeiouy"
_JOINED, _USUAL, _ODD = range(3)


def spell(text: str, vocabulary: Vocabulary, *, words: bool = True) -> tuple[str, tuple[Correction, ...]]:
    """Return a question as the documents would write it, and what was changed, in order, amounts and codes first.

    A code takes the hyphens that it has in the documents (``hx2104``, ``HX 2104`` → ``HX-2104``); its letters
    and digits never change. Thousands are written out (``60k`` → ``60,000``) where no passage writes them so. A
    word is corrected when no passage holds it in any form, it is no common English word, and a word of the
    passages is one slip away (two from eight letters on). Quoted phrases stay.

    Args:
        text: The question.
        vocabulary: The words of the documents.
        words: Whether words are looked at too, not only codes; the list of common words is English.
    """
    text, amounts = _changed(text, _amount_changes(text, vocabulary))
    text, codes = _changed(text, _code_changes(text, vocabulary))
    if not words:
        return text, amounts + codes
    text, corrected = _changed(text, _word_changes(text, vocabulary))
    return text, amounts + codes + corrected


class _Change(NamedTuple):
    start: int
    end: int
    read: str


def _changed(text: str, changes: Iterable[_Change]) -> tuple[str, tuple[Correction, ...]]:
    pieces, corrections, last = [], [], 0
    for start, end, read in changes:
        pieces += [text[last:start], read]
        corrections.append(Correction(text[start:end], read))
        last = end
    return "".join((*pieces, text[last:])), tuple(dict.fromkeys(corrections))


def _amount_changes(text: str, vocabulary: Vocabulary) -> Iterator[_Change]:
    for match in _THOUSANDS.finditer(text):
        # "2.5k" by itself is no address.
        untouched = [span for span in _spans(_UNTOUCHED, text) if span != match.span()]
        if not _inside(*match.span(), untouched) and not vocabulary.known([match[0]]):
            yield _Change(*match.span(), f"{round(float(match[1]) * 1000):,}")


def _code_changes(text: str, vocabulary: Vocabulary) -> Iterator[_Change]:
    untouched = _spans(_UNTOUCHED, text)
    spaced = [match for match in _SPACED_CODE.finditer(text) if match[1].casefold() not in lexis.STOP_WORDS]
    for start, end, written in sorted([*_code_spans(text), *((*match.span(), match[0]) for match in spaced)]):
        if _inside(start, end, untouched):
            continue
        read = vocabulary.spelled(re.sub(r"[\s_/-]", "", written))
        if read is None and (parts := _GLUED.fullmatch(written)) and not vocabulary.known([written]):
            read = " ".join(parts.groups())
        if read is not None and read.casefold() != written.casefold():
            yield _Change(start, end, read)


def _code_spans(text: str) -> Iterator[tuple[int, int, str]]:
    for code in lexis.alphanumerics(text):
        for match in re.finditer(rf"(?<![\w-]){re.escape(code)}(?![\w-])", text):
            yield (*match.span(), code)


def _word_changes(text: str, vocabulary: Vocabulary) -> Iterator[_Change]:
    untouched = [*_spans(_UNTOUCHED, text), *((start, end) for start, end, _ in _code_spans(text))]
    doubtful = [
        match
        for match in _WORD.finditer(text)
        if len(match[0]) >= _MIN_LETTERS
        and not _inside(*match.span(), untouched)
        and not _is_common(match[0].casefold())
    ]
    known = vocabulary.known(list(dict.fromkeys(match[0] for match in doubtful))) if doubtful else frozenset()
    for match in doubtful:
        if match[0] not in known and (read := _correction(match, vocabulary)):
            yield _Change(*match.span(), read)


def _is_common(word: str) -> bool:
    return word in lexis.STOP_WORDS or is_english(word) or is_made_of_english(word)


def _correction(match: re.Match[str], vocabulary: Vocabulary) -> str | None:
    """Return what a word that no passage holds was meant to be, or ``None``."""
    word = match[0]
    if written := doubled(word.casefold()):
        return _in_the_case_of(word, written) if vocabulary.known([written]) else None
    slips = 1 if len(word) < _TWO_SLIPS else 2
    near = [other for other in vocabulary.similar(word, max_distance=slips) if _convinces(other, word)]
    if not word[0].isupper():
        # Passages may hold other forms of a common word than the one that was meant.
        english = english_near(word, max_distance=1, limit=_ENGLISH_TRIED)
        known = vocabulary.known(english)
        near += [Similar(other, 1, 0) for other in english if other in known]
    best = min(near, key=lambda other: (other.distance, _oddity(word, other.word), -other.n_passages), default=None)
    if best is None or not _may_be_meant(match, best, vocabulary):
        return None
    return _in_the_case_of(word, best.word)


def _convinces(other: Similar, word: str) -> bool:
    joined = _oddity(word, other.word) == _JOINED
    return joined or other.n_passages >= _FREQUENT or (other.distance <= 1 and len(word) >= _LONG)


def _may_be_meant(match: re.Match[str], best: Similar, vocabulary: Vocabulary) -> bool:
    """Return whether a word may be a slip; a short name is one only beside a word that stands so in the documents."""
    word, text = match[0], match.string
    names_someone = word[0].isupper() and match.start() > 0 and not word.isupper()
    if not names_someone or (len(word) >= _LONG_NAME and _oddity(word, best.word) < _ODD):
        return True
    before = re.search(r"(\w+)\s+$", text[: match.start()])
    after = re.match(r"\s+(\w+)", text[match.end() :])
    beside = [f"{before[1]} {best.word}"] if before and before[1].casefold() not in lexis.STOP_WORDS else []
    beside += [f"{best.word} {after[1]}"] if after and after[1].casefold() not in lexis.STOP_WORDS else []
    return bool(vocabulary.known(beside))


def _oddity(word: str, other: str) -> int:
    """Rank slips: joined words, letters left out, doubled or swapped, and vowels taken for others are common."""
    word, other = word.casefold(), other.casefold()
    if word == other.replace("-", ""):
        return _JOINED
    if len(word) != len(other) or sorted(word) == sorted(other):
        return _USUAL
    replaced = [pair for pair in zip(word, other, strict=True) if pair[0] != pair[1]]
    return _USUAL if all(letter in _VOWELS for pair in replaced for letter in pair) else _ODD


def _in_the_case_of(word: str, read: str) -> str:
    if word.isupper() and read.islower():
        return read.upper()
    return read[0].upper() + read[1:] if word[0].isupper() else read


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(left < end and start < right for left, right in spans)
