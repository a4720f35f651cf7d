"""The text of a PDF page as runs: pieces of a line with their place, in the order in which they are drawn."""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

GAP = 1.0
"""A gap of so many font sizes ends a run: a column or a cell begins behind it."""

MAX_RULE_PT = 3.0
"""Thicker strokes are boxes, not lines of a table."""

SOFT_HYPHEN = "\u00ad"
_ANGLE_SAMPLES = 200
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0x2: SOFT_HYPHEN, 0xFFFE: SOFT_HYPHEN}

Page = Any
"""A page of pypdfium2, which ships no types."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one line; points, y grows downwards in reading direction; ``hidden`` says how, if it is."""

    text: str
    x0: float
    x1: float
    top: float
    base: float
    size: float
    bold: bool
    upright: bool = True
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn on the page, in the coordinates of the runs."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    hidden: str = ""

    @property
    def size(self) -> float:
        return max(self.bottom - self.top, 1.0)


class Turn:
    """Turns page coordinates so that the text of a page reads from left to right.

    Args:
        angle: Direction of the text, in radians against the clock.
    """

    def __init__(self, angle: float) -> None:
        self._cos, self._sin = round(math.cos(angle), 6), round(math.sin(angle), 6)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies."""
        return x * self._cos + y * self._sin, x * self._sin - y * self._cos

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return ``x0, x1, y0, y1`` of a box."""
        # Two corners are exact for right angles and near enough for others; this runs for every character.
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)


