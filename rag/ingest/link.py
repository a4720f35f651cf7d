"""Give the passages of a document to the knowledge graph: the only place where chunks become source texts."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_graph.extract import extract
from knowledge_graph.types import Extraction, SourceText
from rag.types import Chunk, Document


def link(document: Document, chunks: Sequence[Chunk]) -> tuple[Extraction, ...]:
    """Return what each chunk gives to the graph.

    Each chunk is one source with its id; the title of the document and its own heading path stand above it,
    so that all chunks of a document meet in the title.

    Args:
        document: The version that the chunks are of.
        chunks: Its passages.

    Returns:
        One extraction per chunk, in their order.
    """
    return tuple(
        extract(SourceText(chunk.id, chunk.text, title=document.title, headings=chunk.headings)) for chunk in chunks
    )
