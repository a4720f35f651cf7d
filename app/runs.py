"""What is asked of receipts and takes a while: each runs once at a time, and what came of it is kept until told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict

from app.background import Asking
from app.present import Json
from rag.errors import NotFound
from rag.types import AskProgress

Report = Callable[[AskProgress], None]
_FAULT = "This could not be done because of a fault in Footnote."
_MAX_KEPT = 100


class Runs:
    """Work in threads by name; a page that shows something else in between loses nothing of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, Asking] = {}
        self._came: dict[str, Json] = {}
        self._n_forgotten = 0

    def begin(self, name: str, work: Callable[[Report], Json]) -> None:
        """Begin work in a thread and return at once; what runs under that name already goes on."""

        def run(report: Report) -> str:
            n_forgotten = self._n_forgotten
            came = work(report)
            with self._lock:
                if n_forgotten != self._n_forgotten:
                    # It may hold words of that document.
                    raise NotFound("A document was removed meanwhile.", hint="Do it once more.")
                self._came[name] = came
            return name

        with self._lock:
            if name in self._runs and self._runs[name].going:
                return
            ended = [each for each, asking in self._runs.items() if not asking.going]
            for each in {name, *ended[: max(0, len(self._runs) + 1 - _MAX_KEPT)]}:
                self._drop(each)
            self._runs[name] = Asking(name, run, fault=_FAULT).start()

    def of(self, name: str) -> Json | None:
        """Return how far a piece of work is, and with it what came of it once it is done; ``None`` for no such."""
        with self._lock:
            if name not in self._runs:
                return None
            asking, came = self._runs[name], self._came.get(name, {})
        moment = asking.moment()
        failure = asdict(moment.failure) if moment.failure else None
        return {"state": asking.state, "stage": moment.stage, "failure": failure, **came}

    def going(self) -> bool:
        """Return whether anything runs."""
        with self._lock:
            return any(asking.going for asking in self._runs.values())

    def wait(self, timeout_s: float) -> None:
        """Wait for what runs."""
        with self._lock:
            running = list(self._runs.values())
        for asking in running:
            asking.finished.wait(timeout_s)

    def forget(self) -> None:
        """Drop what came of everything, with the words of documents in it; what runs ends without a word."""
        with self._lock:
            self._n_forgotten += 1
            for name in [name for name, asking in self._runs.items() if not asking.going]:
                self._drop(name)

    def _drop(self, name: str) -> None:
        self._runs.pop(name, None)
        self._came.pop(name, None)
