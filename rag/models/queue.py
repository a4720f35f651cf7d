"""One queue in front of one model: concurrent requests share batches, and questions go before ingest."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from rag.errors import ModelError
from rag.models.model_thread import ModelThread
from rag.protocols import Urgency

Task = TypeVar("Task")
Output = TypeVar("Output")


@dataclass(slots=True, eq=False)
class _Request(Generic[Task, Output]):
    """What one caller waits for; its tasks are sorted longest first and taken in that order."""

    kind: str
    tasks: list[Task]
    sizes: list[int]
    ticket: int = 0
    outputs: list[Output] = field(default_factory=list)
    taken: int = 0
    error: BaseException | None = None
    finished: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Batch(Generic[Task, Output]):
    """Tasks of one kind that run together, and whose they are."""

    kind: str
    tasks: list[Task] = field(default_factory=list)
    shares: list[tuple[_Request[Task, Output], int]] = field(default_factory=list)


class BatchingQueue(Generic[Task, Output]):
    """Runs tasks of many threads through one function, on the thread of the models, in batches of bounded size.

    Questions come first; between two batches of an ingest any waiting question runs, so that a question waits for
    one batch at most. Requests of questions share batches. Requests of ingest do not, so that what a document's
    vectors are computed beside depends on the document only and the same document gives the same vectors.

    Args:
        run: Computes the outputs of the tasks of one kind, in their order.
        max_size: Largest size of a batch: the number of its tasks times the size of its largest.
        thread: Where it runs, beside other queues.
    """

    def __init__(
        self, run: Callable[[str, list[Task]], Sequence[Output]], *, max_size: int, thread: ModelThread
    ) -> None:
        self._run = run
        self._max_size = max_size
        self._thread = thread
        self._changed = thread.changed
        self._waiting: dict[Urgency, deque[_Request[Task, Output]]] = {"question": deque(), "ingest": deque()}
        self._closed = False
        thread.serve(self)

    def submit(self, kind: str, tasks: Sequence[Task], sizes: Sequence[int], *, urgency: Urgency) -> list[Output]:
        """Return the outputs of the tasks, in their order, when all are computed.

        Args:
            kind: What to compute; only requests of one kind share a batch.
            tasks: What to compute it of.
            sizes: Size of each task, e.g. its number of tokens.
            urgency: Which queue to wait in.

        Raises:
            ModelError: The queue is closed.
            Exception: Whatever ``run`` raised for a batch with one of the tasks.
        """
        order = sorted(range(len(tasks)), key=lambda i: -sizes[i])
        request = _Request[Task, Output](kind, [tasks[i] for i in order], [sizes[i] for i in order])
        if self._thread.is_current():
            self._run_directly(request)
        elif tasks:
            self._wait(request, urgency)
        if request.error is not None:
            raise request.error
        places = sorted(range(len(order)), key=order.__getitem__)
        return [request.outputs[place] for place in places]

    def close(self) -> None:
        """Finish the running batch and fail what still waits; closing twice is allowed."""
        with self._changed:
            self._closed = True
            for requests in self._waiting.values():
                for request in requests:
                    self._fail(request, _closed())
                requests.clear()
        self._thread.leave(self)

    def oldest(self, urgency: Urgency) -> int | None:
        """Return the ticket of the request that waits longest, for the thread."""
        return self._waiting[urgency][0].ticket if self._waiting[urgency] else None

    def take(self, urgency: Urgency) -> Callable[[], None]:
        """Take the next batch, and return what computes and settles it, for the thread."""
        return partial(self._compute, self._take(self._waiting[urgency], shared=urgency == "question"))

    def _wait(self, request: _Request[Task, Output], urgency: Urgency) -> None:
        with self._changed:
            if self._closed:
                raise _closed()
            request.ticket = self._thread.ticket()
            self._waiting[urgency].append(request)
            self._changed.notify_all()
        try:
            request.finished.wait()
        finally:
            # A caller that was interrupted leaves nothing behind for the others to wait for.
            if not request.finished.is_set():
                self._forget(request, urgency)

    def _forget(self, request: _Request[Task, Output], urgency: Urgency) -> None:
        with self._changed:
            if request in self._waiting[urgency]:
                self._waiting[urgency].remove(request)

    def _compute(self, batch: _Batch[Task, Output]) -> None:
        try:
            outputs: Sequence[Output] = self._run(batch.kind, batch.tasks)
        except Exception as exc:  # noqa: BLE001 - it is the caller's, and is raised there
            self._settle_error(batch, exc)
        else:
            self._settle(batch, outputs)

    def _take(self, requests: deque[_Request[Task, Output]], *, shared: bool) -> _Batch[Task, Output]:
        batch = _Batch[Task, Output](requests[0].kind)
        largest = 0
        for request in list(requests) if shared else [requests[0]]:
            if request.kind != batch.kind:
                continue
            begin = request.taken
            while request.taken < len(request.tasks):
                largest = max(largest, request.sizes[request.taken])
                if batch.tasks and largest * (len(batch.tasks) + 1) > self._max_size:
                    break
                batch.tasks.append(request.tasks[request.taken])
                request.taken += 1
            if request.taken > begin:
                batch.shares.append((request, request.taken - begin))
            if request.taken < len(request.tasks):
                break
            requests.remove(request)
        return batch

    def _settle(self, batch: _Batch[Task, Output], outputs: Sequence[Output]) -> None:
        begin = 0
        for request, count in batch.shares:
            request.outputs.extend(outputs[begin : begin + count])
            begin += count
            if len(request.outputs) == len(request.tasks):
                request.finished.set()

    def _settle_error(self, batch: _Batch[Task, Output], error: BaseException) -> None:
        with self._changed:
            for request, _ in batch.shares:
                for requests in self._waiting.values():
                    if request in requests:
                        requests.remove(request)
                self._fail(request, error)

    def _fail(self, request: _Request[Task, Output], error: BaseException) -> None:
        request.error = error
        request.finished.set()

    def _run_directly(self, request: _Request[Task, Output]) -> None:
        requests = deque([request] if request.tasks else [])
        while requests:
            batch = self._take(requests, shared=False)
            request.outputs.extend(self._run(batch.kind, batch.tasks))


def _closed() -> ModelError:
    return ModelError("The model was closed while a request waited for it.", hint="Start the program again.")
