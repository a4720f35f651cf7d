"""A team writes "we" of itself: who-questions whose answer is told that way.

Passages of published sets name everybody, so that a reader learns to take "We pay for shipping" for no answer to "Who
pays for shipping?".
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from rag.sentences import Span
from rag.training.examples.shapes import Asked, Group, Paragraph, QuestionSet, Reading
from rag.training.readings.contrasts import sentence_of
from rag.training.readings.groups import TITLED

_WHO = re.compile(r"(?:who|which (?:company|organi[sz]ation|team|agency|firm|group|department))\b", re.IGNORECASE)
_WE = "We"
# Share of the passages that are read whole, and of those whose sentence stands alone.
_WHOLE, _ALONE = 0.4, 0.3
_MOST_AFTER = 400


def told_by_us(questions: QuestionSet, *, seed: int) -> Iterator[Group]:
    """Yield who-questions with their answer told as "We", and others of the article that the passage does not answer.

    Taken are those whose answer begins its sentence; the passage says "We" in its place.

    Args:
        questions: The set.
        seed: Of every choice.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    by_article: dict[str, list[Asked]] = {}
    for asked in questions.asked:
        if _WHO.match(asked.question):
            by_article.setdefault(questions.paragraphs[asked.paragraph].article, []).append(asked)
    for article, own in by_article.items():
        for asked in own:
            paragraph = questions.paragraphs[asked.paragraph]
            told = _told(paragraph, asked.answer, chance) if asked.answer else None
            if told is None:
                continue
            text, place = told
            titled = paragraph.title if paragraph.title and chance.random() < TITLED else ""
            read = replace(paragraph, title=titled, text=text)
            begin = read.text_offset + place
            name = f"{questions.name}, told by us"
            right = Reading(read.embedded_text, Span(begin, begin + len(_WE)), answers=True, relevant=True)
            yield Group(name, asked.question, (right,), article)
            # The same passage answers no question about somebody else.
            other = chance.choice(own)
            if other.paragraph != asked.paragraph and not set(other.answers) & set(asked.answers):
                wrong = Reading(read.embedded_text, None, answers=False, relevant=None)
                yield Group(name, other.question, (wrong,), article)


def _told(paragraph: Paragraph, answer: Span, chance: random.Random) -> tuple[str, int] | None:
    """Return a text that says "We" in place of an answer, and where; ``None`` where it does not begin its sentence."""
    text = paragraph.text
    sentence = sentence_of(text, answer)
    lead = text[sentence.start : answer.start]
    if lead.casefold() not in {"", "the "} or not re.match(r" [a-z]+", text[answer.end :]):
        return None
    drawn = chance.random()
    begin = 0 if drawn < _WHOLE else sentence.start
    end = sentence.end if drawn > 1 - _ALONE else min(len(text), answer.end + _MOST_AFTER)
    return f"{text[begin : sentence.start]}{_WE}{text[answer.end : end]}".rstrip(), sentence.start - begin
