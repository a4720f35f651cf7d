"""Which format a file has, where its content could be taken for another."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from rag.errors import UnsupportedFormat
from rag.ingest.parsers.detect import detect


def found(tmp_path: Path, name: str, content: bytes) -> str:
    path = tmp_path / "file"
    path.write_bytes(content)
    return detect(path, name)


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.md", b"# PDF files\n\nEach begins with `%PDF-1.7`.\n", "markdown"),
        ("a.txt", b"Each begins with %PDF-1.7.\n", "plain"),
        ("a.pdf", b"junk before\n%PDF-1.7\n", "pdf"),
        ("mail-part", b"junk\n%PDF-1.7\n" + bytes(20), "pdf"),
        ("mail-part", b"%PDF-1.7\n", "pdf"),
    ],
)
def test_a_page_that_speaks_of_pdf_is_none(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    assert found(tmp_path, name, content) == expected


def test_an_archive_with_an_index_is_no_iwork_file(tmp_path: Path) -> None:
    assert found(tmp_path, "site.zip", packed("index.xml", "a.md")) == "archive"


@pytest.mark.parametrize(
    "names", [("index.xml", "buildVersionHistory.plist"), ("index.apxl",), ("Index/Document.iwa",)]
)
def test_iwork_files_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(UnsupportedFormat, match="iWork"):
        found(tmp_path, "a.zip", packed(*names))


_FIRST = (
    b"From a@example.com Mon Mar  2 10:00:00 2026\nFrom: a@example.com\nTo: b@example.com\nSubject: One\n\nFirst.\n"
)


@pytest.mark.parametrize("name", ["inbox.mbox", "inbox", "inbox.eml"])
def test_a_mailbox_of_several_mails_is_refused_and_one_of_one_mail_is_a_mail(tmp_path: Path, name: str) -> None:
    more = b"\nFrom c@example.com Tue Mar  3 10:00:00 2026\nFrom: c@example.com\nSubject: Two\n\nSecond.\n"
    with pytest.raises(UnsupportedFormat, match="several mails"):
        found(tmp_path, name, _FIRST + more)
    assert found(tmp_path, name, _FIRST + b"\nFrom May on we open at 10:00.\nNote: on Mondays too.\n") == "mail"


@pytest.mark.timeout(20)
def test_many_comments_before_no_page_are_passed_in_time(tmp_path: Path) -> None:
    assert found(tmp_path, "a.md", b"<!-- a -->\n" * 5000 + b"Words.\n") == "markdown"
    assert found(tmp_path, "a.md", b"<!-- a -->\n" * 5000 + b"<!doctype html>") == "webpage"


@pytest.mark.timeout(20)
def test_indented_lines_below_what_looks_like_the_header_of_a_mail_are_passed_in_time(tmp_path: Path) -> None:
    folded = b"          and more of it\n" * 2000
    assert found(tmp_path, "a.txt", b"Subject: the fan\n" + folded) == "plain"
    assert found(tmp_path, "a", b"Subject: the fan\n" + folded + b"From: a\nTo: b\n\nWords.\n") == "mail"
