"""Sentences of the evidence that could be quoted, or be written from, with what they score for a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import lexis
from rag.ask.quoting.bands import Banded
from rag.ask.quoting.choice import Sentence, scored, with_phrase
from rag.ask.quoting.closeness import closeness
from rag.ask.quoting.entry import Entry
from rag.ask.quoting.headed import Headed
from rag.ask.quoting.on_days import OnDays
from rag.ask.quoting.phrases import read
from rag.ask.quoting.rivals import Rivals
from rag.ask.quoting.wanted import Wanted
from rag.ask.texts.lists import is_heading
from rag.ask.texts.rows import continued_header, header_of, is_header, is_row
from rag.protocols import Highlighter
from rag.safety.orders import gives_orders
from rag.sentences import Span, sentence_spans
from rag.types import Chunk, Hit
from rag.verbs import bases

# What the first place of a passage adds to its sentences; the second adds half of it, and so on.
_RANK_BONUS = 0.05
_MIN_WORDS = 3
# "Deposit: €200" and "Saturday: 10-14" say all there is in two words; "Note:" does not.
_KEYED = re.compile(r"\w:\s+\S*\w")
# So do "Dogs allowed." and "- Batteries included", and a step, "2. Unplug it.", whose number is a sentence of its own.
_TOLD = re.compile(r"\w+\s+(?P<told>\w+ed)\W*")
_STEP, _NUMBER = re.compile(r"\w+\s+\w+[.!]"), re.compile(r"\s*\d{1,2}[.)]\s*")
_LIST_MARK = re.compile(r"^(?:[-*•]|\d+[.)]|[a-z][.)])\s+")


def quotable(question: str, hits: Sequence[Hit], highlighter: Highlighter) -> list[Sentence]:
    """Return the sentences that say something, with their scores; those about something else are left out."""
    chunks = [hit.passage.chunk for hit in hits]
    rivals, wanted, banded, headed = Rivals(question), Wanted(question), Banded(question), Headed(question)
    on_days = OnDays(question)
    spans = [
        [
            span
            for span in sentence_spans(hit.passage.chunk.text)
            if _says_something(hit.passage.chunk, span, headed) and not (rivals and _about_another(hit, span, rivals))
        ]
        for hit in hits
    ]
    if wanted:
        spans = [wanted.kept(hit, found) for hit, found in zip(hits, spans, strict=True)]
    if banded:
        spans = banded.kept(hits, spans)
    if on_days:
        spans = on_days.kept(hits, spans)
    scores = closeness(question, hits, spans, highlighter)
    found = read(question, hits, highlighter)
    sentences = []
    for place, (chunk, own, near) in enumerate(zip(chunks, spans, scores, strict=True)):
        said = found.get(chunk.id)
        for position, (span, score) in enumerate(zip(own, near, strict=True)):
            text = chunk.text[span.start : span.end]
            sentence = Sentence(text, place, position, float(score) + _RANK_BONUS / (1 + place))
            moved = Span(span.start + chunk.text_offset, span.end + chunk.text_offset)
            sentence = with_phrase(sentence, said, moved.start)
            sentences.append((sentence, said, said.inside(moved) if said else 0.0))
    made, entry = scored(question, hits, sentences, highlighter), Entry(question)
    if headed:
        made = headed.beside(made, hits, spans)
    return _entries(entry, made, hits) if entry else made


def _entries(entry: Entry, sentences: Sequence[Sentence], hits: Sequence[Hit]) -> list[Sentence]:
    """Return what names the code that is asked for, its entry first; all, where nothing does."""
    named = [each for each in sentences if entry.names(each.text, hits[each.hit])]
    worth = [entry.worth(each.text, hits[each.hit], position=each.position) for each in named]
    raised = [replace(each, score=each.score + more) for each, more in zip(named, worth, strict=True)]
    return raised or list(sentences)


def _about_another(hit: Hit, span: Span, rivals: Rivals) -> bool:
    chunk = hit.passage.chunk
    text = chunk.text[span.start : span.end]
    columns = (header_of(chunk.text, span.start) or continued_header(chunk.context)) if is_row(text) else ""
    headings = chunk.place(chunk.start + span.start)[1]
    return rivals.speaks_of_another(text, (hit.passage.title, *headings, columns))


def _says_something(chunk: Chunk, span: Span, headed: Headed) -> bool:
    """Tell whether a sentence says something: no table header, question, scrap, or order to an assistant.

    A heading does where it holds what is asked for.
    """
    text = chunk.text[span.start : span.end]
    if is_heading(text, chunk.place(chunk.start + span.start)[1]):
        return headed.holds(text) and not gives_orders(text)
    return (
        not (is_header(chunk.text, span, chunk.context) or gives_orders(text))
        and not text.endswith("?")
        and (
            lexis.n_words(_LIST_MARK.sub("", text)) >= _MIN_WORDS
            or _KEYED.search(text) is not None
            or _says_in_two_words(chunk.text, span)
        )
    )


def _says_in_two_words(text: str, span: Span) -> bool:
    """Tell whether two words say what is done to something, or what to do as a step of a list."""
    said = text[span.start : span.end]
    bare = _LIST_MARK.sub("", said)
    told = _TOLD.fullmatch(bare)
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    is_listed = bare != said or _NUMBER.fullmatch(before) is not None
    return bool(told and bases(told["told"].casefold())) or (is_listed and _STEP.fullmatch(bare) is not None)
