import sys
from pathlib import Path

import pytest

from rag.evaluation.fingerprint import index_code


@pytest.fixture(autouse=True)
def read_anew():
    """Nothing is kept from or for another test."""
    index_code.cache_clear()
    yield
    index_code.cache_clear()


def test_the_same_code_has_the_same_hash():
    before = index_code()
    index_code.cache_clear()
    assert index_code() == before


@pytest.mark.parametrize(
    ("module", "counts"),
    [
        ("rag.ingest.chunk", True),
        ("rag.ingest.parsers.markdown", True),
        ("knowledge_graph.extract", True),
        ("rag.stores.vectors", True),
        ("knowledge_graph.rank", False),
        ("rag.ask.retrieve", False),
    ],
)
def test_code_that_makes_an_index_counts_and_code_that_asks_does_not(monkeypatch, module, counts):
    before = index_code()
    index_code.cache_clear()
    __import__(module)
    changed = Path(sys.modules[module].__file__)
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + (b"\n# changed" if path == changed else b""))
    assert (index_code() != before) is counts
