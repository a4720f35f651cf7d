"""Put the documents of a labelled set into a workspace, through the product's own stages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from rag.errors import EmptyFile, InputError
from rag.evaluation.dataset import CorpusDocument, LabelledSet
from rag.evaluation.progress import Watch
from rag.ingest.chunk import chunk
from rag.ingest.flow import ingest
from rag.ingest.index import index_all
from rag.ingest.link import link
from rag.ingest.normalize import normalize
from rag.types import (
    DEFAULT_SPACE,
    Chunk,
    Document,
    EmbeddedChunks,
    FileReport,
    Float32Array,
    IngestProgress,
    ParseReport,
    RawBlock,
    RawDocument,
)
from rag.wiring import Workspace

# Passages that are embedded and published together: enough to fill batches of one length and to make the
# cost of a transaction disappear, few enough that the bar moves every few seconds.
_BATCH_PASSAGES = 512

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

    Files go through the ingest flow as any file does. Lines of a corpus are documents already: they go through
    the stages after loading, in batches over documents, since most of them are one passage.

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
        _ingest_lines(labelled.corpus, workspace, known, run, on_progress)
    if len(run.left_out) == labelled.n_documents:
        name, reason = run.left_out[0]
        raise InputError(f"No document of {labelled.name!r} could be read; {name!r}: {reason}", hint="Mend the set.")
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
    run.left_out += [
        (names.get(report.source, report.name), _reason(report)) for report in summary.files if report.reason
    ]


def _reason(report: FileReport) -> str:
    return f"{report.reason} {report.hint or ''}".strip()


def _ingest_lines(
    corpus: Sequence[CorpusDocument],
    workspace: Workspace,
    known: Mapping[str, Float32Array],
    run: Build,
    on_progress: Watch,
) -> None:
    index_id = workspace.catalog.index_for(workspace.recipe)
    waiting: list[tuple[Document, tuple[Chunk, ...]]] = []
    for done, line in enumerate(corpus, 1):
        chunked = _chunked(line, workspace, run)
        waiting += [chunked] if chunked is not None else []
        if done == len(corpus) or sum(len(chunks) for _, chunks in waiting) >= _BATCH_PASSAGES:
            _publish(waiting, workspace, index_id, known, run)
            waiting = []
            on_progress("Indexing", done, len(corpus))


def _chunked(line: CorpusDocument, workspace: Workspace, run: Build) -> tuple[Document, tuple[Chunk, ...]] | None:
    choices = workspace.ingest_choices
    with run.stage("read"):
        try:
            document = normalize(_raw(line), space=DEFAULT_SPACE)
        except EmptyFile as exc:
            run.left_out.append((line.id, exc.message))
            return None
    with run.stage("chunk"):
        chunks = chunk(
            document,
            workspace.embedder.token_spans,
            budget_tokens=choices.budget_tokens,
            context_tokens=choices.context_tokens,
        )
    return document, chunks


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


def _publish(
    waiting: Sequence[tuple[Document, tuple[Chunk, ...]]],
    workspace: Workspace,
    index_id: str,
    known: Mapping[str, Float32Array],
    run: Build,
) -> None:
    with run.stage("embed"):
        embedded = _embedded(waiting, workspace, known, run)
    with run.stage("link"):
        batch = [(each, link(each.document, each.chunks)[0]) for each in embedded]
    with run.stage("write"), workspace.writing:
        index_all(batch, workspace.catalog, workspace.vectors, workspace.graphs, index_id=index_id)


def _embedded(
    waiting: Sequence[tuple[Document, tuple[Chunk, ...]]],
    workspace: Workspace,
    known: Mapping[str, Float32Array],
    run: Build,
) -> list[EmbeddedChunks]:
    """Embed the passages of many documents together: a batch of one short passage would leave the cores idle."""
    texts = [each.embedded_text for _, own in waiting for each in own]
    vectors = np.zeros((len(texts), workspace.embedder.dimension), dtype=np.float32)
    new = [row for row, text in enumerate(texts) if text not in known]
    for row, text in enumerate(texts):
        if text in known:
            vectors[row] = known[text]
    if new:
        vectors[new] = workspace.embedder.embed([texts[row] for row in new], urgency="ingest")
    run.kept_vectors += len(texts) - len(new)
    embedded: list[EmbeddedChunks] = []
    begin = 0
    for document, own in waiting:
        embedded.append(EmbeddedChunks(document, own, vectors[begin : begin + len(own)]))
        begin += len(own)
    return embedded
