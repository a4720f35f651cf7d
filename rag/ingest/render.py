"""A page of a PDF as a picture with the cited passage marked, made in the parsing process."""

from __future__ import annotations

import base64
import binascii
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.errors import DamagedFile
from rag.ingest.sandbox import Sandbox

_DRAW = "rag.ingest.parsers.picture:draw"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture.

    Args:
        png: The picture, with the passage marked in yellow.
        width: Its width, in pixels.
        height: Its height, in pixels.
        boxes: Marked lines as left, top, right, bottom in pixels; empty where the passage was not found,
            as on pages whose text was recognized from a picture.
    """

    png: bytes
    width: int
    height: int
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class _Reply:
    png: str
    width: int
    height: int
    boxes: tuple[tuple[float, float, float, float], ...]


def render_page(
    file: bytes, page: int, quote: str, *, sandbox: Sandbox, scale: float = 2.0, name: str = "page.pdf"
) -> PagePicture:
    """Return the picture of a page with a passage marked.

    The passage is found by its letters and digits alone, so that white space, hyphenation, ligatures and
    punctuation need not agree; where the whole is not found, its sentences or a few words each are marked.

    Args:
        file: The bytes of the PDF.
        page: Page from 1.
        quote: Passage to mark; nothing is marked for an empty one.
        sandbox: Process that draws.
        scale: Pixels for a point (1/72 inch).
        name: Name to show in messages.

    Raises:
        LoadError: The file cannot be opened or has no such page.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(file)
        arguments = {"path": str(path), "name": name, "page": page, "quote": quote, "scale": scale}
        reply = sandbox.call(_DRAW, arguments, name=name)
    try:
        told = TypeAdapter(_Reply).validate_json(reply)
        png = base64.b64decode(told.png.replace("-", "+").replace("_", "/"), validate=True)
    except (ValidationError, binascii.Error) as exc:
        raise DamagedFile(f"The page {page} of {name!r} cannot be drawn.", hint="Open the file itself.") from exc
    return PagePicture(png, told.width, told.height, told.boxes)
