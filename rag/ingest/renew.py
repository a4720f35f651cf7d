"""Documents that are in go through chunk to index again, each screened by the rules and the model of today."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.errors import NotFound
from rag.ingest.parts import IngestParts
from rag.ingest.publish import publish, still_live
from rag.safety.documents import held_at, held_spans, rescreen
from rag.types import Chunk, Document, DocumentInfo, FileReport, Flag, ParseReport


@dataclass(frozen=True, slots=True)
class Renewal:
    """What came of documents that were screened again.

    Args:
        index_id: The index version in which they stand.
        n_documents: How many were looked at.
        changed: Those in which something new was flagged, in the order in which they were given.
        waiting: Those of them that wait for a decision now and did not before.
        reread: How each ended that was read again, since earlier parsers had read it.
    """

    index_id: str
    n_documents: int
    changed: tuple[DocumentInfo, ...]
    waiting: tuple[DocumentInfo, ...]
    reread: tuple[FileReport, ...] = ()


@dataclass(slots=True)
class _Run:
    """Where a renewal is: the infos of documents by id, what was found, and how many are done."""

    parts: IngestParts
    index_id: str
    infos: dict[str, DocumentInfo]
    on_progress: Callable[[int, int], None]
    n_done: int = 0
    # Reports only: the documents themselves may be larger than memory.
    screened: dict[str, ParseReport] = field(default_factory=dict)

    def one_done(self) -> None:
        self.n_done += 1
        self.on_progress(self.n_done, len(self.infos))


def renew(
    infos: Sequence[DocumentInfo],
    parts: IngestParts,
    *,
    index_id: str,
    on_progress: Callable[[int, int], None],
) -> Renewal:
    """Screen live documents again, and publish those that are not in the index as they should be.

    That is a document without passages in it, and one in which a passage stands that is held back, or is missing that
    was released. Where only notes are new, no passage is touched. Killed at any point, the next run does the rest.

    Args:
        infos: Live documents, each once.
        parts: Stores and models.
        index_id: Index version in which they shall stand.
        on_progress: Told after each document how many are done, of how many.

    Raises:
        StoreError: A store fails; what was finished before stays.
    """
    run = _Run(parts, index_id, {info.id: info for info in infos}, on_progress)
    on_progress(0, len(run.infos))
    refused: set[str] = set()
    for document, receipt in publish(_to_publish(run), parts, index_id=index_id, admit=still_live(parts.catalog)):
        if receipt is None:
            refused.add(document.id)
        run.one_done()
    on_progress(len(run.infos), len(run.infos))
    known = [(run.infos[name], report) for name, report in run.screened.items() if name not in refused]
    changed = tuple(info for info, report in known if report.flags != info.report.flags)
    if changed:
        parts.drop_caches()
    return Renewal(
        index_id,
        len(run.infos),
        changed,
        tuple(info for info, report in known if report.waiting and not info.report.waiting),
    )


def _to_publish(run: _Run) -> Iterator[Document]:
    """Yield the documents whose passages must be made; note of the others what is new."""
    catalog = run.parts.catalog
    for info in run.infos.values():
        try:
            document = catalog.text(info.id, info.version)
        except NotFound:
            # Removed since it was listed.
            continue
        screened = rescreen(document, run.parts.embedder)
        run.screened[info.id] = screened.report
        if not _stands(screened, catalog.document_chunks(info.id, run.index_id)):
            yield screened
            continue
        if screened.report != document.report:
            with run.parts.writing:
                if still_live(catalog)(screened):
                    catalog.touch(screened)
        run.one_done()


def _stands(document: Document, chunks: Sequence[Chunk]) -> bool:
    """Tell whether the passages of an index leave out what is held back of a document, and nothing that is not."""
    held = held_spans(document)
    return bool(chunks) and all(
        _in_one_of(chunks, flag) != (held_at(held, flag.start) is not None) for flag in document.report.flags
    )


def _in_one_of(chunks: Sequence[Chunk], flag: Flag) -> bool:
    first = bisect_right(chunks, flag.start, key=lambda chunk: chunk.end)
    return first < len(chunks) and chunks[first].start < flag.end
