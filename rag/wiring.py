"""The one place that joins concrete stores and models, for the command line and the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Self, TypeVar

from knowledge_graph.storage import GraphStore
from rag.ask.parts import AskChoices
from rag.ask.tables.question import forget_tables
from rag.clauses.reading import sentences_of
from rag.confidence import NAME as CALIBRATION_NAME
from rag.confidence import Calibration, read_calibration
from rag.errors import ModelError, SettingsError, StoreError
from rag.ingest.chunk import recipe as chunker_recipe
from rag.ingest.load import PARSER_VERSION, LoadLimits
from rag.ingest.parts import IngestChoices
from rag.ingest.sandbox import Sandbox
from rag.ingest.standing import adopt
from rag.models.embedding import EmbeddingModel, load_embedder
from rag.models.generation import load_generator
from rag.models.late_interaction import LateInteraction
from rag.models.reading import ReadingReranker
from rag.models.reranking import load_reranker
from rag.models.verifying import load_verifier
from rag.protocols import Generator, Highlighter, Reranker, Verifier, Writer
from rag.safety.logs import mask_kinds
from rag.safety.policy import NAME as POLICY_NAME
from rag.safety.policy import Policy, read_policy
from rag.settings import Settings
from rag.stores.catalog import SqlCatalog
from rag.stores.database import Database
from rag.stores.feedback import SqlFeedback
from rag.stores.files import FileOriginals
from rag.stores.home import Home
from rag.stores.lexical import SqliteLexical
from rag.stores.recovery import recover, verify
from rag.stores.standings import SqlStandings
from rag.stores.vectors import ChromaVectors
from rag.types import DEFAULT_SPACE, IndexRecipe

Model = TypeVar("Model")


class Workspace:
    """Everything that one process works with: stores that are open, models that load when first used.

    Satisfies `rag.ask.flow.AskParts` and `rag.ingest.parts.IngestParts`. Made by `open_workspace`, safe to share
    between threads.

    Args:
        settings: Of this process.
        home: A home directory that this process owns; it is let go by `close`.
    """

    def __init__(self, settings: Settings, home: Home) -> None:
        self.settings = settings
        self.home = home
        self.writing = Lock()
        self._closing = ExitStack()
        self._closing.callback(home.release)
        self._models: dict[str, Any] = {}
        self._loading = RLock()
        database = Database(home.database_url)
        self._closing.callback(database.close)
        self.catalog = SqlCatalog(database, ledger_log=home.ledger_log)
        self.feedback = SqlFeedback(database, self.catalog.hash_log)
        self.standings = SqlStandings(database)
        self.lexical = SqliteLexical(database)
        self.vectors = ChromaVectors(home.chroma)
        self._closing.callback(self.vectors.close)
        self.originals = FileOriginals(home.files)
        self.graphs = GraphStore(self.catalog.extractions)
        self.sandbox = Sandbox(timeout_s=settings.ingest.parse_timeout_s, memory_mb=settings.ingest.parse_memory_mb)
        self._closing.callback(self.sandbox.close)
        recover(self.catalog, self.vectors, self.originals)
        self.catalog.create_space(DEFAULT_SPACE)
        adopt(self.catalog, self.standings)

    def close(self) -> None:
        """Close models and stores, end the parsing process, and let go of the home directory."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def drop_caches(self) -> None:
        """Drop what models, searches and rules keep in memory of passages that they have read."""
        self.lexical.forget()
        sentences_of.cache_clear()
        forget_tables()
        # A copy: another thread may load a model meanwhile.
        for model in list(self._models.values()):
            if isinstance(model, LateInteraction | ReadingReranker):
                model.forget()

    @property
    def policy(self) -> Policy:
        """The policy of the home directory as it is now, or the default one.

        Raises:
            SettingsError: Something in it is wrong.
        """
        return _policy(self.home)

    @property
    def calibration(self) -> Calibration:
        """The calibration of the home directory as it is now, or the shipped one.

        Raises:
            SettingsError: It is damaged.
        """
        return read_calibration(self.home.path / CALIBRATION_NAME)

    @property
    def ask_choices(self) -> AskChoices:
        """The numbers of a question, from the settings."""
        retrieve, answer = self.settings.retrieve, self.settings.answer
        bar = self.policy.answers.min_confidence
        return AskChoices(
            dense_limit=retrieve.dense_limit,
            lexical_limit=retrieve.lexical_limit,
            lexical_share=retrieve.lexical_share,
            limit=retrieve.limit,
            graph_limit=self.settings.graph.limit if self.settings.graph.enabled else 0,
            rerank_limit=self.settings.rerank.limit if self.settings.rerank.enabled else 0,
            passages=answer.passages,
            max_sentences=answer.max_sentences,
            max_tokens=answer.max_tokens,
            drafts=answer.drafts,
            min_support=answer.min_support,
            min_confidence=answer.min_confidence if bar is None else bar,
            max_question_characters=answer.max_question_characters,
            model_timeout_s=answer.model_timeout_s,
            generator_timeout_s=answer.generator_timeout_s,
            seed=answer.seed,
        )

    @property
    def ingest_choices(self) -> IngestChoices:
        """The numbers of an ingest, from the settings."""
        ingest, chunk = self.settings.ingest, self.settings.chunk
        limits = LoadLimits(
            max_file_mb=ingest.max_file_mb,
            max_pages=ingest.max_pages,
            max_characters=ingest.max_characters,
            max_archive_depth=ingest.max_archive_depth,
            max_unpacked_mb=ingest.max_unpacked_mb,
            max_archive_files=ingest.max_archive_files,
            ocr=ingest.ocr,
            parse_timeout_s=ingest.parse_timeout_s,
        )
        return IngestChoices(limits, chunk.budget_tokens, chunk.context_tokens)

    @property
    def recipe(self) -> IndexRecipe:
        """What the vectors of this process can meet with.

        Raises:
            SettingsError: Passages may be longer than the embedding model reads; their ends would not be found.
        """
        chunk, embedder = self.settings.chunk, self.embedder
        use, room = embedder.use, embedder.room_tokens
        if chunk.budget_tokens > room:
            raise SettingsError(
                f"The setting 'chunk.budget_tokens' is {chunk.budget_tokens}, but {use.ref!r} reads at most {room}.",
                hint=f"Set it to {room} or less, or choose an embedding model that reads longer passages.",
            )
        return IndexRecipe(
            embedding_ref=use.ref,
            embedding_sha256=use.sha256,
            dimension=embedder.dimension,
            chunker=chunker_recipe(budget_tokens=chunk.budget_tokens, context_tokens=chunk.context_tokens),
            parser=PARSER_VERSION,
        )

    @property
    def index(self) -> str:
        """The active index version, after a check that the vectors of this process can meet those in it.

        Raises:
            StoreError: Another model or chunker made it. Another version of the parsers is no matter: text
                that was read once answers as it is until its file is added again.
        """
        active, recipe = self.catalog.active_index(), self.recipe
        if active is None:
            return self.catalog.index_for(recipe)
        made, wanted = asdict(self.catalog.recipe(active)), asdict(recipe)
        name = next((name for name in wanted if name != "parser" and made[name] != wanted[name]), "")
        if name:
            raise StoreError(
                f"The index was made with {name} {made[name]!r}; the settings ask for {wanted[name]!r}.",
                hint="Run `footnote reindex` to build the new index beside the old one, or change the settings back.",
            )
        return active

    def status(self, space: str) -> dict[str, Any]:
        """Return what is stored in a space and whether its stores agree."""
        index = self.catalog.active_index()
        documents = self.catalog.documents(space)
        facts: dict[str, Any] = {
            "home": str(self.home.path),
            "space": space,
            "documents": len(documents),
            "passages": sum(document.n_chunks for document in documents),
            "index": index,
            "read_by_earlier_parsers": sum(info.report.parser != PARSER_VERSION for info in documents),
            "agree": True,
        }
        if index is not None:
            facts["agree"] = verify(self.catalog, self.lexical, self.vectors, space, index).consistent
            facts["graph"] = self._graph_health(space, index, facts["passages"])
        return facts

    def _graph_health(self, space: str, index: str, n_passages: int) -> dict[str, Any]:
        """Return the state of the graph; a passage that gave it nothing is not among its sources."""
        health = self.graphs.graph(space, index).health()
        without = 1 - health.sources_with_entity / n_passages if n_passages else 0.0
        hubs = [{"entity": name, "share": share} for name, share in health.hubs]
        return {**asdict(health), "passages_without_entity": round(without, 4), "hubs": hubs}

    # --- models: each loads when first used, once ---------------------------------------------------

    @property
    def embedder(self) -> EmbeddingModel:
        """The embedding model."""
        models = self.settings.models
        return self._model(
            "embedding",
            lambda: load_embedder(
                models.embedding, runtime=models.runtime, threads=models.threads, cache=self.home.models
            ),
        )

    @property
    def reranker(self) -> Reranker:
        """The reranker."""
        models = self.settings.models
        return self._model(
            "reranker",
            lambda: load_reranker(
                models.reranker, embedder=self.embedder, cache=self.home.models, threads=models.threads
            ),
        )

    @property
    def highlighter(self) -> Highlighter:
        """Scores sentences; a reranker that can, so that they share what they have read."""
        try:
            reranker: Reranker | None = self.reranker
        except ModelError:
            # A reranker that cannot be loaded does not take the choice of sentences along.
            reranker = None
        if isinstance(reranker, LateInteraction | ReadingReranker):
            return reranker
        return self._model("highlighter", lambda: LateInteraction(self.embedder))

    @property
    def generator(self) -> Generator | Writer | None:
        """The generator; ``None`` quotes the documents."""
        models = self.settings.models
        return self._model(
            "generator",
            lambda: load_generator(
                models.generator, cache=self.home.models, threads=models.threads, grounded=models.grounded
            ),
        )

    @property
    def verifier(self) -> Verifier:
        """The verifier."""
        models = self.settings.models
        return self._model(
            "verifier",
            lambda: load_verifier(
                models.verifier, embedder=self.embedder, cache=self.home.models, threads=models.threads
            ),
        )

    @property
    def models_loaded(self) -> bool:
        """Whether the models that every question needs are in memory."""
        return {"embedding", "reranker", "verifier"} <= set(self._models)

    def _model(self, slot: str, load: Callable[[], Model]) -> Model:
        if slot not in self._models:
            with self._loading:
                if slot not in self._models:
                    made = load()
                    if hasattr(made, "close"):
                        self._closing.callback(made.close)
                    self._models[slot] = made
        loaded: Model = self._models[slot]
        return loaded


