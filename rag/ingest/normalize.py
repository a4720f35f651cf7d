"""From what a parser read to one version of a document: clean text, exact spans, stable ids."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.errors import EmptyFile
from rag.ingest.standing import read_standing
from rag.types import Block, BlockKind, Document, Flag, RawBlock, RawDocument

MAX_TITLE_CHARACTERS = 300

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Characters that show nothing: control characters, soft hyphen, zero-width and direction marks, fillers, variation
# selectors for text, the tag alphabet, surrogates and noncharacters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Joiners spell words in Persian and the Indic scripts and hold emoji together; anywhere else they only hide.
_STRAY_JOINER = re.compile(
    "(?<![\u0590-\u1fff\u2190-\u2bff\ua800-\ud7ff\ufb1d-\ufe0f\U00010000-\U0001ffff])[\u200c\u200d]+"
)
_TAGGED = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007e]{3,}")
_SPACES = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_WIDE_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINES = re.compile(" ?\n[ \n]*")
_ONE_LINE: frozenset[BlockKind] = frozenset({"heading", "table_header", "table_row"})


def normalize(raw: RawDocument, *, space: str) -> Document:
    """Return the version of a document that a file holds.

    Text is Unicode NFC with line feeds and no invisible characters; white space is collapsed outside code.
    Text that a reader cannot see comes in blocks behind all others, each flagged as hidden.
    Blocks are joined with blank lines, the rows of a table and the items of a list with one line feed.
    The id hashes space and source, the version hashes title, text and structure, so that the same content
    has the same version wherever and whenever it is read.

    Args:
        raw: What the parser read.
        space: Space that the document belongs to.

    Raises:
        EmptyFile: No text is left.

    Source: Unicode Standard Annex 15 (NFC).
    """
    parts: list[str] = []
    blocks: list[Block] = []
    flags: list[Flag] = []
    end = 0
    last: BlockKind | None = None
    for raw_block in (*raw.blocks, *_written_in_tags(raw.blocks)):
        text = _block_text(raw_block)
        if not text:
            continue
        gap = _gap(last, raw_block.kind)
        parts += (gap, text)
        start, end = end + len(gap), end + len(gap) + len(text)
        blocks.append(Block(raw_block.kind, start, end, raw_block.level, raw_block.page))
        last = raw_block.kind
        if raw_block.hidden:
            flags.append(Flag("hidden", start, end, raw_block.hidden, severe=False))
    if len(flags) == len(blocks):
        raise EmptyFile(
            f"{raw.name!r} holds no text that can be read.", hint="Check in the program that made it what it shows."
        )
    text = "".join(parts)
    title = _line(raw.title)[:MAX_TITLE_CHARACTERS].strip() or _line(Path(raw.name).stem) or raw.name
    document = Document(
        id=document_id(space, raw.source),
        version=_version(title, text, blocks),
        space=space,
        source=raw.source,
        name=raw.name,
        title=title,
        media_type=raw.media_type,
        file_sha256=raw.file_sha256,
        n_bytes=raw.n_bytes,
        text=text,
        blocks=tuple(blocks),
        metadata=_metadata(raw.metadata),
        report=replace(raw.report, characters=len(text), flags=tuple(flags)),
    )
    return replace(document, standing=read_standing(document))


def document_id(space: str, source: str) -> str:
    """Return the id of the document with this source: ``d`` and 15 hexadecimal digits."""
    return "d" + hashlib.sha256(f"{space}\n{source}".encode()).hexdigest()[:15]


def _version(title: str, text: str, blocks: Sequence[Block]) -> str:
    structure = [[block.kind, block.level, block.page, block.start, block.end] for block in blocks]
    canonical = json.dumps([title, text, structure], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _written_in_tags(blocks: Sequence[RawBlock]) -> Iterator[RawBlock]:
    """Yield what blocks hold in the tag alphabet, which no program shows and models read; a flag may be drawn by it."""
    for block in blocks:
        for match in _TAGGED.finditer(block.text):
            text = "".join(chr(ord(char) - 0xE0000) for char in match.group())
            yield RawBlock("paragraph", text, page=block.page, hidden="is written in characters that show nothing")


def _gap(last: BlockKind | None, kind: BlockKind) -> str:
    if last is None:
        return ""
    row = kind == "table_row" and last in {"table_header", "table_row"}
    return "\n" if row or (kind == last == "list_item") else "\n\n"


def _block_text(block: RawBlock) -> str:
    if block.kind == "code":
        return _code(block.text)
    if block.kind in _ONE_LINE:
        return _line(block.text)
    return _LINES.sub("\n", _SPACES.sub(" ", _visible(block.text))).strip()


def _line(text: str) -> str:
    return " ".join(_visible(text).split())


def _code(text: str) -> str:
    lines = _WIDE_SPACE.sub(" ", _visible(text)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _visible(text: str) -> str:
    # Removing comes first: it can bring characters together that compose.
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", text))


def _metadata(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    clean = {(key, _line(value)) for key, value in pairs}
    return tuple(sorted((key, value) for key, value in clean if value))
