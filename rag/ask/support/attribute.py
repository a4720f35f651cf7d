"""Find the exact spans of the evidence that a sentence rests on: the fewest that support it, and all that it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag import lexis
from rag.ask.support.facts import missing_facts
from rag.clauses.against import Against
from rag.protocols import ClaimJudgement
from rag.safety.orders import gives_orders
from rag.sentences import Span, sentence_spans
from rag.types import Hit, Quote

# Source sentences that are tried for one drafted sentence, and of how many of these all pairs are made.
_NEAREST, _PAIRED = 6, 3
# More spans than this support nothing that anybody would check.
_MOST_SPANS = 4
# From this support on no span is looked for that could raise it.
_ENOUGH = 0.9
# A further span must raise the support by this much, and is dropped again where so much less is lost without it.
_GAIN = 0.1
# Beside a sentence that is supported already, a span is looked at when it holds this share of the sentence's stems
# that no other span does: a second fact, not a word that happens to stand there too.
_NEW_SHARE = 0.25
# What a verifier reads of a claim: a longer one would be shown with an end that nobody has checked.
MAX_CLAIM_CHARACTERS = 360

Judge = Callable[[Sequence[str], Sequence[str]], Sequence[ClaimJudgement]]


# No slots, since what is read off a source is kept with it; each is equal to itself alone.
@dataclass(frozen=True, eq=False)
class Source:
    """A sentence of the evidence; ``place`` is that of its passage, from 0."""

    hit: Hit
    place: int
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """The sentence as it stands."""
        return self.hit.passage.chunk.text[self.start : self.end]

    @cached_property
    def context(self) -> str:
        """Title, headings and table header, without what gives orders to an assistant."""
        passage = self.hit.passage
        lines = [passage.title, *passage.chunk.headings, *passage.chunk.context.splitlines()]
        return "\n".join(line for line in dict.fromkeys(lines) if line and not gives_orders(line))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of its content words."""
        return lexis.stems(self.text)


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a sentence rests on.

    Args:
        support: In 0..1, by the verifier; 0 where nothing was read.
        spans: The sources, in reading order.
        missing: Numbers, codes and names of the sentence that stand in none of the spans nor above them, as written.
        faults: Words of the sentence that the verifier holds wrong, as written.
        against: What the passages say against it; ``None`` where nothing.
    """

    support: float
    spans: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    against: Against | None = None

    def supported(self, bar: float) -> bool:
        """Tell whether the sentence may be shown."""
        return bool(self.spans) and self.support >= bar and not (self.missing or self.against)

    @property
    def worth(self) -> float:
        """The support, less for each fact that is missing: no support makes up for one."""
        return self.support - len(self.missing)


def sources_of(hits: Sequence[Hit]) -> list[Source]:
    """Return the sentences of the passages, best passage first, each passage's in its own order."""
    return [
        Source(hit, place, *span) for place, hit in enumerate(hits) for span in sentence_spans(hit.passage.chunk.text)
    ]


def to_the_letter(sources: Iterable[Source]) -> Mapping[str, Sequence[Source]]:
    """Return the sources of each wording in their order, white space and case aside."""
    found: dict[str, list[Source]] = {}
    for source in sources:
        found.setdefault(lexis.squeezed(source.text), []).append(source)
    return found


def verbatim(
    text: str, wordings: Mapping[str, Sequence[Source]], chunk_ids: Collection[str] = ()
) -> Attribution | None:
    """Return what says a sentence to the letter, as a whole sentence of its own; ``None`` for none.

    That is one source for each of the passages that it was chosen in, else the first that there is; an order to an
    assistant is none.
    """
    alike = [source for source in wordings.get(lexis.squeezed(text), ()) if not gives_orders(source.text)]
    chosen: dict[str, Source] = {}
    for source in alike:
        if source.hit.passage.chunk.id in chunk_ids:
            chosen.setdefault(source.hit.passage.chunk.id, source)
    return Attribution(1.0, tuple(chosen.values()) or (alike[0],)) if alike else None


def in_place(quote: Quote, hits: Sequence[Hit]) -> Attribution | None:
    """Return the line that a quote is by its place; ``None`` where it does not stand there, or gives an order.

    Args:
        quote: With the place where it begins.
        hits: The passages that it may rest on.
    """
    for place, hit in enumerate(hits):
        chunk = hit.passage.chunk
        if quote.start is not None and chunk.id in quote.chunk_ids:
            begin = quote.start - chunk.start
            source = Source(hit, place, begin, begin + len(quote.text))
            if source.text == quote.text and not gives_orders(quote.text):
                return Attribution(1.0, (source,))
    return None


