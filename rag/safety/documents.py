"""Documents under suspicion: text that a reader cannot see, and text that gives orders to an assistant.

What is flagged stands in the version's report. Hidden text, and the blocks around severe orders, are held back: stored
and shown with their reasons, never searched or quoted, until somebody who may write to the space releases them.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.protocols import Embedder
from rag.safety.orders import broken_rules, rules, talks_of_attacks, unquoted
from rag.safety.screening import addresses_somebody, asks, fits, off_topic, order_scores, weights
from rag.sentences import Span, sentence_spans
from rag.types import Document, Flag, Float32Array

MAX_HELD_BLOCK = 2000
"""A longer block is not held whole, only the sentence with its neighbours."""

# Sentences handed to the embedder at once: few enough that progress moves every second.
_SLICE = 512
_MIN_WORDS = 2
_LINE_END = re.compile("[\n\u2028\u2029\x85]")
_TOPIC_HEADINGS, _TOPIC_CHARACTERS = 12, 700
_SPEAKS = "reads like an order to an assistant"
_OUT_OF_PLACE = "asks for something that has nothing to do with the document"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: where it stands, its words, and whether it is code."""

    span: Span
    text: str
    is_code: bool


def screen(
    document: Document, embedder: Embedder, *, on_progress: Callable[[int, int], None] = lambda *_: None
) -> Document:
    """Return a document whose report flags the orders in it, beside the hidden text that its parser found.

    Rules read every sentence; the model over sentence vectors is asked of those that may speak to somebody, code left
    out. Hidden text that gives an order in any of these ways is severe.

    Args:
        document: As `rag.ingest.normalize` gives it.
        embedder: Gives the vectors; with another one than the model was fitted on, the rules stand alone.
        on_progress: Told how many sentences the model was asked of, of how many, where they are many.
    """
    sentences = list(sentences_of(document))
    reasons = _by_rules(sentences)
    if fits(embedder):
        reasons |= _by_model(
            document, {n: s for n, s in enumerate(sentences) if n not in reasons}, embedder, on_progress
        )
    hidden = [flag for flag in document.report.flags if flag.kind == "hidden"]
    orders = [Flag("order", *sentences[n].span, reason, severe) for n, (reason, severe) in sorted(reasons.items())]
    across = list(_across_lines(document))
    covered = _Cover(across)
    orders = sorted((*across, *(flag for flag in orders if not covered.holds(flag))), key=lambda flag: flag.start)
    unseen = _Cover(hidden)
    flags = [
        *(flag for flag in orders if not unseen.holds(flag)),
        *(replace(flag, severe=_gives_one_of(flag, orders)) for flag in hidden),
    ]
    kept = tuple(sorted(flags, key=lambda flag: flag.start))
    return replace(document, report=replace(document.report, flags=kept))


def rescreen(document: Document, embedder: Embedder) -> Document:
    """Return a stored document as the rules and the model of today see it.

    This only adds: what was flagged stays so until somebody decides, also where today's rules are milder or the
    embedding model is another one, of which the model over its vectors cannot be asked. A decision holds for the
    severe texts that it was made of; others wait for one of their own.

    Args:
        document: A version as it is stored, with its flags and decisions.
        embedder: See `screen`.
    """
    flags = _together(screen(document, embedder).report.flags, document.report.flags)
    if document.report.decisions:
        decided = decided_texts(document)
        late = {
            (flag.start, flag.end) for flag in document.report.flags if flag.kind == "hidden" and flag.since_decision
        }
        flags = tuple(
            replace(
                flag,
                since_decision=(flag.start, flag.end) in late
                or (flag.severe and document.text[flag.start : flag.end] not in decided),
            )
            for flag in flags
        )
    return replace(document, report=replace(document.report, flags=flags))


def held_spans(document: Document) -> tuple[Span, ...]:
    """Return the spans that may not be searched or quoted, in order, without overlaps."""
    decisions, flags = document.report.decisions, document.report.flags
    if decisions and decisions[-1].choice == "released":
        flags = tuple(flag for flag in flags if flag.since_decision)
    spans = sorted(_around([flag for flag in flags if flag.kind == "hidden" or flag.severe], document))
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def held_at(held: Sequence[Span], position: int) -> int | None:
    """Return which of the spans that `held_spans` gives holds a position of the text; ``None`` where none does."""
    number = bisect_right(held, position, key=lambda span: span.start) - 1
    return number if number >= 0 and position < held[number].end else None


def flagged_texts(document: Document) -> frozenset[str]:
    """Return the texts of the severe flags: what a decision is about."""
    return frozenset(document.text[flag.start : flag.end] for flag in document.report.flags if flag.severe)


def decided_texts(document: Document) -> frozenset[str]:
    """Return the texts that the last decision was about; none where nobody has decided."""
    if not document.report.decisions:
        return frozenset()
    flags = tuple(flag for flag in document.report.flags if not flag.since_decision)
    return flagged_texts(replace(document, report=replace(document.report, flags=flags)))


def sentences_of(document: Document) -> Iterator[Sentence]:
    """Yield the sentences of a document as they are screened, block by block."""
    for block in document.blocks:
        text = document.text[block.start : block.end]
        for span in sentence_spans(text):
            at = Span(block.start + span.start, block.start + span.end)
            yield Sentence(at, text[span.start : span.end], block.kind == "code")


