"""From files to searchable passages: load, normalize, chunk, embed, link, index; and back out again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from knowledge_graph.types import Extraction
from rag.errors import AccessError, LoadError, StoreError
from rag.ingest.chunk import chunk
from rag.ingest.embed import embed
from rag.ingest.index import forget, index
from rag.ingest.link import link
from rag.ingest.load import LoadedDocument, LoadLimits, hash_file, load
from rag.ingest.normalize import normalize
from rag.ingest.sandbox import Sandbox
from rag.protocols import Catalog, Embedder, Graphs, Originals, Vectors
from rag.types import (
    DEFAULT_SPACE,
    LOCAL_OWNER,
    Document,
    EmbeddedChunks,
    FileReport,
    IndexRecipe,
    IngestProgress,
    IngestSummary,
    Principal,
    RemovalCheck,
    SourceFile,
)

Watch = Callable[[IngestProgress], None]
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class IngestChoices:
    """The numbers of one run; `rag.wiring` takes them from the settings."""

    limits: LoadLimits
    budget_tokens: int
    context_tokens: int


class IngestParts(Protocol):
    """What the flow works with."""

    @property
    def catalog(self) -> Catalog:
        """The truth."""

    @property
    def vectors(self) -> Vectors:
        """Nearest neighbours."""

    @property
    def originals(self) -> Originals:
        """The files as they came."""

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""

    @property
    def graphs(self) -> Graphs:
        """The knowledge graphs."""

    @property
    def sandbox(self) -> Sandbox:
        """The process that parses."""

    @property
    def index(self) -> str:
        """The index version to write."""

    @property
    def recipe(self) -> IndexRecipe:
        """What the models and settings of this process make."""

    @property
    def writing(self) -> Lock:
        """Held while a version goes live, so that two writers of one document take turns."""

    def drop_caches(self) -> None:
        """Drop what models keep in memory of passages that they have read."""

    @property
    def ingest_choices(self) -> IngestChoices:
        """The numbers."""


def ingest(
    files: Sequence[SourceFile],
    parts: IngestParts,
    *,
    space: str = DEFAULT_SPACE,
    principal: Principal = LOCAL_OWNER,
    on_progress: Watch = lambda _: None,
) -> IngestSummary:
    """Make files searchable, each for itself: one that fails costs only itself.

    A file whose content is known already changes nothing. A changed one becomes the live version of its
    document in one transaction. A run that is stopped or killed loses nothing: each document is either in
    or not, and the next run does the rest.

    Args:
        files: What to read, e.g. from `rag.ingest.load.find_files`.
        parts: Stores and models.
        space: Where the documents belong.
        principal: On whose behalf; access is decided here.
        on_progress: Told of every step, with rate and time left.

    Raises:
        AccessError: The principal may not write to the space.
        NotFound: There is no such space.
        StoreError: A store fails; what was finished before stays.
    """
    _check_writer(parts.catalog, principal, space)
    run = _Run(tuple({file.source: file for file in files}.values()), on_progress)
    run.tell("scanning", "")
    for file in run.files:
        run.tell("reading", file.name)
        for report in _one_file(file, parts, space, run):
            run.end(report)
        run.files_done += 1
        run.bytes_done += _size(file.path)
    return IngestSummary(tuple(run.reports), run.chunks_done, time.perf_counter() - run.began)


def remove(document_id: str, parts: IngestParts, *, principal: Principal = LOCAL_OWNER) -> RemovalCheck:
    """Remove a document with all its versions and every trace, and prove it.

    Raises:
        NotFound: There is no such document.
        AccessError: The principal may not write to its space.
        StoreError: A trace is left; the removal can be repeated.
    """
    document = parts.catalog.document(document_id)
    _check_writer(parts.catalog, principal, document.space)
    with parts.writing:
        check = forget(document, parts.catalog, parts.vectors, parts.originals, parts.graphs)
    parts.drop_caches()
    return check


def reindex(
    parts: IngestParts, *, principal: Principal = LOCAL_OWNER, on_progress: Callable[[int, int], None] = lambda *_: None
) -> str:
    """Build the index version that models and settings ask for beside the active one, then make it the active one.

    Questions are answered from the old one meanwhile. A build that is stopped goes on where it was. The old
    version stays, so that going back with the old settings takes a moment.

    Args:
        parts: Stores and models.
        principal: On whose behalf; only the owner may.
        on_progress: Told after each document how many are done, of how many.

    Returns:
        The id of the active index version.

    Raises:
        AccessError: The principal is not the owner.
    """
    if not principal.owner:
        raise AccessError(f"{principal.id!r} may not build an index.", hint="Ask the owner of the home directory.")
    catalog = parts.catalog
    index_id = catalog.index_for(parts.recipe)
    listed = [info for space in catalog.spaces(principal) for info in catalog.documents(space)]
    for n, info in enumerate(listed):
        on_progress(n, len(listed))
        with parts.writing:
            if catalog.indexed(info.id, info.version, index_id):
                continue
            embedded, extractions = _read(catalog.text(info.id, info.version), parts, lambda _: None)
            index(embedded, extractions, catalog, parts.vectors, parts.graphs, index_id=index_id)
    on_progress(len(listed), len(listed))
    catalog.activate(index_id)
    return index_id


def _check_writer(catalog: Catalog, principal: Principal, space: str) -> None:
    if catalog.role(principal, space) not in {"owner", "editor"}:
        raise AccessError(f"{principal.id!r} may not change the space {space!r}.", hint="Ask its owner for access.")


class _Run:
    """Counts of a running ingest and what is told of them."""

    def __init__(self, files: tuple[SourceFile, ...], on_progress: Watch) -> None:
        self.files = files
        self.began = time.perf_counter()
        self.files_done = 0
        self.bytes_done = 0
        self.chunks_done = 0
        self.reports: list[FileReport] = []
        self._bytes_total = sum(_size(file.path) for file in files)
        self._on_progress = on_progress

    def tell(self, stage: str, name: str, *, chunks: int = 0, file: FileReport | None = None) -> None:
        elapsed = time.perf_counter() - self.began
        done = self.chunks_done + chunks
        remaining = (
            elapsed * (self._bytes_total - self.bytes_done) / self.bytes_done if self.bytes_done and elapsed else None
        )
        rate = done / elapsed if elapsed else 0.0
        self._on_progress(
            IngestProgress(stage, name, self.files_done, len(self.files), done, rate, remaining, file)  # type: ignore[arg-type]
        )

    def end(self, report: FileReport) -> None:
        self.reports.append(report)
        self.chunks_done += report.n_chunks if report.outcome in {"added", "updated"} else 0
        self.tell("finished", report.name, file=report)


def _one_file(file: SourceFile, parts: IngestParts, space: str, run: _Run) -> Iterator[FileReport]:
    """Yield the report of a file, or of each member of an archive; never raise for what is in it."""
    began = time.perf_counter()
    known = _unchanged(file, parts.catalog, space)
    if known is not None:
        yield known
        return
    for loaded in load(file, limits=parts.ingest_choices.limits, sandbox=parts.sandbox):
        if isinstance(loaded, FileReport):
            yield loaded
        else:
            report = _one_document(loaded, parts, space, run)
            yield replace(report, elapsed_s=time.perf_counter() - began)
        began = time.perf_counter()


def _one_document(loaded: LoadedDocument, parts: IngestParts, space: str, run: _Run) -> FileReport:
    raw = loaded.raw
    try:
        document = normalize(raw, space=space)
    except LoadError as exc:
        return FileReport(raw.source, raw.name, "failed", reason=exc.message, hint=exc.hint or None, report=raw.report)
    live = parts.catalog.find(space, raw.source)
    if live is not None and live.version == document.version:
        with parts.writing:
            parts.originals.put(raw.file_sha256, _blocks(loaded.path))
            parts.catalog.touch(document)
        return _success(document, "unchanged", live.n_chunks)
    embedded, extractions = _read(document, parts, lambda done: run.tell("embedding", raw.name, chunks=done))
    with parts.writing:
        parts.originals.put(raw.file_sha256, _blocks(loaded.path))
        receipt = index(embedded, extractions, parts.catalog, parts.vectors, parts.graphs, index_id=parts.index)
    return _success(document, "updated" if receipt.replaced else "added", receipt.n_chunks)


def _read(
    document: Document, parts: IngestParts, on_progress: Callable[[int], None]
) -> tuple[EmbeddedChunks, Sequence[Extraction]]:
    choices = parts.ingest_choices
    chunks = chunk(
        document,
        parts.embedder.token_spans,
        budget_tokens=choices.budget_tokens,
        context_tokens=choices.context_tokens,
    )
    embedded = embed(document, chunks, parts.embedder, on_progress=on_progress)
    extractions, _ = link(document, chunks)
    return embedded, extractions


def _unchanged(file: SourceFile, catalog: Catalog, space: str) -> FileReport | None:
    """Return the report of a file whose very bytes are live already, without parsing it again."""
    live = catalog.find(space, file.source)
    if live is None or live.n_bytes != _size(file.path):
        return None
    newest = catalog.versions(live.id)[0]
    try:
        if newest.file_sha256 != hash_file(file.path):
            return None
    except OSError:
        return None
    return FileReport(
        live.source, live.name, "unchanged", live.id, live.version, report=live.report, n_chunks=live.n_chunks
    )


def _success(document: Document, outcome: str, n_chunks: int) -> FileReport:
    return FileReport(
        document.source,
        document.name,
        outcome,  # type: ignore[arg-type]
        document.id,
        document.version,
        report=document.report,
        n_chunks=n_chunks,
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                yield block
    except OSError as exc:
        raise StoreError(f"The file {path.name!r} went away while it was read: {exc}.", hint="Try again.") from exc
