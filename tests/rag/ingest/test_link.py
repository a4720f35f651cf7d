from dataclasses import replace

import pytest

from knowledge_graph.graph import KnowledgeGraph
from rag.ingest.link import link
from rag.types import Block, Chunk, Document, ParseReport

PARAGRAPHS = ("Error HX-2104 means that the uplink is down.", "Call Anna Bell. She knows HX-2104.")


def chunk_of(text: str, ordinal: int, start: int) -> Chunk:
    chunk_id = f"d1@v1:{start}-{start + len(text)}"
    headings = ("Halo Mesh", "Error codes") if ordinal else ("Halo Mesh",)
    return Chunk(chunk_id, "d1", "v1", ordinal, start, start + len(text), text, "Halo Mesh", headings, None, 12)


@pytest.fixture
def document() -> Document:
    text = "\n\n".join(PARAGRAPHS)
    blocks = (Block("paragraph", 0, len(PARAGRAPHS[0])), Block("paragraph", len(PARAGRAPHS[0]) + 2, len(text)))
    report = ParseReport(None, len(text), 0)
    media = "text/plain"
    return Document("d1", "v1", "default", "/x", "x.txt", "Halo Mesh", media, "0" * 64, 9, text, blocks, (), report)


@pytest.fixture
def chunks() -> tuple[Chunk, ...]:
    return chunk_of(PARAGRAPHS[0], 0, 0), chunk_of(PARAGRAPHS[1], 1, len(PARAGRAPHS[0]) + 2)


def test_every_chunk_is_one_source_in_order(document, chunks):
    extractions = link(document, chunks)
    assert [extraction.source_id for extraction in extractions] == [chunk.id for chunk in chunks]


def test_mentions_lie_in_the_text_of_their_chunk(document, chunks):
    extractions = link(document, chunks)
    for extraction, chunk in zip(extractions, chunks, strict=True):
        placed = [mention for mention in extraction.mentions if mention.end]
        assert placed
        assert all(chunk.text[mention.start : mention.end] == mention.surface for mention in placed)


def test_chunks_of_a_document_meet_in_its_title_and_carry_their_headings(document, chunks):
    extractions = link(document, chunks)
    above = [[mention.surface for mention in extraction.mentions if not mention.end] for extraction in extractions]
    assert above == [["Halo Mesh"], ["Halo Mesh", "Error codes"]]


def test_a_document_without_chunks_gives_nothing(document):
    assert link(replace(document, text="", blocks=()), ()) == ()


def test_the_graph_of_a_document_leads_from_one_chunk_to_the_other(document, chunks):
    extractions = link(document, chunks)
    near = KnowledgeGraph(extractions).neighbours("who knows HX-2104", {}, limit=5)
    assert {neighbour.source_id for neighbour in near} == {chunk.id for chunk in chunks}
