"""What is covered on a page of a PDF is kept apart; what lies before its background is read."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from rag.ingest.parsers import pdf
from rag.ingest.parsers.parsed import ParserInput

Given = Callable[..., ParserInput]
Draw = Callable[[Canvas], None]
SECRET = "The tenant is Anna Berg."


def page(*steps: Draw) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.drawString(72, 730, "The rent is 900 euros a month.")
    for step in steps:
        step(canvas)
    canvas.save()
    return stream.getvalue()


def secret(canvas: Canvas) -> None:
    canvas.setFillGray(0)
    canvas.drawString(72, 700, SECRET)


def bar(grey: float, *, alpha: float = 1.0, fill: int = 1, width: float = 200) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(grey)
        canvas.setFillAlpha(alpha)
        canvas.rect(70, 696, width, 14, stroke=1 - fill, fill=fill)
        canvas.setFillAlpha(1)

    return draw


@pytest.mark.parametrize("grey", [0.0, 1.0])
def test_text_under_a_bar_is_kept_apart(given: Given, grey: float) -> None:
    blocks = pdf.parse(given("a.pdf", page(secret, bar(grey)))).blocks

    assert [(block.text, block.hidden) for block in blocks] == [
        ("The rent is 900 euros a month.", ""), (SECRET, "is covered by a shape")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "steps",
    [(bar(0.8), secret), (secret, bar(0.8, alpha=0.3)), (secret, bar(0, fill=0)), (secret, bar(0, width=40))],
    ids=["behind", "shining through", "a frame", "beside"],
)
def test_text_that_a_shape_does_not_cover_is_read(given: Given, steps: tuple[Draw, ...]) -> None:
    blocks = pdf.parse(given("a.pdf", page(*steps))).blocks

    assert SECRET in " ".join(block.text for block in blocks)
    assert not any(block.hidden for block in blocks)
