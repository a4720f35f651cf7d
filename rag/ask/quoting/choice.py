"""How well each sentence of the evidence answers a question: one number of what several models say of it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.ask.texts.lists import texts_of
from rag.ask.texts.rows import header_of, is_row
from rag.protocols import Found, Highlighter
from rag.sentences import Span
from rag.types import Chunk, Citation, Hit, Statement

# What a sentence's nearness, the place of the answer in its passage, the passage, and the sentence read alone (whether
# it answers, and how relevant it is) count for; fitted on which sentence answers (docs/decisions/0034, 0039).
_NEAR, _PLACE, _PASSAGE, _ANSWERS, _RELEVANT = 15.0, 0.5, 0.5, 0.2, 0.1
# So many sentences are read alone, the best by all the rest.
_READ_ALONE = 6
# A chance below this is as good as none.
_LEAST = 1e-4
# A question in a document, "Q: Do you deliver?", "Lost your phone?", as far as the first line of its answer.
_OPENS_WITH_QUESTION = re.compile(r"(?:Q(?:uestion)?[ .]?\d*[:.)]\s*)?[^\s.?!|][^.?!|]{3,150}\?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the evidence that could be quoted.

    Args:
        text: As it stands.
        hit: Place of its passage from 0.
        position: Its place among those of the passage that could be quoted.
        near: How near it is to the question, and how far up its passage stands.
        answers: The reader's chance that the passage answers and does so in the sentence; 0 without a reader.
        score: How well it answers, as a logit: differences count.
        phrases: Where in it the reader sees the answer, as half-open character spans: in its passage, and alone.
    """

    text: str
    hit: int
    position: int
    near: float
    answers: float = 0.0
    score: float = 0.0
    phrases: tuple[Span, ...] = ()


def scored(
    question: str,
    hits: Sequence[Hit],
    sentences: Sequence[tuple[Sentence, Found | None, float]],
    highlighter: Highlighter,
) -> list[Sentence]:
    """Return the sentences with their scores.

    Args:
        question: Its words.
        hits: Their passages.
        sentences: Each with what a reader found in its passage, and the chance that the answer stands in it, given that
            the passage answers.
        highlighter: Reads the best of them alone.
    """
    made = []
    for sentence, found, inside in sentences:
        score = _NEAR * sentence.near
        if found is not None:
            score += _PLACE * math.log(max(inside, _LEAST)) + _PASSAGE * found.relevance
        made.append(replace(sentence, answers=found.answers * inside if found else 0.0, score=score))
    best = sorted(range(len(made)), key=lambda n: -made[n].score)[:_READ_ALONE]
    texts = [alone(hits[made[n].hit], made[n].text) for n in best]
    read = {
        n: (found, text) for n, found, text in zip(best, highlighter.find(question, texts), texts, strict=True) if found
    }
    added = {n: _said(found) for n, (found, _) in read.items()}
    # What was not read alone could not have said more than the least of what was.
    least = min(added.values(), default=0.0)
    for n, (found, text) in read.items():
        made[n] = with_phrase(made[n], found, len(text) - len(made[n].text))
    return [replace(each, score=each.score + added.get(n, least)) for n, each in enumerate(made)]


def with_phrase(sentence: Sentence, found: Found | None, offset: int) -> Sentence:
    """Return a sentence with the answer that a reader found in a text, where it stands in the sentence.

    Args:
        sentence: It stands in the text.
        found: What the reader found.
        offset: Where the sentence begins in the text.
    """
    answer = found.answer if found else None
    if answer is None or answer.start < offset or answer.end > offset + len(sentence.text):
        return sentence
    return replace(sentence, phrases=(*sentence.phrases, Span(answer.start - offset, answer.end - offset)))


def alone(hit: Hit, text: str) -> str:
    """Return a sentence of a passage as it is read alone: below its title and headings, a row below its header.

    A passage may hold several sections: the headings are those that the sentence stands below. What answers a question
    of the document itself, "Q: … A: …", is read below that question.
    """
    chunk = hit.passage.chunk
    at = chunk.text.find(text)
    header = header_of(chunk.text, at) if is_row(text) else ""
    return "\n".join(line for line in (*_above(chunk, at), header, text) if line)


def as_one(hit: Hit, spans: Sequence[Span]) -> list[str]:
    """Return the lists of a passage that hold any of some spans as they are read as one: from what they are called on.

    Args:
        hit: The passage.
        spans: Places in its text.
    """
    return [alone(hit, text) for text in texts_of(hit.passage.chunk, spans)]


def _above(chunk: Chunk, at: int) -> tuple[str, ...]:
    """Return what a sentence of a chunk stands below: its context, else of another section of it that one's headings.

    Args:
        chunk: The passage.
        at: Where in its text the sentence begins; -1 where that is not known.
    """
    headings = chunk.place(chunk.start + at)[1] if at > 0 else chunk.headings
    if headings == chunk.headings:
        return (chunk.context, question_above(chunk.text, at))
    lines = [line for line in chunk.context.splitlines() if line not in chunk.headings or line in headings]
    return (*dict.fromkeys((*lines, *headings)), question_above(chunk.text, at))


def rests_on(statement: Statement, hits: Sequence[Hit]) -> tuple[Citation, Hit | None]:
    """Return the first citation of a statement, with its passage where that is one of some and all that it rests on."""
    cited = statement.citations[0]
    found = (hit for hit in hits if hit.passage.chunk.id == cited.chunk_id and len(statement.citations) == 1)
    return cited, next(found, None)


def question_above(text: str, at: int) -> str:
    """Return the question that a sentence answers: one that opens its line or paragraph, or is the paragraph before.

    Args:
        text: Of a passage.
        at: Where in it the sentence begins; -1 where that is not known.

    Returns:
        Empty where there is none.
    """
    if at <= 0:
        return ""
    before = text[:at].split("\n\n")
    *above, line = before[-1].split("\n")
    if opened := _OPENS_WITH_QUESTION.match(line):
        return opened[0]
    if not any(above):
        above = before[-2].split("\n") if len(before) > 1 else []
        above = above if len(above) == 1 else []
    return next((line for line in reversed(above) if _OPENS_WITH_QUESTION.fullmatch(line)), "")


def _said(found: Found) -> float:
    chance = min(max(found.answers, _LEAST), 1 - _LEAST)
    return _ANSWERS * math.log(chance / (1 - chance)) + _RELEVANT * found.relevance
