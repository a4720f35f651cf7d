"""Several documents go live together, or none does."""

import numpy as np
import pytest

from knowledge_graph.storage import GraphStore
from knowledge_graph.types import Extraction
from rag.errors import InputError, StoreError
from rag.ingest.chunk import chunk
from rag.ingest.index import index_all
from rag.ingest.link import link
from rag.ingest.normalize import normalize
from rag.protocols import TokenSpan
from rag.stores.catalog import SqlCatalog
from rag.stores.database import Database
from rag.stores.vectors import ChromaVectors
from rag.types import EmbeddedChunks, IndexRecipe, ParseReport, RawBlock, RawDocument


@pytest.fixture
def stores(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'catalog.db'}")
    catalog = SqlCatalog(database)
    catalog.create_space("default")
    vectors = ChromaVectors(tmp_path / "chroma")
    index_id = catalog.index_for(IndexRecipe("test", "0" * 64, 4, "c", "p"))
    yield catalog, vectors, GraphStore(catalog.extractions), index_id
    vectors.close()
    database.close()


def linked(name: str, text: str) -> tuple[EmbeddedChunks, tuple[Extraction, ...]]:
    raw = RawDocument(
        name, name, name, "text/plain", "0" * 64, 1, (RawBlock("paragraph", text),), (), ParseReport(None, 1, 0)
    )
    document = normalize(raw, space="default")
    chunks = chunk(document, lambda _: [TokenSpan(0, 1)], budget_tokens=100, context_tokens=10)
    vectors = np.tile(np.float32([1, 0, 0, 0]), (len(chunks), 1))
    return EmbeddedChunks(document, chunks, vectors, (vectors,) * len(chunks)), link(document, chunks)


def test_a_batch_is_live_with_vectors_and_an_empty_journal(stores):
    catalog, vectors, graphs, index_id = stores
    receipts = index_all([linked("a", "Alpha"), linked("b", "Beta")], catalog, vectors, graphs, index_id=index_id)
    assert [info.name for info in catalog.documents("default")] == ["a", "b"]
    assert len(vectors.present("default", index_id)) == 2
    assert [receipt.replaced for receipt in receipts] == [None, None]
    assert catalog.unfinished() == []


def test_a_changed_document_of_a_batch_replaces_its_version_and_its_vectors(stores):
    catalog, vectors, graphs, index_id = stores
    first = index_all([linked("a", "Alpha"), linked("b", "Beta")], catalog, vectors, graphs, index_id=index_id)
    again = index_all([linked("a", "Gamma"), linked("b", "Beta")], catalog, vectors, graphs, index_id=index_id)
    assert [receipt.replaced for receipt in again] == [first[0].version, None]
    assert len(vectors.present("default", index_id)) == 2
    assert catalog.unfinished() == []


def test_the_graph_follows_also_where_the_vectors_of_before_cannot_be_deleted(stores):
    catalog, vectors, graphs, index_id = stores
    index_all([linked("a", "Alpha Tower")], catalog, vectors, graphs, index_id=index_id)
    assert graphs.graph("default", index_id).entities("Alpha Tower")

    class Full:
        def __getattr__(self, name):
            return getattr(vectors, name)

        def delete(self, *_):
            raise StoreError("The disk is full.", hint="Free some space.")

    with pytest.raises(StoreError):
        index_all([linked("a", "Gamma Tower")], catalog, Full(), graphs, index_id=index_id)
    assert graphs.graph("default", index_id).entities("Gamma Tower")
    assert not graphs.graph("default", index_id).entities("Alpha Tower")


def test_one_document_that_does_not_fit_keeps_the_whole_batch_out(stores):
    catalog, vectors, graphs, index_id = stores
    good = linked("a", "Alpha")
    foreign = (linked("b", "Beta")[0], good[1])
    with pytest.raises(InputError):
        index_all([good, foreign], catalog, vectors, graphs, index_id=index_id)
    assert catalog.documents("default") == ()


def test_an_empty_batch_changes_nothing(stores):
    catalog, vectors, graphs, index_id = stores
    assert index_all([], catalog, vectors, graphs, index_id=index_id) == ()
