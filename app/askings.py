"""The questions of all conversations: what runs, what waits behind it, and what failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from app.background import Asking
from rag.types import AskProgress

Report = Callable[[AskProgress], None]
Work = Callable[[str, Asking, Report], str]

_MAX_CONVERSATIONS = 200


class Askings:
    """The questions of this process by conversation; in each one runs, and the next begins when it ends.

    They are kept here and not with a page: one that is closed or shows something else loses no question.

    Args:
        work: Answers a question of a conversation, reporting progress; returns the receipt.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._lock = threading.Lock()
        # Of each: those that failed, the latest that began, those that wait; oldest first.
        self._asked: dict[str, list[Asking]] = {}

    def ask(self, conversation: str, text: str, *, alone: bool = False) -> Asking:
        """Begin to answer a question, or put it behind those that came before, and return at once."""

        def work(report: Report) -> str:
            return self._work(conversation, asking, report)

        asking = Asking(text, work, then=partial(self._go_on, conversation), alone=alone)
        with self._lock:
            earlier = self._asked.pop(conversation, [])
            if not any(each.going for each in earlier):
                earlier = _unanswered(earlier, text)
            self._make_room()
            self._asked[conversation] = [*earlier, asking]
            self._begin(conversation)
        return asking

    def of(self, conversation: str) -> tuple[Asking, ...]:
        """Return the questions of a conversation that failed, run or wait, and the latest; oldest first."""
        with self._lock:
            return tuple(self._asked.get(conversation, ()))

    def busy(self) -> bool:
        """Return whether any question runs or waits."""
        with self._lock:
            return any(each.going for asked in self._asked.values() for each in asked)

    def drop_waiting(self, conversation: str) -> None:
        """Drop the questions of a conversation that have not begun."""
        with self._lock:
            if conversation in self._asked:
                self._asked[conversation] = [each for each in self._asked[conversation] if each.state != "waiting"]

    def forget(self, conversation: str) -> None:
        """Drop all questions of a conversation; one that runs is answered and stored all the same."""
        with self._lock:
            self._asked.pop(conversation, None)

    def forget_ended(self) -> None:
        """Drop all questions that have ended, with the words that they hold."""
        with self._lock:
            going = {key: [each for each in asked if each.going] for key, asked in self._asked.items()}
            self._asked = {key: asked for key, asked in going.items() if asked}

    def close(self, timeout_s: float = 10.0) -> None:
        """Drop what waits, and wait for what runs."""
        with self._lock:
            running = [each for asked in self._asked.values() for each in asked if each.state == "running"]
            self._asked.clear()
        for asking in running:
            asking.finished.wait(timeout_s)

    def _go_on(self, conversation: str) -> None:
        with self._lock:
            self._begin(conversation)

    def _begin(self, conversation: str) -> None:
        """Begin the first question that waits, where none runs."""
        asked = self._asked.get(conversation, [])
        first = next((each for each in asked if each.state == "waiting"), None)
        if first is not None and not any(each.state == "running" for each in asked):
            self._asked[conversation] = [each for each in asked if each.state != "done"]
            first.start()

    def _make_room(self) -> None:
        """Drop the conversations that were asked least recently and in which nothing is going on."""
        idle = [key for key, asked in self._asked.items() if not any(each.going for each in asked)]
        for conversation in idle[: max(0, len(self._asked) + 1 - _MAX_CONVERSATIONS)]:
            del self._asked[conversation]


def _unanswered(earlier: list[Asking], text: str) -> list[Asking]:
    """Return the failed questions that stay on the screen; who asks something new has seen them all."""
    failed = [each for each in earlier if each.state == "failed"]
    others = [each for each in failed if each.text != text]
    return others if len(others) < len(failed) else []
