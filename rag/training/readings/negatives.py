"""Find passages that look like the answer and are not, with the project's own embedding."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from rag.protocols import Urgency
from rag.training.examples.shapes import Asked, QuestionSet
from rag.types import Float32Array

_ROWS = 512
_EMBEDDED_AT_ONCE = 256


class Embeds(Protocol):
    """What of a `rag.protocols.Embedder` is needed to find passages."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:
        """Return vectors of shape ``(len(texts), dimension)``, rows of unit length, in the order of the texts."""


def mine(questions: QuestionSet, chosen: Sequence[int], embedder: Embeds, *, depth: int) -> list[list[int]]:
    """Return, for each chosen question, the nearest paragraphs that do not answer it, nearest first.

    A paragraph that holds an answer's text, or that answers a question of the same family, is left out: it may well
    answer, and a model that is told otherwise learns nonsense.

    Args:
        questions: The set; all its paragraphs are candidates.
        chosen: Places in ``questions.asked``.
        embedder: Finds the nearest paragraphs.
        depth: How many of the nearest are looked at.
    """
    passages = embedded([each.embedded_text for each in questions.paragraphs], embedder)
    asked = [questions.asked[place] for place in chosen]
    vectors = embedded([each.question for each in asked], embedder)
    families = _families(questions)
    found: list[list[int]] = []
    for begin in range(0, len(asked), _ROWS):
        scores = vectors[begin : begin + _ROWS] @ passages.T
        near = np.argpartition(-scores, min(depth, scores.shape[1] - 1), axis=1)[:, :depth]
        for row, places in enumerate(near):
            order = sorted((int(place) for place in places), key=lambda place: (-scores[row, place], place))
            found.append(_wrong(questions, asked[begin + row], order, families))
    return found


def neighbours(questions: QuestionSet, chosen: Sequence[int], *, seed: int, most: int) -> list[list[int]]:
    """Return, for each chosen question, other paragraphs of its article, in random order; of any where it has none."""
    chance = random.Random(seed)  # noqa: S311 - training examples
    articles: dict[str, list[int]] = {}
    for place, paragraph in enumerate(questions.paragraphs):
        articles.setdefault(paragraph.article, []).append(place)
    families = _families(questions)
    found = []
    for place in chosen:
        asked = questions.asked[place]
        own = articles[questions.paragraphs[asked.paragraph].article]
        pool = chance.sample(own, min(len(own), 2 * most))
        pool += [chance.randrange(len(questions.paragraphs)) for _ in range(most)]
        found.append(_wrong(questions, asked, pool, families)[:most])
    return found


def _wrong(questions: QuestionSet, asked: Asked, places: Sequence[int], families: Mapping[int, set[str]]) -> list[int]:
    answers = [answer.casefold() for answer in asked.answers]
    gold = questions.paragraphs[asked.paragraph]
    kept = []
    for place in dict.fromkeys(places):
        other = questions.paragraphs[place]
        text = other.text.casefold()
        same = place == asked.paragraph or other.text == gold.text
        related = asked.family in families.get(place, ())
        if not same and not related and not any(answer in text for answer in answers):
            kept.append(place)
    return kept


def _families(questions: QuestionSet) -> dict[int, set[str]]:
    """Return which families each paragraph answers."""
    families: dict[int, set[str]] = {}
    for each in questions.asked:
        if each.family:
            families.setdefault(each.paragraph, set()).add(each.family)
    return families


def embedded(texts: Sequence[str], embedder: Embeds) -> Float32Array:
    """Return the vectors of texts, shape ``(len(texts), dimension)``."""
    parts = [
        embedder.embed(texts[begin : begin + _EMBEDDED_AT_ONCE], urgency="ingest")
        for begin in range(0, len(texts), _EMBEDDED_AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, embedder.dimension), dtype=np.float32)
