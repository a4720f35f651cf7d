"""The picture of a page, and that the passage is marked where it stands."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from rag.errors import LoadError
from rag.ingest.render import render_page
from rag.ingest.sandbox import Sandbox

TEXTS = ["The first line says nothing.", "Hold the but-", "ton for ten seconds.", "The last line says nothing."]


@pytest.fixture(scope="module")
def document() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    for n, text in enumerate(TEXTS):
        canvas.drawString(100, 700 - 20 * n, text)
    canvas.showPage()
    canvas.rect(50, 50, 100, 100)
    canvas.save()
    return stream.getvalue()


def test_a_passage_over_two_lines_is_marked_on_both(document: bytes, sandbox: Sandbox) -> None:
    picture = render_page(document, 1, "Hold the button\nfor ten seconds", sandbox=sandbox, scale=2.0)
    assert len(picture.boxes) == 2
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    assert image.size == (picture.width, picture.height)
    for n, (left, top, right, bottom) in enumerate(picture.boxes, start=1):
        base = (A4[1] - 700 + 20 * n) * 2
        assert abs(left - 200) < 6
        assert top < base - 4 < bottom < base + 12
        blue = [image.getpixel((x, int(bottom) - 1))[2] for x in range(int(left) + 2, int(right) - 2)]
        assert max(blue) < 120


def test_only_the_passage_is_marked(document: bytes, sandbox: Sandbox) -> None:
    picture = render_page(document, 1, "last line", sandbox=sandbox)
    ((left, top, _, bottom),) = picture.boxes
    assert left > 200
    assert top < (A4[1] - 640) * 2 < bottom + 4


def test_a_passage_that_is_not_there_leaves_the_page_unmarked(document: bytes, sandbox: Sandbox) -> None:
    picture = render_page(document, 2, "Hold the button", sandbox=sandbox)
    assert picture.boxes == ()
    colours = Image.open(io.BytesIO(picture.png)).convert("RGB").getcolors(100_000)
    assert colours is not None
    assert all(red == green == blue for _, (red, green, blue) in colours)


def test_parts_of_a_passage_are_marked_where_the_whole_is_not_found(document: bytes, sandbox: Sandbox) -> None:
    quote = "The first line says nothing. Words that are not there. The last line says nothing."
    assert len(render_page(document, 1, quote, sandbox=sandbox).boxes) == 2


def test_a_missing_page_is_an_error(document: bytes, sandbox: Sandbox) -> None:
    with pytest.raises(LoadError, match="no page 3"):
        render_page(document, 3, "x", sandbox=sandbox, name="manual.pdf")


def test_a_huge_scale_is_bounded(document: bytes, sandbox: Sandbox) -> None:
    picture = render_page(document, 1, "", sandbox=sandbox, scale=50)
    assert max(picture.width, picture.height) <= 4001
