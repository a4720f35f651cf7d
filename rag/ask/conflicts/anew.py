"""Tell whether an edition in force says otherwise what an edition of before is quoted for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag import lexis
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
# "Is there a grace period?" asks what holds; why there was one, and until when, is told by the edition of then.
_IS_IT_SO = re.compile(
    r"^\W*(?:(?:and|but|so|hi|hello)\W+)*(?:is|are|do|does|can|could|may|must|should|will|has|have)\b", re.IGNORECASE
)


def told_anew(verdict: Verdict, preferred: Preferred) -> bool:
    """Tell whether what takes the place of a quoted edition of before says something else of what is asked.

    "Sent back within 14 days of delivery" is told anew by "may return an order within 30 days of delivery": whoever
    reads the second for no answer must not tell the first, however sure of it. So are an hour, a date, a role with
    another person in it, and yes and no. Whether something is so is told by no section that the edition in force has as
    well, without it: what it does not say there any more does not hold.

    Args:
        verdict: With statements from editions of before.
        preferred: The evidence, with the editions in force in front.
    """
    query = preferred.evidence.query
    asked, in_front = asks_for(query), list(said_in(preferred.in_front.hits))
    for mine in _quoted(verdict, preferred):
        others = [said for said in in_front if _takes_the_place(preferred, said.document_id, mine.document_id)]
        recurring, holders = Recurring(query, [mine, *others]), Holders(query, [mine, *others])
        if _IS_IT_SO.search(query.text) and any(
            _section(mine) == _section(other) for other in others if _section(mine)
        ):
            return True
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


def _section(said: Said) -> frozenset[str]:
    """Return the words of the nearest heading of a sentence, without its number."""
    chunk = said.hit.passage.chunk
    nearest = chunk.place(chunk.start + said.span.start)[1][-1:]
    return frozenset(stem for stem in lexis.stems(" ".join(nearest)) if not stem.isdigit())


def _other_value(asked: Asked, mine: Said, other: Said) -> bool:
    """Tell whether two sentences that share words of meaning have two values of a kind that is asked for."""
    if asked.strict or len((mine.stems & other.stems) - SMALL) < _SHARED:
        return False
    return any(
        one.kind == two.kind and (not asked.kinds or one.kind in asked.kinds) and disagree(one, two)
        for one in mine.values
        for two in other.values
    )
