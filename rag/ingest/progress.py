"""How far a running ingest is, and what its watcher is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.types import FileReport, IngestProgress, IngestSummary, RemovalCheck, SourceFile

# Of the time that a file takes, what lies before its embedding; a third in what was measured, less where little speaks
# to somebody.
_BEFORE_EMBEDDING = 0.3

# A guess at the time that is left is far off before that share is done.
_GUESSED_FROM = 0.1

Watch = Callable[[IngestProgress], None]


@dataclass(slots=True)
class FileState:
    """A file between the beginning of its reading and the end of the last document in it.

    Args:
        file: The file.
        n_bytes: Its size.
        n_open: Documents in it that wait to go live, and one more while it is being read.
    """

    file: SourceFile
    n_bytes: int
    n_open: int = 1


class IngestRun:
    """Counts of a running ingest; files that wait for their batch have not ended.

    Args:
        files: What is to be read.
        on_progress: Told of every step.
    """

    def __init__(self, files: Sequence[SourceFile], on_progress: Watch) -> None:
        self.files = files
        # Sources of mails that hold more than was read and told of.
        self.in_part: set[str] = set()
        self._began = time.perf_counter()
        self._files_done = 0
        self._chunks_done = 0
        self._bytes_done = 0
        # Bytes of the files that are read and wait.
        self._bytes_waiting = 0
        self._bytes_reading = 0
        self._share = 0.0
        self._bytes_total = sum(size(file.path) for file in files)
        # By the number that `place` gave, so that the summary has the order of the files.
        self._reports: dict[int, FileReport] = {}
        self._n_places = 0
        self._on_progress = on_progress

    def begin(self, file: SourceFile) -> FileState:
        """Note that a file is being read."""
        self.tell("reading", file.name)
        self._bytes_reading = size(file.path)
        return FileState(file, self._bytes_reading)

    def place(self, state: FileState) -> int:
        """Count another document, or failure, of a file; return its place in the summary."""
        state.n_open += 1
        self._n_places += 1
        return self._n_places

    def read(self, state: FileState) -> None:
        """Note that nothing more comes from a file."""
        self._bytes_waiting += state.n_bytes
        self._bytes_reading = 0
        self._close(state)

    def end(self, state: FileState, place: int, report: FileReport) -> None:
        """Note how a document of a file ended."""
        self._reports[place] = report
        self._chunks_done += report.n_chunks if report.outcome in {"added", "updated"} else 0
        self._close(state)
        self.tell("finished", report.name, file=report)

    def tell(
        self,
        stage: Literal["scanning", "reading", "screening", "embedding", "finished", "removing"],
        name: str,
        *,
        chunks: int = 0,
        waiting: int = 0,
        share: float = 0.0,
        file: FileReport | None = None,
    ) -> None:
        """Tell the watcher of a step.

        Args:
            stage: See `IngestProgress`.
            name: File that is being worked on.
            chunks: Passages of the running batch that are embedded.
            waiting: Passages of it that are not.
            share: How much is done of the file that is screened, or of the batch that is embedded; 0 to 1.
            file: Report of the document that has just ended.
        """
        elapsed = time.perf_counter() - self._began
        done = self._chunks_done + chunks
        rate = done / elapsed if elapsed else 0.0
        self._share = max(self._share, self._done(stage, share))
        left = elapsed * (1 - self._share) / self._share if self._share >= _GUESSED_FROM else None
        n_files = self._files_done, len(self.files)
        self._on_progress(IngestProgress(stage, name, *n_files, done, rate, left, file, self._share, done + waiting))

    def reports(self) -> tuple[FileReport, ...]:
        """Return how everything in the files ended, in their order."""
        return tuple(self._reports[place] for place in sorted(self._reports))

    def summary(self, *, n_missing: int = 0, removals: tuple[RemovalCheck, ...] = ()) -> IngestSummary:
        """Return how it ended, with how many documents are missing that stay, and those that were removed."""
        elapsed = time.perf_counter() - self._began
        return IngestSummary(self.reports(), self._chunks_done, elapsed, n_missing, removals)

    def _done(self, stage: str, share: float) -> float:
        """Return how much is done, by the bytes of the files: 0 to 1."""
        embedded = share * (1 - _BEFORE_EMBEDDING) if stage == "embedding" else 0.0
        done = self._bytes_done + self._bytes_waiting * (_BEFORE_EMBEDDING + embedded)
        if stage == "screening":
            done += self._bytes_reading * _BEFORE_EMBEDDING * share
        return min(done / self._bytes_total, 1.0) if self._bytes_total else 0.0

    def _close(self, state: FileState) -> None:
        state.n_open -= 1
        if state.n_open == 0:
            self._files_done += 1
            self._bytes_done += state.n_bytes
            self._bytes_waiting -= state.n_bytes


def size(path: Path) -> int:
    """Return the size of a file in bytes; 0 for one that is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
