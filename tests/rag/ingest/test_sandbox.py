"""The parsing process: limits, crashes, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import DamagedFile, EmptyFile, LimitExceeded, LoadError
from rag.ingest.sandbox import Sandbox

linux_only = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="process descriptors are a Linux feature")


def has_ended(pid: int, timeout_s: float) -> bool:
    """Wait until a process is dead, reaped or not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], timeout_s)[0])
    finally:
        os.close(descriptor)


def pid_of(sandbox: Sandbox) -> int:
    return int(json.loads(sandbox.call("os:getpid", {}, name="x")))


def test_a_call_returns_the_value_as_json(sandbox: Sandbox) -> None:
    assert json.loads(sandbox.call("json:loads", {"s": '{"a": [1, 2]}'}, name="x")) == {"a": [1, 2]}


def test_the_process_is_kept_for_the_next_call(sandbox: Sandbox) -> None:
    assert pid_of(sandbox) == pid_of(sandbox) != os.getpid()


def test_a_call_that_hangs_is_stopped_and_the_next_works() -> None:
    with Sandbox(timeout_s=2) as sandbox:
        first = pid_of(sandbox)
        with pytest.raises(LimitExceeded, match=r"'slow.pdf' took longer than 2 s"):
            sandbox.call("signal:pause", {}, name="slow.pdf")
        assert pid_of(sandbox) != first


def test_a_call_that_holds_the_interpreter_is_stopped_too() -> None:
    with Sandbox(timeout_s=0.5) as sandbox, pytest.raises(LimitExceeded, match="took longer"):
        sandbox.call("re:match", {"pattern": "(a+)+b", "string": "a" * 60}, name="x")


@linux_only
def test_children_of_a_stopped_process_go_with_it(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    with Sandbox(timeout_s=2) as sandbox, pytest.raises(LimitExceeded):
        sandbox.call("subprocess:run", {"args": ["sh", "-c", f"echo $$ > {noted}; sleep 600"]}, name="x")
    assert has_ended(int(noted.read_text()), 5)


def test_too_much_memory_is_a_limit_not_a_crash() -> None:
    with Sandbox(memory_mb=512) as sandbox:
        with pytest.raises(LimitExceeded, match="more than 512 MB of memory"):
            sandbox.call("secrets:token_bytes", {"nbytes": 3_000_000_000}, name="x")
        assert pid_of(sandbox)


def test_a_crash_is_reported_and_the_next_call_works(sandbox: Sandbox) -> None:
    with pytest.raises(DamagedFile, match=r"'bad.pdf' ended its parser \(SIGABRT\)"):
        sandbox.call("os:abort", {}, name="bad.pdf")
    assert pid_of(sandbox)


@linux_only
def test_a_process_that_was_ended_while_it_was_idle_says_nothing_of_the_next_file() -> None:
    with Sandbox() as sandbox:
        first = pid_of(sandbox)
        os.kill(first, signal.SIGKILL)
        assert has_ended(first, 5)
        assert pid_of(sandbox) != first


def test_an_exit_is_reported(sandbox: Sandbox) -> None:
    with pytest.raises(DamagedFile, match="exit status"):
        sandbox.call("sys:exit", {}, name="x")


def test_errors_of_the_tree_keep_their_kind_and_hint(sandbox: Sandbox, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    arguments = {"path": str(empty), "name": "empty.txt", "folder": str(tmp_path), "limits": {}}
    with pytest.raises(EmptyFile, match="0 bytes") as caught:
        sandbox.call("rag.ingest.parsers.read:read", arguments, name="empty.txt")
    assert caught.value.hint


def test_foreign_errors_are_translated(sandbox: Sandbox) -> None:
    with pytest.raises(DamagedFile, match="JSONDecodeError"):
        sandbox.call("json:loads", {"s": "{"}, name="x")


def test_threads_get_their_own_answers(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: sandbox.call("json:loads", {"s": str(n)}, name="x"), range(50)))
    assert [int(reply) for reply in replies] == list(range(50))


@linux_only
def test_closing_leaves_no_process() -> None:
    sandbox = Sandbox()
    pid = pid_of(sandbox)
    sandbox.close()
    assert has_ended(pid, 5)
    with pytest.raises(LoadError, match="closed"):
        pid_of(sandbox)


@linux_only
@pytest.mark.parametrize("busy", ["signal:pause|{}", 're:match|{"pattern": "(a+)+b", "string": "' + "a" * 60 + '"}'])
def test_a_killed_parent_leaves_no_process(busy: str) -> None:
    function, arguments = busy.split("|")
    code = (
        "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
        "from rag.ingest.sandbox import Sandbox\n"
        "sandbox = Sandbox(timeout_s=600)\n"
        "print(json.loads(sandbox.call('os:getpid', {}, name='x')), flush=True)\n"
        "sandbox.call(sys.argv[2], json.loads(sys.argv[3]), name='x')\n"
    )
    command = [sys.executable, "-c", code, json.dumps([*sys.path, str(Path.cwd())]), function, arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert has_ended(pid, 10)


def test_no_variable_of_the_parent_reaches_a_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_TEST_SECRET", "hush")
    with Sandbox() as sandbox:
        assert sandbox.call("os:getenv", {"key": "FOOTNOTE_TEST_SECRET"}, name="x") == b"null"


def test_the_worker_starts_without_heavy_libraries() -> None:
    code = (
        "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
        "import rag.ingest.worker, rag.ingest.parsers.read\n"
        "print([name for name in ('torch', 'streamlit', 'chromadb', 'trafilatura') "
        "if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, json.dumps([*sys.path, str(Path.cwd())])]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
