"""Put the documents of a labelled set into a workspace, through the product's own stages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from rag.errors import EmptyFile, InputError
from rag.evaluation.dataset import MEMBER, CorpusDocument, LabelledSet
from rag.evaluation.progress import Watch
from rag.ingest.flow import ingest
from rag.ingest.normalize import normalize
from rag.ingest.publish import publish
from rag.protocols import Catalog, Embedder, Graphs, Urgency, Vectors
from rag.types import (
    DEFAULT_SPACE,
    Document,
    FileReport,
    Float32Array,
    IngestProgress,
    ParseReport,
    RawBlock,
    RawDocument,
)
from rag.wiring import Workspace

_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(slots=True)
class Build:
    """How a build went.

    Args:
        seconds: By stage: read, chunk, embed, link, write; for files the whole as ``ingest``.
        left_out: Documents that hold no text or could not be read, with the reason.
        kept_vectors: Passages whose vectors were known.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    kept_vectors: int = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time inside to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def build(
    labelled: LabelledSet, workspace: Workspace, *, known: Mapping[str, Float32Array], on_progress: Watch
) -> Build:
    """Make the documents of a set live in an empty workspace.

    Files go through the ingest flow as any file does. Lines of a corpus are documents already: they take the part of
    it that comes after parsing.

    Args:
        labelled: The set.
        workspace: Stores and models; its stores are empty.
        known: Vectors of texts that this very model has embedded before.
        on_progress: Told of documents done.

    Raises:
        InputError: No document could be read.
        StoreError: A store fails.
    """
    run = Build()
    if labelled.files:
        _ingest_files(labelled, workspace, run, on_progress)
    else:
        _publish_lines(labelled.corpus, workspace, known, run, on_progress)
    if not workspace.catalog.documents(DEFAULT_SPACE):
        told = "".join(f"; {name!r}: {reason}" for name, reason in run.left_out[:1]) or "; its archives hold none."
        raise InputError(f"No document of {labelled.name!r} could be read{told}", hint="Mend the set.")
    return run


def source_of(line: CorpusDocument) -> str:
    """Return the source under which a line of a corpus is known to the catalog."""
    return f"corpus:{line.id}"


def _ingest_files(labelled: LabelledSet, workspace: Workspace, run: Build, on_progress: Watch) -> None:
    def watch(moment: IngestProgress) -> None:
        on_progress("Indexing", moment.files_done, moment.files_total)

    with run.stage("ingest"):
        summary = ingest(list(labelled.files.values()), workspace, on_progress=watch)
    names = {file.source: name for name, file in labelled.files.items()}
    run.left_out += [(_name(report, names), _reason(report)) for report in summary.files if report.reason]


def _name(report: FileReport, names: Mapping[str, str]) -> str:
    """Return the id in the set of a file, or of what lies inside one."""
    file, _, inner = report.source.partition(MEMBER)
    return names.get(report.source) or (f"{names[file]}{MEMBER}{inner}" if file in names else report.name)


def _reason(report: FileReport) -> str:
    return f"{report.reason} {report.hint or ''}".strip()


def _publish_lines(
    corpus: Sequence[CorpusDocument],
    workspace: Workspace,
    known: Mapping[str, Float32Array],
    run: Build,
    on_progress: Watch,
) -> None:
    parts = _RememberingParts(workspace, known)
    for done, _ in enumerate(publish(_documents(corpus, run), parts, stage=run.stage), 1):
        on_progress("Indexing", done, len(corpus))
    on_progress("Indexing", len(corpus), len(corpus))
    run.kept_vectors = parts.embedder.n_kept


def _documents(corpus: Sequence[CorpusDocument], run: Build) -> Iterator[Document]:
    for line in corpus:
        with run.stage("read"):
            try:
                document = normalize(_raw(line), space=DEFAULT_SPACE)
            except EmptyFile as exc:
                run.left_out.append((line.id, exc.message))
                continue
        yield document


def _raw(line: CorpusDocument) -> RawDocument:
    """Return a line as a parser would: paragraphs are split on blank lines, a title alone is the text."""
    text = line.text if line.text.strip() else line.title
    return RawDocument(
        source=source_of(line),
        name=line.id,
        title=line.title,
        media_type="text/plain",
        file_sha256="",
        n_bytes=len(line.text.encode("utf-8", "replace")),
        blocks=tuple(RawBlock("paragraph", part) for part in _PARAGRAPHS.split(text) if part.strip()),
        metadata=(),
        report=ParseReport(pages=None, characters=len(text), tables=0),
    )


class _RememberingEmbedder:
    """An embedding model that need not run for texts whose vectors are known.

    Args:
        embedder: The model.
        known: Vectors that it has computed before, by text.
    """

    def __init__(self, embedder: Embedder, known: Mapping[str, Float32Array]) -> None:
        self._embedder = embedder
        self._known = known
        self.n_kept = 0
        self.use = embedder.use
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self.token_spans = embedder.token_spans
        self.token_vectors = embedder.token_vectors

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:
        """Return vectors as `rag.protocols.Embedder` does."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        new = [row for row, text in enumerate(texts) if text not in self._known]
        for row, text in enumerate(texts):
            if text in self._known:
                vectors[row] = self._known[text]
        if new:
            vectors[new] = self._embedder.embed([texts[row] for row in new], urgency=urgency)
        self.n_kept += len(texts) - len(new)
        return vectors


class _RememberingParts:
    """A workspace as `publish` needs it, whose embedding model remembers."""

    def __init__(self, workspace: Workspace, known: Mapping[str, Float32Array]) -> None:
        self.catalog: Catalog = workspace.catalog
        self.vectors: Vectors = workspace.vectors
        self.graphs: Graphs = workspace.graphs
        self.index = workspace.index
        self.writing = workspace.writing
        self.ingest_choices = workspace.ingest_choices
        self.embedder = _RememberingEmbedder(workspace.embedder, known)
