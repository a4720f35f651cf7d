"""What a question works with: stores, models and numbers; `rag.wiring` joins the concrete ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.confidence import Calibration
from rag.protocols import (
    Catalog,
    Embedder,
    Generator,
    Graphs,
    Highlighter,
    Lexical,
    Reranker,
    Standings,
    Vectors,
    Verifier,
    Writer,
)
from rag.safety.policy import Policy


@dataclass(frozen=True, slots=True)
class AskChoices:
    """The numbers of one run; `rag.wiring` takes them from the settings.

    A limit of 0 leaves its search or stage out.
    """

    dense_limit: int
    lexical_limit: int
    lexical_share: float
    limit: int
    graph_limit: int
    rerank_limit: int
    passages: int
    max_sentences: int
    max_tokens: int
    drafts: int
    min_support: float
    min_confidence: float
    max_question_characters: int
    model_timeout_s: float
    generator_timeout_s: float
    seed: int


class AskParts(Protocol):
    """What the flow works with."""

    @property
    def catalog(self) -> Catalog:
        """The truth."""

    @property
    def standings(self) -> Standings:
        """Which documents are in force."""

    @property
    def vectors(self) -> Vectors:
        """Nearest neighbours."""

    @property
    def lexical(self) -> Lexical:
        """Full text."""

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""

    @property
    def reranker(self) -> Reranker:
        """The reranker."""

    @property
    def highlighter(self) -> Highlighter:
        """Scores sentences."""

    @property
    def generator(self) -> Generator | Writer | None:
        """The generator; ``None`` quotes."""

    @property
    def verifier(self) -> Verifier:
        """The verifier."""

    @property
    def index(self) -> str:
        """The index version to search."""

    @property
    def policy(self) -> Policy:
        """What is refused, added and shown."""

    @property
    def calibration(self) -> Calibration:
        """Makes a confidence of signals."""

    @property
    def ask_choices(self) -> AskChoices:
        """The numbers."""

    @property
    def graphs(self) -> Graphs:
        """The knowledge graphs."""
