"""What goes into a parser and what comes out; plain values, since they travel between processes as JSON."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import LimitExceeded
from rag.types import RawBlock

PARSER_VERSION = "9"
"""Grows when the same file would be read differently: the next ingest parses it again. Part of the index recipe."""

MEGABYTE = 1_000_000

OCR_HINT = "install footnote[ocr] to recognize them"
"""What the warning of a file says whose scanned pages were not recognized."""


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What no file may exceed; the defaults are those of the settings.

    Args:
        max_file_mb: Largest file, in MB (10^6 bytes).
        max_pages: Most pages, slides or sheets of one file.
        max_characters: Most characters of text of one file.
        max_archive_depth: Archives inside archives; 0 reads none at all. For a parser, the levels that are left.
        max_unpacked_mb: Unpacked size of one archive with all archives inside it, in MB.
        max_archive_files: Most files of one archive with all archives inside it.
        ocr: Whether scanned pages are recognized where the ocr extra is installed.
        parse_timeout_s: Time limit of the parsing process; recognition stops in good time before it.
    """

    max_file_mb: float = 100.0
    max_pages: int = 3000
    max_characters: int = 20_000_000
    max_archive_depth: int = 3
    max_unpacked_mb: float = 500.0
    max_archive_files: int = 10_000
    ocr: Literal["auto", "off"] = "auto"
    parse_timeout_s: float = 120.0

    @property
    def recognizes(self) -> bool:
        """Whether scanned pages are recognized: it is wanted, and the ocr extra is installed, which is not loaded."""
        return self.ocr == "auto" and all(map(importlib.util.find_spec, ("rapidocr_onnxruntime", "cv2")))

    def check_pages(self, name: str, n_pages: int) -> None:
        """Raise `LimitExceeded` for a file with more pages, slides or sheets than allowed."""
        if n_pages > self.max_pages:
            raise LimitExceeded(
                f"{name!r} has {n_pages:,} pages; at most {self.max_pages:,} are read.",
                hint="Split the file, or raise ingest.max_pages.",
            )

    def check_characters(self, name: str, n_characters: int) -> None:
        """Raise `LimitExceeded` for a file with more text than allowed."""
        if n_characters > self.max_characters:
            raise LimitExceeded(
                f"{name!r} holds more than {self.max_characters:,} characters of text.",
                hint="Split the file, or raise ingest.max_characters.",
            )

    def check_unpacked(self, name: str, n_bytes: int) -> None:
        """Raise `LimitExceeded` for a file that unpacks to more than allowed."""
        if n_bytes > self.max_unpacked_mb * MEGABYTE:
            raise LimitExceeded(
                f"{name!r} unpacks to more than {self.max_unpacked_mb:,.0f} MB.",
                hint="Take out what is not needed, or raise ingest.max_unpacked_mb.",
            )


@dataclass(frozen=True, slots=True)
class ParserInput:
    """A file for a parser.

    Args:
        path: Where the bytes are.
        name: File name to show in messages.
        limits: What the file may not exceed.
        folder: Empty folder for the files inside it (members, attachments), named ``0``, ``1``, ….
    """

    path: Path
    name: str
    limits: LoadLimits
    folder: Path

    @property
    def stem(self) -> str:
        """The file name without its ending, the title of last resort."""
        return Path(self.name).stem or self.name


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a file.

    Args:
        name: Path inside the archive, or name of the attachment.
        n_bytes: Bytes that were unpacked for it, whether it was kept or not.
        file: Number under which it lies in the folder; ``None`` where it was not unpacked.
        reason: Why it was not, as a sentence.
        hint: What the person can do about it.
        rest: Whether it is the first of several that were not unpacked, the others of which are not named.
    """

    name: str
    n_bytes: int
    file: int | None = None
    reason: str = ""
    hint: str = ""
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser found in one file.

    Args:
        media_type: IANA media type.
        title: Title from metadata or the first heading; empty where there is none.
        blocks: Text in reading order.
        metadata: Pairs in any order.
        pages: Pages, slides or sheets; ``None`` where the format has none.
        pages_without_text: Pages from 1 without any text.
        ocr_pages: Pages from 1 whose text was recognized from the picture.
        warnings: Sentences for the person.
        members: Files inside the file that are documents of their own.
        whole: Whether these are all the files inside it; not so where a warning tells of others.
    """

    media_type: str
    title: str
    blocks: tuple[RawBlock, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    pages: int | None = None
    pages_without_text: tuple[int, ...] = ()
    ocr_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """The reply of the parsing process for one file: a document, members, or both (a mail with attachments)."""

    document: Parsed | None
    members: tuple[Member, ...] = ()


def pairs(metadata: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the non-empty values of ``metadata`` as sorted pairs of texts."""
    texts = {key: str(value).strip() for key, value in metadata.items() if value is not None}
    return tuple(sorted((key, value) for key, value in texts.items() if value))


def first_heading(blocks: Iterable[RawBlock]) -> str:
    """Return the text of the first heading, or nothing."""
    return next((" ".join(block.text.split()) for block in blocks if block.kind == "heading"), "")


def count_tables(blocks: Iterable[RawBlock]) -> int:
    """Return the number of tables: runs of rows, each ended by a header or by anything that is no row."""
    n_tables, inside = 0, False
    for block in blocks:
        row = block.kind in {"table_header", "table_row"}
        n_tables += row and (not inside or block.kind == "table_header")
        inside = row
    return n_tables
