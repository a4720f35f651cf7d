"""Normalized text, exact spans and stable ids."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EmptyFile
from rag.ingest.normalize import normalize
from rag.types import BlockKind, Document, ParseReport, RawBlock, RawDocument

KINDS: tuple[BlockKind, ...] = (
    "heading", "paragraph", "list_item", "table_header", "table_row", "code", "quote", "note"
)  # fmt: skip


def raw(*blocks: RawBlock, title: str = "Guide", source: str = "/docs/guide.md") -> RawDocument:
    return RawDocument(
        source,
        "guide.md",
        title,
        "text/markdown",
        "0" * 64,
        10,
        blocks,
        (("author", "A\u00a0B"),),
        ParseReport(None, 0, 0),
    )


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_blocks_are_joined_with_blank_lines_and_rows_and_items_with_one() -> None:
    document = normalize(
        raw(
            RawBlock("heading", "Head", level=1),
            RawBlock("list_item", "one", level=1),
            RawBlock("list_item", "two", level=1),
            RawBlock("table_header", "a | b"),
            RawBlock("table_row", "1 | 2"),
            RawBlock("table_header", "c | d"),
        ),
        space="s",
    )
    assert document.text == "Head\n\none\ntwo\n\na | b\n1 | 2\n\nc | d"


def test_text_becomes_nfc_with_line_feeds_and_without_invisible_characters() -> None:
    document = normalize(
        raw(RawBlock("paragraph", "\ufeffCafe\u0301\u200b \t no\u00adte\r\nne\u3164xt\u2028la\U0001d173st \x07 ")),
        space="s",
    )
    assert document.text == "Café note\nnext\nlast"


def test_joiners_stay_where_a_script_needs_them_and_go_elsewhere() -> None:
    document = normalize(raw(RawBlock("paragraph", "می\u200cخواهم pass\u200cword 👩\u200d🔧")), space="s")
    assert document.text == "می\u200cخواهم password 👩\u200d🔧"


def test_code_keeps_its_indentation_and_tabs() -> None:
    document = normalize(raw(RawBlock("code", "\n  if x:\n\treturn  \n\n  y\n")), space="s")
    assert document.text == "  if x:\n\treturn\n\n  y"


def test_rows_and_headings_are_one_line() -> None:
    assert texts(normalize(raw(RawBlock("table_row", "a\nb | c")), space="s")) == ["a b | c"]


def test_the_id_hashes_space_and_source() -> None:
    document = normalize(raw(RawBlock("paragraph", "x")), space="s")
    assert document.id == "d" + hashlib.sha256(b"s\n/docs/guide.md").hexdigest()[:15]


def test_the_version_depends_on_title_text_and_structure_only() -> None:
    first = normalize(raw(RawBlock("paragraph", "x")), space="s")
    elsewhere = normalize(raw(RawBlock("paragraph", "x"), source="/other.md"), space="t")
    assert first.version == elsewhere.version
    others = [
        raw(RawBlock("paragraph", "y")),
        raw(RawBlock("paragraph", "x"), title="Other"),
        raw(RawBlock("heading", "x", level=1)),
        raw(RawBlock("paragraph", "x", page=2)),
    ]
    assert len({first.version, *(normalize(other, space="s").version for other in others)}) == 5


def test_a_missing_title_becomes_the_name_without_its_ending() -> None:
    assert normalize(raw(RawBlock("paragraph", "x"), title=" \u200b "), space="s").title == "guide"


def test_metadata_is_cleaned() -> None:
    assert normalize(raw(RawBlock("paragraph", "x")), space="s").metadata == (("author", "A B"),)


def test_nothing_but_white_space_is_empty() -> None:
    with pytest.raises(EmptyFile, match=r"guide\.md"):
        normalize(raw(RawBlock("paragraph", " \u200b\n"), RawBlock("code", "\n\n")), space="s")


ANY_TEXT = st.text(st.characters(codec="utf-16", exclude_categories=[]), max_size=60)
BLOCKS = st.lists(
    st.builds(RawBlock, st.sampled_from(KINDS), ANY_TEXT | st.text(" \n\t\u200bé\u0301a|", max_size=30)), max_size=8
)


@given(BLOCKS)
def test_spans_are_exact_ordered_and_cover_the_text(blocks: list[RawBlock]) -> None:
    try:
        document = normalize(raw(*blocks), space="s")
    except EmptyFile:
        return
    end = 0
    for block in document.blocks:
        assert not document.text[end : block.start].strip()
        assert block.start >= end
        assert document.text[block.start : block.end].strip()
        end = block.end
    assert end == len(document.text)
    assert unicodedata.is_normalized("NFC", document.text)
    assert "\r" not in document.text


@given(BLOCKS)
def test_normalizing_twice_changes_nothing(blocks: list[RawBlock]) -> None:
    try:
        once = normalize(raw(*blocks), space="s")
    except EmptyFile:
        return
    again = tuple(
        RawBlock(block.kind, once.text[block.start : block.end], block.level, block.page) for block in once.blocks
    )
    assert normalize(raw(*again, title=once.title), space="s") == replace(once)
