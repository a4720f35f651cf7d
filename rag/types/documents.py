"""A document from its file to what lists show of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.types.standing import NO_STANDING, Standing

BlockKind = Literal["heading", "paragraph", "list_item", "table_header", "table_row", "code", "quote", "note"]
FlagKind = Literal["hidden", "order"]
FlagChoice = Literal["released", "kept_out"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to be read: where its bytes are and under which name it is known.

    Args:
        path: The file to open.
        source: Identity of the document over its versions: an absolute path, ``upload:NAME``, or
            either followed by ``!/MEMBER`` for a member of an archive.
        name: File name to show and to take the format and a fallback title from.
    """

    path: Path
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A piece of a parsed file in reading order.

    Args:
        kind: What the piece is; a table is one ``table_header`` (where it has one) and ``table_row`` blocks.
        text: Its text; the cells of a row are joined by `` | ``.
        level: Heading level from 1, nesting depth of a list item from 1, otherwise 0.
        page: Page (PDF), slide (PPTX) or sheet (XLSX) from 1, where the format has them.
        hidden: How it is kept from a reader's eyes, as the end of "The text …"; empty for what a reader sees.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A span of a document that a reader cannot see, or that gives orders to an assistant.

    Args:
        kind: ``hidden`` for the way it is written, ``order`` for what it says.
        start: First character in the text of the version.
        end: One past the last character.
        reason: Why, as the end of "The text …".
        severe: Whether the document waits for a decision because of it.
        since_decision: Whether it was found after the last decision, which does not cover it.
    """

    kind: FlagKind
    start: int
    end: int
    reason: str
    severe: bool
    since_decision: bool = False


@dataclass(frozen=True, slots=True)
class FlagDecision:
    """What a person decided of the flagged passages of a version.

    Args:
        choice: ``released`` makes them live, ``kept_out`` leaves them out for good.
        by: Id of the principal.
        at: When, ISO 8601 in UTC.
    """

    choice: FlagChoice
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ParseReport:
    """What a parser saw, for the person who uploaded the file.

    Args:
        pages: Number of pages, slides or sheets; ``None`` where the format has none.
        characters: Characters of text found.
        tables: Tables found.
        pages_without_text: Pages from 1 on which no text was found, neither in the file nor by OCR.
        ocr_pages: Pages from 1 whose text was recognized from their picture.
        warnings: Sentences for the person, e.g. text that the parser had to guess.
        flags: Hidden text and orders in it, in order of their spans.
        decisions: What was decided of the flags, oldest first; the last one holds.
        parser: Version of the parsers that read it; empty where they did not note theirs yet.
    """

    pages: int | None
    characters: int
    tables: int
    pages_without_text: tuple[int, ...] = ()
    ocr_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    decisions: tuple[FlagDecision, ...] = ()
    parser: str = ""

    @property
    def waiting(self) -> bool:
        """Whether the version waits for a decision on what was found in it."""
        return any(flag.severe and (flag.since_decision or not self.decisions) for flag in self.flags)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as its parser read it, before normalization.

    Args:
        source: See `SourceFile.source`.
        name: File name.
        title: Title from the file's metadata or first heading; else the name without its ending.
        media_type: IANA media type, e.g. ``application/pdf``.
        file_sha256: Hash of the file's bytes, hexadecimal.
        n_bytes: Size of the file.
        blocks: Its text in reading order.
        metadata: Sorted pairs such as ``("author", …)``, ``("created", ISO date)``, ``("effective", ISO date)``.
        report: What the parser saw.
    """

    source: str
    name: str
    title: str
    media_type: str
    file_sha256: str
    n_bytes: int
    blocks: tuple[RawBlock, ...]
    metadata: tuple[tuple[str, str], ...]
    report: ParseReport


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document, as a span of its text.

    Blocks are in order and do not overlap; what lies between two of them is white space only.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document: normalized text and its structure.

    Args:
        id: Stable over versions: ``d`` and 15 hexadecimal digits of the hash of space and source.
        version: Hash of title, normalized text and structure (16 hexadecimal digits).
        space: The space that it belongs to.
        text: Normalized text (NFC, line feeds, no control characters); every span points into it.
        blocks: Structure over ``text``.
        standing: Whether it is in force, as far as it says so itself.
    """

    id: str
    version: str
    space: str
    source: str
    name: str
    title: str
    media_type: str
    file_sha256: str
    n_bytes: int
    text: str
    blocks: tuple[Block, ...]
    metadata: tuple[tuple[str, str], ...]
    report: ParseReport
    standing: Standing = NO_STANDING


@dataclass(frozen=True, slots=True)
class IndexRecipe:
    """What must be equal for two vectors to meet in one index.

    Args:
        embedding_ref: Reference of the embedding model.
        embedding_sha256: Hash of its weights.
        dimension: Length of a vector.
        chunker: Chunker version and settings, as sorted ``key=value`` text.
        parser: Version of the parsers.
    """

    embedding_ref: str
    embedding_sha256: str
    dimension: int
    chunker: str
    parser: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document as lists show it: its live version and what is known of it."""

    id: str
    space: str
    source: str
    name: str
    title: str
    media_type: str
    version: str
    n_versions: int
    n_bytes: int
    n_chunks: int
    n_characters: int
    added_at: str
    updated_at: str
    metadata: tuple[tuple[str, str], ...]
    report: ParseReport


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version of a document in its history."""

    document_id: str
    version: str
    state: Literal["live", "superseded"]
    n_characters: int
    n_chunks: int
    file_sha256: str
    created_at: str
