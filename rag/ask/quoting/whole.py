"""Lists that answer as a whole: the steps of an instruction, what to bring. A step that is left out misleads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag import lexis
from rag.ask.question.kinds import kind_of
from rag.ask.quoting.choice import Sentence, rests_on
from rag.ask.quoting.rivals import Rivals
from rag.ask.quoting.wanted import Wanted
from rag.ask.texts.lists import Line, Listing, listings, rest_of
from rag.safety.orders import gives_orders
from rag.types import Chunk, Citation, Evidence, Hit, Quote, Statement

_ASKS = re.compile(
    r"\bhow (?:do|does|did|can|could|should|shall|must|would|to)\b(?! (?:i|you|we|one) (?:know|tell)\b)"
    r"|\bwhat (?:do|does|should|shall|must|can|could|else)\b"
    r"|\bwhat(?:['’]s| is| are) (?:all )?(?:not )?(?:included|covered|excluded|needed|required|allowed|forbidden)\b"
    r"|\b(?:what|which)(?: are)?(?: the| our| your)?(?: [a-z-]+)? [a-z-]{2,}(?<![isu])s\b"
    r"|\b(?:steps?|procedure|instructions?|checklist)\b",
    re.IGNORECASE,
)
# Words for a list, which its name need not hold.
_CALLED = lexis.stems("steps procedure process instructions checklist list way need have")
# "What do we check before …?": what is done to it, each item says again.
_DOES = re.compile(
    r"\bwhat (?:do|does|did|should|shall|must|can|could) (?:i|we|you|they|one|(?:the|an?|our|your) \w+)"
    r" (?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|never|except|excluding|excluded|cannot|no)\b|n[’']t\b", re.IGNORECASE)
# More is no answer that anybody reads while a customer waits.
_MOST_ITEMS, _MOST_WORDS = 20, 400
# Of the words of the question, the name of a list must hold so many.
_NAMED = 0.5
# So many of the best passages, and of the best sentences, say which list is meant.
_PASSAGES, _SENTENCES = 3, 3
# Steps that are less than this behind the best one, as a logit, answer with it.
_BEHIND = 3.5


def asks_for_list(question: str) -> bool:
    """Tell whether a question may be answered by a list: of how to do something, or for things in the plural."""
    return kind_of(question) == "any" and bool(_ASKS.search(question)) and not Wanted(question)


def whole_list(question: str, hits: Sequence[Hit], scored: Sequence[Sentence]) -> tuple[Quote, ...]:
    """Return the lines of the list that a question asks for, in their order; none where it asks for no list.

    That is the one list whose name, its title, headings and what leads to it, holds all words of the question: its
    items may be too short to be read as sentences. Else the list that the best sentence stands in and whose name holds
    half of them, unless that sentence has a word of the question that the name lacks: then it is asked for alone. Else
    steps half of which answer about as well.

    Args:
        question: Its words.
        hits: Passages, best first.
        scored: Sentences of them that could be quoted, see `rag.ask.quoting.quotable`.
    """
    asked = lexis.stems(question) - _CALLED
    if not asked or not scored or not asks_for_list(question):
        return ()
    order = sorted(scored, key=lambda s: (-s.score, s.hit, s.position))
    found = _named(asked, order[0], hits) or _of_best(question, asked, order, hits) or _of_most(order, hits)
    if found is None:
        return ()
    hit, listing = hits[found[0]], found[1]
    lines = _lines(listing, hit, hits)
    if not _can_be_told(question, lines):
        return ()
    lead = [Quote(listing.lead, (hit.passage.chunk.id,))] if listing.lead.endswith(":") else []
    return (*lead, *(_quoted(line, each.passage.chunk, prose=listing.prose) for line, each in lines))


def _quoted(line: Line, chunk: Chunk, *, prose: bool) -> Quote:
    return Quote(line.text, (chunk.id,), None if prose else chunk.start + line.start)


def completed(evidence: Evidence, chunks_of: Callable[[str], Sequence[Chunk]], *, limit: int) -> Evidence:
    """Return the evidence with the passage behind each of the best ones where a list goes on there.

    Args:
        evidence: Best first.
        chunks_of: Gives the live chunks of a document in their order.
        limit: Passages that an answer may rest on.
    """
    if not asks_for_list(evidence.query.text):
        return evidence
    hits, seen = list(evidence.hits), {hit.passage.chunk.id for hit in evidence.hits[:limit]}
    for hit in evidence.hits[: min(_PASSAGES, limit)]:
        at = hit
        while (behind := _behind(at, chunks_of)) and behind.passage.chunk.id not in seen:
            hits = [each for each in hits if each.passage.chunk.id != behind.passage.chunk.id]
            hits.insert(1 + hits.index(at), behind)
            seen.add(behind.passage.chunk.id)
            at = behind
    return replace(evidence, hits=tuple(hits))


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
    return tuple(_told(cited, line, each.passage.chunk) for line, each in lines) if _can_be_told("", lines) else ()


def _told(cited: Citation, line: Line, chunk: Chunk) -> Statement:
    """Return a line of a list as a statement that cites it to the letter, beside a citation of the same document."""
    start, end = chunk.start + line.start, chunk.start + line.end
    page, headings = chunk.place(start)
    own = replace(cited, chunk_id=chunk.id, page=page, headings=headings, start=start, end=end, quote=line.text)
    return Statement(line.text, 1.0, (own,), item=True)


def _behind(hit: Hit, chunks_of: Callable[[str], Sequence[Chunk]]) -> Hit | None:
    """Return the passage behind another one where the list that this one ends with goes on."""
    chunk = hit.passage.chunk
    lists = listings(chunk)
    if not lists or not lists[-1].is_last:
        return None
    behind = (
        each
        for each in chunks_of(chunk.document_id)
        if each.version == chunk.version and rest_of(lists[-1], chunk, each)
    )
    found = next(behind, None)
    # Nothing found it but the list; it is in force as the one before it is.
    kept = {name: value for name, value in hit.features.items() if name == "in_force"}
    return replace(hit, passage=replace(hit.passage, chunk=found), features=kept) if found else None


def _of_best(
    question: str, asked: frozenset[str], order: Sequence[Sentence], hits: Sequence[Hit]
) -> tuple[int, Listing] | None:
    """Return the list that the best sentences stand in, or lead to, where it is called as the question says.

    Of what is covered and what is not, each in a list of its own below one heading, that which is asked for.
    """
    best, hit = order[0], hits[order[0].hit]
    does = _DOES.search(question)
    done = lexis.stems(does["verb"]) if does else frozenset()
    lists = listings(hit.passage.chunk)
    near = [s.text for s in order[:_SENTENCES] if s.hit == best.hit]
    meant = next((each for each in lists if _stands_in(best.text, near, each)), None)
    if meant is None:
        return None
    beside = [each for each in lists if each.headings == meant.headings and each.lead.endswith(":")]
    for each in [meant, *(beside if meant in beside else ())]:
        name = _name(each, hit)
        if (
            (not each.lead.endswith(":") or bool(_DENIES.search(each.lead)) == bool(_DENIES.search(question)))
            and asked & lexis.stems(each.own_name)
            and len(asked & name) >= _NAMED * len(asked)
            and not (lexis.stems(best.text) & asked) - name - done
        ):
            return best.hit, each
    return None


def _of_most(order: Sequence[Sentence], hits: Sequence[Hit]) -> tuple[int, Listing] | None:
    """Return the steps half of which, the best sentence too, answer about as well: the rest was nearly told."""
    place = order[0].hit
    for each in listings(hits[place].passage.chunk):
        near = [s.text for s in order if s.hit == place and s.score >= order[0].score - _BEHIND]
        told = {line.start for line in each.lines for text in near if text in line.text}
        if each.numbers and any(order[0].text in line.text for line in each.lines) and 2 * len(told) >= len(each.lines):
            return place, each
    return None


def _stands_in(best: str, near: Sequence[str], listing: Listing) -> bool:
    """Tell whether the best sentence stands in a list, or leads to it and one of the next best stands there."""
    lines = [line.text for line in listing.lines]
    leads = best == listing.lead and (best.endswith(":") or any(each in line for each in near for line in lines))
    return leads or any(best in line for line in lines)


def _named(asked: frozenset[str], best: Sentence, hits: Sequence[Hit]) -> tuple[int, Listing] | None:
    """Return the one list whose name holds all words of the question, unless what is above the best sentence does."""
    passage = hits[best.hit].passage
    if len(asked) < 2 or asked <= lexis.stems(f"{best.text} {passage.title} {' '.join(passage.chunk.headings)}"):
        return None
    found = [
        (place, each)
        for place, hit in enumerate(hits[:_PASSAGES])
        for each in listings(hit.passage.chunk)
        if asked & lexis.stems(each.own_name) and asked <= _name(each, hit)
    ]
    return found[0] if len(found) == 1 else None


def _name(listing: Listing, hit: Hit) -> frozenset[str]:
    return lexis.stems(" ".join((hit.passage.title, *listing.headings, listing.asked, listing.lead)))


def _lines(listing: Listing, hit: Hit, hits: Sequence[Hit]) -> list[tuple[Line, Hit]]:
    """Return the lines of a list with their passages, also those in the passages behind."""
    lines = [(line, hit) for line in listing.lines]
    at, part = hit, listing
    while rest := next(
        ((each, more) for each in hits if (more := rest_of(part, at.passage.chunk, each.passage.chunk))), None
    ):
        at, more = rest
        # What was read of the list so far says which number comes next.
        part = replace(more, lines=(*part.lines, *more.lines))
        lines += [(line, at) for line in more.lines]
    return lines


def _can_be_told(question: str, lines: Sequence[tuple[Line, Hit]]) -> bool:
    """Tell whether lines are a whole list that can be read, gives no orders to an assistant and is about the thing."""
    rivals = Rivals(question)
    numbers = [line.number for line, _ in lines if line.number]
    return (
        2 <= len(lines) <= _MOST_ITEMS
        and sum(lexis.n_words(line.text) for line, _ in lines) <= _MOST_WORDS
        and numbers == list(range(1, len(numbers) + 1))
        and not any(gives_orders(line.text) for line, _ in lines)
        and not (rivals and any(rivals.speaks_of_another(line.text, (hit.passage.title,)) for line, hit in lines))
    )
