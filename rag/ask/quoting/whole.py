"""Lists that answer as a whole: the steps of an instruction, what to bring. A step that is left out misleads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rag import lexis
from rag.ask.quoting.asks_for_list import asks_for_list, is_explicit, says_list
from rag.ask.quoting.choice import Sentence, as_one, rests_on
from rag.ask.quoting.rivals import Rivals
from rag.ask.texts.lists import Listing, listings, rest_of
from rag.ask.texts.rows import cell_texts, is_row
from rag.ask.texts.step_rows import is_named
from rag.ask.texts.steps import Line
from rag.protocols import Highlighter
from rag.safety.orders import gives_orders
from rag.sentences import Span
from rag.types import Chunk, Citation, Evidence, Hit, Quote, Statement

# Words for a list, which its name need not hold.
_CALLED = lexis.stems("steps procedure process instructions checklist checks list way need have")
# "What do we check before …?": what is done to it, each item says again.
_DOES = re.compile(
    r"\bwhat (?:do|does|did|should|shall|must|can|could) (?:i|we|you|they|one|(?:the|an?|our|your) \w+)"
    r" (?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|never|except|excluding|excluded|cannot|no)\b|n[’']t\b", re.IGNORECASE)
# More is no answer that anybody reads while a customer waits.
_MOST_ITEMS, _MOST_WORDS = 20, 400
# So many of the best passages say which list is meant; so many lists whose names are nearest are read.
_PASSAGES, _READ = 8, 4
# A list that can be told reaches so many passages further at most.
_PARTS = 3
# What the reader's relevance of a list counts for beside the nearness of its name, and what speaks against one: that
# it is denied and the question is not, that it is no longer in force (docs/decisions/0055).
_RELEVANT, _DENIED, _SUPERSEDED = 0.03, 0.05, 0.1
# So near its name must be, by how the question asks; and so much nearer an item may be than the name. Where a question
# has no form, it also is if the reader finds with such a chance that all of the list answers.
_NEAR, _PERHAPS = 0.27, 0.45
# So near must be what else the steps of a table are called than the one whose they are.
_NEAR_WITHOUT = 0.2
_IF_ANSWERS, _ANSWERS = 0.4, 0.6
_ITEM, _ITEM_WITH_WORDS = 0.13, 0.08
# Who asks how to do something is told all steps, though the question is put in the words of one.
_HOW, _STEP = re.compile(r"\bhow (?:do|does|did|can|could|should|shall|must|would|to)\b", re.IGNORECASE), 0.2
# A sentence elsewhere that is so far ahead of all in the list, as a logit, answers by itself.
_BEHIND = 9.0
# A row of a table does not, where the name is so near.
_NEARER = 0.4
# So many lines, and so great a share, that were chosen of a list without numbers make it whole.
_FEWEST_HELD, _HELD = 3, 0.4

ChunksAt = Callable[[str, range], Sequence[Chunk]]
"""Gives the live chunks at some places of a document."""


def whole_list(
    question: str, hits: Sequence[Hit], scored: Sequence[Sentence], highlighter: Highlighter
) -> tuple[Quote, ...]:
    """Return the lines of the list that a question asks for, in their order; none where it asks for no list.

    That is the list whose name, its title, headings and what leads to it, is nearest to the question, and that a reader
    finds most relevant. Where an item is nearer than the name, that item is asked for alone.

    Args:
        question: Its words.
        hits: Passages, best first.
        scored: Sentences of them that could be quoted, see `rag.ask.quoting.quotable`.
        highlighter: Compares names and items with the question, and reads the lists.
    """
    if not scored or not asks_for_list(question):
        return ()
    meant = _meant(question, hits, highlighter)
    if meant is None or not meant.is_asked_by(question, scored, highlighter):
        return ()
    return _as_whole(meant.listing, meant.hit, meant.lines)


def in_full(question: str, chosen: Sequence[Sentence], hits: Sequence[Hit]) -> tuple[Quote, ...]:
    """Return the whole list that a question asks for where several chosen sentences, the best too, stand in it.

    Steps one, four and five say nothing of those between, and who follows them does something else. Of what is not
    numbered three lines must have been chosen, and two fifths of them.

    Args:
        question: Its words.
        chosen: Sentences that would be quoted.
        hits: The passages that they stand in.
    """
    if len(chosen) < 2 or not asks_for_list(question):
        return ()
    best = max(chosen, key=lambda each: each.score)
    hit = hits[best.hit]
    told = [each.text for each in chosen if each.hit == best.hit]
    for listing in listings(hit.passage.chunk):
        held = [line for line in listing.lines if any(text in line.text for text in told)]
        steps = [line for line in held if line.number]
        if len(steps) < 2 and len(held) < max(_FEWEST_HELD, _HELD * len(listing.lines)):
            continue
        lines = _lines(listing, hit, hits) if any(best.text in line.text for line in steps or held) else []
        if _can_be_told(question, lines, _above(listing)):
            return _as_whole(listing, hit, lines)
    return ()


def _as_whole(listing: Listing, hit: Hit, lines: Sequence[tuple[Line, Hit]]) -> tuple[Quote, ...]:
    lead = [Quote(listing.lead, (hit.passage.chunk.id,))] if listing.lead.endswith(":") else []
    return (*lead, *(_quoted(line, each.passage.chunk, prose=listing.prose) for line, each in lines))


@dataclass(frozen=True)
class _Candidate:
    """A list that may be told, its lines with their passages.

    Args:
        near: How near its name is to the question.
        answers: The reader's chance that all of it answers; 0 where none has read it.
    """

    place: int
    hit: Hit
    listing: Listing
    lines: Sequence[tuple[Line, Hit]]
    near: float = 0.0
    answers: float = 0.0

    @cached_property
    def name(self) -> str:
        """What it is called, from the title of its document on."""
        own = (self.hit.passage.title, *self.listing.headings, self.listing.asked, self.listing.opening)
        return "\n".join(filter(None, dict.fromkeys(own)))

    @property
    def places(self) -> list[tuple[str, int]]:
        """The passage of each line, and where it begins there."""
        return [(hit.passage.chunk.id, line.start) for line, hit in self.lines]

    @property
    def text(self) -> str:
        """Its part of the passage as it is read as one."""
        return as_one(self.hit, [Span(line.start, line.end) for line in self.listing.lines])[0]

    def is_asked_by(self, question: str, scored: Sequence[Sentence], highlighter: Highlighter) -> bool:
        """Tell whether a question asks for the list, rather than for one item, or what another sentence answers."""
        best = min(scored, key=lambda s: (-s.score, s.hit, s.position))
        holds = self._holds(best)
        own = [each.score for each in scored if self._holds(each)]
        # A row answers none of how something is done or of what to bring, however sure the reader is of it.
        is_row_alone = is_row(best.text) and says_list(question) and self.near >= _NEARER
        if own and max(own) < best.score - _BEHIND and not is_row_alone:
            return False
        if not holds and self._is_called_by_its_owner_alone(question, highlighter):
            return False
        more = self._nearest_item(question, highlighter) - self.near
        if not is_explicit(question):
            is_near = self.near >= _PERHAPS or (self.near >= _IF_ANSWERS and self.answers >= _ANSWERS)
            return is_near and more <= 0 and holds
        if self.listing.numbers and _HOW.search(question) and holds:
            return self.near >= _NEAR and more <= _STEP
        does = _DOES.search(question)
        known = lexis.stems(self.name) | (lexis.stems(does["verb"]) if does else frozenset())
        own_words = (lexis.stems(best.text) & lexis.stems(question)) - _CALLED - known
        of_item = bool(own_words) and best.hit == self.place and holds
        return self.near >= _NEAR and more <= (_ITEM_WITH_WORDS if of_item else _ITEM)

    def _is_called_by_its_owner_alone(self, question: str, highlighter: Highlighter) -> bool:
        """Tell whether only whose steps of a table they are, "Kiln Yard", is near to a question, and nothing else."""
        key = self.listing.key
        if not key or len(cell_texts(key)) > 1:
            return False
        rest = "\n".join(line for line in self.name.split("\n") if line != key)
        (near,) = highlighter.highlight(question, [rest], [[Span(0, len(rest))]])[0]
        return float(near) < _NEAR_WITHOUT

    def _nearest_item(self, question: str, highlighter: Highlighter) -> float:
        text, spans = f"{self.name}\n", []
        for line, _ in self.lines:
            spans.append(Span(len(text), len(text) + len(line.text)))
            text += f"{line.text}\n"
        return float(max(highlighter.highlight(question, [text], [spans])[0]))

    def _holds(self, best: Sentence) -> bool:
        """Tell whether a sentence stands in the list, or leads to it."""
        return any(best.text in text for text in self._texts)

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return (*self.listing.own_name.split("\n"), *(line.text for line, _ in self.lines))


def _meant(question: str, hits: Sequence[Hit], highlighter: Highlighter) -> _Candidate | None:
    found = _candidates(question, hits)
    if not found:
        return None
    spans = [[Span(0, len(each.name))] for each in found]
    near = highlighter.highlight(question, [each.name for each in found], spans)
    found = [replace(each, near=float(score)) for each, (score,) in zip(found, near, strict=True)]
    nearest = sorted(found, key=lambda each: -each.near)[:_READ]
    read = highlighter.find(question, [each.text for each in nearest])
    denied = bool(_DENIES.search(question))

    def worth(place: int) -> float:
        each, said = nearest[place], read[place]
        against = _DENIED * (bool(_DENIES.search(each.listing.own_name)) != denied)
        against += _SUPERSEDED * (each.hit.features.get("in_force", 1.0) == 0.0)
        return each.near + _RELEVANT * (said.relevance if said else 0.0) - against

    best = max(range(len(nearest)), key=worth)
    said = read[best]
    return replace(nearest[best], answers=said.answers if said else 0.0)


def _candidates(question: str, hits: Sequence[Hit]) -> list[_Candidate]:
    """Return the lists that can be told of the best passages, without those that are the rest of another one."""
    found = [
        _Candidate(place, hit, listing, _lines(listing, hit, hits))
        for place, hit in enumerate(hits[:_PASSAGES])
        for listing in listings(hit.passage.chunk)
    ]
    rests = {place for each in found for place in each.places[1:]}
    keys = {each.listing.key for each in found if each.listing.key}
    return [
        each
        for each in found
        if each.places[0] not in rests
        and is_named(question, each.listing.key, keys)
        and not (each.listing.things and _HOW.search(question))
        and _can_be_told(question, each.lines, _above(each.listing))
    ]


def _quoted(line: Line, chunk: Chunk, *, prose: bool) -> Quote:
    return Quote(line.text, (chunk.id,), None if prose else chunk.start + line.start)


def is_list(statements: Sequence[Statement]) -> bool:
    """Tell whether statements are a list that is told as a whole, with what leads to it."""
    return sum(not each.item for each in statements) <= 1 < sum(each.item for each in statements)


def called(question: str, statements: Sequence[Statement], hits: Sequence[Hit], highlighter: Highlighter) -> float:
    """Return how well a list that is told as a whole is called as a question says, in 0..1; 0 where none is found.

    Args:
        question: Its words.
        statements: What would be shown.
        hits: The passages that they may rest on.
        highlighter: Compares the name with the question, and reads the list.
    """
    cited, hit = rests_on(next(each for each in statements if each.item), hits)
    lists = listings(hit.passage.chunk) if hit else []
    at = cited.start - hit.passage.chunk.start if hit else 0
    listing = next((each for each in lists if any(line.start <= at < line.end for line in each.lines)), None)
    if hit is None or listing is None:
        return 0.0
    one = _Candidate(0, hit, listing, [(line, hit) for line in listing.lines])
    (near,) = highlighter.highlight(question, [one.name], [[Span(0, len(one.name))]])[0]
    (read,) = highlighter.find(question, [one.text])
    return min(1.0, max(0.0, float(near) + (_RELEVANT * read.relevance if read else 0.0)))


def completed(evidence: Evidence, chunks_at: ChunksAt, *, limit: int) -> Evidence:
    """Return the evidence with the passages beside each of the best ones where a list began before or goes on behind.

    Args:
        evidence: Best first.
        chunks_at: Gives the live chunks at some places of a document, in their order.
        limit: Passages that an answer may rest on.
    """
    if not asks_for_list(evidence.query.text):
        return evidence
    hits = list(evidence.hits)
    kept = {hit.passage.chunk.id for hit in evidence.hits[:limit]}
    for hit in evidence.hits[: min(_PASSAGES, limit)]:
        before, behind = _beside(hit, chunks_at)
        for each in before:
            _insert(hits, each, hits.index(hit), kept)
        for n, each in enumerate(behind, 1):
            _insert(hits, each, hits.index(hit) + n, kept)
    return replace(evidence, hits=tuple(hits))


def _insert(hits: list[Hit], hit: Hit, place: int, kept: set[str]) -> None:
    """Put a passage at a place of some, unless an answer may rest on it already."""
    chunk_id = hit.passage.chunk.id
    if chunk_id not in kept:
        kept.add(chunk_id)
        stood = next((n for n, each in enumerate(hits) if each.passage.chunk.id == chunk_id), None)
        if stood is not None:
            del hits[stood]
            place -= stood < place
        hits.insert(place, hit)


def led_to(statement: Statement, hits: Sequence[Hit]) -> tuple[Statement, ...]:
    """Return the lines of the list that a statement leads to, which says nothing without them; none for another one.

    Args:
        statement: Verified: "It does not cover:".
        hits: The passages that it may rest on.
    """
    cited, hit = rests_on(statement, hits)
    if hit is None or not cited.quote.endswith(":"):
        return ()
    chunk = hit.passage.chunk
    behind = (
        each for each in listings(chunk) if each.lead == cited.quote and each.lines[0].start > cited.end - chunk.start
    )
    listing = next(behind, None)
    lines = _lines(listing, hit, hits) if listing else []
    return tuple(_told(cited, line, each.passage.chunk) for line, each in lines) if _can_be_told("", lines, ()) else ()


def _told(cited: Citation, line: Line, chunk: Chunk) -> Statement:
    """Return a line of a list as a statement that cites it to the letter, beside a citation of the same document."""
    start, end = chunk.start + line.start, chunk.start + line.end
    page, headings = chunk.place(start)
    own = replace(cited, chunk_id=chunk.id, page=page, headings=headings, start=start, end=end, quote=line.text)
    return Statement(line.text, 1.0, (own,), item=True)


def _beside(hit: Hit, chunks_at: ChunksAt) -> tuple[list[Hit], list[Hit]]:
    """Return the passages in which the first list of a passage began, and those in which its last one goes on."""
    chunk = hit.passage.chunk
    lists = listings(chunk)
    if not lists or not (lists[0].lines[0].start == 0 or lists[-1].is_last):
        return [], []
    ordinals = range(max(0, chunk.ordinal - _PARTS), chunk.ordinal + _PARTS + 1)
    live = [each for each in chunks_at(chunk.document_id, ordinals) if each.version == chunk.version]
    before, behind, at = list[Chunk](), list[Chunk](), chunk
    while found := next((each for each in live if _goes_on_in(each, at)), None):
        before.insert(0, found)
        at = found
    at = chunk
    while found := next((each for each in live if _goes_on_in(at, each)), None):
        behind.append(found)
        at = found
    # Nothing found them but the list; they are in force as this one is.
    kept = {name: value for name, value in hit.features.items() if name == "in_force"}
    before_hits, behind_hits = (
        [replace(hit, passage=replace(hit.passage, chunk=each), features=kept) for each in some]
        for some in (before, behind)
    )
    return before_hits, behind_hits


def _goes_on_in(chunk: Chunk, behind: Chunk) -> bool:
    """Tell whether the last list of a passage goes on in another one."""
    if behind.ordinal != chunk.ordinal + 1:
        return False
    lists = listings(chunk)
    return bool(lists) and rest_of(lists[-1], chunk, behind) is not None


def _lines(listing: Listing, hit: Hit, hits: Sequence[Hit]) -> list[tuple[Line, Hit]]:
    """Return the lines of a list with their passages, also those in the passages behind."""
    lines = [(line, hit) for line in listing.lines]
    at, part = hit, listing
    while rest := next(
        ((each, more) for each in hits if (more := rest_of(part, at.passage.chunk, each.passage.chunk))), None
    ):
        before, (at, more) = at, rest
        lines += [(line, before) for line in part.tail] + [(line, at) for line in more.lines]
        # What was read of the list so far says which number comes next.
        part = replace(more, lines=(*part.lines, *more.lines))
    return lines


def _above(listing: Listing) -> tuple[str, ...]:
    """Return what stands above a list, outermost first: its headings, and what leads to it."""
    return tuple(filter(None, (*listing.headings, listing.opening)))


def _can_be_told(question: str, lines: Sequence[tuple[Line, Hit]], above: Sequence[str]) -> bool:
    """Tell whether lines are a whole list that can be read, gives no orders to an assistant and is about the thing."""
    rivals = Rivals(question)
    numbers = [line.number for line, _ in lines if line.number]
    return (
        2 <= len(lines) <= _MOST_ITEMS
        and sum(lexis.n_words(line.text) for line, _ in lines) <= _MOST_WORDS
        and numbers == list(range(1, len(numbers) + 1))
        and not any(gives_orders(line.text) for line, _ in lines)
        # What stands below its name may speak of another thing too.
        and (
            not rivals
            or rivals.names("\n".join(above[-1:]))
            or not any(rivals.speaks_of_another(line.text, (hit.passage.title, *above)) for line, hit in lines)
        )
    )
