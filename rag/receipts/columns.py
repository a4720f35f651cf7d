"""Names of the columns of table rows that answers quote: a row of names and numbers says little without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from rag.ask.texts.rows import cell_texts, is_row
from rag.errors import RagError
from rag.types import Block, Document

Columns = Mapping[tuple[str, str, int], Sequence[str]]
"""Names of the columns of a row, by document, version and where the row begins."""


def columns_of(records: Iterable[Mapping[str, Any]], read: Callable[[str, str], Document]) -> Columns:
    """Return the names of the columns of each row that answers, shown or weighed, quote, where its table has a header.

    They are read from the document each time and kept nowhere: nothing of a removed one stays.

    Args:
        records: Stored answers.
        read: Gives a version of a document.
    """
    quoted = {
        row_place(cited)
        for record in records
        for spoken in _said(record)
        if is_row(str(spoken["text"]))
        for cited in spoken["citations"][:1]
    }
    versions: dict[tuple[str, str], Document] = {}
    found = {}
    for document_id, version, start in quoted:
        # A document that was removed has no names to show.
        with suppress(RagError):
            if (document_id, version) not in versions:
                versions[document_id, version] = read(document_id, version)
            if names := _columns_at(versions[document_id, version], start):
                found[document_id, version, start] = names
    return found


def _said(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the statements of an answer, then those of the answers that were weighed beside it."""
    yield from record.get("statements", ())
    for weighed in record.get("candidates", ()):
        yield from weighed.get("statements", ())


def row_place(citation: Mapping[str, Any]) -> tuple[str, str, int]:
    """Return under what the columns of a cited row are kept in `Columns`."""
    return str(citation["document"]), str(citation["version"]), int(citation["start"])


def _columns_at(document: Document, start: int) -> Sequence[str]:
    index = next((n for n, block in enumerate(document.blocks) if block.start <= start < block.end), None)
    header = None if index is None else header_before(document.blocks, index)
    return cell_texts(document.text[header.start : header.end]) if header else []


def header_before(blocks: Sequence[Block], index: int) -> Block | None:
    """Return the header of the table that a row stands in, if it has one."""
    if blocks[index].kind != "table_row":
        return None
    above = next((block for block in reversed(blocks[:index]) if block.kind != "table_row"), None)
    return above if above is not None and above.kind == "table_header" else None
