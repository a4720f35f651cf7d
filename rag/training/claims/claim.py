"""What the verifier learns from: claims with sources that support them or do not."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.sentences import Span, sentence_spans
from rag.training.claims.corruptions import Corruption
from rag.training.claims.statements import statement
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from rag.training.examples.sources import json_lines

# Sentences worth checking: neither a scrap nor a page.
_LEAST_CHARACTERS, _MOST_CHARACTERS = 30, 400
_MOST_SOURCE = 1600
# Share of the unsupported claims whose sentence was taken out of the source, and of the others that are contrasted.
_UNRELATED, _CONTRASTED = 0.2, 0.6
_TOKEN = re.compile(r"\w+(?:[.,'’-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with a source.

    Args:
        text: What is claimed.
        source: What should support it.
        supported: Whether it does.
        faults: The words of the claim that are wrong, as spans of it; ``None`` where nobody knows which.
        kind: Where the pair comes from, e.g. ``number`` for a changed number.
    """

    text: str
    source: str
    supported: bool
    faults: tuple[Span, ...] | None
    kind: str


def entailment(path: Path) -> list[Claim]:
    """Return the pairs of JSON lines of ``source, claim, label, origin``; supported means ``entailment``."""
    return [
        Claim(
            line["claim"].strip(),
            line["source"].strip()[:_MOST_SOURCE],
            line["label"] == "entailment",
            () if line["label"] == "entailment" else None,
            str(line["origin"]),
        )
        for line in json_lines(path, claim=str, source=str, label=str, origin=str)
    ]


def from_sentences(paragraphs: Sequence[Paragraph], *, per_paragraph: int, seed: int) -> list[Claim]:
    """Return sentences of paragraphs as claims: as they stand, corrupted, and without their source.

    Each chosen sentence gives one claim that its source supports and one that it does not, and many give another pair
    of them with a source that is changed too. The source is the sentence with some of its neighbours, or the whole
    paragraph, so that the verifier learns to find what matters in it.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    corruption = Corruption(seed=seed)
    claims: list[Claim] = []
    for place, paragraph in enumerate(paragraphs):
        spans = [
            span
            for span in sentence_spans(paragraph.text[:_MOST_SOURCE])
            if _LEAST_CHARACTERS <= span.end - span.start <= _MOST_CHARACTERS
        ]
        beside = paragraphs[max(0, place - 3) : place + 4]
        others = [each.text for each in beside if each.article == paragraph.article and each is not paragraph]
        for span in chance.sample(spans, min(per_paragraph, len(spans))):
            sentence = paragraph.text[span.start : span.end]
            source = _around(paragraph.text, spans, span, chance)
            claims.append(Claim(_retold(sentence, chance), source, supported=True, faults=(), kind="sentence"))
            if chance.random() < _UNRELATED and len(spans) > 1:
                rest = (paragraph.text[: span.start] + paragraph.text[span.end :]).strip()
                claims.append(Claim(sentence, rest[:_MOST_SOURCE], supported=False, faults=None, kind="left out"))
                continue
            changed = corruption.corrupt(sentence, (source, *others))
            if changed is not None:
                claims.append(Claim(changed.text, source, supported=False, faults=changed.faults, kind=changed.kind))
                if chance.random() < _CONTRASTED:
                    claims += _contrasted(sentence, changed.text, source)
    return claims


def _contrasted(sentence: str, changed: str, source: str) -> list[Claim]:
    """Return a sentence and a changed one with a source that is changed like it; empty where that cannot be.

    The changed source supports the changed sentence and no longer the first one: a verifier cannot tell by the claim
    alone, nor by the source alone.
    """
    replaced = _replaced(sentence, changed)
    if replaced is None:
        return []
    span, other = replaced
    word = sentence[span.start : span.end]
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    new = pattern.sub(lambda _: other, source)
    if new == source or pattern.sub(lambda _: other, sentence) != changed:
        return []
    return [
        Claim(changed, new, supported=True, faults=(), kind="contrasted"),
        Claim(sentence, new, supported=False, faults=(span,), kind="contrasted"),
    ]


def _replaced(sentence: str, changed: str) -> tuple[Span, str] | None:
    """Return which words of a sentence one other phrase takes the place of, and that phrase."""
    old, new = [match.span() for match in _TOKEN.finditer(sentence)], _TOKEN.findall(changed)
    words = [sentence[start:end] for start, end in old]
    first = next((n for n, (one, two) in enumerate(zip(words, new, strict=False)) if one != two), len(words))
    rest = min(len(words), len(new)) - first
    last = next((n for n in range(rest) if words[-1 - n] != new[-1 - n]), rest)
    if first >= len(words) - last or first >= len(new) - last:
        return None
    return Span(old[first][0], old[len(words) - last - 1][1]), " ".join(new[first : len(new) - last])


def from_answers(questions: QuestionSet, *, share: float, seed: int) -> list[Claim]:
    """Return question and answer put together as claims, true ones and ones with another answer.

    The other answer is one to another question about the same passage: it stands in the source, in the wrong role.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    by_paragraph: dict[int, list[Asked]] = {}
    for asked in questions.asked:
        by_paragraph.setdefault(asked.paragraph, []).append(asked)
    claims: list[Claim] = []
    for place, group in by_paragraph.items():
        source = questions.paragraphs[place].text
        for asked in group:
            made = statement(asked.question, asked.answers[0]) if asked.answers and chance.random() < share else None
            if made is None or len(source) > _MOST_SOURCE:
                continue
            claims.append(Claim(made, source, supported=True, faults=(), kind="answer"))
            wrong = [each.answers[0] for each in group if each.answers and _other(each.answers[0], asked)]
            if wrong:
                answer = chance.choice(wrong)
                told = statement(asked.question, answer) or ""
                at = told.casefold().find(answer.casefold())
                faults = (Span(at, at + len(answer)),) if at >= 0 else None
                claims.append(Claim(told, source, supported=False, faults=faults, kind="other answer"))
    return claims


def _other(answer: str, asked: Asked) -> bool:
    """Tell whether an answer is another than those to a question, and of the same form."""
    own = asked.answers[0]
    one, two = answer.casefold(), own.casefold()
    alike = any(map(str.isdigit, answer)) == any(map(str.isdigit, own)) and answer[0].isupper() == own[0].isupper()
    return alike and one not in two and two not in one


def _around(text: str, spans: Sequence[Span], span: Span, chance: random.Random) -> str:
    """Return the sentence with up to two neighbours on each side, or the whole text."""
    if chance.random() < 0.3:
        return text[:_MOST_SOURCE]
    place = list(spans).index(span)
    first = max(0, place - chance.randint(0, 2))
    last = min(len(spans) - 1, place + chance.randint(0, 2))
    return text[spans[first].start : spans[last].end]


def _retold(sentence: str, chance: random.Random) -> str:
    """Return a sentence that says the same or less: sometimes without what stands in brackets or before a comma."""
    told = sentence
    if chance.random() < 0.3:
        told = _without_brackets(told)
    if chance.random() < 0.15:
        begin, comma, rest = told.partition(", ")
        if comma and begin.split()[0] in {"In", "On", "At", "During", "By", "After", "Since"} and len(rest.split()) > 5:
            told = rest[:1].upper() + rest[1:]
    if chance.random() < 0.1:
        told = told.replace(" is not ", " isn't ").replace(" was not ", " wasn't ").replace(" do not ", " don't ")
    return told


def _without_brackets(text: str) -> str:
    begin, end = text.find(" ("), text.find(")")
    return text[:begin] + text[end + 1 :] if 0 < begin < end else text
