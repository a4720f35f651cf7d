"""What repeats on the pages of a PDF: headers and page numbers go, text and tables stay."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from rag.ingest.parsers import pdf
from rag.ingest.parsers.parsed import ParserInput, count_tables
from rag.types import RawBlock

Given = Callable[..., ParserInput]
HEIGHT = A4[1]
NAMES = ("Alpha", "Beta", "Gamma", "Delta")


def pages(*rows: tuple[float, str], n_pages: int = 4, size: float = 11) -> bytes:
    """Return a PDF with the same rows on each page, but for the page's name and its number from 1."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    for n in range(n_pages):
        canvas.setFont("Helvetica", size)
        for top, text in rows:
            canvas.drawString(72, HEIGHT - top, text.format(name=NAMES[n], n=n + 1))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def listed(*, ruled: bool, padding: float, page_header: str = "", n_rows: int = 120) -> bytes:
    """Return a PDF with a table over several pages that repeats its header on each."""
    stream = io.BytesIO()
    style = TableStyle([("TOPPADDING", (0, 0), (-1, -1), padding), ("BOTTOMPADDING", (0, 0), (-1, -1), padding)])
    if ruled:
        style.add("GRID", (0, 0), (-1, -1), 0.5, colors.black)
    rows = [["Cable", "Section", "Used for"]] + [[f"Cable K{n}", f"{n}.5 mm2", f"Hall {n}"] for n in range(n_rows)]
    table = Table(rows, colWidths=[120, 120, 120], repeatRows=1, style=style)

    def title(canvas: Canvas, _: object) -> None:
        canvas.drawString(72, HEIGHT - 30, page_header)

    SimpleDocTemplate(stream, pagesize=A4, invariant=1).build([table], onFirstPage=title, onLaterPages=title)
    return stream.getvalue()


def texts(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [" ".join(block.text.split()) for block in blocks]


@pytest.mark.parametrize(("ruled", "padding"), [(True, 3), (True, 9), (False, 3)])
def test_a_table_whose_header_is_repeated_on_each_page_is_one_table(given: Given, ruled: bool, padding: float) -> None:
    parsed = pdf.parse(given("a.pdf", listed(ruled=ruled, padding=padding, page_header="Acme cables")))

    assert parsed.pages is not None
    assert parsed.pages > 2
    assert count_tables(parsed.blocks) == 1
    first, *rows = parsed.blocks
    assert (first.kind, first.text) == ("table_header", "Cable | Section | Used for")
    assert [(row.kind, row.text) for row in rows] == [
        ("table_row", f"Cable K{n} | {n}.5 mm2 | Hall {n}") for n in range(120)
    ]


def test_a_table_after_other_text_names_its_columns_again(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for name in NAMES[:2]:
            canvas.drawString(72, HEIGHT - 72, f"What {name} is made of.")
            rows = [["Part", "Weight", "Owner"], [f"{name} lid", "3 kg", "Ann"], [f"{name} foot", "4 kg", "Bo"]]
            table = Table(rows, colWidths=[120, 120, 120], style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
            table.wrapOn(canvas, 400, 400)
            table.drawOn(canvas, 72, HEIGHT - 200)
            canvas.showPage()

    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    kinds = [block.kind for block in pdf.parse(given("a.pdf", stream.getvalue())).blocks]
    assert kinds == ["paragraph", "table_header", "table_row", "table_row"] * 2


@pytest.mark.parametrize("top", [72, 94])
def test_a_sentence_on_each_page_stays_where_it_stands_first(given: Given, top: float) -> None:
    warning = "Wear goggles when opening this device."
    content = pages((30, "Acme Ltd"), (top, warning), (110, "Device {name} is red."), (800, "Page {n} of 4"))

    parsed = pdf.parse(given("a.pdf", content))

    assert " ".join(texts(parsed.blocks)) == " ".join([warning, *(f"Device {name} is red." for name in NAMES)])
    assert parsed.blocks[0].page == 1


def test_a_row_of_a_text_that_repeats_stays_where_it_stands_first(given: Given) -> None:
    content = pages((72, "Supply 230 V"), (88, "Device {name}"), (104, "and what it does"), (800, "{n}"))

    parsed = pdf.parse(given("a.pdf", content))

    assert texts(parsed.blocks) == [
        "Supply 230 V Device Alpha and what it does",
        *(f"Device {name}" for name in NAMES[1:]),
    ]


def test_rows_of_a_text_that_count_stay_on_all_pages(given: Given) -> None:
    content = pages((72, "Device {n} is safe to touch"), (88, "It is called {name}"), (800, "Manual, page {n}"))

    parsed = pdf.parse(given("a.pdf", content))

    assert texts(parsed.blocks) == [
        f"Device {n} is safe to touch It is called {name}" for n, name in enumerate(NAMES, start=1)
    ]


@pytest.mark.parametrize("footer", ["Acme manual page {n}", "Acme manual | {n}", "Seite {n} von 4", "Acme {n}/4"])
def test_page_numbers_close_to_the_text_are_dropped(given: Given, footer: str) -> None:
    parsed = pdf.parse(given("a.pdf", pages((72, "Device {name} is red."), (88, footer))))

    assert texts(parsed.blocks) == [f"Device {name} is red." for name in NAMES]


def test_long_numbers_on_each_page_are_text(given: Given) -> None:
    parsed = pdf.parse(given("a.pdf", pages((72, "1234567{n}"), (88, "is the number of {name}"))))

    assert texts(parsed.blocks) == [f"1234567{n} is the number of {name}" for n, name in enumerate(NAMES, start=1)]