def nearest(text: str, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that share most with a sentence, facts counting double; orders to an assistant are none."""
    stems, digits = lexis.stems(text), lexis.digits(text)
    codes = lexis.codes(text)

    def shared(source: Source) -> float:
        held = sum(lexis.holds(source.text, code) for code in codes)
        return len(stems & source.stems) + 2.0 * (len(digits & lexis.digits(source.text)) + held)

    ranked = sorted((-shared(source), n) for n, source in enumerate(sources))
    near: list[Source] = []
    for less, n in ranked:
        if len(near) == _NEAREST or (less == 0 and near):
            break
        if not gives_orders(sources[n].text):
            near.append(sources[n])
    return near


def attribute(text: str, near: Sequence[Source], judge: Judge, *, min_support: float) -> Attribution:
    """Return the spans that support a sentence.

    One span is tried first. A further one joins while a number, code or name stands in none, the support is below
    ``min_support``, or a good part of the words is not covered, and as long as it raises the support. At last every
    span goes without which the support stands and no fact is missing.

    Args:
        text: The sentence.
        near: Sources that come near to it, the nearest first.
        judge: The verifier.
        min_support: Support from which a sentence may be shown.

    Returns:
        The best that was found, whether or not it is enough.

    Raises:
        ModelError: The verifier fails.
    """
    if not near:
        return Attribution(0.0, (), missing_facts(text, ""))
    if len(text) > MAX_CLAIM_CHARACTERS:
        return Attribution(0.0, (), (), (text[MAX_CLAIM_CHARACTERS:],))
    best = _best(text, [(source,) for source in near], judge)
    if not best.supported(min_support):
        pairs = [(a, b) for n, a in enumerate(near[:_PAIRED]) for b in near[n + 1 : _PAIRED]]
        rest = [(*best.spans, source) for source in near if source not in best.spans]
        best = _better(best, text, _distinct([*rest, *pairs]), judge)
    while len(best.spans) < _MOST_SPANS and (useful := _useful(text, best, near, min_support)):
        grown = _better(best, text, [(*best.spans, source) for source in useful], judge)
        if grown is best:
            break
        best = grown
    return _trimmed(text, best, judge, min_support)


def _best(text: str, groups: Sequence[tuple[Source, ...]], judge: Judge) -> Attribution:
    """Return the group of the greatest worth, the first of equals."""
    return max(_judged(text, groups, judge), key=lambda each: each.worth)


def _better(best: Attribution, text: str, groups: Sequence[tuple[Source, ...]], judge: Judge) -> Attribution:
    """Return the best group where it is clearly worth more than what there is, which otherwise stays."""
    if not groups:
        return best
    other = _best(text, groups, judge)
    return other if other.worth >= best.worth + _GAIN else best


def _judged(text: str, groups: Sequence[tuple[Source, ...]], judge: Judge) -> list[Attribution]:
    ordered = [tuple(sorted(group, key=lambda source: (source.place, source.start))) for group in groups]
    read = [_read(group) for group in ordered]
    return [
        Attribution(said.support, group, missing_facts(text, held), tuple(text[a:b] for a, b in said.faults))
        for group, held, said in zip(ordered, read, judge([text] * len(read), read), strict=True)
    ]


def _read(group: Sequence[Source]) -> str:
    """Return the spans as they are read: those of a passage below its title and headings."""
    lines: list[str] = []
    for n, source in enumerate(group):
        if n == 0 or source.place != group[n - 1].place:
            lines.append(source.context)
        lines.append(source.text)
    return "\n".join(dict.fromkeys(lines))


def _useful(text: str, best: Attribution, near: Sequence[Source], min_support: float) -> list[Source]:
    """Return the sources that hold something of the sentence which the spans do not; none where it is covered."""
    if best.support >= _ENOUGH and not best.missing:
        return []
    stems = lexis.stems(text)
    covered = frozenset[str]().union(*(source.stems for source in best.spans))
    least = 1 if not best.supported(min_support) else max(2, round(_NEW_SHARE * len(stems)))
    others = [source for source in near if source not in best.spans]
    return [source for source in others if len((stems & source.stems) - covered) >= least]


def _trimmed(text: str, best: Attribution, judge: Judge, min_support: float) -> Attribution:
    """Return the attribution without the spans that it does not need."""
    while len(best.spans) > 1:
        without = [tuple(s for s in best.spans if s is not left_out) for left_out in best.spans]
        least = max(min_support, best.support - _GAIN)
        enough = [each for each in _judged(text, without, judge) if each.supported(least)]
        if not enough:
            break
        best = max(enough, key=lambda each: each.worth)
    return best


def _distinct(groups: Sequence[tuple[Source, ...]]) -> list[tuple[Source, ...]]:
    seen: dict[frozenset[tuple[int, int]], tuple[Source, ...]] = {}
    for group in groups:
        seen.setdefault(frozenset((source.place, source.start) for source in group), group)
    return list(seen.values())


def span_of(source: Source) -> Span:
    """Return where a source stands in the text of its document version."""
    chunk = source.hit.passage.chunk
    return Span(chunk.start + source.start, chunk.start + source.end)
