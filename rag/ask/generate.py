"""Draft an answer from the evidence: in a model's words, or in the documents' own sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag import lexis, prompts
from rag.protocols import Embedder, Generator
from rag.sentences import sentence_spans
from rag.types import Draft, Evidence, Hit

# How a sentence's score is made up: closeness to the question, share of its terms, rank of its passage.
_MEANING, _WORDS, _RANK = 0.6, 0.25, 0.15
# A further sentence must come this near to the best one.
_NEAR_BEST = 0.82
_MIN_WORDS = 3
_LIST_MARK = re.compile(r"^(?:[-*•]|\d+[.)]|[a-z][.)])\s+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    hit: int
    position: int
    context: str


def generate(
    evidence: Evidence,
    generator: Generator | None,
    embedder: Embedder,
    *,
    rarity: Mapping[str, float],
    passages: int,
    max_sentences: int,
    max_tokens: int,
    seed: int,
) -> Draft:
    """Return a draft of the answer.

    Args:
        evidence: Passages, best first.
        generator: Writes the draft; ``None`` quotes the documents instead.
        embedder: Compares sentences with the question when quoting.
        rarity: Weight of each term of the question; rarer terms weigh more.
        passages: How many of the best passages the draft may rest on.
        max_sentences: Most sentences of a quoted draft.
        max_tokens: Longest generated draft.
        seed: Seed of the generator's sampling.

    Returns:
        A draft whose sentences may still be arriving; a `ModelError` of the generator is raised while they are read.
    """
    hits = evidence.hits[:passages]
    if generator is None:
        return Draft("quoted", tuple(_quote(evidence, hits, embedder, rarity, max_sentences)))
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


def _quote(
    evidence: Evidence,
    hits: Sequence[Hit],
    embedder: Embedder,
    rarity: Mapping[str, float],
    max_sentences: int,
) -> list[str]:
    """Return the sentences of the evidence that answer best, in reading order."""
    candidates = [sentence for number, hit in enumerate(hits) for sentence in _candidates(hit, number)]
    if not candidates:
        return []
    vectors = embedder.embed([f"{sentence.context}: {sentence.text}" for sentence in candidates])
    cosines = vectors @ evidence.query.vector
    shares = np.array([lexis.covered(rarity, f"{sentence.context} {sentence.text}") for sentence in candidates])
    ranks = np.array([1.0 / (1 + sentence.hit) for sentence in candidates])
    scores = _MEANING * cosines + _WORDS * shares + _RANK * ranks
    order = sorted(range(len(candidates)), key=lambda i: (-float(scores[i]), candidates[i].hit, candidates[i].position))
    chosen = [order[0]]
    for i in order[1:]:
        fresh = all(candidates[i].text.casefold() != candidates[j].text.casefold() for j in chosen)
        if len(chosen) < max_sentences and fresh and scores[i] >= _NEAR_BEST * scores[order[0]]:
            chosen.append(i)
    # The passage of the best sentence first, each passage's sentences in its own order.
    first = {candidates[i].hit: place for place, i in reversed(list(enumerate(chosen)))}
    reading = sorted(chosen, key=lambda i: (first[candidates[i].hit], candidates[i].position))
    return [candidates[i].text for i in reading]


def _candidates(hit: Hit, number: int) -> Iterator[_Sentence]:
    chunk = hit.passage.chunk
    context = " ".join((hit.passage.title, *chunk.headings[-1:]))
    headings = {heading.casefold() for heading in chunk.headings}
    for position, span in enumerate(sentence_spans(chunk.text)):
        text = chunk.text[span.start : span.end]
        if text.casefold() in headings or len(_LIST_MARK.sub("", text).split()) < _MIN_WORDS or text.endswith("?"):
            continue
        yield _Sentence(text, number, position, context)
