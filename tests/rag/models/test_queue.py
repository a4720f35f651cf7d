import threading

import pytest

from rag.errors import ModelError
from rag.models.model_thread import ModelThread
from rag.models.queue import BatchingQueue


class Gate:
    """Doubles numbers, batch by batch, each batch only when it is let through."""

    def __init__(self, max_size=4):
        self.batches = []
        self.entered = threading.Semaphore(0)
        self.let = threading.Semaphore(0)
        self.queue = BatchingQueue(self.run, max_size=max_size, thread=ModelThread("gate"))

    def run(self, kind, tasks):
        self.batches.append((kind, list(tasks)))
        self.entered.release()
        assert self.let.acquire(timeout=30)
        if "bad" in tasks:
            raise ValueError("bad task")
        return [task * 2 for task in tasks]

    def ask(self, tasks, *, kind="double", urgency="question"):
        """Submit from a thread of its own and return when the queue holds the request."""
        answer = Answer()

        def call():
            try:
                answer.outputs = self.queue.submit(kind, tasks, [1] * len(tasks), urgency=urgency)
            except (ValueError, ModelError) as exc:
                answer.error = exc

        answer.thread = threading.Thread(target=call)
        waiting = self.queue._waiting[urgency]
        with self.queue._changed:
            n = len(waiting)
        answer.thread.start()
        while len(waiting) == n and answer.thread.is_alive():
            threading.Event().wait(0.001)
        return answer


class Answer:
    outputs = None
    error = None

    def get(self):
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()
        return self.outputs


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.let.release(100)
    gate.queue.close()


def hold(gate):
    """Occupy the queue with one task, so that what follows waits."""
    holder = threading.Thread(target=lambda: gate.queue.submit("hold", [0], [1], urgency="question"))
    holder.start()
    assert gate.entered.acquire(timeout=30)
    return holder


def test_outputs_come_in_the_order_of_the_tasks():
    queue = BatchingQueue(lambda _, tasks: [task * 2 for task in tasks], max_size=6, thread=ModelThread("double"))

    assert queue.submit("double", [1, 2, 3, 4], [1, 3, 2, 3], urgency="question") == [2, 4, 6, 8]
    assert queue.submit("double", [], [], urgency="question") == []
    queue.close()


def test_waiting_questions_share_a_batch(gate):
    holder = hold(gate)
    answers = [gate.ask([n]) for n in (1, 2, 3)]

    gate.let.release(2)

    assert [answer.get() for answer in answers] == [[2], [4], [6]]
    assert gate.batches[1] == ("double", [1, 2, 3])
    holder.join()


def test_requests_of_different_kinds_do_not_share_a_batch(gate):
    holder = hold(gate)
    answers = [gate.ask([1]), gate.ask([2], kind="other"), gate.ask([3])]

    gate.let.release(3)

    assert [answer.get() for answer in answers] == [[2], [4], [6]]
    assert gate.batches[1:] == [("double", [1, 3]), ("other", [2])]
    holder.join()


def test_requests_of_ingest_do_not_share_a_batch(gate):
    holder = hold(gate)
    answers = [gate.ask([1], urgency="ingest"), gate.ask([2], urgency="ingest")]

    gate.let.release(3)

    assert [answer.get() for answer in answers] == [[2], [4]]
    assert gate.batches[1:] == [("double", [1]), ("double", [2])]
    holder.join()


def test_a_batch_is_bounded_by_its_largest_task():
    sizes = []
    queue = BatchingQueue(lambda _, tasks: sizes.append(tasks) or tasks, max_size=10, thread=ModelThread("sizes"))

    queue.submit("size", [1, 2, 5, 5, 20, 3], [1, 2, 5, 5, 20, 3], urgency="ingest")

    assert sizes == [[20], [5, 5], [3, 2, 1]]
    queue.close()


def test_a_question_goes_before_the_rest_of_a_long_ingest(gate):
    ingest = gate.ask(list(range(8)), urgency="ingest")
    assert gate.entered.acquire(timeout=30)
    question = gate.ask([50])

    gate.let.release(2)
    assert question.get() == [100]
    assert [kind_and_tasks[1] for kind_and_tasks in gate.batches[:2]] == [[0, 1, 2, 3], [50]]

    gate.let.release(1)
    assert ingest.get() == [n * 2 for n in range(8)]


def test_an_error_reaches_its_caller_and_no_other(gate):
    holder = hold(gate)
    bad = gate.ask(["bad"], kind="words")
    good = gate.ask([1])

    gate.let.release(3)

    good.get()
    bad.get()
    assert isinstance(bad.error, ValueError)
    assert good.outputs == [2]
    holder.join()


def test_the_rest_of_a_failed_request_is_not_run(gate):
    bad = gate.ask(["bad", *"abcdefg"], urgency="ingest")

    gate.let.release(2)
    bad.get()

    assert isinstance(bad.error, ValueError)
    assert gate.ask([1]).get() == [2]
    assert [tasks for _, tasks in gate.batches] == [["bad", "a", "b", "c"], [1]]


def test_closing_fails_what_waits_and_what_comes_later(gate):
    holder = hold(gate)
    waiting = gate.ask([1])
    closer = threading.Thread(target=gate.queue.close)
    closer.start()
    waiting.get()

    assert isinstance(waiting.error, ModelError)
    gate.let.release(1)
    closer.join(timeout=30)
    holder.join(timeout=30)
    with pytest.raises(ModelError, match="closed"):
        gate.queue.submit("double", [1], [1], urgency="question")
    gate.queue.close()


def test_a_call_from_the_queues_own_thread_does_not_wait_for_itself():
    def run(kind, tasks):
        if kind == "outer":
            return queue.submit("inner", tasks, [1] * len(tasks), urgency="question")
        return [task + 1 for task in tasks]

    queue = BatchingQueue(run, max_size=4, thread=ModelThread("nested"))

    assert queue.submit("outer", [1, 2, 3], [1, 1, 1], urgency="question") == [2, 3, 4]
    queue.close()
