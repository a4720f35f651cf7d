"""Tell whether a sentence says only of some cases what a claim says of all, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.clauses.contrary import related
from rag.clauses.reading import Clause, Sentence
from rag.clauses.turns import held

_ALL = re.compile(
    r"^\W*(?:all|every|each|any|anyone|anybody|everyone|everybody|everything)\b|\balways\b", re.IGNORECASE
)
_SOME = re.compile(r"^\W*(?:some|most|many|several|few)\b|\b(?:sometimes|often|usually|rarely)\b", re.IGNORECASE)
_LIMITS = re.compile(r"\b(?:only|solely|exclusively|just|unless|except|alone|nothing else|no other)\b", re.IGNORECASE)


def narrower(clause: Clause, stated: Sentence, resting: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that says a clause of some cases only, where nothing else that it rests on says more."""
    near = [(len(clause.stems & other.stems), said, other) for said in resting for other in said.clauses]
    most = max((shared for shared, _, _ in near), default=0)
    nearest = [(said, other) for shared, said, other in near if shared == most and related(clause, other)]
    if not nearest:
        return None
    told = frozenset[str]().union(
        *(each.stems for each in stated.clauses), *(condition.stems for condition in stated.conditions)
    )
    if all(_limited(clause, stated, told, other, said) for said, other in nearest):
        return nearest[0][0]
    limits = [condition for condition in stated.conditions if condition.kind == "only"]
    if limits and not any(_LIMITS.search(said.text) for said, _ in nearest):
        return nearest[0][0]
    return None


def _limited(clause: Clause, stated: Sentence, told: frozenset[str], other: Clause, said: Sentence) -> bool:
    """Tell whether a sentence hangs on something that a claim leaves out."""
    for condition in said.conditions:
        if condition.kind == "except":
            general = bool(_ALL.search(stated.text)) or clause.stems <= other.stems
            if general and not clause.denials and not _LIMITS.search(stated.text):
                return True
        elif not held(condition, told) and (condition.kind != "only" or condition.text in other.text):
            return True
    return bool(_SOME.search(other.text) and _ALL.search(clause.text) and not clause.denials)
