"""Writings: what the writer learns to make of a question and its evidence, from answers that were written by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag import lexis
from rag.protocols import Excerpt
from rag.sentences import sentence_spans
from rag.training.examples.shapes import QuestionSet
from rag.training.writings.aligning import aligned

_MOST_OTHERS, _MOST_OF_OTHERS, _MOST_SENTENCES = 3, 2, 10
# Questions without an answer, for each that has one.
_IMPOSSIBLE = 0.3
# Shares with their title, with the passages in another order, and with the whole passage and nothing else.
_TITLED, _SHUFFLED, _WHOLE = 0.9, 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Told:
    """A question that was answered in whole sentences.

    Args:
        question: As it is asked.
        paragraph: Place of its passage.
        text: The answer, close to the wording of the passage.
        answers: Short answers; no other passage that holds one stands beside its own.
    """

    question: str
    paragraph: int
    text: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """One thing to write.

    Args:
        question: As it is asked.
        excerpts: The evidence.
        target: What is to be written; empty where the evidence does not answer.
        origin: The set that it comes from.
        article: What its passage belongs to; what is held out is held out by article.
    """

    question: str
    excerpts: tuple[Excerpt, ...]
    target: str
    origin: str
    article: str


def given(
    questions: QuestionSet, told: Sequence[Told], impossible: Sequence[tuple[str, int]], *, seed: int
) -> Iterator[Writing]:
    """Yield a writing for each answer, with the sentences behind it among others, and some refusals.

    Args:
        questions: The set whose passages they are about.
        told: Questions with their answers.
        impossible: Questions that their passage does not answer, with its place.
        seed: Of every choice.
    """
    chance = random.Random(f"given {questions.name} {seed}")  # noqa: S311 - training examples
    evidence = _Evidence(questions, chance)
    for each in told:
        article = questions.paragraphs[each.paragraph].article
        yield Writing(each.question, evidence.of(each), each.text, questions.name, article)
    for question, place in chance.sample(list(impossible), min(len(impossible), round(_IMPOSSIBLE * len(told)))):
        excerpts = evidence.of(Told(question, place, ""))
        yield Writing(question, excerpts, "", questions.name, questions.paragraphs[place].article)


class _Evidence:
    """Chooses sentences as the product does: those near the question, of one passage and others like it."""

    def __init__(self, questions: QuestionSet, chance: random.Random) -> None:
        self._paragraphs = questions.paragraphs
        self._chance = chance
        self._articles: dict[str, list[int]] = {}
        for place, paragraph in enumerate(questions.paragraphs):
            self._articles.setdefault(paragraph.article, []).append(place)

    def of(self, told: Told) -> tuple[Excerpt, ...]:
        """Return the evidence of a question about a passage; what is behind its answer is always in it."""
        place = told.paragraph
        texts = self._sentences(place)
        if self._chance.random() < _WHOLE:
            return (Excerpt(self._title(place), tuple(texts)),)
        behind = [n for n, words in enumerate(aligned(told.text, texts)) if words is not None]
        near = self._nearest(told.question, texts)
        wanted = self._chance.randint(len(behind), max(len(behind), min(len(texts), _MOST_SENTENCES)))
        chosen = [*behind, *(n for n in near if n not in behind)][: max(wanted, 1)]
        own = Excerpt(self._title(place), tuple(texts[n] for n in sorted(chosen)))
        excerpts = [own, *self._others(told, room=_MOST_SENTENCES - len(chosen))]
        if self._chance.random() < _SHUFFLED:
            self._chance.shuffle(excerpts)
        return tuple(excerpts)

    def _others(self, told: Told, *, room: int) -> list[Excerpt]:
        """Return sentences of other passages that look like an answer and hold none."""
        place = told.paragraph
        pool = [each for each in self._articles[self._paragraphs[place].article] if each != place]
        pool = self._chance.sample(pool, min(len(pool), 2 * _MOST_OTHERS))
        pool += [self._chance.randrange(len(self._paragraphs)) for _ in range(_MOST_OTHERS)]
        answers = [answer.casefold() for answer in told.answers]
        found: list[Excerpt] = []
        wanted = self._chance.randint(0, _MOST_OTHERS)
        for other in dict.fromkeys(pool):
            if len(found) == wanted or room <= 0 or other == place:
                continue
            texts = self._sentences(other)
            near = self._nearest(told.question, texts)[: min(self._chance.randint(1, _MOST_OF_OTHERS), room)]
            taken = tuple(texts[n] for n in sorted(near))
            if taken and not any(answer in " ".join(taken).casefold() for answer in answers):
                found.append(Excerpt(self._title(other), taken))
                room -= len(taken)
        return found

    def _nearest(self, question: str, texts: Sequence[str]) -> list[int]:
        wanted = lexis.stems(question)
        shared = [len(wanted & lexis.stems(text)) for text in texts]
        return sorted(range(len(texts)), key=lambda n: (-shared[n], n))

    def _sentences(self, place: int) -> list[str]:
        text = self._paragraphs[place].text
        return [" ".join(text[span.start : span.end].split()) for span in sentence_spans(text)]

    def _title(self, place: int) -> str:
        return self._paragraphs[place].title if self._chance.random() < _TITLED else ""
