"""Web pages: trafilatura says where the main content is, the element walk keeps its structure.

trafilatura's own output drops headings, table headers and list levels on many pages, so it only votes: the
deepest element that holds nearly all of the text that it chose is the main content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import trafilatura
from lxml import etree, html

from rag.ingest.parsers.elements import (
    Element,
    blocks_of,
    parse_html,
    visible_text,
)
from rag.ingest.parsers.hidden import comments, hidden_warning, limited, take_hidden
from rag.ingest.parsers.parsed import Parsed, ParserInput, first_heading, pairs
from rag.ingest.parsers.plain import LATIN_NAMES, decode
from rag.types import RawBlock

MAIN_SHARE = 0.9
"""The main element holds at least this share of what trafilatura chose."""

WHOLE_SHARE = 0.5
"""Where the main element holds less than this share of the text outside links, the whole page is kept."""

MIN_LEAF = 20
"""Shorter pieces of text stand in too many places to say where the main content is."""

LINK_SHARE = 0.8
"""A list with this share of its text in links leads elsewhere; it says nothing itself."""

_PARTS = frozenset({"p", "span", "li", "ul", "ol", "td", "tr", "tbody", "table"})
_FURNITURE = ("nav", "footer", "aside", "header")
_ARTICLES = frozenset({"article", "main"})
"""Elements, or their roles, in which notes stand aside and headings in headers."""
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menubar", "toolbar"})
_LEAVES = "p li td th dd dt pre blockquote h1 h2 h3 h4 h5 h6 figcaption div span".split()
_DECLARED = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE
)
_META_NAMES = {
    "author": "author",
    "article:author": "author",
    "dc.creator": "author",
    "date": "created",
    "article:published_time": "created",
    "dc.date": "created",
    "article:modified_time": "modified",
    "last-modified": "modified",
    "description": "description",
    "og:site_name": "site",
    "effective": "effective",
    "status": "status",
    "supersedes": "supersedes",
    "superseded_by": "superseded_by",
    "superseded-by": "superseded_by",
    "valid_from": "valid_from",
    "valid-from": "valid_from",
    "valid_until": "valid_until",
    "valid-until": "valid_until",
    "version": "version",
}


def parse(file: ParserInput) -> Parsed:
    """Return the main content of a web page as blocks."""
    text, warnings = decode_html(file.path.read_bytes(), file.name)
    file.limits.check_characters(file.name, len(text))
    root = parse_html(text)
    if root is None:
        return Parsed(media_type="text/html", title="", blocks=(), warnings=warnings)
    title, metadata = _title(root), _metadata(root)
    hidden = (*take_hidden(root), *comments(text))
    blocks = _with_heading(root, tuple(main_blocks(root)))
    return Parsed(
        media_type="text/html",
        title=title or first_heading(blocks),
        blocks=(*blocks, *limited(hidden)),
        metadata=pairs(metadata),
        warnings=(*warnings, *hidden_warning(hidden)),
    )


def decode_html(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page: UTF-8 where it is that, else as the page declares, else as guessed."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return decode(content, name)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    for found in _DECLARED.finditer(content[:8192]):
        encoding = (found[1] or found[2]).decode("ascii").lower()
        encoding = "cp1252" if encoding in LATIN_NAMES else encoding
        try:
            return content.decode(encoding), ()
        except (LookupError, UnicodeError):
            continue
    return decode(content, name)


def main_blocks(root: Element) -> list[RawBlock]:
    """Return the blocks of the main content, or of the whole page where little else is on it."""
    body = root.find("body")
    body = root if body is None else body
    chosen = _chosen(root)
    _drop_furniture(body)
    main = _main_element(body, chosen)
    # Text in links counts for nothing here: pages of news are mostly links to other pages.
    if main is None or main is body or _prose(main) < WHOLE_SHARE * _prose(body):
        return blocks_of(body)
    _drop_link_lists(main, chosen)
    return blocks_of(main)


def _prose(element: Element) -> int:
    """Return the number of characters outside links."""
    return len(_squeeze(visible_text(element))) - sum(len(_squeeze(visible_text(link))) for link in element.iter("a"))


def _chosen(root: Element) -> str:
    try:
        found = trafilatura.extract(
            html.tostring(root, encoding="unicode"), favor_recall=True, include_comments=False, include_tables=True
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError):
        found = None
    return _squeeze(found or "")


def _squeeze(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _drop_furniture(body: Element) -> None:
    dropped: set[Element] = set()
    n_left = len(visible_text(body))
    for element in list(body.iter(etree.Element)):
        around = list(element.iterancestors())
        if element is body or not around or not dropped.isdisjoint(around):
            continue
        inside_article = any({above.tag, above.get("role")} & _ARTICLES for above in around)
        by_tag = element.tag in {"nav", "footer"} or (element.tag in _FURNITURE and not inside_article)
        if by_tag or element.get("role") in _ROLES:
            n_characters = len(visible_text(element))
            if 2 * n_characters <= n_left:
                element.drop_tree()
                dropped.add(element)
                n_left -= n_characters


def _drop_link_lists(main: Element, chosen: str) -> None:
    """Drop lists of nothing but links that trafilatura left out too: sharing buttons, related pages."""
    for group in list(main.iter("ul", "ol")):
        text = _squeeze(visible_text(group))
        links = sum(len(_squeeze(visible_text(link))) for link in group.iter("a"))
        if text and links >= LINK_SHARE * len(text) and text[:200] not in chosen and not _holds_most(group, main):
            group.drop_tree()


def _holds_most(element: Element, body: Element) -> bool:
    return 2 * len(visible_text(element)) > len(visible_text(body))


def _main_element(body: Element, chosen: str) -> Element | None:
    """Return the deepest element with at least `MAIN_SHARE` of the chosen text."""
    weights = _weights(body, chosen)
    if not weights:
        return None
    main, deeper = body, body
    while deeper is not None:
        main = deeper
        deeper = next((child for child in main if weights.get(child, 0) >= MAIN_SHARE * weights[body]), None)
    while main.tag in _PARTS and main is not body:
        main = main.getparent()
    return main


def _weights(body: Element, chosen: str) -> dict[Element, int]:
    weights: dict[Element, int] = {}
    for leaf in body.iter(*_LEAVES):
        own = _squeeze((leaf.text or "") + "".join(child.tail or "" for child in leaf))
        if len(own) < MIN_LEAF or not (own[:200] in chosen or _squeeze(visible_text(leaf))[:200] in chosen):
            continue
        for element in (leaf, *leaf.iterancestors()):
            weights[element] = weights.get(element, 0) + len(own)
            if element is body:
                break
    return weights


def _title(root: Element) -> str:
    for path in (".//meta[@property='og:title']", ".//meta[@name='dc.title']"):
        for element in root.findall(path):
            if content := (element.get("content") or "").strip():
                return str(content)
    found = root.findtext(".//head/title") or root.findtext(".//title") or ""
    return " ".join(found.split())


def _metadata(root: Element) -> dict[str, str]:
    metadata: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name in _META_NAMES and element.get("content"):
            metadata.setdefault(_META_NAMES[name], element.get("content"))
    if language := root.get("lang"):
        metadata["language"] = language
    return metadata


def _with_heading(root: Element, blocks: tuple[RawBlock, ...]) -> tuple[RawBlock, ...]:
    """Put the page's only ``h1`` in front where it stands outside the main content."""
    tops = [" ".join(visible_text(element).split()) for element in root.iter("h1")]
    if len(tops) != 1 or not tops[0] or _has(blocks, tops[0]) or not blocks:
        return blocks
    return (RawBlock("heading", tops[0], level=1), *blocks)


def _has(blocks: Iterable[RawBlock], heading: str) -> bool:
    # One heading may be written in several lines, and as several blocks.
    return heading in " ".join(" ".join(block.text.split()) for block in blocks if block.kind == "heading")
