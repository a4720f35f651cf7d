"""Documents that need no parsing go live in batches too, in the order in which they come."""

from contextlib import contextmanager

import pytest

from rag.ingest.normalize import normalize
from rag.ingest.publish import publish
from rag.settings import Settings
from rag.types import ParseReport, RawBlock, RawDocument
from rag.wiring import open_workspace


@pytest.fixture
def workspace(tmp_path):
    with open_workspace(Settings(home=tmp_path / "home", models={"runtime": "torch-float32"})) as opened:
        opened.catalog.create_space("other")
        yield opened


def document(source, text, space="default"):
    block = RawBlock("paragraph", text)
    raw = RawDocument(source, source, source, "text/plain", "0" * 64, 1, (block,), (), ParseReport(None, 1, 0))
    return normalize(raw, space=space)


def test_each_document_comes_back_with_its_receipt_in_order(workspace):
    given = [document("b", "Beta."), document("a", "Alpha.")]
    came = list(publish(given, workspace))
    assert [each.name for each, _ in came] == ["b", "a"]
    assert [(receipt.document_id, receipt.n_chunks) for _, receipt in came] == [(each.id, 1) for each in given]


def test_of_a_document_that_comes_twice_the_last_is_live(workspace):
    first, again = document("a", "Two years."), document("a", "Three years.")
    receipts = [receipt for _, receipt in publish([first, document("b", "Beta."), again], workspace)]
    assert [receipt.replaced for receipt in receipts] == [None, None, first.version]
    assert workspace.catalog.find("default", "a").version == again.version
    assert workspace.status("default")["agree"]


def test_the_same_version_twice_is_live_once(workspace):
    list(publish([document("a", "Alpha."), document("a", "Alpha.")], workspace))
    (info,) = workspace.catalog.documents("default")
    assert (info.n_versions, info.n_chunks) == (1, 1)
    assert workspace.status("default")["agree"]


def test_documents_of_two_spaces_go_to_their_own(workspace):
    list(publish([document("a", "Alpha."), document("b", "Beta.", "other"), document("c", "Gamma.")], workspace))
    assert [info.name for info in workspace.catalog.documents("default")] == ["a", "c"]
    assert [info.name for info in workspace.catalog.documents("other")] == ["b"]


def test_a_refused_document_is_left_out_of_its_batch(workspace):
    given = [document("a", "Alpha."), document("b", "Beta.")]
    came = list(publish(given, workspace, admit=lambda each: each.name == "b"))
    assert [receipt is None for _, receipt in came] == [True, False]
    assert [info.name for info in workspace.catalog.documents("default")] == ["b"]


def test_the_time_of_every_stage_can_be_taken(workspace):
    entered = []

    @contextmanager
    def stage(name):
        entered.append(name)
        yield

    list(publish([document("a", "Alpha."), document("b", "Beta.")], workspace, stage=stage))
    assert entered == ["chunk", "chunk", "embed", "link", "write"]


def test_nothing_is_loaded_for_nothing(workspace):
    assert list(publish([], workspace)) == []
    assert workspace.catalog.active_index() is None
