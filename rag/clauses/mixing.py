"""Tell whether a claim says of one thing what the sources say of another: "the Pro plan is free", where Basic is."""

from __future__ import annotations

from collections.abc import Sequence

from rag import lexis
from rag.clauses.reading import Clause, Sentence
from rag.english import is_english

# Share of what a claim says that stands in the clause about the other thing.
_TAKEN = 0.5


def mixed_up(clause: Clause, read: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence whose clause about another thing a claim was taken from; ``None`` for none.

    Only things that were read of, and that can be mistaken for each other, count: two names, or two of a kind ("Basic
    plan", "Pro plan"). What any clause about the thing of the claim says, it may say too.
    """
    subject = clause.own_subject
    said_of_it = clause.own - subject
    if not subject or not said_of_it:
        return None
    for said in read:
        for other in said.clauses:
            only, theirs = subject - other.own_subject, other.own_subject - subject
            if not only or not theirs or not _alike(clause, other) or theirs & clause.own or only & other.stems:
                continue
            about = [
                each.stems for sentence in read for each in sentence.clauses if only <= each.stems | sentence.above
            ]
            if not about:
                continue
            taken = (said_of_it & other.own) - frozenset[str]().union(*about)
            if taken and len(said_of_it & other.own) >= _TAKEN * len(said_of_it):
                return said
    return None


def _alike(clause: Clause, other: Clause) -> bool:
    """Tell whether the subjects of two clauses are of a kind, or are both names."""
    if clause.own_subject & other.own_subject:
        return True
    return _is_name(clause) and _is_name(other)


def _is_name(clause: Clause) -> bool:
    """Tell whether a subject is a name: a capital within it, or a first word that is no common one."""
    words = clause.text.split()
    begin = [word for word in words[:3] if word.casefold() not in lexis.STOP_WORDS]
    if len(begin) > 1 and begin[0][:1].isupper() and begin[1][:1].isupper():
        return True
    return bool(begin) and begin[0][:1].isupper() and not is_english(begin[0].casefold())
