"""Passages of documents, as the stores keep them and the models read them."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types.common import Float32Array
from rag.types.documents import Document


@dataclass(frozen=True, slots=True)
class Turn:
    """Where within a passage another page or another section begins.

    Args:
        start: First character, in the text of the version.
        page: The page from there on, where the format has pages.
        headings: Heading path from there on, from the outermost.
    """

    start: int
    page: int | None
    headings: tuple[str, ...]


def document_of(chunk_id: str) -> str:
    """Return the id of the document that a chunk's id names; the id of a document is that of itself."""
    return chunk_id.split("@", 1)[0]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: an exact span of one document version.

    Args:
        id: ``DOCUMENT@VERSION:START-END``.
        ordinal: Position in the document from 0.
        start: First character in the text of the version.
        end: One past the last character.
        text: The text of the version from ``start`` to ``end``.
        context: What precedes the text when it is embedded and searched, though it stands elsewhere:
            title, heading path, header row of the table. Never quoted.
        headings: Heading path of the first character, from the outermost.
        page: Page of the first character, where the format has pages.
        n_tokens: Length of context and text in the embedder's tokens.
        turns: Where page or headings change within it, in order.
    """

    id: str
    document_id: str
    version: str
    ordinal: int
    start: int
    end: int
    text: str
    context: str
    headings: tuple[str, ...]
    page: int | None
    n_tokens: int
    turns: tuple[Turn, ...] = ()

    def place(self, position: int) -> tuple[int | None, tuple[str, ...]]:
        """Return page and headings of a character, by its place in the text of the version."""
        before = [turn for turn in self.turns if turn.start <= position]
        return (before[-1].page, before[-1].headings) if before else (self.page, self.headings)

    @property
    def embedded_text(self) -> str:
        """The text that models read: context, then text."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    @property
    def text_offset(self) -> int:
        """Where the text begins in `embedded_text`."""
        return len(self.context) + 1 if self.context else 0


@dataclass(frozen=True, slots=True)
class EmbeddedChunks:
    """The chunks of one document version with their vectors.

    Args:
        document: The version.
        chunks: In order of their spans; together they cover every block of the document.
        vectors: Shape ``(len(chunks), dimension)``, rows of unit length.
        sentences: For each chunk the vectors of its sentences, shape ``(n, dimension)``, rows of unit length; ``n`` is
            0 where one sentence is all of it.
    """

    document: Document
    chunks: tuple[Chunk, ...]
    vectors: Float32Array
    sentences: tuple[Float32Array, ...]
