"""Claims that restate a sentence by its logic: turned in time, as a limit from its other side, with more than it says.

What `rag.training.claims.corruptions` makes teaches that another word is another fact; alone it teaches as well that
"after" is wrong wherever the source says "before", and nothing of a claim that says more than its source.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from rag.sentences import Span, sentence_spans
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Paragraph

_CLAUSE = re.compile(r"[A-Z][\w' -]{8,60} (?:is|are|was|were|has been|have been) \w+(?: [\w' -]{2,30})?\.")
_MORE = re.compile(
    r"(?P<all>[A-Z].{24,200}\w) (?P<more>(?:by|for|with|during|under|from|through|without|against|in|at|on) "
    r"(?:the|a|an|their|its|his|her|all|[A-Z0-9]\S*) ?[^,;:()\"]{2,40})\."
)
_OTHER = {"before": "after", "after": "before"}
_THINGS = (
    "opened devices,parcels,tickets,library books,rented tools,faulty lamps,unused vouchers,claims,complaints,orders,"
    "bookings,invoices,registrations,gift cards,season passes,samples,expenses,appeals,returned shoes,meter readings"
).split(",")
_DONE = "sent back,returned,changed,cancelled,reported,exchanged,refunded,corrected,handed in,renewed".split(",")
_UNITS = "days,hours,weeks,months,working days,minutes,years".split(",")
_TURNED, _LIMIT, _ADDED = "turned", "limit", "added"


def restated(paragraphs: Sequence[Paragraph], *, each: int, seed: int) -> list[Claim]:
    """Return claims that follow from their source by its logic, and such as only look so.

    Args:
        paragraphs: Their sentences, and the text around those.
        each: Sources of each of the three kinds; each gives two to four claims.
        seed: Of every choice.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    order = list(paragraphs)
    chance.shuffle(order)
    sentences = [
        (paragraph, span, paragraph.text[span.start : span.end])
        for paragraph in order[: 40 * each]
        for span in sentence_spans(paragraph.text)
    ]
    clauses = [text[:-1] for _, _, text in sentences if _CLAUSE.fullmatch(text) and len(text.split()) < 13]
    n_turned = each if len(clauses) > 1 else 0
    made = [claim for _ in range(n_turned) for claim in _turned(chance.sample(clauses, 2), order, chance)]
    made += [claim for _ in range(each) for claim in _limit(order, chance)]
    added = [found for paragraph, span, text in sentences if (found := _added(paragraph, span, text))]
    return [*made, *(claim for found in added[:each] for claim in found)]


def _turned(clauses: Sequence[str], paragraphs: Sequence[Paragraph], chance: random.Random) -> Iterator[Claim]:
    one, other = clauses
    word = chance.choice(list(_OTHER))
    turned = _OTHER[word]
    source = _beside(f"{one} {word} {_within(other)}.", paragraphs, chance)
    yield _right(f"{other} {turned} {_within(one)}.", source, _TURNED)
    yield _wrong(f"{other} {word} {_within(one)}.", source, _TURNED, place=len(other) + 1, length=len(word))
    yield _wrong(f"{one} {turned} {_within(other)}.", source, _TURNED, place=len(one) + 1, length=len(turned))


def _limit(paragraphs: Sequence[Paragraph], chance: random.Random) -> Iterator[Claim]:
    thing, done = chance.choice(_THINGS).capitalize(), chance.choice(_DONE)
    limit = f"{chance.randint(2, 60)} {chance.choice(_UNITS)}."
    source = _beside(f"{thing} can be {done} within {limit}", paragraphs, chance)
    yield _right(f"{thing} cannot be {done} after {limit}", source, _LIMIT)
    yield _right(f"{thing} can only be {done} within {limit}", source, _LIMIT)
    late, never = f"{thing} can be {done} after {limit}", f"{thing} cannot be {done} within {limit}"
    yield _wrong(late, source, _LIMIT, place=late.index("after"), length=len("after"))
    yield _wrong(never, source, _LIMIT, place=never.index("cannot"), length=len("cannot"))


def _added(paragraph: Paragraph, span: Span, sentence: str) -> tuple[Claim, Claim] | None:
    """Return a sentence that says more than its source, and the same with a source that says it too."""
    match = _MORE.fullmatch(sentence)
    if match is None:
        return None
    less = f"{match['all']}."
    cut = f"{paragraph.text[: span.start]}{less}{paragraph.text[span.end :]}"
    if match["more"].split()[-1].casefold() in cut.casefold():
        return None
    place, length = match.start("more"), len(match["more"])
    return (
        _wrong(sentence, less if len(cut) % 2 else cut, _ADDED, place=place, length=length),
        _right(sentence, paragraph.text, _ADDED),
    )


def _right(text: str, source: str, kind: str) -> Claim:
    return Claim(text, source, supported=True, faults=(), kind=kind)


def _wrong(text: str, source: str, kind: str, *, place: int, length: int) -> Claim:
    return Claim(text, source, supported=False, faults=(Span(place, place + length),), kind=kind)


def _beside(sentence: str, paragraphs: Sequence[Paragraph], chance: random.Random) -> str:
    """Return a sentence as a source: alone, or among those of a paragraph."""
    if chance.random() < 0.4:
        return sentence
    text = chance.choice(paragraphs).text
    place = chance.choice([0, *(span.end for span in sentence_spans(text))])
    return " ".join(part for part in (text[:place], sentence, text[place:].strip()) if part)[:800]


def _within(clause: str) -> str:
    # Behind another word a sentence begins small, unless a name begins it.
    begins = clause.split(maxsplit=1)[0]
    return begins.lower() + clause[len(begins) :] if begins in {"The", "A", "An", "It", "This", "These"} else clause
