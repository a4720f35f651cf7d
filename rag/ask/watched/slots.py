"""Models as a question sees them: whatever is wrong with one is a `ModelError`, and within a known time.

A slot can hold anything that a person put there: a model that is missing, hangs, raises what it likes, or answers with
something else than was asked for. Each call runs in a thread of its own, is waited for so long, and is checked before
anybody reads what it gave. A slot that failed once is not asked again for the same question.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, NoReturn, TypeVar

from rag.errors import ModelError, RagError
from rag.types import ModelUse

Slot = Literal["embedding", "reranker", "highlighter", "reader", "verifier", "generator", "graph"]
Answered = TypeVar("Answered")
Model = TypeVar("Model")


@dataclass(slots=True)
class Watch:
    """The faults of the models of one question.

    Args:
        timeout_s: Longest time of one call, in seconds.
        on_fault: Told of each slot that fails.
        faults: What is wrong, by slot; a slot in it is not asked again.
    """

    timeout_s: float
    on_fault: Callable[[Slot], None] = lambda _: None
    faults: dict[Slot, ModelError] = field(default_factory=dict)

    def call(self, slot: Slot, work: Callable[[], Answered], *, timeout_s: float | None = None) -> Answered:
        """Return what the work returns.

        Args:
            slot: Whose work it is.
            work: Runs in a thread of its own.
            timeout_s: Longest time, where it is another than that of most calls.

        Raises:
            ModelError: It failed now or before, or took too long.
        """
        if slot in self.faults:
            raise self.faults[slot]
        answers: queue.SimpleQueue[Answered | RagError] = queue.SimpleQueue()
        threading.Thread(target=lambda: answers.put(tried(slot, work)), name=f"slot {slot}", daemon=True).start()
        try:
            answered = answers.get(timeout=timeout_s or self.timeout_s)
        except queue.Empty:
            self.fail(slot, too_slow(slot, timeout_s or self.timeout_s))
        if isinstance(answered, RagError):
            self.fail(slot, answered)
        return answered

    def fail(self, slot: Slot, error: RagError) -> NoReturn:
        """Note a fault, and raise it.

        Raises:
            ModelError: Always.
        """
        failure = error if isinstance(error, ModelError) else ModelError(error.message, hint=error.hint)
        self.note(slot, failure)
        raise failure

    def note(self, slot: Slot, error: ModelError) -> None:
        """Note a fault, and tell of it once."""
        if slot not in self.faults:
            self.faults[slot] = error
            self.on_fault(slot)


def tried(slot: Slot, work: Callable[[], Answered]) -> Answered | RagError:
    """Return what the work returns, or the error that it raised."""
    try:
        return work()
    except RagError as exc:
        return exc
    except Exception as exc:  # noqa: BLE001 - the border to models that anybody may have written
        return _failed(slot, exc)


def _failed(slot: Slot, exc: BaseException) -> ModelError:
    error = ModelError(f"The {slot} failed with {type(exc).__name__}: {exc}.", hint="Check its model, or see the log.")
    error.__cause__ = exc
    return error


def too_slow(slot: Slot, timeout_s: float) -> ModelError:
    """Return the error of a model that took too long."""
    return ModelError(
        f"The {slot} took longer than {timeout_s:g} s.", hint="Choose a smaller model, or raise the time limit."
    )


def garbage(slot: Slot, what: str) -> ModelError:
    """Return the error of a model that answered with something else than it was asked for."""
    return ModelError(f"The {slot} gave {what}.", hint="Check that its model is one for this slot.")


class Watched(Generic[Model]):
    """A model that is got when it is first asked; getting it may fail too.

    Args:
        get: Gives the model.
        watch: Notes its faults.
    """

    slot: Slot

    def __init__(self, get: Callable[[], Model], watch: Watch) -> None:
        self._get = get
        self._watch = watch
        self.known_use: ModelUse | None = None

    def _ask(self, work: Callable[[Model], Answered]) -> Answered:
        return self._watch.call(self.slot, lambda: work(self._got()))

    def _got(self) -> Model:
        model = self._get()
        use = getattr(model, "use", None)
        self.known_use = use if isinstance(use, ModelUse) else None
        return model
