"""Sentences of the evidence that could be quoted, or be written from, with what they score for a question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ask.closeness import closeness
from rag.ask.phrases import read
from rag.ask.rivals import Rivals
from rag.ask.tables import CELLS
from rag.ask.wanted import Wanted
from rag.protocols import Found, Highlighter
from rag.safety.orders import gives_orders
from rag.sentences import Span, sentence_spans
from rag.types import Chunk, Hit

# What the first place of a passage adds to its sentences; the second adds half of it, and so on.
_RANK_BONUS = 0.05
# What the reader counts in the choice of sentences; how near they are counts the rest.
_READ = 0.2
_MIN_WORDS = 3
_LIST_MARK = re.compile(r"^(?:[-*•]|\d+[.)]|[a-z][.)])\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the evidence that could be quoted.

    Args:
        text: As it stands.
        hit: Place of its passage from 0.
        position: Its place among those of the passage that could be quoted.
        near: How near it is to the question, and how far up its passage stands.
        answers: The reader's chance that the passage answers and does so in the sentence; 0 where it found none in it.
        score: How well it answers: both together, where there is a reader.
    """

    text: str
    hit: int
    position: int
    near: float
    answers: float
    score: float


def candidates(question: str, hits: Sequence[Hit], highlighter: Highlighter) -> list[Sentence]:
    """Return the sentences that say something, with their scores; those about something else are left out.

    Source:
        docs/decisions/0027-what-ships.md for what the reader counts.
    """
    chunks = [hit.passage.chunk for hit in hits]
    rivals, wanted = Rivals(question), Wanted(question)
    spans = [
        [
            span
            for span in sentence_spans(hit.passage.chunk.text)
            if _quotable(hit.passage.chunk, span) and not (rivals and _about_another(hit, span, rivals))
        ]
        for hit in hits
    ]
    if wanted:
        spans = [wanted.kept(hit, found) for hit, found in zip(hits, spans, strict=True)]
    scores = closeness(question, hits, spans, highlighter)
    found = read(question, hits, highlighter)
    sentences = []
    for place, (chunk, own, scored) in enumerate(zip(chunks, spans, scores, strict=True)):
        said = found.get(chunk.id)
        for position, (span, score) in enumerate(zip(own, scored, strict=True)):
            near = float(score) + _RANK_BONUS / (1 + place)
            answers = _chance_inside(chunk, span, said) if said else 0.0
            both = near + _READ * (answers - float(score)) if said else near
            sentences.append(Sentence(chunk.text[span.start : span.end], place, position, near, answers, both))
    return sentences


def _chance_inside(chunk: Chunk, span: Span, found: Found) -> float:
    """Return the chance that the answer stands in a sentence: the mean of those that it begins and that it ends there.

    Of both the geometric mean is known, at the likeliest words; 0 where these stand elsewhere.
    """
    inside = found.answer is not None and span.start <= found.answer.start - chunk.text_offset < span.end
    return found.answers * math.sqrt(found.probability) if inside else 0.0


def _about_another(hit: Hit, span: Span, rivals: Rivals) -> bool:
    chunk = hit.passage.chunk
    return rivals.speaks_of_another(chunk.text[span.start : span.end], (hit.passage.title, *chunk.headings))


def _quotable(chunk: Chunk, span: Span) -> bool:
    """Tell whether a sentence says something: no heading, table header, question, scrap, or order to an assistant."""
    text = chunk.text[span.start : span.end]
    is_heading = text.casefold() in {heading.casefold() for heading in chunk.headings}
    return (
        not (is_heading or _is_table_header(chunk, span) or gives_orders(text))
        and not text.endswith("?")
        and len(_LIST_MARK.sub("", text).split()) >= _MIN_WORDS
    )


def _is_table_header(chunk: Chunk, span: Span) -> bool:
    """Tell whether a row is the first of its table; a chunk that continues a table has the header in its context."""
    if CELLS not in chunk.text[span.start : span.end]:
        return False
    before = chunk.text[: span.start].rstrip().splitlines() or chunk.context.splitlines()
    return not before or CELLS not in before[-1]
