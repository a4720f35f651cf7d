"""The entry of the parsing process: find the format of a file and hand it to its parser."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from rag.errors import EmptyFile
from rag.ingest.parsers.detect import Format, detect
from rag.ingest.parsers.parsed import LoadLimits, Member, Parsed, ParserInput, Reading

_MODULES: dict[Format, str] = {
    "pdf": "pdf",
    "word": "word",
    "slides": "slides",
    "sheets": "sheets",
    "epub": "epub",
    "mail": "mail",
    "webpage": "webpage",
    "markdown": "markdown",
    "delimited": "delimited",
    "plain": "plain",
}


class _Parser(Protocol):
    def parse(self, file: ParserInput) -> Parsed:
        """Read one file."""


class _Archive(Protocol):
    def unpack(self, file: ParserInput) -> tuple[Member, ...]:
        """Unpack one archive."""


def read(path: str, name: str, folder: str, limits: dict[str, float | str]) -> Reading:
    """Return what a file holds: a document, the members of an archive, or a mail and its attachments.

    Args:
        path: Where the bytes are.
        name: File name to show.
        folder: Empty folder for members and attachments.
        limits: Fields of `LoadLimits`.

    Raises:
        LoadError: The file cannot be read; the error says why and what to do.
    """
    file = ParserInput(Path(path), name, LoadLimits(**limits), Path(folder))  # type: ignore[arg-type]  # JSON from us
    format_ = detect(file.path, name)
    # A parser with its libraries is loaded when the first file of its kind comes.
    if format_ == "archive":
        if not file.limits.max_archive_depth:
            # Refused by `rag.ingest.load`, which knows how deep it lies; nothing is unpacked for that.
            return Reading(None)
        archive = cast("_Archive", importlib.import_module("rag.ingest.parsers.archive"))
        return Reading(None, archive.unpack(file))
    parser = cast("_Parser", importlib.import_module(f"rag.ingest.parsers.{_MODULES[format_]}"))
    parsed = parser.parse(file)
    file.limits.check_characters(name, sum(len(block.text) for block in parsed.blocks))
    blocks = tuple(replace(block, text=scrub(block.text)) for block in parsed.blocks)
    if not parsed.members and not any(block.text.strip() and not block.hidden for block in blocks):
        raise _empty(name, parsed)
    metadata = tuple((scrub(key), scrub(value)) for key, value in parsed.metadata)
    return Reading(replace(parsed, title=scrub(parsed.title), blocks=blocks, metadata=metadata), parsed.members)


def scrub(text: str) -> str:
    """Return text that UTF-8 can hold: pairs of surrogates become their character, lone ones are dropped."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _empty(name: str, parsed: Parsed) -> EmptyFile:
    hint = " ".join(parsed.warnings) or "Check in the program that made it what it shows."
    return EmptyFile(f"{name!r} holds no text that can be read.", hint=hint)
