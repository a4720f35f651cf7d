"""Tell whether an edition in force says otherwise what an edition of before is quoted for."""

from __future__ import annotations

from collections.abc import Iterator

from rag.ask.conflicts.alignment import SMALL, Asked, Said, asks_for, same_thing
from rag.ask.conflicts.holders import Holders
from rag.ask.conflicts.recurring import Recurring
from rag.ask.conflicts.settle import difference, said_in
from rag.ask.standing.preferred import Preferred
from rag.ask.texts.values import disagree
from rag.sentences import Span
from rag.types import Verdict

# So many words of an older sentence stand in one of the edition in force that tells its matter anew.
_SHARED = 2


def told_anew(verdict: Verdict, preferred: Preferred) -> bool:
    """Tell whether what takes the place of a quoted edition of before says something else of what is asked.

    "Sent back within 14 days of delivery" is told anew by "may return an order within 30 days of delivery": whoever
    reads the second for no answer must not tell the first, however sure of it. So are an hour, a date, a role with
    another person in it, and yes and no.

    Args:
        verdict: With statements from editions of before.
        preferred: The evidence, with the editions in force in front.
    """
    query = preferred.evidence.query
    asked, in_front = asks_for(query), list(said_in(preferred.in_front.hits))
    for mine in _quoted(verdict, preferred):
        others = [said for said in in_front if _takes_the_place(preferred, said.document_id, mine.document_id)]
        recurring, holders = Recurring(query, [mine, *others]), Holders(query, [mine, *others])
        for other in others:
            if _other_value(asked, mine, other) or recurring.differ(mine, other) or holders.differ(mine, other):
                return True
            if same_thing(query, asked, mine, other) and difference(asked, mine, other):
                return True
    return False


def _quoted(verdict: Verdict, preferred: Preferred) -> Iterator[Said]:
    hits = {hit.passage.chunk.id: hit for hit in preferred.as_found.hits}
    for statement in verdict.statements:
        for citation in statement.citations:
            hit = hits[citation.chunk_id]
            begin = hit.passage.chunk.start
            yield Said(hit, Span(citation.start - begin, citation.end - begin))


def _takes_the_place(preferred: Preferred, document: str, of: str) -> bool:
    before, now = preferred.bearing(of), preferred.bearing(document)
    if before is None or now is None or not now.in_force:
        return False
    return before.set_back.endswith(f"“{now.title}” is in force")


def _other_value(asked: Asked, mine: Said, other: Said) -> bool:
    """Tell whether two sentences that share words of meaning have two values of a kind that is asked for."""
    if asked.strict or len((mine.stems & other.stems) - SMALL) < _SHARED:
        return False
    return any(
        one.kind == two.kind and (not asked.kinds or one.kind in asked.kinds) and disagree(one, two)
        for one in mine.values
        for two in other.values
    )
