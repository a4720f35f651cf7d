"""A real workspace's stores with an answer and a refusal, saved as the flow saves them; no model is needed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rag.ask.answer import record
from rag.stores.access import Access
from rag.stores.catalog import SqlCatalog
from rag.stores.feedback import SqlFeedback
from rag.stores.files import FileOriginals
from rag.types import (
    Answer,
    Citation,
    Confidence,
    Document,
    Hit,
    Principal,
    Question,
    Statement,
    Verdict,
)

ADA = Principal("ada")
BEN = Principal("ben")
EVE = Principal("eve")
KETTLE = "The Larkspur kettle is guaranteed for 30 months."
TOASTER = "The crumb tray of the Bracken toaster is emptied every 4 weeks."


@dataclass
class Parts:
    """What judging and exporting need of a workspace."""

    catalog: SqlCatalog
    feedback: SqlFeedback
    originals: FileOriginals
    documents: dict[str, Document]


def answer_of(receipt, live, *, cited=(), question="How long is it guaranteed?", outcome=None, history=()):
    """Return an answer that cites some of the live chunks; a refusal where it cites none."""
    statements = tuple(
        Statement(
            hit.chunk.text,
            0.9,
            (
                Citation(
                    n,
                    hit.chunk.document_id,
                    hit.title,
                    hit.chunk.version,
                    hit.chunk.id,
                    1,
                    hit.chunk.headings,
                    hit.chunk.start,
                    hit.chunk.end,
                    hit.chunk.text,
                ),
            ),
        )
        for n, hit in enumerate(cited, 1)
    )
    outcome = outcome or ("answered" if cited else "refused")
    reason = "weak_evidence" if outcome == "refused" else None
    return Answer(
        receipt=receipt,
        question=Question(question, history=tuple(history)),
        query=None,
        verdict=Verdict(outcome, reason, "quoted", statements, (), Confidence(0.8, "high", {})),
        message="",
        passages=tuple(Hit(hit, 1.0, ("dense",)) for hit in live),
        models={},
        index="i",
        prompt=None,
        timings_ms={},
        asked_at="2026-01-01T00:00:00+00:00",
    )


@pytest.fixture
def parts(stores, embed_by_hand):
    """Two documents; Ada asked ``right`` (answered) and ``none`` (refused); Ben edits, Eve may nothing."""
    made = {
        "kettle": embed_by_hand([KETTLE], source="/docs/kettle.md", title="Kettle"),
        "toaster": embed_by_hand([TOASTER], source="/docs/toaster.md", title="Toaster"),
    }
    for embedded in made.values():
        stores.ingest(embedded)
    ids = [chunk.id for embedded in made.values() for chunk in embedded.chunks]
    live = stores.catalog.live("default", stores.index, ids)
    hits = [live[name] for name in ids]
    access: Access = stores.catalog
    access.grant("default", "ada", "reader")
    access.grant("default", "ben", "editor")
    for answer in (
        answer_of("right", hits, cited=hits[:1]),
        answer_of("none", hits, question="Who painted it?"),
        answer_of("broken", (), outcome="failed"),
    ):
        stores.catalog.save_answer(answer, ADA, record(answer))
    documents = {name: embedded.document for name, embedded in made.items()}
    return Parts(stores.catalog, SqlFeedback(stores.database), stores.originals, documents)
