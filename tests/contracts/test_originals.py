"""What every implementation of `rag.protocols.Originals` must do."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager

import pytest

from rag.errors import NotFound
from rag.stores.files import FileOriginals

HELLO = hashlib.sha256(b"hello").hexdigest()
EMPTY = hashlib.sha256(b"").hexdigest()


class RememberedOriginals:
    """Files in a dictionary, written down where somebody wants a path."""

    def __init__(self, folder):
        self._files = {}
        self._folder = folder

    def put(self, sha256, chunks):
        if sha256 not in self._files:
            self._files[sha256] = b"".join(chunks)

    @contextmanager
    def open(self, sha256):
        if sha256 not in self._files:
            raise NotFound(f"There is no original with the hash {sha256!r}.", hint="Store it first.")
        yield self._files[sha256]

    def path(self, sha256):
        with self.open(sha256) as content:
            (self._folder / sha256).write_bytes(content)
        return self._folder / sha256

    def delete(self, sha256):
        self._files.pop(sha256, None)

    def sweep(self, keep):
        removed = self._files.keys() - set(keep)
        for sha256 in removed:
            del self._files[sha256]
        return set(removed)


@pytest.fixture(params=["files", "memory"])
def originals(request, tmp_path):
    return FileOriginals(tmp_path / "files") if request.param == "files" else RememberedOriginals(tmp_path)


def test_a_file_comes_back_to_the_byte(originals):
    originals.put(HELLO, [b"he", b"", b"llo"])
    originals.put(EMPTY, [])

    with originals.open(HELLO) as content:
        assert content == b"hello"
    with originals.open(EMPTY) as content:
        assert content == b""


def test_a_file_can_be_read_by_its_path(originals):
    originals.put(HELLO, [b"hello"])

    assert originals.path(HELLO).read_bytes() == b"hello"
    with pytest.raises(NotFound):
        originals.path(EMPTY)


def test_a_file_that_is_there_is_not_read_again(originals):
    originals.put(HELLO, [b"hello"])

    def untouched():
        raise AssertionError
        yield b""

    originals.put(HELLO, untouched())


def test_an_unknown_file_is_an_error(originals):
    with pytest.raises(NotFound, match=HELLO), originals.open(HELLO):
        pass


def test_a_deleted_file_is_gone(originals):
    originals.put(HELLO, [b"hello"])
    originals.delete(HELLO)
    originals.delete(HELLO)

    with pytest.raises(NotFound), originals.open(HELLO):
        pass


def test_sweeping_keeps_what_it_is_told(originals):
    originals.put(HELLO, [b"hello"])
    originals.put(EMPTY, [])

    assert originals.sweep([HELLO]) == {EMPTY}
    with originals.open(HELLO) as content:
        assert content == b"hello"
