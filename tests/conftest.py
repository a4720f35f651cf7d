"""Real stores in a temporary home, documents made by hand that fill them without a model, and models loaded once."""

from __future__ import annotations

import gc
import hashlib
import shutil
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from knowledge_graph.storage import GraphStore
from knowledge_graph.types import Extraction, Mention, Relation
from rag import wiring
from rag.ingest.index import forget
from rag.ingest.sandbox import Sandbox
from rag.models.embedding import EmbeddingModel
from rag.stores.catalog import SqlCatalog
from rag.stores.database import Database
from rag.stores.files import FileOriginals
from rag.stores.home import Home
from rag.stores.lexical import SqliteLexical
from rag.stores.vectors import ChromaVectors
from rag.types import Block, Chunk, Document, EmbeddedChunks, Float32Array, IndexRecipe, ParseReport

DIMENSION = 64
BROWSER = "tests/browser/"


def unit_vectors(n: int, seed: int, dimension: int = DIMENSION) -> Float32Array:
    """Return random vectors whose entries are all of one size, so that no store's normalization changes a bit."""
    signs = np.random.default_rng(seed).choice(np.array([-1.0, 1.0]), size=(n, dimension))
    return (signs / np.sqrt(dimension)).astype(np.float32)


def make_embedded(
    paragraphs: Sequence[str],
    *,
    source: str = "/docs/guide.md",
    space: str = "default",
    title: str = "Guide",
    vectors: Float32Array | None = None,
) -> EmbeddedChunks:
    """Return one document version whose chunks are its paragraphs."""
    text = "\n\n".join(paragraphs)
    document_id = "d" + hashlib.sha256(f"{space}\0{source}".encode()).hexdigest()[:15]
    version = hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()[:16]
    blocks, chunks, start = [], [], 0
    for ordinal, paragraph in enumerate(paragraphs):
        end = start + len(paragraph)
        blocks.append(Block("paragraph", start, end, page=1))
        chunks.append(
            Chunk(
                id=f"{document_id}@{version}:{start}-{end}",
                document_id=document_id,
                version=version,
                ordinal=ordinal,
                start=start,
                end=end,
                text=paragraph,
                context=title,
                headings=(title, "Part"),
                page=1,
                n_tokens=len(paragraph.split()),
            )
        )
        start = end + 2
    document = Document(
        id=document_id,
        version=version,
        space=space,
        source=source,
        name=Path(source).name,
        title=title,
        media_type="text/markdown",
        file_sha256=hashlib.sha256(text.encode()).hexdigest(),
        n_bytes=len(text.encode()),
        text=text,
        blocks=tuple(blocks),
        metadata=(("author", "Ada"),),
        report=ParseReport(pages=1, characters=len(text), tables=0, warnings=("guessed",)),
    )
    if vectors is None:
        vectors = unit_vectors(len(chunks), seed=int(version[:8], 16))
    return EmbeddedChunks(document, tuple(chunks), vectors, tuple(vectors[n : n + 1] for n in range(len(chunks))))


def make_extractions(embedded: EmbeddedChunks) -> list[Extraction]:
    """Return a mention of each chunk's first word, related to its last one."""
    extractions = []
    for chunk in embedded.chunks:
        words = chunk.text.split()
        mention = Mention(words[0], "name", 0, len(words[0]))
        relation = Relation(words[0], "with", words[-1], 0, len(chunk.text))
        extractions.append(Extraction(chunk.id, (mention,), (relation,)))
    return extractions


@dataclass
class Stores:
    """All stores over one home, and what the flows do with them."""

    home: Home
    database: Database
    catalog: SqlCatalog
    lexical: SqliteLexical
    vectors: ChromaVectors
    originals: FileOriginals
    index: str

    def ingest(self, embedded: EmbeddedChunks, *, index: str | None = None) -> str | None:
        """Make a version live, in the order of `rag.ingest.index`."""
        index = index or self.index
        document = embedded.document
        ids = [chunk.id for chunk in embedded.chunks]
        self.originals.put(document.file_sha256, [document.text.encode()])
        self.catalog.stage([embedded], index)
        self.vectors.add(document.space, index, ids, embedded.vectors)
        (replaced,) = self.catalog.publish([(embedded, make_extractions(embedded))], index)
        self.forget_vectors(document.id, keep=set(ids))
        return replaced

    def forget_vectors(self, document_id: str, keep: set[str]) -> None:
        """Delete the vectors that the journal names, and settle it."""
        for space, index, ids in self.catalog.unfinished({document_id}):
            self.vectors.delete(space, index, [name for name in ids if name not in keep])
            self.catalog.settle(ids)

    def remove(self, *document_ids: str) -> tuple[str, ...]:
        """Remove documents from every store and the disk."""
        ids = tuple(chunk.id for each in document_ids for chunk in self.catalog.document_chunks(each, self.index))
        known = {each: self.catalog.document(each) for each in document_ids}
        forget(known, self.catalog, self.vectors, self.originals, GraphStore(self.catalog.extractions))
        return ids

    def close(self) -> None:
        """Let go of everything, as a process that ends."""
        self.vectors.close()
        self.database.close()
        self.home.release()


