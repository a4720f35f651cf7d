"""What the ingest flows work with; everything concrete is joined in `rag.wiring`."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from rag.ingest.load import LoadLimits
from rag.ingest.sandbox import Sandbox
from rag.protocols import Catalog, Embedder, Graphs, Originals, Standings, Vectors
from rag.types import IndexRecipe


@dataclass(frozen=True, slots=True)
class IngestChoices:
    """The numbers of one run; `rag.wiring` takes them from the settings.

    Args:
        limits: What a file may not exceed.
        budget_tokens: Longest passage.
        context_tokens: Most of it for title and headings.
        batch_passages: Passages that go live together: enough to fill the model's batches with texts of one length and
            to make the cost of a transaction disappear, few enough that something is live every few seconds.
        max_wait_s: How long a document waits for others at most, once the next one has been read.
    """

    limits: LoadLimits
    budget_tokens: int
    context_tokens: int
    batch_passages: int = 512
    max_wait_s: float = 5.0


class PublishParts(Protocol):
    """What makes documents live."""

    @property
    def catalog(self) -> Catalog:
        """The truth."""

    @property
    def vectors(self) -> Vectors:
        """Nearest neighbours."""

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""

    @property
    def graphs(self) -> Graphs:
        """The knowledge graphs."""

    @property
    def index(self) -> str:
        """The active index version, after a check that this process can write it."""

    @property
    def writing(self) -> Lock:
        """Held while a version goes live, so that two writers of one document take turns."""

    @property
    def ingest_choices(self) -> IngestChoices:
        """The numbers."""


class IngestParts(PublishParts, Protocol):
    """What the flows work with."""

    @property
    def standings(self) -> Standings:
        """Which documents are in force."""

    @property
    def originals(self) -> Originals:
        """The files as they came."""

    @property
    def sandbox(self) -> Sandbox:
        """The process that parses."""

    @property
    def recipe(self) -> IndexRecipe:
        """What the models and settings of this process make."""

    def drop_caches(self) -> None:
        """Drop what models keep in memory of passages that they have read."""
