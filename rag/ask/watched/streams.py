"""A generator as a question sees it: its stream is read for a limited time and length."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from rag.ask.watched.slots import Slot, Watch, Watched, garbage, too_slow, tried
from rag.errors import RagError
from rag.protocols import ChatMessage, Excerpt, Generator, Writer
from rag.types import ModelUse

# What a model may write for each token that it was allowed; the longest English words have one for three letters.
_CHARACTERS_A_TOKEN = 12
# Pieces that may wait for the reader; a model that is far ahead waits.
_PIECES_AHEAD = 256
_POLL_S = 0.1
Writing = TypeVar("Writing", bound="Generator | Writer")


class _Streaming(Watched[Writing]):
    """What streams text for a limited time and length, or raises `ModelError`.

    Args:
        get: Gives the generator.
        watch: Notes its faults.
        timeout_s: Longest time from the beginning of the first stream to the end of the last, in seconds.
    """

    slot: Slot = "generator"

    def __init__(self, get: Callable[[], Writing], watch: Watch, *, timeout_s: float) -> None:
        super().__init__(get, watch)
        self._timeout_s = timeout_s
        self._deadline: float | None = None

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._ask(lambda model: model.use)

    def _read(self, begin: Callable[[Writing], Iterator[str]], max_tokens: int) -> Iterator[str]:
        """Yield pieces as they are written; a reader who stops reading stops the work behind its next piece."""
        if self.slot in self._watch.faults:
            raise self._watch.faults[self.slot]
        self._deadline = self._deadline or time.monotonic() + self._timeout_s
        stream = _Stream(lambda: begin(self._got()), self._deadline)
        left = max_tokens * _CHARACTERS_A_TOKEN
        try:
            for piece in stream.pieces():
                left -= len(piece)
                if left < 0:
                    raise garbage("generator", f"more than the {max_tokens} tokens that it was asked for")
                yield piece
        except queue.Empty:
            self._watch.fail(self.slot, too_slow(self.slot, self._timeout_s))
        except RagError as exc:
            self._watch.fail(self.slot, exc)
        finally:
            stream.stop()


class WatchedGenerator(_Streaming[Generator]):
    """Streams a chat's answer for a limited time and length, or raises `ModelError`."""

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int, seed: int) -> Iterator[str]:
        """Yield pieces as they are written."""
        return self._read(lambda model: model.stream(messages, max_tokens=max_tokens, seed=seed), max_tokens)


class WatchedWriter(_Streaming[Writer]):
    """Streams the sentences of a writer for a limited time and length, or raises `ModelError`."""

    def write(self, question: str, excerpts: Sequence[Excerpt], *, max_tokens: int) -> Iterator[str]:
        """Yield sentences as they are written."""
        return self._read(lambda model: model.write(question, excerpts, max_tokens=max_tokens), max_tokens)


class _Stream:
    """A stream that is read in a thread of its own, so that one which hangs can be left."""

    def __init__(self, begin: Callable[[], Iterator[str]], deadline: float) -> None:
        self._begin = begin
        self._deadline = deadline
        self._stopped = threading.Event()
        self._pieces: queue.Queue[str | RagError | None] = queue.Queue(_PIECES_AHEAD)

    def stop(self) -> None:
        """Let the thread end."""
        self._stopped.set()

    def pieces(self) -> Iterator[str]:
        """Yield pieces until the stream ends.

        Raises:
            ModelError: It fails.
            queue.Empty: It takes too long.
        """
        threading.Thread(target=self._read, name="slot generator", daemon=True).start()
        while True:
            piece = self._pieces.get(timeout=max(self._deadline - time.monotonic(), 0.0))
            if piece is None:
                return
            if isinstance(piece, RagError):
                raise piece
            yield piece

    def _read(self) -> None:
        self._put(tried("generator", self._pass_on))

    def _pass_on(self) -> None:
        pieces = self._begin()
        try:
            for piece in pieces:
                if not isinstance(piece, str):
                    raise garbage("generator", f"a piece of the type {type(piece).__name__}")
                if not self._put(piece):
                    return
        finally:
            # A generator function ends its work when it is closed; a plain iterator has nothing to close.
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _put(self, piece: str | RagError | None) -> bool:
        """Hand a piece over; return whether the reader still reads."""
        while not self._stopped.is_set():
            with suppress(queue.Full):
                self._pieces.put(piece, timeout=_POLL_S)
                return True
        return False
