"""A separate process in which files are parsed, so that no file can hang, exhaust or kill the application.

The parent asks over a pipe, as JSON, for a named function; the reply is JSON again and never pickle, so
that a parser hijacked by a file cannot make the parent run anything. The process has a memory limit, each
call has a time limit, and a process that breaks either is killed with all its children; the next call gets
a fresh one.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import DamagedFile, EmptyFile, EncryptedFile, LimitExceeded, LoadError, UnsupportedFormat
from rag.ingest.worker import FRAME, REPLY_ERROR, REPLY_MEMORY, REPLY_VALUE

MAX_REPLY_BYTES = 512_000_000
"""A longer reply is refused: 20 million characters take at most 120 MB as JSON."""

CALLS_PER_WORKER = 200
"""A worker is replaced after so many files, since parsers leak a little."""

_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from rag.ingest.worker import main; main()"
_KINDS: dict[str, type[LoadError]] = {
    kind.__name__: kind for kind in (LoadError, UnsupportedFormat, EncryptedFile, EmptyFile, DamagedFile, LimitExceeded)
}


class Sandbox:
    """Calls functions in a process of their own; safe to share between threads, which take turns.

    Args:
        timeout_s: Longest time for one call, in seconds.
        memory_mb: Address space of the process, in MB.
    """

    def __init__(self, *, timeout_s: float = 120.0, memory_mb: int = 2048) -> None:
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._turn = threading.Lock()
        self._worker: _Worker | None = None
        self._closed = False

    def call(self, function: str, arguments: Mapping[str, object], *, name: str) -> bytes:
        """Return what ``module:function`` gives for the keyword arguments, as JSON.

        Args:
            function: Module path and name, e.g. ``rag.ingest.parsers.read:read``.
            arguments: Keyword arguments; plain JSON values.
            name: What is being read, for messages.

        Raises:
            LimitExceeded: It took longer or needed more memory than allowed.
            DamagedFile: The process died of it.
            LoadError: Any error of the tree that the function raised.
        """
        with self._turn:
            fresh = self._worker is None
            try:
                return self._ask(function, arguments, name)
            except (_OutOfMemory, _Ended):
                if fresh:
                    raise
            # Earlier files may have left the process nearly full, or somebody ended it while it was idle: the verdict
            # is that of a fresh one.
            return self._ask(function, arguments, name)

    def close(self) -> None:
        """End the process and its children; a later call is an error."""
        with self._turn:
            self._closed = True
            self._drop()

    @property
    def pid(self) -> int | None:
        """Process id of the running worker, where there is one."""
        worker = self._worker
        return worker.pid if worker else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, function: str, arguments: Mapping[str, object], name: str) -> bytes:
        if self._closed:
            raise LoadError("The parsing process is closed.", hint="Start the application again.")
        if self._worker is None:
            self._worker = _Worker(self._memory_mb)
        worker = self._worker
        request = {"function": function, "arguments": dict(arguments), "timeout_s": self._timeout_s}
        keep = False
        try:
            kind, payload = worker.exchange(json.dumps(request).encode(), time.monotonic() + self._timeout_s)
            keep = kind != REPLY_MEMORY and worker.n_calls < CALLS_PER_WORKER
        except TimeoutError as exc:
            raise LimitExceeded(
                f"Reading {name!r} took longer than {self._timeout_s:g} s and was stopped.",
                hint="Split the file or save it in a simpler form, or raise ingest.parse_timeout_s.",
            ) from exc
        except EOFError as exc:
            raise _Ended(
                f"Reading {name!r} ended its parser ({worker.last_words()}).",
                hint="Open the file in the program that made it, save it again, and retry.",
            ) from exc
        finally:
            if not keep:
                self._drop()
        if kind == REPLY_MEMORY:
            raise _OutOfMemory(
                f"Reading {name!r} needs more than {self._memory_mb:,} MB of memory.",
                hint="Split the file, or raise ingest.parse_memory_mb.",
            )
        if kind == REPLY_ERROR:
            raise _rebuild(payload)
        return payload

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None


class _OutOfMemory(LimitExceeded):
    pass


class _Ended(DamagedFile):
    pass


class _Worker:
    """One process with its pipes."""

    def __init__(self, memory_mb: int) -> None:
        # The child watches this pipe; the kernel closes our end when we die, however we die.
        watched, self._lifeline = os.pipe()
        try:
            self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-I", "-c", _BOOT, json.dumps(_import_path()), str(watched), str(memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=(watched,),
                start_new_session=True,
            )
        finally:
            os.close(watched)
        self.n_calls = 0
        self._end = weakref.finalize(self, _end, self._popen, self._lifeline)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def exchange(self, request: bytes, deadline: float) -> tuple[int, bytes]:
        """Send a request and return kind and payload of the reply; raises `TimeoutError` or `EOFError`."""
        assert self._popen.stdin is not None  # noqa: S101 - it is a pipe by construction
        self.n_calls += 1
        try:
            self._popen.stdin.write(FRAME.pack(REPLY_VALUE, len(request)) + request)
            self._popen.stdin.flush()
        except BrokenPipeError as exc:
            raise EOFError from exc
        kind, length = FRAME.unpack(self._read(FRAME.size, deadline))
        if length > MAX_REPLY_BYTES:
            raise EOFError
        return kind, self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        assert self._popen.stdout is not None  # noqa: S101 - it is a pipe by construction
        descriptor = self._popen.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        received = bytearray()
        while len(received) < length:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise TimeoutError
            chunk = os.read(descriptor, min(length - len(received), 1 << 20))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)

    def last_words(self) -> str:
        """Say how the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=1)
        code = self._popen.returncode
        if code is None or code >= 0:
            return f"exit status {code}"
        return signal.Signals(-code).name

    def kill(self) -> None:
        self._end()


def _end(popen: subprocess.Popen[bytes], lifeline: int) -> None:
    # The process leads its own group, so that whatever it started goes with it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, signal.SIGKILL)
    popen.wait()
    for pipe in (popen.stdin, popen.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    os.close(lifeline)


def _import_path() -> list[str]:
    return [entry or str(Path.cwd()) for entry in sys.path]


def _environment() -> dict[str, str]:
    # No variable with a secret reaches a parser; a fixed hash seed keeps its output the same in each run.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _rebuild(payload: bytes) -> LoadError:
    told = json.loads(payload)
    kind = _KINDS.get(str(told["kind"]), DamagedFile)
    return kind(str(told["message"]), hint=str(told["hint"]))
