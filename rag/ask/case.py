"""What the statements of an answer are held against, and how sure they are there: the case that `guard` decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag import lexis
from rag.ask.question.asked import Part
from rag.ask.quoting.choice import Sentence
from rag.ask.quoting.quotable import quotable
from rag.ask.signals import signals
from rag.confidence import Calibration, estimate
from rag.protocols import Highlighter
from rag.types import Confidence, Evidence, Hit, Statement


@dataclass(slots=True)
class Case:
    """A question with the passages that its answer may rest on.

    Args:
        evidence: All passages, with the query.
        hits: Those that statements may rest on, best first.
        highlighter: Scores the cited sentences.
        rarity: Weight of each term of the question.
        calibration: Makes a confidence of signals.
    """

    evidence: Evidence
    hits: tuple[Hit, ...]
    highlighter: Highlighter
    rarity: Mapping[str, float]
    calibration: Calibration
    _quotable: Sequence[Sentence] = field(init=False)

    def __post_init__(self) -> None:
        """Find what could be quoted of the passages, once for all statements about them."""
        self._quotable = quotable(self.evidence.query.text, self.hits, self.highlighter)

    def confidence(self, statements: Sequence[Statement]) -> Confidence:
        """Return how likely statements are right."""
        read = signals(self.evidence, statements, self.hits, self.highlighter, self.rarity, self._quotable)
        return estimate(read, self.calibration)

    def alone(self, part: Part) -> Case:
        """Return the case as if only a part had been asked."""
        rarity = {term: self.weight(lexis.stem(term)) for term in part.query.terms}
        return replace(self, evidence=replace(self.evidence, query=part.query), rarity=rarity)

    def weight(self, stem: str) -> float:
        """Return how much a stem counts; one that the question lacks counts like its rarest."""
        weights = [weight for term, weight in self.rarity.items() if lexis.stem(term) == stem]
        return max(weights, default=max(self.rarity.values(), default=1.0))
