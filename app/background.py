"""Work that goes on while the page is elsewhere: a running question, and uploads in a queue."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

from rag.errors import RagError
from rag.types import AskProgress, Checking, Fallback, FileReport, IngestProgress, IngestSummary, SourceFile, Statement

AskState = Literal["waiting", "running", "failed", "done"]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a piece of work ended badly, for the person."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class AskMoment:
    """What is known of a running question at one moment."""

    stage: str = "understand"
    statements: tuple[Statement, ...] = ()
    checking: Checking | None = None
    fallbacks: tuple[Fallback, ...] = ()
    receipt: str | None = None
    failure: Failure | None = None


class Asking:
    """A question that is answered in a thread of its own once it is started.

    Args:
        text: The words of the person.
        work: Answers it, reporting progress; returns the receipt.
        then: Called in the thread when the question has ended.
        fault: What the person reads where Footnote itself fails.
        alone: Whether it takes nothing over from the questions before it.

    Attributes:
        n_before: Answers that the conversation had before; set by the work, ``None`` until that has looked.
    """

    def __init__(
        self,
        text: str,
        work: Callable[[Callable[[AskProgress], None]], str],
        *,
        then: Callable[[], None] = lambda: None,
        fault: str = "The question could not be answered because of a fault in Footnote.",
        alone: bool = False,
    ) -> None:
        self.text, self.alone = text, alone
        self.n_before: int | None = None
        self.id = uuid4().hex
        self.finished = threading.Event()
        self._started = False
        self._then, self._fault = then, fault
        self._moment = AskMoment()
        self._lock = threading.Lock()
        self._work = work

    def start(self) -> Asking:
        """Begin, and return at once."""
        self._started = True
        threading.Thread(target=self._run, name="ask", daemon=True).start()
        return self

    @property
    def state(self) -> AskState:
        """How far it is."""
        if not self._started:
            return "waiting"
        if not self.finished.is_set():
            return "running"
        return "done" if self.moment().failure is None else "failed"

    @property
    def going(self) -> bool:
        """Whether it runs, or waits to."""
        return not self.finished.is_set()

    def moment(self) -> AskMoment:
        """Return what is known now."""
        with self._lock:
            return self._moment

    def _run(self) -> None:
        receipt, failure = None, None
        try:
            receipt = self._work(self._report)
        except RagError as exc:
            failure = Failure(exc.message, exc.hint)
        except Exception:  # noqa: BLE001 - the outermost edge of this thread: a page is never left waiting
            _LOG.exception("a question failed")
            failure = Failure(self._fault, FAULT_HINT)
        with self._lock:
            # The words are in the catalog now, which forgets them when their document is removed.
            self._moment = replace(self._moment, statements=(), checking=None, receipt=receipt, failure=failure)
        self.finished.set()
        self._then()

    def _report(self, progress: AskProgress) -> None:
        with self._lock:
            moment = self._moment
            statements = (*moment.statements, *([progress.statement] if progress.statement else []))
            fallbacks = (*moment.fallbacks, *([progress.fallback] if progress.fallback else []))
            self._moment = replace(
                moment, stage=progress.stage, statements=statements, checking=progress.checking, fallbacks=fallbacks
            )


FAULT_HINT = "The log in the home directory says more; try again, and report it if it stays."


class Stopped(Exception):
    """The ingest was asked to stop."""


@dataclass(slots=True)
class Batch:
    """Files that were dropped together, and how far their ingest is.

    Args:
        folder: Folder of the saved files; removed at the end.
        files: What is to be read.
        owner: Session that they come from.
        progress: The last moment that the ingest reported.
        reports: Files that have ended, in order of their ending.
        ended_at: When the last one had.
    """

    folder: Path
    files: tuple[SourceFile, ...]
    owner: str = ""
    id: str = field(default_factory=lambda: uuid4().hex)
    progress: IngestProgress | None = None
    reports: tuple[FileReport, ...] = ()
    failure: Failure | None = None
    stopped: bool = False
    started_at: float = 0.0
    stopped_at: float = 0.0
    ended_at: datetime | None = None
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def elapsed_s(self) -> float:
        """How long it has been read for, or was."""
        return (self.stopped_at or time.monotonic()) - self.started_at if self.started_at else 0.0


KEPT = timedelta(days=1)
"""What nobody has dismissed for so long after its end is forgotten."""


class Intake:
    """The queue of uploads: one batch at a time, in a thread that ends when the queue is empty.

    Args:
        work: Ingests files, reporting progress.
    """

    def __init__(self, work: Callable[[Sequence[SourceFile], Callable[[IngestProgress], None]], IngestSummary]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._waiting: deque[Batch] = deque()
        self._batches: list[Batch] = []
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def add(self, folder: Path, files: Sequence[SourceFile], *, owner: str = "") -> Batch:
        """Queue files of a session; their folder is removed when they are done."""
        batch = Batch(folder, tuple(files), owner)
        with self._lock:
            self._batches.append(batch)
            self._waiting.append(batch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()
        return batch

    def batches(self) -> tuple[Batch, ...]:
        """Return the batches that are waiting, running or not yet dismissed, oldest first."""
        oldest = datetime.now(UTC) - KEPT
        with self._lock:
            self._batches = [b for b in self._batches if b.ended_at is None or b.ended_at >= oldest]
            return tuple(self._batches)

    def running(self) -> bool:
        """Return whether any batch has not ended."""
        return any(not batch.finished.is_set() for batch in self.batches())

    def dismiss(self, batch_id: str) -> None:
        """Forget a batch that has ended."""
        with self._lock:
            self._batches = [b for b in self._batches if b.id != batch_id or not b.finished.is_set()]

    def cancel(self, batch_id: str) -> None:
        """Stop a batch after the step it is in; files that are in stay in."""
        with self._lock:
            for batch in self._batches:
                if batch.id == batch_id and not batch.finished.is_set():
                    batch.stopped = True

    def close(self, timeout_s: float = 30.0) -> None:
        """Stop everything and wait for the thread to end."""
        self._stop.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                batch = self._waiting.popleft()
            self._take(batch)

    def _take(self, batch: Batch) -> None:
        batch.started_at = time.monotonic()
        whole = False

        def report(progress: IngestProgress) -> None:
            batch.progress = progress
            if progress.file is not None:
                batch.reports = (*batch.reports, progress.file)
            # Documents go live together and are reported one by one: none of these reports may be lost.
            if progress.file is None and (batch.stopped or self._stop.is_set()):
                raise Stopped

        try:
            if not (batch.stopped or self._stop.is_set()):
                batch.reports = self._work(batch.files, report).files
                whole = True
        except Stopped:
            batch.stopped = True
        except RagError as exc:
            batch.failure = Failure(exc.message, exc.hint)
        except Exception:  # noqa: BLE001 - the outermost edge of this thread: the queue goes on
            _LOG.exception("an upload failed")
            batch.failure = Failure("The files could not be read because of a fault in Footnote.", FAULT_HINT)
        finally:
            batch.stopped_at, batch.ended_at = time.monotonic(), datetime.now(UTC)
            shutil.rmtree(batch.folder, ignore_errors=True)
            with self._lock:
                # Asked to stop too late, it has stopped nothing.
                batch.stopped = batch.stopped and not whole
                batch.finished.set()
