"""From HTML elements to blocks; shared by web pages, Word files, e-books, mails and HTML inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Any

from lxml import etree, html

from rag.ingest.parsers.bold_headings import head_bold_lines
from rag.ingest.parsers.numerals import letters, roman
from rag.ingest.parsers.raised import raise_marks
from rag.ingest.parsers.tables import MAX_REPEATED, join_cells, looks_like_header, table_blocks, with_one_header
from rag.types import BlockKind, RawBlock

Element = Any
"""An lxml element; lxml ships no types."""

NUMBER = "footnote-number"
"""Attribute of list items that says how they are numbered; without it they are counted."""

_Cell = tuple[Element, str]
"""Where the text of a cell comes from, and the text."""

DROPPED = frozenset(
    "script style template head noscript svg iframe object embed canvas audio video map select option input button"
    " textarea rp rt meta link title dialog".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table ul tr td th thead tbody tfoot"
    " caption menu dir".split()
)
_HEADING = re.compile(r"h([1-6])$")
_NOTE_ID = re.compile(r"(?:^|-)(?:foot|end)note-\d+$|(?:^|-)comment-\d+$")
_FILE_NAME = re.compile(r"\.\w{3,4}$")
_FOLDED = re.compile(r"accordion|collaps", re.IGNORECASE)
_ANCHORS = frozenset({"¶", "#", "§", "🔗"})
_NEAR = 4
"""So many elements lie between a heading and the button in it at most."""
_MAX_DEPTH = 200
_MAX_TERM = _MAX_INNER = 200
_OF_ANSWERS = ("ol", "p", "table", "ul")
_NO_TERM = ("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table")
"""What holds one of these is more than a term."""


def parse_html(text: str) -> Element | None:
    """Return the root of HTML text, or ``None`` where it has no elements; nothing outside it is ever read."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    # lxml refuses text that declares its encoding, so it gets bytes; characters that XML cannot hold are dropped.
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    try:
        root = html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    raise_marks(root)
    _keep_labels(root)
    return root


def visible_text(element: Element) -> str:
    """Return the text below an element without scripts and the like, with spaces between blocks."""
    return "".join(_texts(element, 0))


def blocks_of(root: Element) -> list[RawBlock]:
    """Return the blocks below an element in document order."""
    head_bold_lines(root)
    walk = _Walk()
    walk.visit(root, "paragraph", 0, 0)
    walk.flush()
    return walk.blocks


def _texts(element: Element, depth: int) -> Iterator[str]:
    if element.tag in DROPPED or not isinstance(element.tag, str):
        return
    if depth > _MAX_DEPTH:
        # Deeper than any honest page; recursion ends here, the text does not.
        yield "".join(element.itertext())
        return
    edge = " " if element.tag in _BLOCK or element.tag == "br" else ""
    yield edge + (_caption(element) if element.tag == "img" else element.text or "")
    for child in element:
        yield from _texts(child, depth + 1)
        yield child.tail or ""
    yield edge


