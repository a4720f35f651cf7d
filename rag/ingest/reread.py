"""Documents that earlier parsers read are read again from their original files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rag.errors import NotFound
from rag.ingest.incoming import Incoming
from rag.ingest.load import PARSER_VERSION
from rag.ingest.parts import IngestParts
from rag.ingest.progress import IngestRun
from rag.ingest.publish import publish
from rag.types import Document, DocumentInfo, FileReport, IngestProgress, SourceFile


def reread(
    infos: Sequence[DocumentInfo],
    parts: IngestParts,
    *,
    index_id: str,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> tuple[FileReport, ...]:
    """Read those of the documents again that earlier parsers read, as if their files were added once more.

    What reads otherwise goes live in the place of its earlier version; what cannot be read now stays as it was, and so
    does one whose original file is not there. Killed at any point, the next run does the rest.

    Args:
        infos: Live documents, each once.
        parts: Stores and models.
        index_id: The active index version.
        on_progress: Told of every step how many are done, of how many; not at all where there is none.

    Returns:
        How each ended, those of a space together.

    Raises:
        StoreError: A store fails; what was finished before stays.
    """
    files = {space: list(_originals(each, parts)) for space, each in _earlier(infos).items()}
    n_files, n_done = sum(map(len, files.values())), 0
    reports: list[FileReport] = []

    def tell(moment: IngestProgress) -> None:
        on_progress(n_done + moment.files_done, n_files)

    for space, of_space in files.items():
        run = IngestRun(of_space, tell)
        _reread(run, parts, space=space, index_id=index_id)
        reports += run.reports()
        n_done += len(of_space)
    return tuple(reports)


def _earlier(infos: Sequence[DocumentInfo]) -> dict[str, list[DocumentInfo]]:
    """Return the documents that earlier parsers read, by space."""
    earlier: dict[str, list[DocumentInfo]] = {}
    for info in infos:
        if info.report.parser != PARSER_VERSION:
            earlier.setdefault(info.space, []).append(info)
    return earlier


def _originals(infos: Sequence[DocumentInfo], parts: IngestParts) -> Iterator[SourceFile]:
    for info in infos:
        # Empty where it was removed since it was listed.
        for version in parts.catalog.versions(info.id)[:1]:
            with suppress(NotFound):
                yield SourceFile(parts.originals.path(version.file_sha256), info.source, info.name)


def _reread(run: IngestRun, parts: IngestParts, *, space: str, index_id: str) -> None:
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        incoming = Incoming(run, parts, space=space, folder=Path(folder), alone=True)

        def admit(document: Document) -> bool:
            # One that was removed meanwhile must not come back.
            return parts.catalog.find(space, document.source) is not None and incoming.keep_original(document)

        for document, receipt in publish(incoming.documents(), parts, index_id=index_id, admit=admit):
            incoming.end(document, receipt)
