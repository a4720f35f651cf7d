"""The inside of the parsing process: limits itself, then answers one request after the other."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import json
import os
import resource
import select
import signal
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

import pydantic_core

from rag.errors import LoadError

FRAME = struct.Struct("!BQ")
"""Head of each message: its kind and the length of what follows."""

REPLY_VALUE, REPLY_ERROR, REPLY_MEMORY = 0, 1, 2

_CPU_MARGIN_S = 10.0


def main() -> None:
    """Serve until the parent goes away; arguments are the watched descriptor and the memory in MB."""
    watched, memory_mb = int(sys.argv[2]), int(sys.argv[3])
    _die_with_parent(watched)
    _limit(resource.RLIMIT_AS, memory_mb * 1024 * 1024)
    _limit(resource.RLIMIT_CORE, 0)
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # A parser that prints must not write into the replies.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    while (head := requests.read(FRAME.size)) and len(head) == FRAME.size:
        _, length = FRAME.unpack(head)
        _reply(replies, *_serve(json.loads(requests.read(length))))


def _serve(request: dict[str, Any]) -> tuple[int, bytes]:
    _limit_cpu(float(request["timeout_s"]))
    try:
        value = _function(request["function"])(**request["arguments"])
        return REPLY_VALUE, pydantic_core.to_json(value, bytes_mode="base64")
    except MemoryError:
        return REPLY_MEMORY, b""
    except LoadError as exc:
        return REPLY_ERROR, _tell(type(exc).__name__, exc.message, exc.hint)
    except Exception as exc:  # noqa: BLE001 - whatever a parser raises is about the file
        said = " ".join(f"{type(exc).__name__}: {exc}".split())[:200]
        hint = "Open the file in the program that made it, save it again, and retry."
        return REPLY_ERROR, _tell("DamagedFile", f"The file is damaged or unusual: its parser gave up ({said}).", hint)


def _tell(kind: str, message: str, hint: str) -> bytes:
    return json.dumps({"kind": kind, "message": message, "hint": hint}).encode()


def _reply(replies: BinaryIO, kind: int, payload: bytes) -> None:
    replies.write(FRAME.pack(kind, len(payload)))
    replies.write(payload)
    replies.flush()


def _function(path: str) -> Callable[..., Any]:
    module, _, name = path.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # macOS refuses some limits; the time limit of the parent holds everywhere.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, hard))


def _limit_cpu(timeout_s: float) -> None:
    # The parent stops a slow call by the clock; this one ends a worker whose parent cannot.
    usage = resource.getrusage(resource.RUSAGE_SELF)
    threads = os.cpu_count() or 1
    _limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + timeout_s * threads + _CPU_MARGIN_S))


def _die_with_parent(watched: int) -> None:
    """End this process when the other end of the watched pipe closes, that is when the parent is gone.

    On Linux the kernel sends SIGIO, whose default action is to terminate, so that even native code that
    holds the interpreter lock cannot outlive the parent. PR_SET_PDEATHSIG is not used since it fires when
    the *thread* that started the process ends.
    """
    if sys.platform == "linux":
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(watched, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(watched, fcntl.F_SETFL, fcntl.fcntl(watched, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([watched], [], [], 0)[0]:
            os._exit(0)
    else:
        threading.Thread(target=_wait_for_end, args=(watched,), daemon=True).start()


def _wait_for_end(watched: int) -> None:
    os.read(watched, 1)
    os._exit(0)
