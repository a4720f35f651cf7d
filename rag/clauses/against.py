"""What stands against a claim in the passages that were read: its contrary, a narrower saying, or another subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.clauses.contrary import contrary
from rag.clauses.mixing import mixed_up
from rag.clauses.narrowing import narrower
from rag.clauses.reading import Clause, Sentence, sentences_of

Why = Literal["contrary", "narrower", "mixed"]


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a claim.

    Args:
        sentence: The sentence of the source.
        why: ``contrary`` where it says otherwise, ``narrower`` where it says so in some cases only, ``mixed`` where it
            says so of something else.
    """

    sentence: str
    why: Why


def against(claim: str, resting: Sequence[Sentence], read: Sequence[Sentence]) -> Against | None:
    """Return what stands against a claim; ``None`` where nothing does.

    A clause that says the contrary counts, unless what the claim rests on says of the same word what the claim says,
    and shares as many words with it.

    Args:
        claim: A sentence.
        resting: The sentences that it rests on.
        read: All sentences that were read, those among them.
    """
    for stated in sentences_of(claim):
        for clause in stated.clauses:
            found = _against(clause, stated, resting, read)
            if found is not None:
                return found
    return None


def _against(clause: Clause, stated: Sentence, resting: Sequence[Sentence], read: Sequence[Sentence]) -> Against | None:
    if said := contrary(clause, stated, resting, read):
        return Against(said.text, "contrary")
    if said := narrower(clause, stated, resting):
        return Against(said.text, "narrower")
    if said := mixed_up(clause, read):
        return Against(said.text, "mixed")
    return None