@cache
def _empty() -> TemporaryDirectory[str]:
    """A home directory without documents, closed: to run all migrations takes longer than most tests of a store."""
    made = TemporaryDirectory(prefix="footnote-empty-")
    _open(Path(made.name) / "home").close()
    return made


def open_stores(path: Path, *, secure_delete: bool = True) -> Stores:
    """Return the stores of a home directory with the default space and one index version."""
    if not path.exists():
        shutil.copytree(Path(_empty().name) / "home", path)
    return _open(path, secure_delete=secure_delete)


def _open(path: Path, *, secure_delete: bool = True) -> Stores:
    home = Home(path).acquire()
    database = Database(home.database_url, secure_delete=secure_delete)
    catalog = SqlCatalog(database)
    catalog.create_space("default")
    index = catalog.index_for(recipe())
    vectors = ChromaVectors(home.chroma)
    return Stores(home, database, catalog, SqliteLexical(database), vectors, FileOriginals(home.files), index)


def recipe(dimension: int = DIMENSION, chunker: str = "budget=240") -> IndexRecipe:
    """Return the recipe of an index version."""
    return IndexRecipe("bundled:none", "0" * 64, dimension, chunker, "1")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = open_stores(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def open_home() -> Iterator[Callable[..., Stores]]:
    """Open homes that are closed after the test."""
    opened: list[Stores] = []

    def _open(path: Path, *, secure_delete: bool = True) -> Stores:
        opened.append(open_stores(path, secure_delete=secure_delete))
        return opened[-1]

    yield _open
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def opener() -> Callable[..., Stores]:
    """Open a home that the caller closes, see `open_stores`."""
    return open_stores


@pytest.fixture(scope="session")
def embed_by_hand() -> Callable[..., EmbeddedChunks]:
    """Make a document version, see `make_embedded`."""
    return make_embedded


class Kept:
    """Shipped models and parsing processes by how they were made; they stay open for the workspaces that come after."""

    def __init__(self) -> None:
        self._models: dict[Hashable, Any] = {}
        self._sandboxes: dict[Hashable, Sandbox] = {}

    def sandbox(self, **choices: Any) -> Sandbox:
        """Return the parsing process of these choices."""
        key = tuple(sorted(choices.items()))
        if key not in self._sandboxes:
            self._sandboxes[key] = made = Sandbox(**choices)
            made.close = lambda: None
        return self._sandboxes[key]

    def close(self) -> None:
        """End the parsing processes."""
        for sandbox in self._sandboxes.values():
            Sandbox.close(sandbox)

    def loader(self, load: Callable[..., Any]) -> Callable[..., Any]:
        """Return a loader that loads a shipped model once, and whatever else as ever."""

        def loaded(ref: str, *, cache: Path, embedder: Any = None, **choices: Any) -> Any:
            choices |= {} if embedder is None else {"embedder": embedder}
            if not ref.startswith("bundled:") or not (embedder is None or embedder in self._models.values()):
                return load(ref, cache=cache, **choices)
            key = (load, ref, *sorted(choices.items()))
            if key not in self._models:
                model = self._models[key] = load(ref, cache=cache, **choices)
                if hasattr(model, "close"):
                    model.close = lambda: None
            return self._models[key]

        return loaded


LOADERS = {
    name: getattr(wiring, name) for name in ("load_embedder", "load_reranker", "load_generator", "load_verifier")
}


@pytest.fixture(autouse=True, scope="session")
def _models_are_loaded_once() -> Iterator[None]:
    """Every workspace loads its models and starts a parser, which takes longer than most of what it is opened for."""
    kept = Kept()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "Sandbox", kept.sandbox)
        for name, load in LOADERS.items():
            patch.setattr(wiring, name, kept.loader(load))
        yield
    kept.close()


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> EmbeddingModel:
    """The bundled embedding model as workspaces have it, in the runtime that is the same on every machine."""
    cache = tmp_path_factory.mktemp("models")
    return wiring.load_embedder("bundled:all-MiniLM-L6-v2", runtime="torch-float32", threads=1, cache=cache)


@pytest.fixture
def own_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workspaces load models of their own, and close them."""
    for name, load in LOADERS.items():
        monkeypatch.setattr(wiring, name, load)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """What is imported and collected stays: no collection of garbage walks through it, as in the application."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a process whole files, and one of the two all that needs a browser: a second one starts another server."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    return Scheduling(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the kill test run longer than the default suite wants to wait."""
    parser.addoption("--kills", type=int, default=4, help="how often the ingest is killed in tests/rag/test_kill.py")


@pytest.fixture
def n_kills(request: pytest.FixtureRequest) -> int:
    """Return how often to kill."""
    kills: int = request.config.getoption("--kills")
    return kills
