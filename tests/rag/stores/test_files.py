"""Originals lie under their hash, arrive whole, and never elsewhere."""

from __future__ import annotations

import errno
import hashlib
import os
import tracemalloc

import pytest

from rag.errors import InputError, NotFound, StoreError
from rag.stores.files import FileOriginals


@pytest.fixture
def originals(tmp_path):
    return FileOriginals(tmp_path / "files")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_lies_under_its_hash_for_the_owner_alone(originals, tmp_path):
    name = sha256(b"abc")
    originals.put(name, [b"a", b"bc"])

    assert originals.path(name) == tmp_path / "files" / name[:2] / name
    assert originals.path(name).stat().st_mode & 0o777 == 0o600


def test_bytes_with_another_hash_are_refused_and_leave_nothing(originals, tmp_path):
    with pytest.raises(InputError, match="has the hash"):
        originals.put(sha256(b"abc"), [b"other"])

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_source_that_fails_leaves_nothing(originals, tmp_path):
    def broken():
        yield b"a"
        raise ConnectionError

    with pytest.raises(StoreError):
        originals.put(sha256(b"abc"), broken())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_said_so(originals):
    def full():
        yield b"a"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StoreError, match="disk is full"):
        originals.put(sha256(b"abc"), full())


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_is_refused(originals, name):
    for call in (originals.path, originals.delete, lambda name: originals.put(name, [])):
        with pytest.raises(InputError, match="SHA-256"):
            call(name)


def test_a_large_file_passes_through_in_pieces(originals):
    piece, n = b"x" * 1_000_000, 64
    name = hashlib.sha256(piece * n).hexdigest()
    tracemalloc.start()
    originals.put(name, (piece for _ in range(n)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert originals.path(name).stat().st_size == 64_000_000
    assert peak < 5_000_000


def test_sweeping_keeps_what_is_referred_to_and_clears_interrupted_writes(originals, tmp_path):
    kept, gone = sha256(b"kept"), sha256(b"gone")
    originals.put(kept, [b"kept"])
    originals.put(gone, [b"gone"])
    part = originals.path(kept).parent / ".part-abc"
    part.write_bytes(b"half")

    assert originals.sweep([kept]) == {gone}

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    with pytest.raises(NotFound):
        originals.path(gone)
