"""Writings whose targets were written by hand for a question and its passage."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from rag import lexis
from rag.protocols import Excerpt
from rag.sentences import sentence_spans
from rag.training.examples import Asked, QuestionSet
from rag.training.targets import Task, Writing

# A sentence of the passage that shares so many words with a target, beside those of the question, is behind it.
_LEAST_SHARED = 2
_MOST_OTHERS, _MOST_OF_OTHERS, _MOST_SENTENCES = 3, 2, 10
# A short target is asked for as such this often; questions without an answer, for each that has one.
_BRIEF, _BRIEF_WORDS, _IMPOSSIBLE = 0.4, 20, 0.3
_TITLED, _SHUFFLED = 0.9, 0.5


def given(
    questions: QuestionSet, told: Sequence[str], impossible: Sequence[tuple[str, int]], *, seed: int
) -> Iterator[Writing]:
    """Yield a writing for each target, with the sentences behind it among others, and some refusals.

    Args:
        questions: The set.
        told: The answer in whole sentences to each question of ``questions.asked``; empty where there is none.
        impossible: Questions that their passage does not answer, with its place.
        seed: Of every choice.

    Raises:
        ValueError: There are more or fewer targets than questions.
    """
    chance = random.Random(f"given {questions.name} {seed}")  # noqa: S311 - training examples
    evidence = _Evidence(questions, chance)
    n_told = 0
    for asked, target in zip(questions.asked, told, strict=True):
        if target:
            n_told += 1
            brief = len(target.split()) <= _BRIEF_WORDS and chance.random() < _BRIEF
            excerpts = evidence.of(asked.question, asked.paragraph, asked=asked, target=target)
            article = questions.paragraphs[asked.paragraph].article
            task: Task = "brief" if brief else "answer"
            yield Writing(task, asked.question, excerpts, target, "given", questions.name, article)
    for question, place in chance.sample(list(impossible), min(len(impossible), round(_IMPOSSIBLE * n_told))):
        excerpts = evidence.of(question, place)
        yield Writing("answer", question, excerpts, "", "refused", questions.name, questions.paragraphs[place].article)


class _Evidence:
    """Chooses sentences as the product does: those near the question, of one passage and others like it."""

    def __init__(self, questions: QuestionSet, chance: random.Random) -> None:
        self._paragraphs = questions.paragraphs
        self._chance = chance
        self._articles: dict[str, list[int]] = {}
        for place, paragraph in enumerate(questions.paragraphs):
            self._articles.setdefault(paragraph.article, []).append(place)

    def of(self, question: str, place: int, *, asked: Asked | None = None, target: str = "") -> tuple[Excerpt, ...]:
        """Return the evidence of a question about a passage; what is behind the target is always in it."""
        texts = self._sentences(place)
        behind = self._behind(place, asked, target) if asked else set()
        near = self._nearest(question, texts)
        wanted = self._chance.randint(len(behind), max(len(behind), min(len(texts), _MOST_SENTENCES)))
        chosen = [*behind, *(n for n in near if n not in behind)][: max(wanted, 1)]
        own = Excerpt(self._title(place), tuple(texts[n] for n in sorted(chosen)))
        excerpts = [own, *self._others(question, place, asked, room=_MOST_SENTENCES - len(chosen))]
        if self._chance.random() < _SHUFFLED:
            self._chance.shuffle(excerpts)
        return tuple(excerpts)

    def _behind(self, place: int, asked: Asked, target: str) -> set[int]:
        text = self._paragraphs[place].text
        said = lexis.stems(target) - lexis.stems(asked.question)
        held = set()
        for n, span in enumerate(sentence_spans(text)):
            holds = asked.answer is not None and span.start < asked.answer.end and span.end > asked.answer.start
            if holds or len(said & lexis.stems(text[span.start : span.end])) >= _LEAST_SHARED:
                held.add(n)
        return held

    def _others(self, question: str, place: int, asked: Asked | None, *, room: int) -> list[Excerpt]:
        """Return sentences of other passages that look like an answer and hold none."""
        pool = [each for each in self._articles[self._paragraphs[place].article] if each != place]
        pool = self._chance.sample(pool, min(len(pool), 2 * _MOST_OTHERS))
        pool += [self._chance.randrange(len(self._paragraphs)) for _ in range(_MOST_OTHERS)]
        answers = [answer.casefold() for answer in asked.answers] if asked else []
        found: list[Excerpt] = []
        wanted = self._chance.randint(0, _MOST_OTHERS)
        for other in dict.fromkeys(pool):
            if len(found) == wanted or room <= 0 or other == place:
                continue
            texts = self._sentences(other)
            near = self._nearest(question, texts)[: min(self._chance.randint(1, _MOST_OF_OTHERS), room)]
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
