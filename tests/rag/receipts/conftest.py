"""A workspace with the real embedding model and a few documents, and receipts of questions that were asked in it."""

from __future__ import annotations

import pytest

from rag.ask.flow import ask
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_workspace
from tests.rag.ingest.doubles import Parts

WARRANTY = "# Kestrel 4 warranty\n\nThe Kestrel 4 has a warranty of 24 months. Batteries are not covered.\n"
RETURNS = "# Returns\n\nDevices can be returned within 14 days of delivery.\n"
QUESTION = "How long is the warranty of the Kestrel 4?"


class Library:
    """A workspace, and the folder that its documents come from."""

    def __init__(self, workspace, folder):
        self.workspace = workspace
        self.folder = folder

    def put(self, name, text):
        """Write a document and read it in; return its id."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        (report,) = ingest(find_files([path]), self.workspace).files
        assert report.outcome in {"added", "updated", "unchanged"}
        return report.document_id

    def ask(self, text=QUESTION, **options):
        """Ask, and return the stored record."""
        answer = ask(Question(text), self.workspace, **options)
        return self.workspace.catalog.answer(answer.receipt)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with open_workspace(load_settings(home=tmp_path_factory.mktemp("home"), env={})) as opened:
        yield opened


@pytest.fixture
def library(workspace, tmp_path):
    """The two documents as they were at first, under a path of this test's own."""
    made = Library(workspace, tmp_path)
    names = {made.put("warranty.md", WARRANTY), made.put("returns.md", RETURNS)}
    yield made
    from rag.ingest.flow import remove

    for info in workspace.catalog.documents("default"):
        remove(info.id, workspace)
    assert names


@pytest.fixture
def parts_of():
    return Parts
