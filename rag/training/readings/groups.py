"""From questions with passages to the groups that the reader learns from."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.sentences import Span, sentence_spans
from rag.training.examples.changes import WORD
from rag.training.examples.shapes import Asked, Group, Paragraph, QuestionSet, Reading
from rag.training.readings.among import among_sentences
from rag.training.readings.columns import without_column
from rag.training.readings.contrasts import Contrasts, sentence_of
from rag.training.readings.together import together
from rag.training.readings.unanswerable import Unanswerable

TITLED = 0.7
"""Share of the passages that are read with their title, as the product reads them."""
# A passage of fewer characters says too little to be one.
_LEAST_LEFT = 80
# Share of the passages without an answer of which only the nearest sentences are read.
_CROPPED = 0.4


@dataclass(frozen=True, slots=True)
class Mixture:
    """How the groups of one set are made.

    Args:
        titled: Share of the groups whose passages are read with their title, as the product reads them.
        negatives: Negatives of a group by the share of groups that have so many.
        contrasted: Share of the questions that are also asked of a passage with another word in it, and the other way
            round.
        cropped: Share of the passages without negatives of which only the sentences around the answer are read.
        deleted: Share of the rest that are also asked of their passage without the sentence of the answer.
        changed: Share of the rest that are also asked in a way that the passage does not answer.
        among: Share of the questions that are also asked of the sentence of the answer, among others like it.
        together: Share of the questions that are also asked of several sentences at once.
        columns: Share of the questions about a cell of a table that are also asked of it without that column.
        ranked_only: Whether the passages teach the order alone: nobody knows whether one of them answers.
    """

    titled: float = TITLED
    negatives: tuple[tuple[int, float], ...] = ((1, 0.2), (3, 0.08))
    contrasted: float = 0.0
    cropped: float = 0.0
    deleted: float = 0.0
    changed: float = 0.25
    among: float = 0.0
    together: float = 0.0
    columns: float = 0.0
    ranked_only: bool = False


def make_groups(
    questions: QuestionSet, mined: Mapping[int, Sequence[int]], mixture: Mixture, *, seed: int
) -> list[Group]:
    """Return the groups of a set: each question with its passage and negatives, and some questions changed.

    Args:
        questions: The set.
        mined: Negatives by the place of the question, hardest first, as `rag.training.readings.negatives` gives them.
        mixture: The shares.
        seed: Of every choice.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    changer, contrasts = Unanswerable(seed=seed), Contrasts(seed=seed)
    articles = _articles(questions)
    groups: list[Group] = []
    for place, asked in enumerate(questions.asked):
        gold = questions.paragraphs[asked.paragraph]
        titled = chance.random() < mixture.titled
        wanted = _wanted(mixture.negatives, chance)
        pool = list(mined.get(place, ()))
        wrong = chance.sample(pool, min(wanted, len(pool)))
        group = _group(questions, asked, wrong, titled=titled, ranked_only=mixture.ranked_only)
        others = [questions.paragraphs[other] for other in pool]
        groups += _also(group, asked, [gold, *others], mixture, chance, titled=titled)
        if not wrong and chance.random() < mixture.cropped:
            group = _cropped(group, gold, chance)
        around = articles[gold.article]
        if chance.random() < mixture.contrasted:
            contrasted = _contrasted(group, contrasts, _sample(around, chance))
            if contrasted:
                groups += contrasted
                continue
        if chance.random() < mixture.deleted:
            group = _deleted(group)
        # What is ranked alone teaches nothing without something to rank it against.
        if len(group.readings) > 1 or not mixture.ranked_only:
            groups.append(group)
        if chance.random() < mixture.changed:
            groups += _changed(group, changer.change(asked.question, gold.text, _sample(around, chance)))
    return groups


def _also(
    group: Group,
    asked: Asked,
    passages: Sequence[Paragraph],
    mixture: Mixture,
    chance: random.Random,
    *,
    titled: bool,
) -> list[Group]:
    """Return what a question is asked of too, its passage the first: sentences, and a table that lacks a column."""
    gold, *others = passages
    made = list[Group | None]()
    if mixture.among and chance.random() < mixture.among:
        made.append(among_sentences(group.origin, asked, gold, others, chance, titled=titled))
    if mixture.together and chance.random() < mixture.together:
        made.append(together(group.origin, group.question, asked, passages, chance, titled=titled))
    if mixture.columns and chance.random() < mixture.columns:
        made.append(without_column(group, chance))
    return [each for each in made if each]