class _Walk:
    """Collects inline text until a block begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[RawBlock] = []
        self._inline: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._mark = ""
        self._next_numbers: dict[Element, int] = {}

    def flush(self) -> None:
        """End the block that is being collected."""
        text = "\n".join(line for line in (" ".join(x.split()) for x in "".join(self._inline).split("\n")) if line)
        self._inline.clear()
        if text:
            self.blocks.append(RawBlock(self._kind, self._mark + text, level=self._level))
            self._mark = ""

    def visit(self, element: Element, kind: BlockKind, level: int, depth: int) -> None:
        """Collect an element whose text belongs to a block of this kind and level."""
        tag = element.tag
        if not isinstance(tag, str) or tag in DROPPED:
            return
        if depth > _MAX_DEPTH:
            self._text(visible_text(element))
        elif tag == "br":
            self._inline.append("\n")
        elif tag == "table" and is_table(element):
            self._table(element, depth)
        elif tag == "pre":
            self._code(element)
        elif tag in _BLOCK:
            self._block(element, kind, level, depth)
        elif tag == "a" and (element.text or "").strip() in _ANCHORS and not len(element):
            return
        elif tag == "img":
            self._text(_caption(element))
        else:
            self._children(element, kind, level, depth)

    def _block(self, element: Element, kind: BlockKind, level: int, depth: int) -> None:
        self.flush()
        if element.tag == "dl" and _is_of_questions(element):
            _head_answers(element)
        kind, level = _place(element, kind, level)
        if element.tag == "dl":
            _join_terms(element)
        self._kind, self._level = kind, level
        if element.tag == "li":
            self._mark = self._number(element)
        self._children(element, kind, level, depth)
        self.flush()
        self._mark = "" if element.tag == "li" else self._mark

    def _number(self, item: Element) -> str:
        if (known := item.get(NUMBER)) is not None:
            return f"{known} " if known else ""
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or _NOTE_ID.search(item.get("id") or ""):
            return ""
        step = 1 if parent.get("reversed") is None else -1
        number = _whole_number(item.get("value"))
        if number is None:
            number = self._next_numbers.get(parent)
        if number is None:
            number = _whole_number(parent.get("start"))
        if number is None:
            number = 1 if step == 1 else len(parent.findall("li"))
        self._next_numbers[parent] = number + step
        return f"{_numeral(number, parent.get('type') or '1')}. "

    def _children(self, element: Element, kind: BlockKind, level: int, depth: int) -> None:
        self._text(element.text or "")
        for child in element:
            self.visit(child, kind, level, depth + 1)
            self._kind, self._level = kind, level
            self._text(child.tail or "")

    def _text(self, text: str) -> None:
        self._inline.append(" ".join(text.split("\n")) if "\n" in text else text)

    def _code(self, element: Element) -> None:
        self.flush()
        text = "".join(_code_texts(element)).strip("\n")
        if text.strip():
            self.blocks.append(RawBlock("code", text))

    def _table(self, element: Element, depth: int) -> None:
        self.flush()
        for caption in element.findall("caption"):
            self.visit(caption, "paragraph", 0, depth + 1)
            self.flush()
        found = [(row, is_header) for row, is_header in _rows(element) if join_cells(row)]
        n_header = sum(1 for _ in takewhile(lambda row: row[1], found))
        titles, rows = with_one_header([row for row, _ in found], n_header)
        self.blocks.extend(RawBlock("paragraph", join_cells(title).strip(" |")) for title in titles)
        self.blocks.extend(table_blocks(rows, header=n_header > len(titles) or looks_like_header(rows)))


def _keep_labels(root: Element) -> None:
    """Make text of the buttons that say what they unfold, as the questions of a page of answers do; no others."""
    for button in list(root.iter("button")):
        if any(_HEADING.match(above.tag) or above.tag == "dt" for above in islice(button.iterancestors(), _NEAR)):
            button.tag = "span"
        elif button.get("aria-expanded") is not None or _FOLDED.search(button.get("class") or ""):
            button.tag = "p"


def _caption(image: Element) -> str:
    text = " ".join((image.get("alt") or "").split())
    return "" if not text or _FILE_NAME.search(text) else f" {text} "


def _label(cell: Element) -> str:
    """Return what a cell says that holds nothing but signs, as the marks of a comparison: how they are called."""
    for sign in cell.iter("i", "span", "svg"):
        named = sign.get("aria-label") or sign.get("title") or sign.findtext("{*}title") or ""
        if named.strip():
            return " ".join(named.split())
    return ""


def _place(element: Element, kind: BlockKind, level: int) -> tuple[BlockKind, int]:
    tag = element.tag
    if heading := _HEADING.match(tag):
        return "heading", int(heading[1])
    if _NOTE_ID.search(element.get("id") or ""):
        return "note", 0
    if tag in {"ul", "ol", "dl", "menu", "dir"}:
        return ("list_item", level + 1 if kind == "list_item" else 1) if kind != "note" else ("note", 0)
    if tag == "li":
        return "list_item", max(level, 1)
    if tag == "blockquote":
        return "quote", 0
    return kind, level


def _is_of_questions(group: Element) -> bool:
    """Tell whether the terms of a list of definitions are questions, some with more than a text for an answer."""
    terms = [" ".join(visible_text(term).split()) for term in group.iter("dt")]
    answers = (definition for definition in group.iter("dd") for _ in definition.iter(*_OF_ANSWERS))
    return bool(terms) and all(term.endswith("?") for term in terms) and any(True for _ in answers)


def _head_answers(group: Element) -> None:
    """Make headings of the questions of a list of definitions, and text of their answers."""
    group.tag = "div"
    for term in list(group.iter("dt")):
        term.tag = "h6"
    for definition in list(group.iter("dd")):
        definition.tag = "div"


def _join_terms(group: Element) -> None:
    """Put the terms of a list of definitions in front of each of their definitions, which alone say nothing of whom."""
    terms: list[Element] = []
    defined = False
    for child in list(group):
        if child.tag == "div":
            _join_terms(child)
        elif child.tag == "dt":
            terms = [child] if defined else [*terms, child]
            defined = False
        elif child.tag == "dd" and terms:
            said = ", ".join(filter(None, (" ".join(visible_text(term).split()) for term in terms)))
            if not said or len(said) > _MAX_TERM or any(True for term in terms for _ in term.iter(*_NO_TERM)):
                continue
            defined = True
            _say_of(child, f"{said} " if said[-1] in ".:;?!" else f"{said}: ")
            for term in terms:
                if term.getparent() is not None:
                    term.drop_tree()


def _say_of(definition: Element, term: str) -> None:
    # The parser puts a definition without an end tag around the next.
    for another in definition.findall("dd"):
        _say_of(another, term)
    first = definition
    while not (first.text or "").strip() and len(first) and first[0].tag in {"p", "div"}:
        first = first[0]
    first.text = term + (first.text or "").lstrip()


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\s*[+-]?[0-9]{1,9}\s*", text) else None


def _numeral(number: int, form: str) -> str:
    written = {"a": letters, "i": roman}.get(form.lower(), str)(number)
    return written.upper() if form.isupper() else written


def _code_texts(element: Element) -> Iterator[str]:
    # No recursion: a log in colours may open a tag in each of its lines and close none.
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        if event == "end":
            yield (part.tail or "") if part is not element else ""
        elif part.tag in DROPPED:
            walk.skip_subtree()
        else:
            yield "\n" if part.tag == "br" else part.text or ""


def is_table(element: Element) -> bool:
    """Say whether a table holds data; one that only places things on a page is read as text."""
    if element.get("role") in {"presentation", "none"}:
        return False
    first = element.find(".//tr")
    names = first if first is not None and all(map(_is_heading_cell, first)) else ()
    for part in islice(element.iter("table", "pre"), 1, None):
        if len(names) < 2 or first in part.iterancestors() or not _is_said_in_cell(part):
            return False
    rows = _own_rows(element)
    if not rows or max(len(row) for row in rows) < 2:
        return False
    names = names if len(rows) > 1 else ()
    named = {part for cell in names for part in cell.iter("h1", "h2", "h3", "h4") if _squeezed(part) == _squeezed(cell)}
    parts = element.iter("h1", "h2", "h3", "h4", "form", "article", "section")
    if any(part not in named for part in parts):
        return False
    long_cells = sum(len(visible_text(cell)) > 1500 for cell in element.iter("td"))
    return long_cells == 0 or element.find(".//th") is not None


def _own_rows(table: Element) -> list[Element]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]


def _is_said_in_cell(part: Element) -> bool:
    """Tell whether a cell of data may hold a table or code: short, without names of columns or lines of its own."""
    if part.tag == "table":
        return part.find(".//th") is None and len(visible_text(part)) <= _MAX_INNER
    code = "".join(_code_texts(part)).strip()
    return "\n" not in code and len(code) <= _MAX_INNER


def _rows(table: Element) -> Iterator[tuple[list[str], bool]]:
    """Yield the cells of each row and whether it is a header; a cell over several rows or columns is repeated in each.

    A value that has a row for itself stands there once.
    """
    grid: list[list[_Cell]] = []
    headers: list[bool] = []
    spanning: dict[int, tuple[int, _Cell]] = {}
    for row in _own_rows(table):
        cells: list[_Cell] = []
        own = [cell for cell in row if cell.tag in {"td", "th"}]
        for cell in own:
            _fill(cells, spanning)
            said = (cell, " ".join(visible_text(cell).split()) or _label(cell))
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if height > 1:
                spanning.update((len(cells) + at, (height - 1, said)) for at in range(width))
            cells.extend([said] * width)
        _fill(cells, spanning)
        while any(at > len(cells) for at in spanning):
            # The row lacks a cell; what reaches into it from above stays in its column.
            cells.append((row, ""))
            _fill(cells, spanning)
        grid.append(cells)
        headers.append(bool(own) and (row.getparent().tag == "thead" or all(_is_heading_cell(cell) for cell in own)))
    columns = [at for at in range(max(map(len, grid), default=0)) if _is_column(grid, at)]
    for cells, is_header in zip(grid, headers, strict=True):
        yield _row_texts([cells[at] for at in columns if at < len(cells)]), is_header


def _is_column(grid: Sequence[Sequence[_Cell]], at: int) -> bool:
    """Say whether some row has a cell of its own in a column; where all only go on from the left, it is none."""
    return at == 0 or any(at < len(row) and row[at][0] is not row[at - 1][0] for row in grid)


def _row_texts(cells: Sequence[_Cell]) -> list[str]:
    alone = len({id(source) for source, text in cells if text}) < 2
    firsts = [at == 0 or cells[at][0] is not cells[at - 1][0] for at in range(len(cells))]
    return [
        text if first or not (alone or len(text) > MAX_REPEATED) else ""
        for first, (_, text) in zip(firsts, cells, strict=True)
    ]


def _is_heading_cell(cell: Element) -> bool:
    text = _squeezed(cell)
    # One may stand within another, or there are several.
    bold = [_squeezed(part) for part in cell.iter("b", "strong", "h1", "h2", "h3", "h4")]
    return cell.tag == "th" or (bool(text) and text in {"".join(bold), *bold})


def _squeezed(element: Element) -> str:
    return "".join(visible_text(element).split())


def _fill(cells: list[_Cell], spanning: dict[int, tuple[int, _Cell]]) -> None:
    while (over := spanning.get(len(cells))) is not None:
        left, cell = over
        if left == 1:
            del spanning[len(cells)]
        else:
            spanning[len(cells)] = (left - 1, cell)
        cells.append(cell)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(int(value), 100) if value.isdecimal() and int(value) > 0 else 1