def _by_rules(sentences: Sequence[Sentence]) -> dict[int, tuple[str, bool]]:
    """Return reason and severity by number of the sentence."""
    found: dict[int, tuple[str, bool]] = {}
    for number, sentence in enumerate(sentences):
        broken = [rules()[name] for name in broken_rules(sentence.text)]
        if broken:
            worst = next((rule for rule in broken if rule.severe), broken[0])
            found[number] = (worst.reason, worst.severe)
    return found


def _across_lines(document: Document) -> Iterator[Flag]:
    """Yield the severe orders that go on over the end of a line, where sentences are split; places stay."""
    for block in document.blocks:
        text = document.text[block.start : block.end]
        joined = _LINE_END.sub(" ", text)
        if block.kind == "code" or joined == text:
            continue
        for span in sentence_spans(joined):
            if not _LINE_END.search(text, span.start, span.end):
                continue
            broken = (rules()[name] for name in broken_rules(joined[span.start : span.end]))
            if worst := next((rule for rule in broken if rule.severe), None):
                yield Flag("order", block.start + span.start, block.start + span.end, worst.reason, severe=True)


def _by_model(
    document: Document, sentences: Mapping[int, Sentence], embedder: Embedder, on_progress: Callable[[int, int], None]
) -> dict[int, tuple[str, bool]]:
    asked = [number for number, sentence in sentences.items() if _may_speak(sentence)]
    if not asked:
        return {}
    texts = [_topic(document), *(unquoted(sentences[n].text) for n in asked)]
    slices: list[Float32Array] = []
    for begin in range(0, len(texts), _SLICE):
        if begin:
            on_progress(begin, len(texts))
        slices.append(embedder.embed(texts[begin : begin + _SLICE], urgency="ingest"))
    vectors = np.concatenate(slices)
    scores = order_scores(vectors[1:])
    near = off_topic(vectors[1:], vectors[0])
    found: dict[int, tuple[str, bool]] = {}
    for number, score, cosine in zip(asked, scores, near, strict=True):
        if score >= weights().threshold:
            found[number] = (_SPEAKS, bool(score >= weights().severe))
        elif cosine < weights().off_topic and asks(sentences[number].text):
            found[number] = (_OUT_OF_PLACE, False)
    return found


def _may_speak(sentence: Sentence) -> bool:
    enough = len(sentence.text.split()) >= _MIN_WORDS
    aside = sentence.is_code or talks_of_attacks(sentence.text)
    return enough and not aside and addresses_somebody(unquoted(sentence.text))


def _topic(document: Document) -> str:
    """Return what a document is about, as its title, its headings and its first paragraph say it."""
    pieces = [document.title]
    headings = [block for block in document.blocks if block.kind == "heading"][:_TOPIC_HEADINGS]
    first = next((b for b in document.blocks if b.kind == "paragraph" and b.end - b.start > 60), None)
    pieces += [document.text[block.start : block.end] for block in (*headings, *([first] if first else []))]
    return ". ".join(pieces)[:_TOPIC_CHARACTERS]


class _Cover:
    """Tells of spans whether they stand inside of one of some flags, of which there may be as many as lines."""

    def __init__(self, flags: Iterable[Flag]) -> None:
        spans = sorted((flag.start, flag.end) for flag in flags)
        self._starts = [start for start, _ in spans]
        self._furthest = list(itertools.accumulate((end for _, end in spans), max))

    def holds(self, flag: Flag) -> bool:
        """Tell whether one of the flags covers another one."""
        n_before = bisect_right(self._starts, flag.start)
        return n_before > 0 and flag.end <= self._furthest[n_before - 1]


def _gives_one_of(flag: Flag, orders: Sequence[Flag]) -> bool:
    """Tell whether one of the orders, which are in order and do not overlap, stands inside of a flag."""
    first = bisect_left(orders, flag.start, key=lambda order: order.start)
    return first < len(orders) and orders[first].end <= flag.end


def _together(found: Sequence[Flag], earlier: Sequence[Flag]) -> tuple[Flag, ...]:
    """Return the flags of today and those of before that none of today's covers and is as severe as."""
    covers = {True: _Cover(flag for flag in found if flag.severe), False: _Cover(found)}
    kept = [flag for flag in earlier if not covers[flag.severe].holds(flag)]
    places = {(flag.kind, flag.start, flag.end) for flag in kept}
    new = [flag for flag in found if (flag.kind, flag.start, flag.end) not in places]
    return tuple(sorted((*kept, *new), key=lambda flag: (flag.start, flag.end)))


def _around(flags: Sequence[Flag], document: Document) -> Iterator[Span]:
    """Yield what is held for each flag: its block, or in a long one its sentence with the neighbours."""
    starts = [block.start for block in document.blocks]
    for number, group in itertools.groupby(flags, key=lambda flag: bisect_right(starts, flag.start) - 1):
        block = document.blocks[number]
        # Split once for all its flags.
        sentences: Sequence[Span] = ()
        for flag in group:
            if flag.kind == "hidden" or block.end - block.start <= MAX_HELD_BLOCK:
                yield Span(block.start, block.end)
            else:
                sentences = sentences or sentence_spans(document.text[block.start : block.end])
                yield _with_neighbours(flag.start, block.start, sentences)


def _with_neighbours(position: int, offset: int, sentences: Sequence[Span]) -> Span:
    own = bisect_right(sentences, position - offset, key=lambda sentence: sentence.end)
    first, last = sentences[max(own - 1, 0)], sentences[min(own + 1, len(sentences) - 1)]
    return Span(offset + first.start, offset + last.end)
