import threading

import numpy as np
from threadpoolctl import threadpool_info

from rag.models.machine import keep_numpy_to_one_thread
from rag.models.model_thread import ModelThread
from rag.models.queue import BatchingQueue


class Held:
    """Runs in the order in which it was asked, once it is let."""

    def __init__(self):
        self.order = []
        self.let = threading.Event()
        self.entered = threading.Event()

    def run(self, kind, tasks):
        self.entered.set()
        assert self.let.wait(timeout=30)
        self.order.append((kind, *tasks))
        return tasks


def submit(queue, kind, task, urgency):
    """Submit from a thread of its own, and return it when the request waits or runs."""
    waiting = queue._waiting[urgency]
    with queue._changed:
        n = len(waiting)
    caller = threading.Thread(target=queue.submit, args=(kind, [task], [1]), kwargs={"urgency": urgency})
    caller.start()
    while len(waiting) == n and caller.is_alive():
        threading.Event().wait(0.001)
    return caller


def test_queues_of_one_thread_take_turns_by_who_waits_longest_and_questions_go_first():
    held, thread = Held(), ModelThread("models")
    first, second = (BatchingQueue(held.run, max_size=8, thread=thread) for _ in range(2))
    callers = [threading.Thread(target=first.submit, args=("held", [0], [1]), kwargs={"urgency": "question"})]
    callers[0].start()
    assert held.entered.wait(timeout=30)

    callers.append(submit(first, "ingest", 1, "ingest"))
    callers.append(submit(second, "question", 2, "question"))
    callers.append(submit(first, "question", 3, "question"))
    held.let.set()
    for caller in callers:
        caller.join(timeout=30)

    assert held.order == [("held", 0), ("question", 2), ("question", 3), ("ingest", 1)]
    first.close()
    second.close()


def test_all_queues_run_on_one_thread_which_ends_with_the_last():
    thread = ModelThread("models")
    ran = set()

    def run(_, tasks):
        ran.add(threading.current_thread())
        return tasks

    first, second = (BatchingQueue(run, max_size=8, thread=thread) for _ in range(2))
    first.submit("x", [1], [1], urgency="question")
    first.close()
    assert second.submit("x", [2], [1], urgency="question") == [2]
    second.close()
    (only,) = ran
    only.join(timeout=30)
    assert not only.is_alive()

    third = BatchingQueue(run, max_size=8, thread=thread)
    assert third.submit("x", [3], [1], urgency="question") == [3]
    assert len(ran) == 2
    third.close()


def test_closing_one_queue_waits_for_its_batch_and_not_for_that_of_another():
    held, thread = Held(), ModelThread("models")
    busy, idle = (BatchingQueue(held.run, max_size=8, thread=thread) for _ in range(2))
    caller = threading.Thread(target=busy.submit, args=("held", [0], [1]), kwargs={"urgency": "question"})
    caller.start()
    assert held.entered.wait(timeout=30)

    idle.close()
    closer = threading.Thread(target=busy.close)
    closer.start()
    closer.join(timeout=0.2)
    assert closer.is_alive()

    held.let.set()
    closer.join(timeout=30)
    caller.join(timeout=30)
    assert held.order == [("held", 0)]
    assert not closer.is_alive()


def test_a_model_may_ask_another_on_the_same_thread():
    thread = ModelThread("models")
    inner = BatchingQueue(lambda _, tasks: [task + 1 for task in tasks], max_size=8, thread=thread)
    outer = BatchingQueue(
        lambda kind, tasks: inner.submit(kind, tasks, [1] * len(tasks), urgency="question"), max_size=8, thread=thread
    )

    assert outer.submit("x", [1, 2], [1, 1], urgency="question") == [2, 3]
    outer.close()
    inner.close()


def test_numpy_multiplies_on_the_calling_thread_alone():
    keep_numpy_to_one_thread()
    assert np.ones((4, 4)).sum() == 16

    assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == {1}
