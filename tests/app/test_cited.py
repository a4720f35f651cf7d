"""What is said today of the documents that a turn shows."""

from __future__ import annotations

import pytest

from app.cited import as_of_now
from rag.types import DocumentInfo, Flag, ParseReport


def known(document, *, title="Notes", name="notes.md", source="upload:notes.md", severe=False):
    flags = (Flag("hidden", 0, 5, "is hidden", severe=severe),)
    report = ParseReport(None, 10, 0, flags=flags)
    return DocumentInfo(
        document, "default", source, name, title, "text/markdown", "v1", 1, 10, 1, 10, "", "", (), report
    )


def record(cited=(), nearest=()):
    citations = [{"n": n, "document": document} for n, document in enumerate(cited, 1)]
    statements = [{"text": "It is so.", "citations": citations}] if citations else []
    return {"statements": statements, "passages": [{"document": document} for document in nearest]}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (record(cited=["waits"]), ["waits"]),
        (record(cited=["decided"], nearest=["waits"]), []),
        (record(nearest=["decided", "gone", "waits"]), ["waits"]),
        (record(nearest=["decided", "gone", "decided", "waits"]), []),
    ],
)
def test_what_is_shown_of_a_document_with_undecided_passages_says_so(asked, told):
    live = {"waits": known("waits", severe=True), "decided": known("decided", title="Desk")}
    assert [each["id"] for each in as_of_now(asked, live.get)["undecided"]] == told


def test_the_files_of_documents_that_are_called_alike_are_told():
    live = {
        "a": known("a"),
        "b": known("b", source="/srv/leeds/notes.md"),
        "c": known("c", title="Prices"),
    }
    assert as_of_now(record(cited=["a", "b", "c"]), live.get)["files"] == {
        "a": "notes.md",
        "b": "notes.md in srv/leeds",
    }
