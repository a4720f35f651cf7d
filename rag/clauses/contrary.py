"""Tell whether a clause says the contrary of another one that is about the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis
from rag.clauses.reading import GRANTS, Clause, Denial, Sentence, sentences_of
from rag.clauses.turns import turned

# Share of the words of a clause that another one must hold to be about the same.
_RELATED = 0.5
_DUTY = re.compile(r"\b(?:must|has to|have to|needs? to|is required to|are required to|shall)\b", re.IGNORECASE)
_LEAVE = re.compile(r"\b(?:can|could|may|might)\b(?!\s+only)", re.IGNORECASE)


def contradicted(claim: str, source: str) -> bool:
    """Tell whether a source says the contrary of a claim, or nothing of what the claim denies."""
    read = sentences_of(source)
    return any(
        contrary(clause, stated, read, read) is not None or _unfounded(clause, stated, read)
        for stated in sentences_of(claim)
        for clause in stated.clauses
    )


def contrary(
    clause: Clause,
    stated: Sentence,
    resting: Sequence[Sentence],
    read: Sequence[Sentence],
) -> Sentence | None:
    """Return the first sentence with a clause that says the contrary of a clause of a claim; ``None`` for none."""
    grounds = [other for each in resting for other in each.clauses]
    for said in read:
        for other in said.clauses:
            shared = len(clause.stems & other.stems)
            turns = turned(clause, stated, other, said)
            heads = [
                head
                for head in _clashes(clause, other, grounds, said.above)
                if not any(
                    _agrees(head, clause, ground) and len(clause.stems & ground.stems) >= shared for ground in grounds
                )
            ]
            if heads and not turns:
                return said
            if turns and not heads and _turned_only(clause, stated, other, said, resting):
                return said
    return None


def _turned_only(clause: Clause, stated: Sentence, other: Clause, said: Sentence, resting: Sequence[Sentence]) -> bool:
    """Tell whether a bound, an order or a condition alone makes two clauses about one thing contraries.

    It counts where both deny something, or neither does, and nothing that the claim rests on says the same as it.
    """
    mine, theirs = clause.subject - said.above, other.subject - said.above
    nested = not mine or not theirs or mine <= other.stems or theirs <= clause.stems
    if bool(clause.denials) != bool(other.denials) or not related(clause, other) or not nested:
        return False
    shared = len(clause.stems & other.stems)
    return not any(
        len(clause.stems & ground.stems) >= shared and not turned(clause, stated, ground, each)
        for each in resting
        for ground in each.clauses
    )


def _clashes(clause: Clause, other: Clause, grounds: Sequence[Clause], context: frozenset[str]) -> list[str]:
    """Return the stems that one of two clauses about one thing denies and the other affirms."""
    found = []
    for denying, granting in ((clause, other), (other, clause)):
        for denial in denying.denials:
            if _says_both(denial, denying, granting) or _one_denial_alike(clause, other):
                continue
            if denying.must == "need not" and granting.must != "must" and not _forbids(denial.head, granting):
                continue
            if not (granting.affirms(denial.head) or (denying.must == "need not" and _forbids(denial.head, granting))):
                continue
            firm = any(_agrees(denial.head, clause, ground) for ground in grounds)
            if _same_subject(denial, denying, granting, context) and _same_reach(denial, granting, context, firm=firm):
                found.append(denial.head)
    mine, theirs = _duty(clause), _leave(other)
    if mine and mine == theirs and (clause.subject & other.subject or not clause.subject or not other.subject):
        found.append(mine)
    return found


def _says_both(denial: Denial, denying: Clause, granting: Clause) -> bool:
    """Tell whether one clause affirms the word too ("locks and unlocks"), or the other denies it in its own place."""
    return {denial.head, f"~{denial.head}"} <= denying.own or any(
        denial.head in each.after for each in granting.denials
    )


def _one_denial_alike(one: Clause, other: Clause) -> bool:
    """Tell whether two clauses deny the same once, each in its own place: "pay no fee", "do not pay a fee"."""
    if len(one.denials) != 1 or len(other.denials) != 1 or {one.must, other.must} == {"need not", "must"}:
        return False
    mine, theirs = _without_marks(one), _without_marks(other)
    return mine <= theirs or theirs <= mine


def _denies_within(clause: Clause, other: Clause) -> bool:
    """Tell whether the other clause denies within the reach of each denial of a clause, or around it: "not in cash"."""
    return bool(clause.denials) and all(
        any(denial.head in each.after or each.head in denial.after for each in other.denials)
        for denial in clause.denials
    )


def _without_marks(clause: Clause) -> set[str]:
    return {stem.removeprefix("~") for stem in clause.own} - GRANTS


def _agrees(head: str, clause: Clause, ground: Clause) -> bool:
    """Tell whether a clause denies or affirms a word as another one does."""
    denied = {denial.head for denial in clause.denials}, {denial.head for denial in ground.denials}
    if head in denied[0]:
        return head in denied[1] and (clause.must == "need not") == (ground.must == "need not")
    return ground.affirms(head) and not (_duty(clause) == head and _leave(ground) == head)


def _forbids(head: str, clause: Clause) -> bool:
    return clause.must == "must" and any(denial.head == head for denial in clause.denials)


def _same_subject(denial: Denial, denying: Clause, granting: Clause, context: frozenset[str]) -> bool:
    """Tell whether what is denied is denied of what the other clause is about."""
    before = denial.before or denying.carried
    narrowed = denial.narrowed - context
    core = before - denial.narrowed - context
    if core | narrowed <= granting.stems:
        return True
    theirs = granting.subject - context - {denial.head}
    if not narrowed <= granting.stems or not core & theirs:
        return False
    return theirs <= core


def _same_reach(denial: Denial, granting: Clause, context: frozenset[str], *, firm: bool) -> bool:
    """Tell whether what stands behind the denied word narrows it to nothing that the other clause is not about."""
    after = denial.after - context
    if after <= granting.stems:
        return True
    return not firm and granting.after(denial.head) <= after | context


def related(clause: Clause, other: Clause) -> bool:
    """Tell whether a clause shares enough words with another one to be about the same."""
    shared = clause.stems & other.stems
    return len(shared) >= max(2, _RELATED * len(clause.stems))


def _duty(clause: Clause) -> str:
    """Return the stem of what a clause obliges to; empty where it does not."""
    return _verb_behind(_DUTY, clause)


def _leave(clause: Clause) -> str:
    """Return the stem of what a clause only allows; empty where it does not."""
    return _verb_behind(_LEAVE, clause)


def _verb_behind(pattern: re.Pattern[str], clause: Clause) -> str:
    match = pattern.search(clause.text)
    if match is None or clause.denials:
        return ""
    return next((lexis.stem(word) for word in lexis.terms(clause.text[match.end() :])), "")


def _unfounded(clause: Clause, stated: Sentence, read: Sequence[Sentence]) -> bool:
    """Tell whether a clause denies what nothing that was read denies, outright or by a bound or a condition."""
    others = [(other, said) for said in read for other in said.clauses]
    denied = {denial.head for other, _ in others for denial in other.denials}
    if any(_one_denial_alike(clause, other) or _denies_within(clause, other) for other, _ in others):
        return False
    # "Sharing is not possible" denies the sharing.
    heads = {denial.head for denial in clause.denials}
    return any(head not in denied for head in heads - GRANTS or heads) and not any(
        related(clause, other) and turned(clause, stated, other, said) for other, said in others
    )
