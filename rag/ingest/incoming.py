"""Files on their way in: which documents they give, where their bytes wait, and how each ended."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import InputError, LoadError, NotFound, StoreError
from rag.ingest.load import LoadedDocument, hash_file, load
from rag.ingest.normalize import normalize
from rag.ingest.parsers.parsed import OCR_HINT, PARSER_VERSION
from rag.ingest.parts import IngestParts
from rag.ingest.progress import FileState, IngestRun, size
from rag.safety.documents import decided_texts, flagged_texts, screen
from rag.types import Document, DocumentInfo, FileOutcome, FileReport, IndexReceipt, ParseReport, SourceFile

_BLOCK_BYTES = 1 << 20


@dataclass(slots=True)
class _Waiting:
    """A document between its reading and its going live.

    Args:
        document: It.
        state: The file that it is in.
        place: Its place in the summary.
        path: Where its bytes lie.
        began: When its reading began, of `time.perf_counter`.
        refusal: Why its bytes could not be kept.
    """

    document: Document
    state: FileState
    place: int
    path: Path
    began: float
    refusal: LoadError | None = None


class Incoming:
    """Gives the documents of files to `rag.ingest.publish`, and turns what comes of them into reports.

    Args:
        run: Files, counts and progress.
        parts: Stores and models.
        space: Where the documents belong.
        folder: Empty; holds the bytes of documents inside archives until they are live.
        alone: Whether what lies inside a file, as attachments of a mail, is left to itself.
    """

    def __init__(self, run: IngestRun, parts: IngestParts, *, space: str, folder: Path, alone: bool = False) -> None:
        self._run = run
        self._parts = parts
        self._space = space
        self._folder = folder
        self._alone = alone
        # In the order in which they were given.
        self._waiting: deque[_Waiting] = deque()
        self._given: set[str] = set()

    def documents(self) -> Iterator[Document]:
        """Yield the documents that are new or changed; all else that files hold ends at once."""
        for file in self._run.files:
            state = self._run.begin(file)
            began = time.perf_counter()
            # One behind, so that the end of a file is known before its last document may be embedded.
            last: Document | None = None
            for read in self._read(file):
                place = self._run.place(state)
                if isinstance(read, FileReport):
                    self._run.end(state, place, replace(read, elapsed_s=time.perf_counter() - began))
                else:
                    if last is not None:
                        yield last
                    last, path = read
                    self._waiting.append(_Waiting(last, state, place, self._own(path, file, place), began))
                    self._given.add(last.id)
                began = time.perf_counter()
            self._run.read(state)
            if last is not None:
                yield last

    def embedded(self, documents: Sequence[Document], n_passages: int, done: int) -> None:
        """Tell the watcher how far the embedding of a batch is."""
        more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
        left, share = n_passages - done, done / n_passages
        self._run.tell("embedding", f"{documents[0].name}{more}", chunks=done, waiting=left, share=share)

    def keep_original(self, document: Document) -> bool:
        """Store the bytes of a document that is about to go live; refuse it where they are gone or have changed."""
        waiting = next(waiting for waiting in self._waiting if waiting.document is document)
        try:
            self._store(document, waiting.path)
        except LoadError as exc:
            waiting.refusal = exc
        return waiting.refusal is None

    def end(self, document: Document, receipt: IndexReceipt | None) -> None:
        """Report how the next of the documents that were given ended."""
        waiting = self._waiting.popleft()
        if waiting.path.parent == self._folder:
            waiting.path.unlink(missing_ok=True)
        if receipt is not None:
            report = _success(document, "updated" if receipt.replaced else "added", receipt.n_chunks)
        else:
            left_out = LoadError(f"{document.name!r} was left out.", hint="Read it once more.")
            report = _failure(document, waiting.refusal or left_out)
        self._run.end(waiting.state, waiting.place, replace(report, elapsed_s=time.perf_counter() - waiting.began))

    def _read(self, file: SourceFile) -> Iterator[FileReport | tuple[Document, Path]]:
        """Yield what a file holds, each with the path of its bytes; never raise for what is in it."""
        known = self._unchanged(file)
        if known is not None:
            yield known
            return
        for loaded in load(file, limits=self._parts.ingest_choices.limits, sandbox=self._parts.sandbox):
            source = loaded.source if isinstance(loaded, FileReport) else loaded.raw.source
            if self._alone and source != file.source:
                break
            if isinstance(loaded, FileReport):
                yield loaded
                continue
            if not loaded.whole:
                self._run.in_part.add(loaded.raw.source)
            yield self._look(loaded)

    def _unchanged(self, file: SourceFile) -> FileReport | None:
        """Return the report of a file whose very bytes are live already, without parsing it again.

        A mail is looked at all the same, as archives are: it may have gone live in a batch before its attachments. So
        is a file that earlier parsers read, and one whose scanned pages can be recognized by now.
        """
        catalog = self._parts.catalog
        live = catalog.find(self._space, file.source)
        if live is None or live.media_type == "message/rfc822" or live.n_bytes != size(file.path):
            return None
        # What is live says nothing about a document of this run that waits.
        if live.id in self._given:
            return None
        if live.report.parser != PARSER_VERSION:
            return None
        if self._parts.ingest_choices.limits.recognizes and any(OCR_HINT in told for told in live.report.warnings):
            return None
        # None where it was removed since it was found.
        newest = next(iter(catalog.versions(live.id)), None)
        try:
            if newest is None or newest.file_sha256 != hash_file(file.path):
                return None
        except OSError:
            return None
        return FileReport(
            live.source, live.name, "unchanged", live.id, live.version, report=live.report, n_chunks=live.n_chunks
        )

    def _look(self, loaded: LoadedDocument) -> FileReport | tuple[Document, Path]:
        """Return a parsed document, or how it ended already: without text, or with the text that is live."""
        raw, catalog = loaded.raw, self._parts.catalog
        try:
            document = normalize(raw, space=self._space)
        except LoadError as exc:
            return FileReport(
                raw.source, raw.name, "failed", reason=exc.message, hint=exc.hint or None, report=raw.report
            )
        live: DocumentInfo | None = None
        try:
            # Found under the lock: what somebody decides on it, or a removal, comes before this or after it.
            with self._parts.writing:
                live = catalog.find(self._space, raw.source)
                if (
                    live is not None
                    and live.version == document.version
                    and document.id not in self._given
                    and _hidden(live.report) == _hidden(document.report)
                ):
                    report = replace(document.report, flags=live.report.flags, decisions=live.report.decisions)
                    known = replace(document, report=report)
                    self._store(known, loaded.path)
                    catalog.touch(known)
                    return _success(known, "unchanged", live.n_chunks)
        except NotFound:
            # Removed all the same: it is new again.
            live = None
        except LoadError as exc:
            return _failure(document, exc)
        return self._screened(document, live), loaded.path

    def _screened(self, document: Document, live: DocumentInfo | None) -> Document:
        """Return a document with its flags; what was decided of the same texts in the version before holds still."""
        name = document.name
        self._run.tell("screening", name)
        document = screen(
            document,
            self._parts.embedder,
            on_progress=lambda done, total: self._run.tell("screening", name, share=done / total),
        )
        texts = flagged_texts(document)
        if live is None or not live.report.decisions or not (texts or _hidden(document.report)):
            return document
        try:
            before = self._parts.catalog.text(live.id, live.version)
        except NotFound:
            # Removed since it was found, and what was decided of it with it.
            return document
        if not texts <= decided_texts(before):
            return document
        # What was hidden then was decided on too; what is hidden now for the first time was not.
        seen = {before.text[flag.start : flag.end] for flag in before.report.flags if not flag.since_decision}
        flags = tuple(
            replace(flag, since_decision=document.text[flag.start : flag.end] not in seen)
            for flag in document.report.flags
        )
        return replace(document, report=replace(document.report, flags=flags, decisions=live.report.decisions))

    def _store(self, document: Document, path: Path) -> None:
        try:
            self._parts.originals.put(document.file_sha256, _blocks(path, document.name))
        except InputError as exc:
            raise LoadError(f"{document.name!r} changed while it was read.", hint="Add it again.") from exc

    def _own(self, path: Path, file: SourceFile, place: int) -> Path:
        """Return where the bytes of a document stay until it is live: those inside an archive are soon gone."""
        if path == file.path:
            return path
        kept = self._folder / str(place)
        try:
            shutil.copyfile(path, kept)
        except OSError as exc:
            raise StoreError(
                f"What {file.name!r} holds cannot be kept in {str(self._folder)!r}: {exc.strerror}.",
                hint="Free some space and try again.",
            ) from exc
        return kept


def _hidden(report: ParseReport) -> set[tuple[int, int]]:
    """Return where a document holds what nobody sees: a version is made of its words, shown or not."""
    return {(flag.start, flag.end) for flag in report.flags if flag.kind == "hidden"}


def _success(document: Document, outcome: FileOutcome, n_chunks: int) -> FileReport:
    return FileReport(
        document.source,
        document.name,
        outcome,
        document.id,
        document.version,
        report=document.report,
        n_chunks=n_chunks,
    )


def _failure(document: Document, error: LoadError) -> FileReport:
    return FileReport(
        document.source,
        document.name,
        "failed",
        reason=error.message,
        hint=error.hint or None,
        report=document.report,
    )


def _blocks(path: Path, name: str) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                yield block
    except OSError as exc:
        raise LoadError(f"{name!r} went away while it was read: {exc.strerror}.", hint="Add it again.") from exc
