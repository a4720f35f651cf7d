"""Weigh several answers to one question: which is shown, and how the others differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag import lexis
from rag.ask.support.facts import missing_facts
from rag.ask.texts.rows import is_row
from rag.types import Candidate, Confidence, Mode, Statement

# Two answers say the same when the shorter one shares this part of its words with the other, and no number differs.
_SAME_WORDS = 0.6
# What the agreement of all other answers adds to a probability.
_AGREEMENT = 0.1
# What a way through tables adds that accounts for every word of the question: 27 of 30 such answers over ten sets are
# right, also those that seem less likely.
_TRAIL = 0.1
# An answer that is this much less likely than the one that is shown is not offered.
_WORTH_SHOWING = 0.4
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """A verified draft with its confidence, which counts support and coverage of the question's terms."""

    mode: Mode
    statements: tuple[Statement, ...]
    confidence: Confidence

    @property
    def text(self) -> str:
        """The statements as one text."""
        return " ".join(statement.text for statement in self.statements)


def best(answers: Sequence[Weighed]) -> int:
    """Return the place of the answer that is shown; ties go first.

    It is the likeliest, where the agreement of others counts, and a way through tables to it.
    """
    scores = [
        each.confidence.probability
        + _AGREEMENT * _agreement(n, answers)
        + _TRAIL * each.confidence.signals.get("trail", 0.0)
        for n, each in enumerate(answers)
    ]
    return max(range(len(answers)), key=lambda n: (scores[n], -n))


def others(shown: Weighed, answers: Sequence[Weighed]) -> tuple[Candidate, ...]:
    """Return the other answers, the likeliest first, each with how it differs from the one that is shown."""
    least = _WORTH_SHOWING * shown.confidence.probability
    kept = [
        each
        for each in answers
        if each is not shown
        and each.statements
        and each.confidence.probability >= least
        and not _copies(each, shown)
        and not _adds_rows(each, shown)
    ]
    kept.sort(key=lambda each: -each.confidence.probability)
    distinct = [each for n, each in enumerate(kept) if not any(_copies(each, before) for before in kept[:n])]
    return tuple(
        Candidate(each.statements, each.confidence.probability, difference(shown, each))
        for each in distinct[:_MOST_SHOWN]
    )


def difference(shown: Weighed, other: Weighed) -> str:
    """Return how an answer differs from the one that is shown, in words: a number first, then how much it says."""
    source, topic = _source(other), _topic(other)
    elsewhere = bool(source) and source != _source(shown)
    beside = "The same passage" if _passages(other) <= _passages(shown) else "Another passage"
    said = f"“{source}”" if elsewhere else beside
    if facts := _other_facts(shown.text, other.text):
        return f"{said} says {facts[0]}."
    mine, yours = lexis.stems(shown.text), lexis.stems(other.text)
    if shown.mode != other.mode and other.mode == "quoted":
        return "In the words of the documents."
    if yours < mine:
        return f"{said} says less."
    if mine < yours:
        return f"{said} says more."
    if _agree(shown, other):
        return f"{said} says the same in other words."
    from_where = said if elsewhere else f"{beside[:1].lower()}{beside[1:]}"
    return f"From {from_where}{f', on “{topic}”' if topic not in {'', source} else ''}."


def _agreement(n: int, answers: Sequence[Weighed]) -> float:
    rest = [each for place, each in enumerate(answers) if place != n and each.statements]
    return sum(_agree(answers[n], each) for each in rest) / len(rest) if rest else 0.0


def _agree(left: Weighed, right: Weighed) -> bool:
    mine, yours = lexis.stems(left.text), lexis.stems(right.text)
    shared = len(mine & yours) / max(min(len(mine), len(yours)), 1)
    return shared >= _SAME_WORDS and not _other_facts(left.text, right.text)


def _other_facts(shown: str, other: str) -> list[str]:
    """Return the numbers of the other text whose unit the shown one has with another number."""
    mine = {words.split()[-1].casefold() for words in missing_facts(shown, other) if " " in words}
    theirs = [words for words in missing_facts(other, shown) if " " in words]
    return [words for words in theirs if words.split()[-1].casefold() in mine]


def _copies(left: Weighed, right: Weighed) -> bool:
    return lexis.squeezed(left.text) == lexis.squeezed(right.text)


def _adds_rows(other: Weighed, shown: Weighed) -> bool:
    """Tell whether an answer is the shown one with rows of the same passages, which are about other things."""
    texts = {statement.text for statement in shown.statements}
    added = [statement for statement in other.statements if statement.text not in texts]
    return (
        len(added) + len(texts) == len(other.statements)
        and all(is_row(statement.text) for statement in added)
        and _passages(other) <= _passages(shown)
    )


def _passages(answer: Weighed) -> set[str]:
    return {citation.chunk_id for statement in answer.statements for citation in statement.citations}


def _source(answer: Weighed) -> str:
    return next((citation.title for statement in answer.statements for citation in statement.citations), "")


def _topic(answer: Weighed) -> str:
    cited = [citation for statement in answer.statements for citation in statement.citations]
    return next((lexis.unnumbered(citation.headings[-1]) for citation in cited if citation.headings), "")