def open_workspace(settings: Settings, *, models: Path | None = None, make: bool = True) -> Workspace:
    """Return a workspace over the settings' home directory, whose owner this process becomes.

    What a killed process left open is settled first.

    Args:
        settings: Of this process.
        models: Where models that were pulled lie; by default inside the home directory.
        make: Whether a folder without a catalog is made a home directory; whoever only reads means one that is.

    Raises:
        HomeInUse: Another process owns the home directory.
        StoreError: It is none, cannot be used, or a newer Footnote wrote it.
    """
    if not (make or Home(settings.home).catalog.is_file()):
        raise _nothing_in(settings.home)
    home = Home(settings.home, models=models).acquire()
    _begin_masking(home)
    try:
        return Workspace(settings, home)
    except BaseException:
        home.release()
        raise


@dataclass(frozen=True, slots=True)
class Records:
    """What can be read of a home directory while another process owns it.

    Args:
        home: The home directory.
        catalog: Answers, documents and the ledger.
        feedback: Who asked, and what was said of it.
    """

    home: Home
    catalog: SqlCatalog
    feedback: SqlFeedback

    @property
    def policy(self) -> Policy:
        """The policy of the home directory, or the default one; raises `SettingsError`."""
        return _policy(self.home)


@contextmanager
def open_records(settings: Settings) -> Iterator[Records]:
    """Give the records of the settings' home directory, without becoming its owner: the application goes on.

    Raises:
        StoreError: There is no home directory, or it cannot be used.
    """
    home = Home(settings.home)
    if not home.catalog.is_file():
        raise _nothing_in(home.path)
    _begin_masking(home)
    database = Database(home.database_url)
    try:
        catalog = SqlCatalog(database, ledger_log=home.ledger_log)
        yield Records(home, catalog, SqlFeedback(database, catalog.hash_log))
    finally:
        database.close()


def _nothing_in(home: Path) -> StoreError:
    return StoreError(
        f"There is nothing of Footnote in {str(home)!r}.",
        hint="Name the home directory with --home, or make it with `footnote ingest`.",
    )


def _policy(home: Home) -> Policy:
    policy = read_policy(home.path / POLICY_NAME)
    mask_kinds(policy.masking.logs)
    return policy


def _begin_masking(home: Home) -> None:
    # With a policy that cannot be read, what is masked by default is masked; whoever asks is told of it.
    with suppress(SettingsError):
        _policy(home)