def _articles(questions: QuestionSet) -> dict[str, list[str]]:
    """Return the questions and passages of each article."""
    articles: dict[str, list[str]] = {}
    for paragraph in questions.paragraphs:
        articles.setdefault(paragraph.article, []).append(paragraph.text)
    for asked in questions.asked:
        articles[questions.paragraphs[asked.paragraph].article].append(asked.question)
    return articles


def _group(questions: QuestionSet, asked: Asked, wrong: Sequence[int], *, titled: bool, ranked_only: bool) -> Group:
    gold = questions.paragraphs[asked.paragraph]
    offset = gold.text_offset if titled else 0
    span = asked.answer and Span(asked.answer.start + offset, asked.answer.end + offset)
    known = None if ranked_only else True
    right = Reading(_text(gold, titled=titled), span, answers=known, relevant=True, unmet=() if known else None)
    readings = [right]
    for place in wrong:
        text = _text(questions.paragraphs[place], titled=titled)
        readings.append(Reading(text, None, answers=None if ranked_only else False, relevant=False))
    return Group(questions.name, asked.question, tuple(readings), gold.article)


def _cropped(group: Group, gold: Paragraph, chance: random.Random) -> Group:
    """Return the group with the sentences around the answer alone, below the title where there was one."""
    (right,) = group.readings
    if right.answer is None:
        return group
    first = len(right.passage) - len(gold.text)
    spans = sentence_spans(gold.text)
    inside = [
        place
        for place, span in enumerate(spans)
        if span.start + first < right.answer.end and span.end + first > right.answer.start
    ]
    if not inside:
        return group
    begin = spans[max(0, inside[0] - chance.randint(0, 1))].start
    end = spans[min(len(spans) - 1, inside[-1] + chance.randint(0, 1))].end
    answer = Span(right.answer.start - begin, right.answer.end - begin)
    cropped = replace(right, passage=right.passage[:first] + gold.text[begin:end], answer=answer)
    return replace(group, readings=(cropped,))


def at_times_cropped(question: str, paragraph: Paragraph, chance: random.Random) -> Paragraph:
    """Return a passage that does not answer a question, or at times only the sentences of it nearest to the question.

    Of a passage that does not answer no part does, and answers are read by themselves too.
    """
    if chance.random() >= _CROPPED:
        return paragraph
    return replace(paragraph, text=nearest_sentences(question, paragraph.text, chance))


def nearest_sentences(question: str, text: str, chance: random.Random) -> str:
    """Return the sentence of a text that shares most words with the question, at times with one before or after it."""
    spans = sentence_spans(text)
    if not spans:
        return text
    wanted = lexis.stems(question)
    nearest = max(range(len(spans)), key=lambda n: (len(wanted & lexis.stems(text[spans[n].start : spans[n].end])), -n))
    begin = spans[max(0, nearest - chance.randint(0, 1))].start
    return text[begin : spans[min(len(spans) - 1, nearest + chance.randint(0, 1))].end]


def _deleted(group: Group) -> Group:
    """Return the group with its passage once more, without the sentence of the answer: all about it, and no answer."""
    right = group.readings[0]
    if right.answer is None:
        return group
    text, words = right.passage, right.passage[right.answer.start : right.answer.end]
    sentence = sentence_of(text, right.answer)
    rest = f"{text[: sentence.start]}{text[sentence.end :].lstrip()}".strip()
    if words.casefold() in rest.casefold() or len(rest) < _LEAST_LEFT:
        return group
    return replace(group, readings=(*group.readings, Reading(rest, None, answers=False, relevant=False)))


def _contrasted(group: Group, contrasts: Contrasts, around: Sequence[str]) -> list[Group]:
    """Return the group and its counterpart, each with the other's passage as a negative; empty where there is none."""
    right = group.readings[0]
    made = contrasts.make(group.question, right.passage, right.answer, around) if right.answer else None
    if made is None:
        return []
    wrong = Reading(made.passage, None, answers=False, relevant=False, unmet=made.old)
    other = Reading(made.passage, made.answer, answers=True, relevant=True, unmet=())
    old = Reading(right.passage, None, answers=False, relevant=False, unmet=made.new)
    return [
        replace(group, readings=(*group.readings, wrong)),
        Group(f"{group.origin}, contrasted", made.question, (other, old), group.article),
    ]


def _changed(group: Group, changed: str | None) -> list[Group]:
    if changed is None:
        return []
    known = {word.casefold() for word in WORD.findall(group.question)}
    unmet = tuple(Span(m.start(), m.end()) for m in WORD.finditer(changed) if m[0].casefold() not in known)
    reading = Reading(group.readings[0].passage, None, answers=False, relevant=None, unmet=unmet)
    return [Group(f"{group.origin}, changed", changed, (reading,), group.article)]


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
