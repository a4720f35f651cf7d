"""Draft an answer from the evidence: in a model's words, or in the documents' own sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag import prompts
from rag.protocols import Generator, Highlighter
from rag.safety.orders import gives_orders
from rag.sentences import Span, sentence_spans
from rag.types import Chunk, Draft, Evidence, Hit

# What the first place of a passage adds to its sentences; the second adds half of it, and so on.
_RANK_BONUS = 0.05
# A further sentence must come this near to the best one.
_NEAR_BEST = 0.88
# A list that a chosen sentence introduces or belongs to is quoted on, up to so many entries.
_MAX_LIST = 8
_MIN_WORDS = 3
# What stands between the cells of a table row in normalized text.
_CELLS = " | "
_LIST_MARK = re.compile(r"^(?:[-*•]|\d+[.)]|[a-z][.)])\s+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the evidence that could be quoted; ``hit`` is the place of its passage from 0."""

    text: str
    hit: int
    position: int
    score: float


def generate(
    evidence: Evidence,
    generator: Generator | None,
    highlighter: Highlighter,
    *,
    passages: int,
    max_sentences: int,
    max_tokens: int,
    seed: int,
) -> Draft:
    """Return a draft of the answer.

    Args:
        evidence: Passages, best first.
        generator: Writes the draft; ``None`` quotes the documents instead.
        highlighter: Scores sentences when quoting.
        passages: How many of the best passages the draft may rest on.
        max_sentences: Most sentences of a quoted draft.
        max_tokens: Longest generated draft.
        seed: Seed of the generator's sampling.

    Returns:
        A draft whose sentences may still be arriving; a `ModelError` of the generator is raised while they are read.
    """
    hits = evidence.hits[:passages]
    if generator is None:
        return Draft("quoted", tuple(_quote(evidence.query.text, hits, highlighter, max_sentences)))
    sources = [(" › ".join((hit.passage.title, *hit.passage.chunk.headings)), hit.passage.chunk.text) for hit in hits]
    messages = prompts.answer_messages(evidence.query.text, sources)
    pieces = generator.stream(messages, max_tokens=max_tokens, seed=seed)
    return Draft("generated", _sentences(pieces), prompts.ANSWER_VERSION)


def _sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Yield whole sentences as soon as the next one has begun."""
    text = ""
    for piece in pieces:
        text += piece
        spans = sentence_spans(text)
        for span in spans[:-1]:
            yield text[span.start : span.end]
        if len(spans) > 1:
            text = text[spans[-1].start :]
    for span in sentence_spans(text):
        yield text[span.start : span.end]


def _quote(question: str, hits: Sequence[Hit], highlighter: Highlighter, max_sentences: int) -> list[str]:
    """Return the sentences of the evidence that answer best, in reading order."""
    order = sorted(_candidates(question, hits, highlighter), key=lambda s: (-s.score, s.hit, s.position))
    chosen: list[_Sentence] = []
    for sentence in order:
        fresh = all(sentence.text.casefold() != other.text.casefold() for other in chosen)
        if len(chosen) < max_sentences and fresh and sentence.score >= _NEAR_BEST * order[0].score:
            chosen.append(sentence)
    # The passage of the best sentence first, each passage's sentences in its own order.
    first = {sentence.hit: place for place, sentence in reversed(list(enumerate(chosen)))}
    return [s.text for s in sorted(chosen, key=lambda s: (first[s.hit], s.position))]


def _candidates(question: str, hits: Sequence[Hit], highlighter: Highlighter) -> list[_Sentence]:
    chunks = [hit.passage.chunk for hit in hits]
    spans = [[span for span in sentence_spans(chunk.text) if _quotable(chunk, span)] for chunk in chunks]
    shifted = [
        [Span(chunk.text_offset + span.start, chunk.text_offset + span.end) for span in found]
        for chunk, found in zip(chunks, spans, strict=True)
    ]
    scores = highlighter.highlight(question, [chunk.embedded_text for chunk in chunks], shifted)
    return [
        _Sentence(chunk.text[span.start : span.end], place, position, float(score) + _RANK_BONUS / (1 + place))
        for place, (chunk, found, scored) in enumerate(zip(chunks, spans, scores, strict=True))
        for position, (span, score) in enumerate(zip(found, scored, strict=True))
    ]


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
    if _CELLS not in chunk.text[span.start : span.end]:
        return False
    before = chunk.text[: span.start].rstrip().splitlines() or chunk.context.splitlines()
    return not before or _CELLS not in before[-1]
