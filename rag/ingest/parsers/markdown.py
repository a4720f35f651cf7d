"""Markdown (CommonMark with tables and strikethrough) through markdown-it-py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token

from rag.ingest.parsers.bold_headings import LEVEL, cut_bold_line, is_bold_name
from rag.ingest.parsers.elements import blocks_of, parse_html
from rag.ingest.parsers.hidden import comments, hidden_blocks, hidden_warning, limited, take_hidden
from rag.ingest.parsers.hidden_tags import OpenTags
from rag.ingest.parsers.parsed import Parsed, ParserInput, first_heading, pairs
from rag.ingest.parsers.plain import decode, paragraphs
from rag.ingest.parsers.raised import raised
from rag.ingest.parsers.tables import join_cells
from rag.ingest.parsers.wrapped import LEAST_HANGING, joins, width_of
from rag.types import BlockKind, RawBlock

# Behind a rule that is none of its borders comes an empty line (Pandoc's manual, yaml_metadata_block).
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?![ \t]*\n)(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"[^\s#-].*?:(?:\s|$)")
# Entries of lists, comments, values that go on, and the ends of lists over several lines.
_BESIDE_KEYS = re.compile(r"-(?:\s|$)|#|\s|[\]}],?\s*$|$")
_FIELD = re.compile(r"^([A-Za-z][\w .-]*?)\s*:(?:\s+(.*))?$")
_ALERT = re.compile(r"\[!(\w+)\]\s*")
# An empty box to tick, as a list of tasks has, says no more than a bullet does.
_BOX = re.compile(r"^\[ \]\s+")
_LINK_COMMENT = re.compile(
    r"^ {0,3}\[(?://|comment|#)\d*\]:\s*(?:#|<>)\s*[\"'(](.*)[\"')]\s*$", re.MULTILINE | re.IGNORECASE
)
# Lists in lists and quotes in quotes; what stands deeper the library drops without a word.
_MAX_NESTING = 100
_NESTING = {"blockquote_open": 1, "blockquote_close": -1} | {
    f"{kind}_list_{edge}": step for kind in ("bullet", "ordered") for edge, step in (("open", 1), ("close", -1))
}


def parse(file: ParserInput) -> Parsed:
    """Return the blocks of a Markdown file; front matter becomes metadata, comments are hidden text."""
    text, warnings = decode(file.path.read_bytes(), file.name)
    file.limits.check_characters(file.name, len(text))
    metadata, body = front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    found = tuple(markdown_blocks(body))
    blocks = tuple(block for block in found if not block.hidden)
    hidden = (*(block for block in found if block.hidden), *_in_links(body))
    title = metadata.get("title", "") or first_heading(blocks)
    return Parsed(
        media_type="text/markdown",
        title=title,
        blocks=(*blocks, *limited(hidden)),
        metadata=pairs(metadata),
        warnings=(*warnings, *hidden_warning(hidden)),
    )


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields between the two ``---`` lines at the start, and the rest.

    Plain ``key: value`` lines and lists are read; it is no full YAML, whose aliases can be made to explode. Where
    anything else stands between the lines, they are rules of the text and part of the rest.
    """
    text = text.removeprefix("\ufeff")
    found = _FRONT_MATTER.match(text)
    if not found or not _are_fields(found[1]):
        return {}, text
    fields: dict[str, str] = {}
    key = ""
    for line in found[1].split("\n"):
        stripped = line.strip()
        if stripped.startswith("- ") and key:
            fields[key] = ", ".join(filter(None, (fields[key], _unquote(stripped[2:]))))
        elif line[:1].isspace() and key:
            fields[key] = " ".join(filter(None, (fields[key], _unquote(stripped))))
        elif field := _FIELD.match(line):
            key = re.sub(r"[ .-]+", "_", field[1].lower())
            fields[key] = _unquote(field[2] or "")
    return fields, text[found.end() :]


def _are_fields(text: str) -> bool:
    others = [line for line in text.split("\n") if not _BESIDE_KEYS.match(line)]
    return not text.strip() or (bool(others) and all(map(_KEY.match, others)))


