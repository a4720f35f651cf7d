"""A catalog with a ledger of five answers, all from one passage."""

from __future__ import annotations

import pytest

from rag.ask.answer import record
from rag.stores.catalog import SqlCatalog
from rag.types import LOCAL_OWNER, Answer, Citation, Confidence, Hit, Question, Statement, Verdict


def make_answer(receipt, passage):
    chunk = passage.chunk
    cited = Citation(
        1, chunk.document_id, passage.title, chunk.version, chunk.id, 1, (), chunk.start, chunk.end, chunk.text
    )
    return Answer(
        receipt=receipt,
        question=Question("What hums?"),
        query=None,
        verdict=Verdict(
            "answered", None, "quoted", (Statement(chunk.text, 0.9, (cited,)),), (), Confidence(0.8, "high", {})
        ),
        message="",
        passages=(Hit(passage, 1.0, ("dense",)),),
        models={},
        index="i",
        prompt=None,
        timings_ms={},
        asked_at="2026-01-01T00:00:00+00:00",
        asked_by="local",
        salt="5a" * 16,
    )


@pytest.fixture
def catalog(stores, embed_by_hand):
    """A catalog with a log, a document, and five answers that cite it."""
    opened = SqlCatalog(stores.database, ledger_log=stores.home.ledger_log)
    embedded = embed_by_hand(["The quince hums at night.", "Nothing else."], source="secret")
    stores.ingest(embedded)
    (passage, _) = stores.catalog.live("default", stores.index, [chunk.id for chunk in embedded.chunks]).values()
    for n in range(1, 6):
        answer = make_answer(f"r{n}", passage)
        opened.save_answer(answer, LOCAL_OWNER, record(answer))
    return opened
