"""From questions with passages to the groups that the reader learns from."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.sentences import Span
from rag.training.examples import Asked, Group, Paragraph, QuestionSet, Reading
from rag.training.unanswerable import Unanswerable


@dataclass(frozen=True, slots=True)
class Mixture:
    """How the groups of one set are made.

    Args:
        titled: Share of the groups whose passages are read with their title, as the product reads them.
        negatives: Negatives of a group by the share of groups that have so many.
        changed: Share of the questions that are also asked in a way that the passage does not answer.
        ranked_only: Whether the passages teach the order alone: nobody knows whether one of them answers.
    """

    titled: float = 0.7
    negatives: tuple[tuple[int, float], ...] = ((1, 0.2), (3, 0.08))
    changed: float = 0.25
    ranked_only: bool = False


def make_groups(
    questions: QuestionSet, mined: Mapping[int, Sequence[int]], mixture: Mixture, *, seed: int
) -> list[Group]:
    """Return the groups of a set: each question with its passage and negatives, and some questions changed.

    Args:
        questions: The set.
        mined: Negatives by the place of the question, hardest first, as `rag.training.negatives` gives them.
        mixture: The shares.
        seed: Of every choice.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    changer = Unanswerable(seed=seed)
    by_article: dict[str, list[str]] = {}
    for asked in questions.asked:
        by_article.setdefault(questions.paragraphs[asked.paragraph].article, []).append(asked.question)
    groups: list[Group] = []
    for place, asked in enumerate(questions.asked):
        gold = questions.paragraphs[asked.paragraph]
        titled = chance.random() < mixture.titled
        wanted = _wanted(mixture.negatives, chance)
        pool = list(mined.get(place, ()))
        wrong = chance.sample(pool, min(wanted, len(pool)))
        # What is ranked alone teaches nothing without something to rank it against.
        if wrong or not mixture.ranked_only:
            groups.append(_group(questions, asked, wrong, titled=titled, ranked_only=mixture.ranked_only))
        if chance.random() < mixture.changed:
            others = _sample(by_article[gold.article], chance)
            changed = changer.change(asked.question, gold.text, others)
            if changed is not None:
                reading = Reading(_text(gold, titled=titled), None, answers=False, relevant=None)
                groups.append(Group(f"{questions.name}, changed", changed, (reading,)))
    return groups


def _group(questions: QuestionSet, asked: Asked, wrong: Sequence[int], *, titled: bool, ranked_only: bool) -> Group:
    gold = questions.paragraphs[asked.paragraph]
    offset = gold.text_offset if titled else 0
    span = asked.answer and Span(asked.answer.start + offset, asked.answer.end + offset)
    right = Reading(_text(gold, titled=titled), span, answers=None if ranked_only else True, relevant=True)
    readings = [right]
    for place in wrong:
        text = _text(questions.paragraphs[place], titled=titled)
        readings.append(Reading(text, None, answers=None if ranked_only else False, relevant=False))
    return Group(questions.name, asked.question, tuple(readings))


def _text(paragraph: Paragraph, *, titled: bool) -> str:
    return paragraph.embedded_text if titled else paragraph.text


def _wanted(shares: Sequence[tuple[int, float]], chance: random.Random) -> int:
    left = chance.random()
    for count, share in shares:
        left -= share
        if left < 0:
            return count
    return 0


def _sample(texts: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(list(texts), min(len(texts), 12))
