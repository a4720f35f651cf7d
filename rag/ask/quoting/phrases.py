"""The words of a statement that answer the question, as a reader found them in the passage that it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import lexis
from rag.ask.quoting.choice import alone
from rag.ask.texts.rows import is_row
from rag.protocols import Found, Highlighter
from rag.sentences import Span
from rag.types import Citation, Evidence, Hit, Statement

# A phrase is marked where its passage is at least this likely to answer with just these words.
_LEAST = 0.1
# A word that so many of the most relevant passages do not meet is one that the documents say nothing of.
_LOOKED_AT = 3
# "How much" and "how long" only ask.
_ASKS = re.compile(
    r"[Hh]ow(?: (?:much|many|long|often|far|old|soon|big|fast))?|[Mm](?:uch|any)|[Ww]h(?:at|ich|ose?|en|ere|y)"
)
AROUND = " .,;:?!\"'“”()"


def answering(evidence: Evidence, highlighter: Highlighter, *, limit: int) -> Evidence:
    """Return the evidence with what a reader says of the best passages.

    Args:
        evidence: Best first.
        highlighter: Reads, where it can.
        limit: How many of the passages an answer may rest on.

    Returns:
        The same passages in the same order; those that were read carry the chance that they answer the question as
        ``features["answers"]``, as ``features["met"]`` 1 where they meet every word of it, else 0, and as
        ``features["phrase"]`` the chance of the words that would answer.
    """
    found = read(evidence.query.text, evidence.hits[:limit], highlighter)
    return replace(evidence, hits=tuple(_told(hit, found.get(hit.passage.chunk.id)) for hit in evidence.hits))


def read(question: str, hits: Sequence[Hit], highlighter: Highlighter) -> Mapping[str, Found]:
    """Return what a reader found in the passages, by chunk id; nothing where none reads."""
    chunks = [hit.passage.chunk for hit in hits]
    found = highlighter.find(question, [chunk.embedded_text for chunk in chunks])
    return {chunk.id: each for chunk, each in zip(chunks, found, strict=True) if each is not None}


def unmet(question: str, hits: Sequence[Hit], found: Mapping[str, Found]) -> tuple[str, ...]:
    """Return the words of a question that none of the most relevant passages says anything of, as written.

    A word that stands in a passage is not one of them, whatever the reader makes of it there, nor is one that
    only asks; a code is named whole.

    Args:
        question: As it was read.
        hits: The passages.
        found: What was found in them, by chunk id.
    """
    best = sorted(found.values(), key=lambda each: -each.relevance)[:_LOOKED_AT]
    if not best:
        return ()
    common = [span for span in best[0].unmet if all(any(span.overlaps(o) for o in other.unmet) for other in best[1:])]
    words = dict.fromkeys(_whole(question, span) for span in common)
    held = lexis.stems(" ".join(hit.passage.chunk.embedded_text for hit in hits))
    return tuple(word for word in words if not (lexis.stems(word) <= held or _ASKS.fullmatch(word)))


def phrased(statement: Statement, hits: Sequence[Hit], found: Mapping[str, Found]) -> Statement:
    """Return a statement with the words that answer, where a reader found them in what it cites.

    Args:
        statement: With its citations.
        hits: The passages that it may rest on.
        found: What was found in them, by chunk id.
    """
    offsets = {hit.passage.chunk.id: hit.passage.chunk.start - hit.passage.chunk.text_offset for hit in hits}
    likeliest = sorted(
        (citation for citation in statement.citations if citation.chunk_id in found and citation.chunk_id in offsets),
        key=lambda citation: -found[citation.chunk_id].chance,
    )
    for citation in likeliest:
        span = _inside(citation, found[citation.chunk_id], offsets[citation.chunk_id])
        place = statement.text.find(citation.quote[span.start : span.end]) if span else -1
        if span and place >= 0:
            # Where the statement is the quote, the very place; else the first one that reads alike.
            start = span.start if statement.text == citation.quote else place
            return replace(statement, phrase=(start, start + span.end - span.start))
    return statement


def phrased_row(question: str, statement: Statement, hits: Sequence[Hit], highlighter: Highlighter) -> Statement | None:
    """Return a row of a table with the words that answer, as a reader finds them in the row below its header.

    In the whole passage it takes a cell of another column for the answer more often: headers stand far from cells.

    Args:
        question: As it was read.
        statement: Quotes the row.
        hits: The passages that it may rest on.
        highlighter: Reads, where it can.

    Returns:
        ``None`` where the statement is no such row, or no reader finds an answer in it.
    """
    quoted = [citation for citation in statement.citations if citation.quote == statement.text]
    hit = next((hit for hit in hits if quoted and hit.passage.chunk.id == quoted[0].chunk_id), None)
    if hit is None or not is_row(statement.text):
        return None
    text = alone(hit, statement.text)
    (found,) = highlighter.find(question, [text])
    before = len(text) - len(statement.text)
    if found is None or found.answer is None or found.chance < _LEAST or found.answer.start < before:
        return None
    return replace(statement, phrase=(found.answer.start - before, found.answer.end - before))


def _told(hit: Hit, found: Found | None) -> Hit:
    if found is None:
        return hit
    told = {"answers": found.answers, "met": float(not found.unmet), "phrase": found.probability}
    return replace(hit, features={**hit.features, **told})


def _whole(question: str, span: Span) -> str:
    """Return a word as a person would name it: all of a code, and a number with the name before it, "Kestrel 7"."""
    start, end = span
    while start > 0 and not question[start - 1].isspace():
        start -= 1
    while end < len(question) and not question[end].isspace():
        end += 1
    word = question[start:end].strip(AROUND)
    before = question[:start].split()
    return f"{before[-1]} {word}" if word.isdigit() and before and before[-1][0].isupper() else word


def _inside(citation: Citation, found: Found, offset: int) -> Span | None:
    """Return the answer as a span of the quote; ``None`` where it is not likely or stands elsewhere."""
    if found.answer is None or found.chance < _LEAST:
        return None
    start, end = (place + offset - citation.start for place in found.answer)
    return Span(start, end) if 0 <= start < end <= citation.end - citation.start else None
