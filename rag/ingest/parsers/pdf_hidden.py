"""Which text objects of a PDF page a reader cannot see."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping
from typing import Any

import pypdfium2.raw as pdfium

from rag.ingest.parsers.pdf_runs import Page, address, page_bounds, placement

MIN_SIZE_PT = 2.0
"""Text below this size cannot be read on paper or screen."""

NEARLY_WHITE = 247
"""From this value of each colour on, text on white paper cannot be seen."""

SCAN_SHARE = 0.5
"""A picture over so much of the page is a scan; the invisible text over it is what was recognized in it."""

BAR_SHARE = 0.2
"""A shape that is drawn over text and no larger than so much of the page makes it unreadable on purpose."""

Box = tuple[float, float, float, float]
_OPAQUE = 255
# In points: bars are drawn along the lines of letters, not around them.
_SLACK = 1.0
# More boxes on a page are those of a table or of a drawing; each is held against all text before it.
_MOST_BARS = 200
_KINDS = (
    pdfium.FPDF_PAGEOBJ_TEXT,
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_SHADING,
)


def hidden_objects(page: Page) -> Mapping[int, str]:
    """Return the addresses of the text objects that are hidden, each with how; empty for nearly every page."""
    paper: Box = page.get_bbox()
    painted: list[Box] = []
    written: list[tuple[int, Box]] = []
    hidden: dict[int, str] = {}
    scanned, n_bars = False, 0
    for drawn in page.get_objects(filter=_KINDS, max_depth=3):
        if drawn.type != pdfium.FPDF_PAGEOBJ_TEXT:
            if drawn.type != pdfium.FPDF_PAGEOBJ_PATH or not _is_white(drawn.raw, unfilled=True):
                painted.append(page_bounds(drawn))
                is_picture = drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE
                scanned = scanned or (is_picture and _area(painted[-1]) > SCAN_SHARE * _area(paper))
            if written and n_bars < _MOST_BARS and _is_bar(drawn.raw):
                n_bars += 1
                bar = page_bounds(drawn)
                if _area(bar) < BAR_SHARE * _area(paper):
                    hidden |= {at: "is covered by a shape" for at, box in written if _holds(bar, box)}
        elif how := _how(drawn, paper, painted):
            hidden[address(drawn.raw)] = how
        else:
            written.append((address(drawn.raw), page_bounds(drawn)))
    return {at: how for at, how in hidden.items() if how != "is drawn invisibly"} if scanned else hidden


def _how(drawn: Any, paper: Box, painted: list[Box]) -> str:  # noqa: ANN401 - pypdfium2 ships no types
    if pdfium.FPDFTextObj_GetTextRenderMode(drawn.raw) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
        return "is drawn invisibly"
    box: Box = page_bounds(drawn)
    if box[2] <= paper[0] or box[0] >= paper[2] or box[3] <= paper[1] or box[1] >= paper[3]:
        return "stands outside the page"
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(drawn.raw, size)
    matrix = drawn.get_matrix().multiply(placement(drawn))
    if 0 < size.value * math.hypot(matrix.c, matrix.d) < MIN_SIZE_PT:
        return "is too small to be read"
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    if _is_white(drawn.raw) and not any(
        under[0] <= middle[0] <= under[2] and under[1] <= middle[1] <= under[3] for under in painted
    ):
        return "has the colour of its background"
    return ""


def _is_white(raw: Any, *, unfilled: bool = False) -> bool:  # noqa: ANN401
    """Tell whether an object is filled with white or not at all; a path without a fill counts where asked for."""
    colours = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(raw, *colours):
        return False
    if unfilled:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(raw, mode, stroke)
        if mode.value == pdfium.FPDF_FILLMODE_NONE:
            return True
    return colours[3].value == 0 or all(colour.value >= NEARLY_WHITE for colour in colours[:3])


def _is_bar(raw: Any) -> bool:  # noqa: ANN401
    """Tell whether an object is a box, or has straight sides, and lets nothing through."""
    if pdfium.FPDFPageObj_GetType(raw) != pdfium.FPDF_PAGEOBJ_PATH or pdfium.FPDFPageObj_HasTransparency(raw):
        return False
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(raw, mode, stroke)
    n_segments = pdfium.FPDFPath_CountSegments(raw)
    colours = [ctypes.c_uint() for _ in range(4)]
    if mode.value == pdfium.FPDF_FILLMODE_NONE or not 4 <= n_segments <= 5:
        return False
    if not pdfium.FPDFPageObj_GetFillColor(raw, *colours) or colours[3].value < _OPAQUE:
        return False
    kinds = {pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(raw, n)) for n in range(n_segments)}
    return pdfium.FPDF_SEGMENT_BEZIERTO not in kinds


def _holds(outer: Box, inner: Box) -> bool:
    left, low, right, high = inner
    return (
        outer[0] <= left + _SLACK
        and outer[1] <= low + _SLACK
        and outer[2] >= right - _SLACK
        and outer[3] >= high - _SLACK
    )


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
