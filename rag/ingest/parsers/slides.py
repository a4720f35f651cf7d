"""PowerPoint (PPTX) through python-pptx: a slide is a page, its title a heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls

from rag.ingest.parsers.equations import equation_text
from rag.ingest.parsers.hidden import hidden_warning
from rag.ingest.parsers.package import core_properties, open_package, package_warnings
from rag.ingest.parsers.parsed import Parsed, ParserInput, pairs
from rag.ingest.parsers.tables import MAX_REPEATED, table_blocks, with_one_header
from rag.types import RawBlock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

Shape = Any
"""A shape of python-pptx, which ships no types."""

_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_EQUATION = "{http://schemas.microsoft.com/office/drawing/2010/main}m"
_TREES = ("}spTree", "}grpSp")
_SHAPES = ("}sp", "}grpSp", "}graphicFrame", "}cxnSp", "}pic")
_NAMED = "{http://schemas.openxmlformats.org/presentationml/2006/main}cNvPr"
_OFF = "is set to be invisible"
_FURNITURE = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER)
_MAX_DEPTH = 20


def parse(file: ParserInput) -> Parsed:
    """Return titles, text, tables, charts and speaker notes of the slides, in order."""
    with open_package(file) as package:
        metadata = core_properties(package)
        told = package_warnings(package)
    presentation = Presentation(str(file.path))
    slides = list(presentation.slides)
    size = (presentation.slide_width or 0, presentation.slide_height or 0)
    file.limits.check_pages(file.name, len(slides))
    blocks: list[RawBlock] = []
    unseen: list[RawBlock] = []
    empty: list[int] = []
    hidden: list[int] = []
    for page, slide in enumerate(slides, start=1):
        outside, found = _parted(_slide(slide, page, size))
        unseen += outside
        blocks += found
        if not found:
            empty.append(page)
        if slide.element.get("show") == "0":
            hidden.append(page)
    first = next((block.text for block in blocks if block.kind == "heading" and block.page == 1), "")
    return Parsed(
        media_type=MEDIA_TYPE,
        title=metadata.get("title", "") or first,
        blocks=(*blocks, *unseen),
        metadata=pairs(metadata),
        pages=len(slides),
        pages_without_text=tuple(empty),
        warnings=(
            *told,
            *hidden_warning(unseen),
            *(f"Slide {page} is hidden when presenting; its text was read." for page in hidden),
        ),
    )


def _open_choices(tree: Shape) -> None:
    """Put a shape that comes in two forms, as a text with an equation does, in its place: python-pptx knows neither.

    The first form is the richer one; where it is no shape, as ink, the other is its picture. Equations become text.
    """
    for choice in list(tree.iter(f"{_CHOICE}AlternateContent")):
        if choice.getparent().tag.endswith(_TREES):
            forms = [[shape for shape in form if str(shape.tag).endswith(_SHAPES)] for form in choice]
            for shape in next(filter(None, forms), []):
                choice.addprevious(shape)
            choice.getparent().remove(choice)
    for equation in list(tree.iter(_EQUATION)):
        run = parse_xml(f"<a:r {nsdecls('a')}><a:t/></a:r>")
        run.t.text = equation_text(equation)
        equation.getparent().replace(equation, run)


def _slide(slide: Any, page: int, size: tuple[int, int]) -> Iterator[RawBlock]:  # noqa: ANN401 - python-pptx ships no types
    _open_choices(slide.shapes.element)
    title = slide.shapes.title
    if title is not None and title.has_text_frame and (text := _flat(title.text_frame.text)):
        yield RawBlock("heading", text, level=1, page=page)
    # Not by their numbers, which programs give twice.
    others = [shape for shape in slide.shapes if title is None or shape.element is not title.element]
    for shape in _in_reading_order(others, 0):
        how = "stands outside the slide" if _is_outside(shape, size) else _OFF if _is_off(shape.element) else ""
        for block in _shape(shape, page):
            yield replace(block, hidden=how) if how else block
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and frame.text.strip():
        yield RawBlock("note", frame.text.replace("\v", "\n").strip(), page=page)


def _parted(blocks: Iterable[RawBlock]) -> tuple[list[RawBlock], list[RawBlock]]:
    """Return what a slide hides, as paragraphs, and what it shows."""
    all_of_them = list(blocks)
    hidden = [replace(block, kind="paragraph", level=0) for block in all_of_them if block.hidden]
    return hidden, [block for block in all_of_them if not block.hidden]


def _is_outside(shape: Shape, size: tuple[int, int]) -> bool:
    """Say whether nothing of a shape lies on the slide; inside a group, places are the group's own."""
    if None in (shape.left, shape.top, shape.width, shape.height) or shape.element.getparent().tag.endswith("}grpSp"):
        return False
    across = shape.left >= size[0] or shape.left + shape.width <= 0
    return bool(across or shape.top >= size[1] or shape.top + shape.height <= 0)


