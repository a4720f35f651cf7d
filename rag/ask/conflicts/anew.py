"""Tell whether an edition in force gives another value of what an edition of before is quoted for."""

from __future__ import annotations

from rag.ask.conflicts.alignment import SMALL, Said, asks_for
from rag.ask.conflicts.settle import said_in
from rag.ask.standing.preferred import Preferred
from rag.ask.texts.values import disagree, values
from rag.lexis import stems
from rag.types import Citation, Verdict

# So many words of an older sentence stand in one of the edition in force that tells its matter anew.
_SHARED = 2


def told_anew(verdict: Verdict, preferred: Preferred) -> bool:
    """Tell whether what takes the place of a quoted edition of before has a value of its own for what is asked.

    "Sent back within 14 days of delivery" is told anew by "may return an order within 30 days of delivery": whoever
    reads the second for no answer must not tell the first, however sure of it.

    Args:
        verdict: With statements from editions of before.
        preferred: The evidence, with the editions in force in front.
    """
    asked = asks_for(preferred.evidence.query)
    if asked.strict:
        return False
    in_front = list(said_in(preferred.in_front.hits))
    return any(
        _gives_another(citation, said, asked.kinds)
        for statement in verdict.statements
        for citation in statement.citations
        for said in in_front
        if _takes_the_place(preferred, said.document_id, citation.document_id)
    )


def _takes_the_place(preferred: Preferred, document: str, of: str) -> bool:
    before, now = preferred.bearing(of), preferred.bearing(document)
    return bool(before and now and now.in_force) and before.set_back.endswith(f"“{now.title}” is in force")


def _gives_another(citation: Citation, said: Said, kinds: frozenset[str]) -> bool:
    if len((stems(citation.quote) & said.stems) - SMALL) < _SHARED:
        return False
    return any(
        one.kind == other.kind and (not kinds or one.kind in kinds) and disagree(one, other)
        for one in values(citation.quote)
        for other in said.values
    )