def _unquote(value: str) -> str:
    value = value.strip()
    if value in {"|", ">", "|-", ">-", "null", "~"}:
        return ""
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(_unquote(part) for part in value[1:-1].split(",") if part.strip())
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def markdown_blocks(text: str) -> Iterator[RawBlock]:
    """Yield the blocks of Markdown text in order, those among them that raw HTML hides.

    Where it is nested deeper than any honest text, it is read as plain text.
    """
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    parser.block.ruler.at("reference", _reference)
    tokens = parser.parse(text)
    if any(token.level >= _MAX_NESTING - 1 for token in tokens):
        yield from paragraphs(text)
        return
    tags = OpenTags()
    width = width_of(text)
    quotes = depth = 0
    item = ""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            yield from _table(tokens[at:end], tags)
            at, token = end, tokens[end]
        elif token.type == "inline":
            yield from _text(tokens, at, item, _place(tokens, at, quotes, depth), tags, width)
            item = ""
        elif token.type in {"fence", "code_block"} and tags.how:
            yield from hidden_blocks(token.content, tags.how)
        elif token.type in {"fence", "code_block"}:
            yield from _block("code", token.content.rstrip("\n"), 0)
        elif token.type == "html_block":
            yield from _html_blocks(token.content, tags)
        else:
            quotes += _NESTING.get(token.type, 0) if token.tag == "blockquote" else 0
            depth += _NESTING.get(token.type, 0) if token.tag in {"ol", "ul"} else 0
            if token.type == "list_item_open":
                item = f"{token.info}. " if token.info else ""
        tags.nest(token.nesting)
        at += 1


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as the library calls it
    """Take the target of links from a line, but no note of one word or one address, which CommonMark does not know."""
    is_note = state.src.startswith("[^", state.bMarks[start] + state.tShift[start])
    return not is_note and reference(state, start, end, silent)


def _html_blocks(text: str, tags: OpenTags) -> Iterator[RawBlock]:
    root = parse_html(tags.around + text)
    if root is not None:
        yield from take_hidden(root)
        yield from blocks_of(root)
    yield from comments(text)
    tags.read(text)
    # Whatever block of Markdown follows ends a paragraph.
    tags.close("p")


def _in_links(text: str) -> Iterator[RawBlock]:
    """Yield the comments that are written as links to nowhere."""
    for match in _LINK_COMMENT.finditer(text):
        yield RawBlock("paragraph", match[1], hidden="stands in a comment")


def _place(tokens: Sequence[Token], at: int, quotes: int, depth: int) -> tuple[BlockKind, int]:
    opening = tokens[at - 1]
    if opening.type == "heading_open":
        return "heading", int(opening.tag[1:])
    if quotes:
        return "quote", 0
    if depth:
        return "list_item", depth
    return ("heading", LEVEL) if is_bold_name(tokens, at) else ("paragraph", 0)


def _text(
    tokens: Sequence[Token], at: int, item: str, place: tuple[BlockKind, int], tags: OpenTags, width: int
) -> Iterator[RawBlock]:
    """Yield a text, after the bold line that it begins with and which names it, and what is hidden in it."""
    kind, level = place
    if kind == "paragraph" and (name := cut_bold_line(tokens[at])):
        yield RawBlock("heading", name, level=LEVEL)
    shown, hidden = _inline(tokens[at], tags, width)
    shown = _BOX.sub("", shown) if kind == "list_item" else shown
    yield from _block(kind, f"{item}{shown}" if shown.strip() or not hidden else "", level)
    yield from hidden


def _block(kind: BlockKind, text: str, level: int) -> Iterator[RawBlock]:
    if text.strip():
        yield RawBlock(kind, text if kind == "code" else text.strip(), level=level)


def _table(tokens: Sequence[Token], tags: OpenTags) -> Iterator[RawBlock]:
    cells: list[str] = []
    kind: BlockKind = "table_header"
    for token in tokens:
        if token.type == "inline":
            cell, hidden = _inline(token, tags, 0)
            cells.append(cell)
            yield from hidden
        elif token.type == "tr_close":
            if row := join_cells(cells):
                yield RawBlock(kind, row)
            cells, kind = [], "table_row"
        tags.nest(token.nesting)


def _inline(token: Token, tags: OpenTags, width: int) -> tuple[str, list[RawBlock]]:
    """Return the text that a reader sees, its lines joined where they were broken to fit, and what is hidden.

    Hidden are what raw HTML hides and what is struck out.
    """
    parts: list[str] = []
    hidden: list[RawBlock] = []
    unseen: list[str] = []
    # A line break in a paragraph is a space to whoever writes Markdown, wherever it stands (CommonMark 0.31, 6.8).
    joined = iter(joins(token.content.split("\n"), width, least=LEAST_HANGING))
    for child in token.children or ():
        how = tags.how
        piece = child.content if child.type in {"text", "code_inline", "image"} else ""
        if child.type in {"softbreak", "hardbreak"}:
            piece = " " if next(joined, False) and child.type == "softbreak" else "\n"
        elif child.type == "html_inline":
            piece = "\n" if re.match(r"<br\b", child.content, re.IGNORECASE) else ""
            hidden += comments(child.content)
            tags.read(child.content)
        elif child.tag == "s":
            tags.read("<s>" if child.nesting > 0 else "</s>")
        if tags.raised and piece.strip():
            piece = raised(piece, next(filter(None, reversed(parts)), ""), tags.raised)
        if tags.how != how:
            hidden += hidden_blocks("".join(unseen), how)
            unseen.clear()
        (unseen if tags.how else parts).append(piece)
    hidden += hidden_blocks("".join(unseen), tags.how)
    text = "".join(parts)
    text = _ALERT.sub(lambda alert: f"{alert[1].capitalize()}: ", text, count=1) if text.startswith("[!") else text
    return text, hidden
