"""Uploaded files lie below the home directory until they are read, and nothing is left where that fails."""

from __future__ import annotations

import errno
import io

import pytest

from app.staging import stage
from rag.errors import StoreError


class Failing(io.BytesIO):
    """A file of which only the first bytes can be copied."""

    def __init__(self, error):
        super().__init__(b"words")
        self.error = error

    def read(self, size=-1):
        return super().read(size) or self.fail()

    def fail(self):
        raise self.error


def test_files_are_saved_under_their_names(tmp_path):
    folder, (first, second) = stage([("a.txt", io.BytesIO(b"one")), ("a.txt", io.BytesIO(b"two"))], tmp_path)
    assert folder.parent == first.path.parent.parent == tmp_path
    assert [(each.source, each.name, each.path.read_bytes()) for each in (first, second)] == [
        ("upload:a.txt", "a.txt", b"one"),
        ("upload:a (2).txt", "a (2).txt", b"two"),
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "1 file could not be saved .*the disk is full"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_a_file_that_cannot_be_saved_leaves_nothing_and_says_why(tmp_path, error, said):
    with pytest.raises(StoreError, match=said) as raised:
        stage([("a.txt", Failing(error))], tmp_path)
    assert "upload again" in raised.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error_too(tmp_path):
    with pytest.raises(StoreError, match="2 files could not be saved"):
        stage([("a.txt", io.BytesIO(b"")), ("b.txt", io.BytesIO(b""))], tmp_path / "gone")


def test_an_upload_that_is_broken_off_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        stage([("a.txt", Failing(KeyboardInterrupt()))], tmp_path)
    assert list(tmp_path.iterdir()) == []
