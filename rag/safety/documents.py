"""Documents under suspicion: text that a reader cannot see, and text that gives orders to an assistant.

What is flagged stands in the version's report. Hidden text, and the blocks around severe orders, are held back: stored
and shown with their reasons, never searched or quoted, until somebody who may write to the space releases them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.protocols import Embedder
from rag.safety.orders import broken_rules, rules, talks_of_attacks, unquoted
from rag.safety.screening import addresses_somebody, asks, fits, off_topic, order_scores, weights
from rag.sentences import Span, sentence_spans
from rag.types import Block, Document, Flag

MAX_HELD_BLOCK = 2000
"""A longer block is not held whole, only the sentence with its neighbours."""

_MIN_WORDS = 2
_TOPIC_HEADINGS, _TOPIC_CHARACTERS = 12, 700
_SPEAKS = "reads like an order to an assistant"
_OUT_OF_PLACE = "asks for something that has nothing to do with the document"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: where it stands, its words, and whether it is code."""

    span: Span
    text: str
    is_code: bool


def screen(document: Document, embedder: Embedder) -> Document:
    """Return a document whose report flags the orders in it, beside the hidden text that its parser found.

    Rules read every sentence; the model over sentence vectors is asked of those that may speak to somebody, code left
    out. Hidden text that gives an order in any of these ways is severe.

    Args:
        document: As `rag.ingest.normalize` gives it.
        embedder: Gives the vectors; with another one than the model was fitted on, the rules stand alone.
    """
    sentences = list(sentences_of(document))
    reasons = _by_rules(sentences)
    if fits(embedder):
        reasons |= _by_model(document, {n: s for n, s in enumerate(sentences) if n not in reasons}, embedder)
    hidden = [flag for flag in document.report.flags if flag.kind == "hidden"]
    orders = [Flag("order", *sentences[n].span, reason, severe) for n, (reason, severe) in sorted(reasons.items())]
    flags = [
        *(flag for flag in orders if not _inside(flag, hidden)),
        *(replace(flag, severe=any(_inside(order, [flag]) for order in orders)) for flag in hidden),
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
    spans = sorted(_around(flag, document) for flag in flags if flag.kind == "hidden" or flag.severe)
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


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


def _by_model(document: Document, sentences: Mapping[int, Sentence], embedder: Embedder) -> dict[int, tuple[str, bool]]:
    asked = [number for number, sentence in sentences.items() if _may_speak(sentence)]
    if not asked:
        return {}
    vectors = embedder.embed([_topic(document), *(unquoted(sentences[n].text) for n in asked)], urgency="ingest")
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


def _together(found: Sequence[Flag], earlier: Sequence[Flag]) -> tuple[Flag, ...]:
    """Return the flags of today and those of before that none of today's covers and is as severe as."""
    kept = [flag for flag in earlier if not _inside(flag, [new for new in found if new.severe >= flag.severe])]
    places = {(flag.kind, flag.start, flag.end) for flag in kept}
    new = [flag for flag in found if (flag.kind, flag.start, flag.end) not in places]
    return tuple(sorted((*kept, *new), key=lambda flag: (flag.start, flag.end)))


def _inside(flag: Flag, others: Sequence[Flag]) -> bool:
    return any(other.start <= flag.start and flag.end <= other.end for other in others)


def _around(flag: Flag, document: Document) -> Span:
    block = next(block for block in document.blocks if block.start <= flag.start < block.end)
    if flag.kind == "hidden" or block.end - block.start <= MAX_HELD_BLOCK:
        return Span(block.start, block.end)
    return _with_neighbours(flag, block, document.text)


def _with_neighbours(flag: Flag, block: Block, text: str) -> Span:
    spans = sentence_spans(text[block.start : block.end])
    own = next(n for n, span in enumerate(spans) if block.start + span.end > flag.start)
    first, last = spans[max(own - 1, 0)], spans[min(own + 1, len(spans) - 1)]
    return Span(block.start + first.start, block.start + last.end)