def _is_off(element: Shape) -> bool:
    """Say whether a shape, or a group that it belongs to, is switched off in the list of what stands on the slide."""
    while element is not None and str(element.tag).endswith(_SHAPES):
        named = next((each for each in element.iterchildren() if str(each.tag).endswith("Pr")), None)
        if named is not None and any(each.get("hidden") in {"1", "true"} for each in named.iterchildren(_NAMED)):
            return True
        element = element.getparent()
    return False


def _in_reading_order(shapes: list[Shape], depth: int) -> Iterator[Shape]:
    """Yield shapes from top to bottom, then from left to right, groups opened in place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        # Not by `shape_type`, which raises for shapes that it does not know.
        if shape.element.tag.endswith("}grpSp") and depth < _MAX_DEPTH:
            yield from _in_reading_order(list(shape.shapes), depth + 1)
        elif not (shape.is_placeholder and shape.placeholder_format.type in _FURNITURE):
            yield shape


def _shape(shape: Shape, page: int) -> Iterator[RawBlock]:
    if getattr(shape, "has_table", False):
        titles, rows = with_one_header([row for row in _rows(shape.table) if any(row)], 1)
        for title in titles:
            yield RawBlock("paragraph", "".join(title), page=page)
        yield from table_blocks(rows, page=page, header=bool(shape.table.first_row))
    elif getattr(shape, "has_chart", False):
        try:
            yield from list(_chart(shape.chart, page))
        except (NotImplementedError, KeyError, AttributeError, ValueError, TypeError):
            # Some kinds of chart are unknown to the parser; the slide is worth reading without them.
            yield from ()
    elif shape.has_text_frame:
        yield from _text(shape, page)


def _rows(table: Any) -> list[list[str]]:  # noqa: ANN401
    """Return the cells of a table; one over several rows or columns is repeated in each, unless it has a row alone."""
    grid = [list(row.cells) for row in table.rows]
    own = [[_flat(cell.text) for cell in cells] for cells in grid]
    rows = [list(texts) for texts in own]
    for top, cells in enumerate(grid):
        for left, cell in enumerate(cells):
            text = own[top][left]
            if not (text and cell.is_merge_origin):
                continue
            right = left + cell.span_width if len(text) <= MAX_REPEATED else left + 1
            for number in range(top, min(top + cell.span_height, len(rows))):
                if any(own[number][:left]) or any(own[number][left + 1 :]):
                    rows[number][left:right] = [text] * len(rows[number][left:right])
    return rows


def _text(shape: Shape, page: int) -> Iterator[RawBlock]:
    paragraphs = [(one.level, one.text.replace("\v", "\n").strip()) for one in shape.text_frame.paragraphs]
    filled = [(level, text) for level, text in paragraphs if text]
    kinds = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
    listed = len(filled) > 1 and shape.is_placeholder and shape.placeholder_format.type in kinds
    for level, text in filled:
        if listed or level:
            yield RawBlock("list_item", text, level=level + 1, page=page)
        else:
            yield RawBlock("paragraph", text, page=page)


def _chart(chart: Any, page: int) -> Iterator[RawBlock]:  # noqa: ANN401
    if chart.has_title and chart.chart_title.has_text_frame and (text := _flat(chart.chart_title.text_frame.text)):
        yield RawBlock("paragraph", text, page=page)
    plots = list(chart.plots)
    if not plots:
        return
    categories = [str(category) for category in plots[0].categories]
    series = [(str(one.name), [_number(value) for value in one.values]) for plot in plots for one in plot.series]
    if categories and series:
        rows = [["", *(name for name, _ in series)]]
        for n, category in enumerate(categories):
            rows.append([category, *(values[n] if n < len(values) else "" for _, values in series)])
        yield from table_blocks(rows, page=page)


def _number(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else "" if value is None else str(value)


def _flat(text: str) -> str:
    return " ".join(text.split())
