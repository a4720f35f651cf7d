"""Find where documents disagree on what a question asks: in a number, a date, an hour, a day, a person, or yes and no.

Precision comes first: a disagreement that is none, shown on an ordinary answer, is worse than one that is missed. Two
sentences disagree only when both answer the question, speak of the same thing, and give values that cannot both hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.conflicts.alignment import SMALL, Asked, Said, asks_for, one_subject, polarity_of, same_thing
from rag.ask.conflicts.changes import changed, one_matter, replaces
from rag.ask.conflicts.habits import tells_when
from rag.ask.conflicts.holders import Holders, names_holder
from rag.ask.conflicts.recurring import Recurring
from rag.ask.quoting.closeness import closeness
from rag.ask.standing.preferred import Preferred, caveats, set_back
from rag.ask.texts.values import disagree
from rag.protocols import Highlighter
from rag.safety.orders import gives_orders
from rag.sentences import Span, sentence_spans
from rag.standing import spoken
from rag.types import Citation, Confidence, Hit, Statement, Trail, Verdict

# A sentence this near to the best one answers the question; so many of them are compared with all others.
_NEAR_BEST, _MOST_ANSWERS = 0.88, 3
_MIN_WORDS = 4
_MOST_SIDES = 3


@dataclass(frozen=True, slots=True)
class Conflict:
    """A disagreement of documents on what a question asks.

    Args:
        sides: A sentence for each, with its citation; the one that holds first where that is settled.
        told: What they disagree in, and what settles it or that nothing does, in words.
        winner: Id of the document that holds; empty where nothing settles it.
        losers: Ids of the documents that do not hold then.
        worded_alike: Whether the sides say it in the same words, but for an hour, a day or a name.
    """

    sides: tuple[Statement, ...]
    told: str
    winner: str = ""
    losers: tuple[str, ...] = ()
    worded_alike: bool = False

    def stands(self, trail: Trail | None) -> bool:
        """Tell whether nothing settles it, not even that the answer is read off a table of which it contests no row.

        A number of some sentence does not contest the cell that a question leads to; the same words about its row do.

        Args:
            trail: The rows that the answer is read off; ``None`` where it is read off none.
        """
        contested = {side.text for side in self.sides} if self.worded_alike else set()
        return not self.winner and (trail is None or any(row.text in contested for row in trail.rows))

    def instead_of(self, verdict: Verdict) -> Verdict:
        """Return a verdict that tells what holds where it cites what does not: whoever asks for one means the other."""
        lost = [citation for side in self.sides for citation in side.citations if citation.document_id in self.losers]
        cited = [citation for statement in verdict.statements for citation in statement.citations]
        if not any(
            one.document_id == other.document_id and Span(one.start, one.end).overlaps(Span(other.start, other.end))
            for one in lost
            for other in cited
        ):
            return verdict
        return replace(verdict, mode="quoted", statements=self.sides[:1], candidates=())

    def verdict(self, confidence: Confidence) -> Verdict:
        """Return the refusal that shows the sides of a disagreement that nothing settles.

        Args:
            confidence: How likely one of the sides answers the question.
        """
        told = (self.told,)
        return Verdict("refused", "conflicting_evidence", "quoted", (), (), confidence, sides=self.sides, notes=told)


def find_conflict(preferred: Preferred, highlighter: Highlighter, *, passages: int) -> Conflict | None:
    """Return the disagreement of documents on what a question asks; ``None`` where there is none.

    The sentences that answer best are compared with every sentence of the evidence in another document. Where one of
    two documents is not in force, or both say since when they are and one of them since later, that settles it; so does
    a sentence that tells what the other gives no longer holds: "4 hours instead of 8".
    Editions of one text and texts that tell what happened do not count: they differ because time has passed.

    Args:
        preferred: Evidence in its order, with the standing of its documents.
        highlighter: Scores sentences for the question.
        passages: How many of the best passages an answer may rest on.
    """
    query = preferred.evidence.query
    hits = preferred.in_front.hits
    answering = _answering(query.text, hits[:passages], highlighter)
    if not answering:
        return None
    asked = asks_for(query)
    others = [said for said in said_in(hits) if not _tells(preferred, said)]
    recurring, holders = Recurring(query, others), Holders(query, others)
    near = {said.text for said in answering}
    for mine in (said for said in answering if not _tells(preferred, said)):
        against: dict[str, tuple[Said, str, str]] = {}
        worded_alike = False
        for other in sorted(others, key=lambda other: (" | " in other.text, -len(mine.stems & other.stems))):
            document = other.document_id
            if document == mine.document_id or document in against:
                continue
            words = difference(asked, mine, other) if same_thing(query, asked, mine, other) else None
            if words is None:
                words = recurring.differ(mine, other) or holders.differ(mine, other)
                worded_alike = worded_alike or words is not None
            if words is None and (found := changed(mine, other, on=preferred.on)):
                near_enough = other.text in near or one_matter(mine, other)
                words = found if near_enough and one_subject(query, mine, other) else None
            if words:
                against[document] = (other, *words)
        if against:
            conflict = _settled(preferred, mine, list(against.values())[: _MOST_SIDES - 1])
            return replace(conflict, worded_alike=worded_alike)
    return None


def settle(preferred: Preferred, highlighter: Highlighter, *, passages: int) -> tuple[Preferred, Conflict | None]:
    """Return the evidence with the documents set back that a settled disagreement leaves behind, and that one.

    Args:
        preferred: Evidence in its order, with the standing of its documents.
        highlighter: Scores sentences for the question.
        passages: How many of the best passages an answer may rest on.
    """
    conflict = find_conflict(preferred, highlighter, passages=passages)
    for document_id in conflict.losers if conflict else ():
        preferred = set_back(preferred, document_id, conflict.told if conflict else "")
    return preferred, conflict


def noted(verdict: Verdict, preferred: Preferred, conflict: Conflict | None) -> Verdict:
    """Return the verdict with what its reader must know: a disagreement that is settled, and what is not in force.

    Args:
        verdict: With statements, or a refusal, which is returned as it is.
        preferred: The evidence that it was made from.
        conflict: A settled disagreement; it is told where the verdict cites the document that holds.
    """
    if not verdict.statements:
        return verdict
    cited = [citation for statement in verdict.statements for citation in statement.citations]
    notes = caveats(verdict, preferred)
    if conflict is None or conflict.winner not in {citation.document_id for citation in cited}:
        return replace(verdict, notes=(*verdict.notes, *notes))
    weighed = [c for other in verdict.candidates for s in other.statements for c in s.citations]
    numbers = {(c.document_id, c.start, c.end): c.n for c in (*weighed, *cited)}
    sides = []
    for side in conflict.sides:
        (citation,) = side.citations
        place = (citation.document_id, citation.start, citation.end)
        n = numbers.setdefault(place, max(numbers.values()) + 1)
        sides.append(replace(side, citations=(replace(citation, n=n),)))
    return replace(verdict, sides=tuple(sides), notes=(*verdict.notes, conflict.told, *notes))


def _answering(question: str, hits: Sequence[Hit], highlighter: Highlighter) -> list[Said]:
    """Return the sentences that answer best, best first."""
    said = list(said_in(hits))
    by_hit = [[each for each in said if each.hit is hit] for hit in hits]
    scores = closeness(question, hits, [[each.span for each in own] for own in by_hit], highlighter)
    rated = [
        (float(score), each)
        for own, scored in zip(by_hit, scores, strict=True)
        for each, score in zip(own, scored, strict=True)
    ]
    best = max((score for score, _ in rated), default=0.0)
    near = sorted((entry for entry in rated if entry[0] >= _NEAR_BEST * best), key=lambda entry: -entry[0])
    return [each for _, each in near[:_MOST_ANSWERS]]


def said_in(hits: Sequence[Hit]) -> Iterator[Said]:
    """Yield the sentences of passages that tell something."""
    for hit in hits:
        chunk = hit.passage.chunk
        for span in sentence_spans(chunk.text):
            text = chunk.text[span.start : span.end]
            long_enough = lexis.n_words(text) >= _MIN_WORDS or tells_when(text) or names_holder(text)
            if long_enough and not text.endswith("?") and not gives_orders(text):
                yield Said(hit, span)


def _tells(preferred: Preferred, said: Said) -> bool:
    """Tell whether a sentence stands in a text that tells what happened."""
    bearing = preferred.bearing(said.document_id)
    return bearing is not None and bearing.standing.reports


def difference(asked: Asked, mine: Said, other: Said) -> tuple[str, str] | None:
    """Return what two sentences about one thing say differently, in the words of each."""
    for one in mine.values:
        rivals = [value for value in other.values if value.kind == one.kind and (one.near & value.near) - SMALL]
        same_kind = [value for value in mine.values if value.kind == one.kind]
        wanted = not asked.kinds or one.kind in asked.kinds
        # A sentence with several numbers of a kind says which is which in ways that words alone do not show.
        if wanted and len(same_kind) == 1 == len(rivals) and disagree(one, rivals[0]):
            return one.text, rivals[0].text
    if "date" in asked.kinds and len(mine.dates) == 1 == len(other.dates):
        one_day, other_day = mine.dates[0], other.dates[0]
        if not one_day.startswith(other_day) and not other_day.startswith(one_day):
            return one_day, other_day
    return polarity_of(asked, mine, other) if "polarity" in asked.kinds else None


def _settled(preferred: Preferred, mine: Said, against: Sequence[tuple[Said, str, str]]) -> Conflict:
    """Return the disagreement with what settles it: the standing of the documents, a later first day, or a change."""
    sayings = [(mine, against[0][1]), *((other, words) for other, _, words in against)]
    held = [(said, words) for said, words in sayings if _in_force(preferred, said) is not False]
    starts = [_since(preferred, said) for said, _ in held]
    latest = max(filter(None, starts), default="")
    winner: tuple[Said, str] | None = None
    if len(held) == 1:
        winner, why = held[0], "the other is not in force"
    elif held and all(starts) and starts.count(latest) == 1:
        winner = held[starts.index(latest)]
        why = f"in force since {spoken(latest)}, later than the other"
    elif changing := [each for each in held if _replaces_all(each[0], held, on=preferred.on)]:
        winner, why = changing[0], "it tells of the change"
    called = _called([said for said, _ in sayings])
    said_by = "; ".join(f"{called[said.document_id]} says {words}" for said, words in sayings)
    if winner is None:
        told = f"{said_by}. Nothing in them says which holds; ask their owners."
        return Conflict(_sides([said for said, _ in sayings]), told)
    losers = [said for said, _ in sayings if said is not winner[0]]
    told = f"The documents disagree: {said_by}. {called[winner[0].document_id]} holds: {why}."
    ids = tuple(dict.fromkeys(said.document_id for said in losers))
    return Conflict(_sides([winner[0], *losers]), told, winner[0].document_id, ids)


def _replaces_all(said: Said, held: Sequence[tuple[Said, str]], *, on: str) -> bool:
    """Tell whether a sentence announces a change of what each of the others gives."""
    return all(replaces(said, other, on=on) for other, _ in held if other is not said)


def _called(sayings: Sequence[Said]) -> dict[str, str]:
    """Return the title of each document, with its file where another one has the same title."""
    titles = {said.document_id: said.hit.passage.title for said in sayings}
    n_called = Counter(titles.values())
    files = {said.document_id: re.split(r"[/\\:]", said.hit.passage.source)[-1] for said in sayings}
    return {
        document_id: f"“{title}”" + (f" ({files[document_id]})" if n_called[title] > 1 else "")
        for document_id, title in titles.items()
    }


def _in_force(preferred: Preferred, said: Said) -> bool | None:
    bearing = preferred.bearing(said.document_id)
    return bearing.in_force if bearing is not None else None


def _since(preferred: Preferred, said: Said) -> str | None:
    bearing = preferred.bearing(said.document_id)
    return bearing.standing.effective_from if bearing is not None else None


def _sides(sayings: Sequence[Said]) -> tuple[Statement, ...]:
    return tuple(Statement(said.text, 1.0, (_cite(said, n),)) for n, said in enumerate(sayings, 1))


def _cite(said: Said, n: int) -> Citation:
    chunk = said.hit.passage.chunk
    start, end = chunk.start + said.span.start, chunk.start + said.span.end
    place = (chunk.id, *chunk.place(start), start, end)
    return Citation(n, chunk.document_id, said.hit.passage.title, chunk.version, *place, said.text)
