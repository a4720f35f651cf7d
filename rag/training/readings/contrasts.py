"""Pairs of questions and pairs of passages of which each answers one of the others.

A word that question and passage share is replaced in both, by the same other word. The old question is answered by the
old passage only, the new one by the new one only. Every text so stands in as many right pairs as in wrong ones, and a
reader cannot tell a wrong pair by a question that sounds odd: it has to compare the two.

The other word is either one that the passage lacks, replaced throughout, or one that stands in another sentence of it,
replaced in the sentence of the answer alone. Then all words of the question stand in the passage either way, as they do
in most questions that people wrote to be unanswerable, and what counts is where they stand.

Source: Gardner et al. 2020, Evaluating models' local decision boundaries via contrast sets,
https://arxiv.org/abs/2004.02709; Kaushik, Hovy and Lipton 2020, https://arxiv.org/abs/1909.12434.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.sentences import Span, sentence_spans
from rag.training.examples.changes import NAME, NUMBER, WORD, names, opposites, other_number

_THING = re.compile(r"\b[a-z]{4,}\b")
# Words that ask or say little: another in their place would change nothing.
_EMPTY = frozenset(
    "what when where which whose whom does have with from that this these those their there they them then than into "
    "about also many much long often type kind name names term called known considered usually being been were would "
    "could should other some such more most very only over under between during after before while among because "
    "first last used said made according become became".split()
)
_SUFFIX = 3
# Share of the questions for which a word of the same passage is tried first.
_INSIDE = 0.65


@dataclass(frozen=True, slots=True)
class Contrast:
    """A question and a passage with one word of theirs replaced.

    Args:
        question: The new question.
        passage: The new passage; it answers the new question and no longer the old one.
        answer: The answer as a span of the new passage.
        old: The words of the old question that the new passage lacks, as spans.
        new: The words of the new question that the old passage lacks.
    """

    question: str
    passage: str
    answer: Span
    old: tuple[Span, ...]
    new: tuple[Span, ...]


class Contrasts:
    """Makes contrasts.

    Args:
        seed: Of the choices.
    """

    def __init__(self, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - training examples
        self._opposites = opposites()

    def make(self, question: str, passage: str, answer: Span, others: Sequence[str]) -> Contrast | None:
        """Return a contrast, or ``None`` where question and passage share no word that could be replaced.

        Args:
            question: One that the passage answers.
            passage: The text that models read.
            answer: The answer in it.
            others: Other questions and passages about the same article, whose names may take the place of one.
        """
        ways = [self._name, self._name, self._number, self._opposite, self._thing]
        self._random.shuffle(ways)
        sentence = sentence_of(passage, answer)
        beside = [passage[: sentence.start], passage[sentence.end :]]
        for inside in (True, False) if self._random.random() < _INSIDE else (False, True):
            for way in ways:
                for word, other in way(question, beside if inside else others):
                    made = _replaced(question, passage, answer, word, other, sentence if inside else None)
                    if made is not None:
                        return made
        return None

    def _name(self, question: str, texts: Sequence[str]) -> Iterable[tuple[str, str]]:
        found = [match[0] for match in NAME.finditer(question) if match.start() > 0 and not match[0][0].isdigit()]
        pool = sorted(names(texts))
        for name in self._shuffled(found):
            alike = [each for each in pool if len(each.split()) == len(name.split()) and _absent(each, question)]
            # What follows the same word ("in", "by", "the") is most often the same sort of thing.
            before = _before(name, question)
            same = [each for each in alike if before and any(f"{before} {each}" in text for text in texts)]
            if alike:
                yield name, self._random.choice(same or alike)

    def _number(self, question: str, texts: Sequence[str]) -> Iterable[tuple[str, str]]:
        for number in self._shuffled(NUMBER.findall(question)):
            yield number, other_number(number, texts, question, self._random)

    def _opposite(self, question: str, _: Sequence[str]) -> Iterable[tuple[str, str]]:
        found = [match[0] for match in WORD.finditer(question) if match[0] in self._opposites]
        for word in self._shuffled(found):
            yield word, self._random.choice(self._opposites[word])

    def _thing(self, question: str, texts: Sequence[str]) -> Iterable[tuple[str, str]]:
        pool = sorted({each for text in texts for each in _THING.findall(text)} - _EMPTY)
        for word in self._shuffled([each for each in _THING.findall(question) if each not in _EMPTY]):
            alike = [each for each in pool if each[-_SUFFIX:] == word[-_SUFFIX:] and _absent(each[:5], question)]
            if alike:
                yield word, self._random.choice(alike)

    def _shuffled(self, found: Sequence[str]) -> list[str]:
        return self._random.sample(found, len(found))


def sentence_of(passage: str, answer: Span) -> Span:
    """Return the sentences of a passage that an answer touches, as one span."""
    touched = [span for span in sentence_spans(passage) if span.start < answer.end and span.end > answer.start]
    return Span(touched[0].start, touched[-1].end) if touched else Span(0, len(passage))


def _replaced(question: str, passage: str, answer: Span, word: str, other: str, within: Span | None) -> Contrast | None:
    """Return the contrast that replacing a word makes; ``None`` where it would touch the answer or is not shared.

    Within a sentence, the other word must stand elsewhere in the passage; else nowhere in it.
    """
    pattern = re.compile(rf"(?<![\w'-]){re.escape(word)}(?![\w'-])")
    reach = within or Span(0, len(passage))
    inside = [m for m in pattern.finditer(passage) if reach.start <= m.start() and m.end() <= reach.end]
    touched = any(match.start() < answer.end and match.end() > answer.start for match in inside)
    known = passage[reach.start : reach.end].casefold()
    there = other.casefold() in passage.casefold()
    if not inside or touched or not pattern.search(question) or other.casefold() in known or there != bool(within):
        return None
    shift = (len(other) - len(word)) * sum(match.end() <= answer.start for match in inside)
    new_question, new = _spans(question, pattern, other)
    return Contrast(
        new_question,
        _with(passage, inside, other),
        Span(answer.start + shift, answer.end + shift),
        tuple(Span(match.start(), match.end()) for match in pattern.finditer(question)),
        new,
    )


def _with(text: str, places: Sequence[re.Match[str]], other: str) -> str:
    for place in reversed(places):
        text = f"{text[: place.start()]}{other}{text[place.end() :]}"
    return text


def _spans(text: str, pattern: re.Pattern[str], other: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text with every match replaced, and where the replacements stand."""
    spans: list[Span] = []
    pieces, last, length = [], 0, 0
    for match in pattern.finditer(text):
        length += match.start() - last
        spans.append(Span(length, length + len(other)))
        pieces += [text[last : match.start()], other]
        length += len(other)
        last = match.end()
    return "".join((*pieces, text[last:])), tuple(spans)


def _absent(word: str, text: str) -> bool:
    return word.casefold() not in text.casefold()


def _before(name: str, question: str) -> str:
    """Return the word before a name; empty at the beginning."""
    words = question[: question.find(name)].split()
    return words[-1] if words else ""
