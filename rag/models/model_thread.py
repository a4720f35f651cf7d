"""The thread on which models compute: one for all of our own, whichever request they answer.

torch keeps a team of helpers for each thread that starts work. Helpers of more teams than there are cores do not wait
for work awake: each of the hundred steps of a pass then waits for the system to wake one, and the pass takes half as
long again (docs/decisions/0040-one-thread-computes.md).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Protocol

from rag.models.machine import keep_numpy_to_one_thread, use_threads
from rag.protocols import Urgency

_URGENCIES: tuple[Urgency, ...] = ("question", "ingest")


class Work(Protocol):
    """A queue that a thread serves. Its methods are called with the thread's ``changed`` held."""

    def oldest(self, urgency: Urgency) -> int | None:
        """Return the ticket of the request that waits longest, ``None`` where none waits."""
        ...

    def take(self, urgency: Urgency) -> Callable[[], None]:
        """Take the next batch, and return what computes it and tells who waits for it; that raises nothing."""
        ...


class ModelThread:
    """Computes batches of several queues, one at a time: what waits longest first, and questions before ingest.

    The thread begins with the first queue that it serves and ends when the last has left.

    Args:
        name: Name of the thread.
        threads: Threads of the arithmetic, this one included; 0 takes the cores that the process may use.

    Attributes:
        changed: Guards what waits, and is notified when that changes.
    """

    def __init__(self, name: str, *, threads: int = 0) -> None:
        self.changed = threading.Condition()
        self._name = name
        self._n_threads = threads
        self._served: list[Work] = []
        self._running: Work | None = None
        self._thread: threading.Thread | None = None
        self._tickets = count()

    def serve(self, work: Work) -> None:
        """Take batches of a queue from now on."""
        with self.changed:
            self._served.append(work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def leave(self, work: Work) -> None:
        """Take no more of a queue's batches, and return when none is computed; leaving twice is allowed."""
        with self.changed:
            if work in self._served:
                self._served.remove(work)
                self.changed.notify_all()
            while self._running is work and not self.is_current():
                self.changed.wait()

    def is_current(self) -> bool:
        """Return whether the caller is on this thread, and would wait for itself."""
        return threading.current_thread() is self._thread

    def ticket(self) -> int:
        """Return a number higher than all before; the caller holds ``changed``."""
        return next(self._tickets)

    def _work(self) -> None:
        use_threads(self._n_threads)
        keep_numpy_to_one_thread()
        while (compute := self._next()) is not None:
            compute()
            with self.changed:
                self._running = None
                self.changed.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self.changed:
            while self._served:
                for urgency in _URGENCIES:
                    waiting = [(ticket, work) for work in self._served if (ticket := work.oldest(urgency)) is not None]
                    if waiting:
                        _, self._running = min(waiting, key=lambda each: each[0])
                        return self._running.take(urgency)
                self.changed.wait()
            self._thread = None
            return None


@cache
def shared_thread(threads: int) -> ModelThread:
    """Return the thread of the small models of this process, which are never long at work.

    Args:
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.
    """
    return ModelThread("models", threads=threads)
