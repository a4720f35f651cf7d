"""A page of a PDF as a picture with a passage marked; runs in the parsing process."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from rag.errors import LoadError
from rag.ingest.parsers.parsed import LoadLimits, ParserInput
from rag.ingest.parsers.pdf import open_pdf

MAX_SIDE_PX = 4000.0
MIN_PIECE = 8
"""Shorter pieces of a quotation stand in too many places to be marked on their own."""

WINDOW_WORDS = 6
MAX_GAP = 2.0
"""A wider gap, in heights of a character, parts the cells of a table."""

_MARK = (255, 226, 80)
_PIECES = re.compile(r"\n+| \| |(?<=[.!?;:])\s+")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture of a page: PNG, its size in pixels, and the marked boxes (left, top, right, bottom)."""

    png: bytes
    width: int
    height: int
    boxes: tuple[Box, ...]


def draw(path: str, name: str, page: int, quote: str, scale: float) -> Drawing:
    """Return the picture of a page with a quotation marked where it is found.

    Args:
        path: The PDF.
        name: Its name, for messages.
        page: Page from 1.
        quote: Text to mark; white space, hyphens and punctuation need not agree.
        scale: Pixels for a point.

    Raises:
        LoadError: There is no such page, or the file is no PDF.
    """
    document = open_pdf(ParserInput(Path(path), name, LoadLimits(), Path(path).parent))
    if not 1 <= page <= len(document):
        raise LoadError(f"{name!r} has {len(document)} pages, and no page {page}.", hint="Give another page.")
    sheet = document[page - 1]
    scale = min(scale, MAX_SIDE_PX / max(sheet.get_size()))
    bitmap = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    picture = bitmap.to_pil().convert("RGB")
    to_pixels = bitmap.get_posconv(sheet)
    text_page = sheet.get_textpage()
    boxes = tuple(box for chars in _found(text_page, quote) for box in _line_boxes(text_page.raw, chars, to_pixels))
    return Drawing(_png(_marked(picture, boxes)), picture.width, picture.height, boxes)


def _found(text_page: Any, quote: str) -> Iterator[Sequence[int]]:  # noqa: ANN401 - pypdfium2 ships no types
    """Yield the character numbers of the quotation, whole or in pieces."""
    letters: list[str] = []
    numbers: list[int] = []
    for at in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page.raw, at)
        for letter in _letters(chr(code) if code < 0x110000 else ""):
            letters.append(letter)
            numbers.append(at)
    text = "".join(letters)
    for piece in _pieces(quote):
        spans = [span for part in piece if (span := _span(text, part)) is not None]
        if spans:
            yield from (numbers[start:end] for start, end in spans)
            return


def _pieces(quote: str) -> Iterator[list[str]]:
    """Yield ways to cut a quotation, from the whole to windows of a few words."""
    yield [quote]
    yield _PIECES.split(quote)
    words = quote.split()
    yield [" ".join(words[at : at + WINDOW_WORDS]) for at in range(0, len(words), WINDOW_WORDS)]


def _span(text: str, piece: str) -> tuple[int, int] | None:
    wanted = _letters(piece)
    at = text.find(wanted) if len(wanted) >= MIN_PIECE or (wanted and text.count(wanted) == 1) else -1
    return (at, at + len(wanted)) if at >= 0 else None


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _line_boxes(raw: Any, chars: Sequence[int], to_pixels: Any) -> Iterator[Box]:  # noqa: ANN401
    """Yield one box for each line or cell, in pixels."""
    box = pdfium.FS_RECTF()
    line: Box | None = None
    for at in range(chars[0], chars[-1] + 1):
        # Spaces that pdfium made up have no size and would part the line.
        if pdfium.FPDFText_GetUnicode(raw, at) <= 32 or not pdfium.FPDFText_GetLooseCharBox(raw, at, box):
            continue
        char = _pixels(to_pixels, box.left, box.bottom, box.right, box.top)
        if line is not None and _same_line(line, char):
            line = min(line[0], char[0]), min(line[1], char[1]), max(line[2], char[2]), max(line[3], char[3])
            continue
        if line is not None:
            yield line
        line = char
    if line is not None:
        yield line


def _same_line(line: Box, char: Box) -> bool:
    width, height = char[2] - char[0], char[3] - char[1]
    beside = min(line[3], char[3]) - max(line[1], char[1]) > 0.5 * height
    # Text that runs from bottom to top makes lines beside each other.
    below = min(line[2], char[2]) - max(line[0], char[0]) > 0.5 * width
    near = MAX_GAP * max(width, height)
    if beside and max(char[0] - line[2], line[0] - char[2]) < near:
        return True
    is_upright = line[2] - line[0] > line[3] - line[1] or line[3] - line[1] < 1.5 * height
    return below and not is_upright and max(char[1] - line[3], line[1] - char[3]) < near


def _pixels(to_pixels: Any, left: float, bottom: float, right: float, top: float) -> Box:  # noqa: ANN401
    x0, y0 = to_pixels.to_bitmap(left, top)
    x1, y1 = to_pixels.to_bitmap(right, bottom)
    return float(min(x0, x1)), float(min(y0, y1)), float(max(x0, x1)), float(max(y0, y1))


def _marked(picture: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    if not boxes:
        return picture
    pen = Image.new("RGB", picture.size, "white")
    drawing = ImageDraw.Draw(pen)
    for left, top, right, bottom in boxes:
        drawing.rectangle((left - 1, top - 1, right + 1, bottom + 1), fill=_MARK)
    # Multiplying colours like a marker pen does: black text stays black.
    return ImageChops.multiply(picture, pen)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=3)
    return stream.getvalue()