def page_turn(text_page: Any) -> Turn:  # noqa: ANN401 - pypdfium2 ships no types
    """Return the turn for the most frequent direction of a page's text."""
    n_chars = text_page.count_chars()
    angles: Counter[int] = Counter()
    for at in range(0, n_chars, max(1, n_chars // _ANGLE_SAMPLES)):
        angles[_degrees(text_page.raw, at)] += 1
    return Turn(math.radians(angles.most_common(1)[0][0])) if angles else Turn(0.0)


def page_runs(  # pypdfium2 ships no types
    text_page: Any,  # noqa: ANN401
    turn: Turn,
    rules: Sequence[Rule],
    hidden: Mapping[int, str],
) -> list[Run]:
    """Return the runs of a page.

    Args:
        text_page: Text page of pypdfium2.
        turn: Direction of the page's text.
        rules: Its lines; one that stands between two characters parts them.
        hidden: Addresses of the text objects that a reader cannot see, each with how.
    """
    walls = _Walls([rule for rule in rules if not rule.horizontal])
    runs: list[Run] = []
    glyphs: list[_Glyph] = []
    start = 0
    for at, glyph in _glyphs(text_page, turn, hidden):
        if glyph is None or (glyphs and _breaks(glyphs[-1], glyph, walls)):
            runs.extend(_run(glyphs, text_page.raw, start, turn))
            glyphs = []
        if glyph is not None and (glyphs or not glyph.char.isspace()):
            start = start if glyphs else at
            glyphs.append(glyph)
    runs.extend(_run(glyphs, text_page.raw, start, turn))
    return runs


def page_rules(page: Page, turn: Turn) -> list[Rule]:
    """Return the straight lines of a page, those around boxes included."""
    rules: list[Rule] = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        x0, x1, y0, y1 = turn.box(*page_bounds(drawn))
        width, height = x1 - x0, y1 - y0
        if min(width, height) <= MAX_RULE_PT < max(width, height):
            rules.append(Rule(x0, x1, y0, y1))
        elif min(width, height) > MAX_RULE_PT:
            rules += [Rule(x0, x1, y0, y0), Rule(x0, x1, y1, y1), Rule(x0, x0, y0, y1), Rule(x1, x1, y0, y1)]
    return rules


def placement(drawn: Any) -> Any:  # noqa: ANN401
    """Return the matrix that carries the coordinates of an object to its page.

    pdfium gives what stands inside a form, such as a stamp or a page that is shown at half its size, in the
    coordinates of that form; forms may stand in forms.
    """
    matrix, form = pypdfium2.PdfMatrix(), drawn.container
    while form is not None:
        matrix, form = matrix.multiply(form.get_matrix()), form.container
    return matrix


def page_bounds(drawn: Any) -> tuple[float, float, float, float]:  # noqa: ANN401
    """Return left, bottom, right and top of an object, in the coordinates of its page."""
    bounds: tuple[float, float, float, float] = drawn.get_bounds()
    return placement(drawn).on_rect(*bounds) if drawn.level else bounds


def _glyphs(
    text_page: Any,  # noqa: ANN401
    turn: Turn,
    hidden: Mapping[int, str],
) -> Iterator[tuple[int, _Glyph | None]]:
    """Yield the characters with their places; ``None`` where a line ends."""
    raw = text_page.raw
    rectangle, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for at in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, at)
        if code in {10, 13}:
            yield at, None
            continue
        char = _SYMBOLS.get(code) or (chr(code) if 0 < code < 0x110000 else "")
        if not char or not pdfium.FPDFText_GetLooseCharBox(raw, at, rectangle):
            continue
        pdfium.FPDFText_GetCharOrigin(raw, at, x, y)
        x0, x1, top, bottom = turn.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        how = hidden.get(address(pdfium.FPDFText_GetTextObject(raw, at)), "") if hidden else ""
        yield at, _Glyph(char, x0, x1, top, bottom, turn.point(x.value, y.value)[1], how)


class _Walls:
    """Upright lines, from left to right: a page of a printed workbook has a thousand."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.x0)
        self._places = [rule.x0 for rule in self._rules]

    def near(self, x: float, room: float) -> Sequence[Rule]:
        """Return those within a distance of a place."""
        return self._rules[bisect_left(self._places, x - room) : bisect_right(self._places, x + room)]


def _breaks(last: _Glyph, glyph: _Glyph, walls: _Walls) -> bool:
    if last.hidden != glyph.hidden:
        return True
    if glyph.char.isspace():
        return False
    size = max(last.size, glyph.size)
    gap = glyph.x0 - last.x1
    if gap > GAP * size or gap < -2 * size or abs(glyph.base - last.base) > 0.6 * size:
        return True
    near = walls.near((last.x1 + glyph.x0) / 2, max(gap, 0) / 2 + 1)
    return any(wall.y0 < glyph.base <= wall.y1 + 1 for wall in near)


def _run(glyphs: list[_Glyph], raw: Any, start: int, turn: Turn) -> Iterator[Run]:  # noqa: ANN401
    while glyphs and glyphs[-1].char.isspace():
        glyphs.pop()
    if not glyphs:
        return
    sizes = sorted(glyph.size for glyph in glyphs)
    bases = sorted(glyph.base for glyph in glyphs)
    middle = len(glyphs) // 2
    angle = math.radians(_degrees(raw, start))
    along = turn.point(math.cos(angle), math.sin(angle))
    yield Run(
        "".join(glyph.char for glyph in glyphs),
        min(glyph.x0 for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        bases[middle],
        sizes[middle],
        pdfium.FPDFText_GetFontWeight(raw, start) >= 600 or _bold_name(raw, start),
        upright=along[0] > 0.9,
        hidden=glyphs[0].hidden,
    )


def address(pointer: Any) -> int:  # noqa: ANN401
    """Return where an object of pdfium lies in memory, by which two pointers to it are the same."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _bold_name(raw: Any, at: int) -> bool:  # noqa: ANN401
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(raw, at, name, 128, ctypes.c_int())
    return any(word in name.value.lower() for word in (b"bold", b"black", b"heavy", b"-bd", b"cmbx"))


def _degrees(raw: Any, at: int) -> int:  # noqa: ANN401
    # pdfium counts with the clock.
    angle = pdfium.FPDFText_GetCharAngle(raw, at)
    return round(-math.degrees(angle) / 5) * 5 % 360 if angle >= 0 else 0
