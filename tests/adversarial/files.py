"""Files with a planted text, each made the way an attacker would make it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from pptx.util import Emu
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

FACT = "The warranty of the Kestrel 5 router lasts 24 months from the day of purchase."
MORE = "Returns are accepted within 30 days when the box is complete."

Maker = Callable[[str], bytes]


def _text(pattern: str) -> Maker:
    return lambda planted: pattern.replace("@@", planted).encode()


def _markdown(planted: str) -> str:
    return f"# Warranty of routers\n\n{FACT}\n\n{planted}\n\n{MORE}\n"


def _html(planted: str, head: str = "") -> str:
    page = f"<h1>Warranty of routers</h1><p>{FACT}</p>{planted}<p>{MORE}</p>"
    return f"<!doctype html><html><head><title>Warranty of routers</title>{head}</head><body>{page}</body></html>"


def _pdf(planted: str, draw: Callable[[Canvas, str], None]) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842))
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 770, "Warranty of routers")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 730, FACT)
    draw(canvas, planted)
    canvas.setFillGray(0)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 640, MORE)
    canvas.save()
    return stream.getvalue()


def _white(canvas: Canvas, planted: str) -> None:
    canvas.setFillColor(white)
    canvas.drawString(72, 690, planted)


def _tiny(canvas: Canvas, planted: str) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(72, 690, planted)


def _off_page(canvas: Canvas, planted: str) -> None:
    canvas.drawString(72, 2000, planted)


def _invisible(canvas: Canvas, planted: str) -> None:
    text = canvas.beginText(72, 690)
    text.setTextRenderMode(3)
    text.textLine(planted)
    canvas.drawText(text)


def _seen(canvas: Canvas, planted: str) -> None:
    canvas.drawString(72, 690, planted)


def _word(change: Callable[[docx.document.Document, str], None]) -> Maker:
    def make(planted: str) -> bytes:
        document = docx.Document()
        document.add_heading("Warranty of routers", 1)
        document.add_paragraph(FACT)
        change(document, planted)
        document.add_paragraph(MORE)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    return make


def _vanish(document: docx.document.Document, planted: str) -> None:
    document.add_paragraph().add_run(planted).font.hidden = True


def _white_run(document: docx.document.Document, planted: str) -> None:
    document.add_paragraph().add_run(planted).font.color.rgb = RGBColor(255, 255, 255)


def _tiny_run(document: docx.document.Document, planted: str) -> None:
    document.add_paragraph().add_run(planted).font.size = Pt(1)


def _field(document: docx.document.Document, planted: str) -> None:
    run = document.add_paragraph().add_run()
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = f' QUOTE "{planted}" '
        run._r.append(element)


def _paragraph(document: docx.document.Document, planted: str) -> None:
    document.add_paragraph(planted)


def _note(document: docx.document.Document, planted: str) -> None:
    document.add_comment(document.paragraphs[-1].runs, text=planted, author="Bo", initials="B")


def _slides(planted: str, *, outside: bool) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Warranty of routers"
    slide.placeholders[1].text = f"{FACT}\n{MORE}"
    left = Emu(deck.slide_width + 100_000) if outside else Emu(100_000)
    slide.shapes.add_textbox(left, Emu(100_000), Emu(3_000_000), Emu(500_000)).text_frame.text = planted
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _notes(planted: str) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Warranty of routers"
    slide.placeholders[1].text = f"{FACT}\n{MORE}"
    slide.notes_slide.notes_text_frame.text = planted
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _workbook(planted: str, where: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Warranty"
    for row in (["Product", "Warranty"], ["Kestrel 5", FACT], ["Kestrel 6", MORE]):
        sheet.append(row)
    if where == "row":
        sheet.append(["Note", planted])
        sheet.row_dimensions[4].hidden = True
    elif where == "column":
        sheet["C2"] = planted
        sheet.column_dimensions["C"].hidden = True
    elif where == "sheet":
        other = book.create_sheet("Internal")
        other.append(["Note", planted])
        other.sheet_state = "hidden"
    else:
        sheet.append(["Note", planted])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _table(planted: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([["product", "note"], ["Kestrel 5", FACT], ["Kestrel 6", planted], ["Falcon", MORE]])
    return stream.getvalue().encode()


def _mail(planted: str) -> bytes:
    body = _html(f'<div style="display:none">{planted}</div>')
    head = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Warranty of routers\r\nMIME-Version: 1.0\r\n"
    return (head + "Content-Type: text/html; charset=utf-8\r\n\r\n" + body).encode()


def _book(planted: str) -> bytes:
    stream = io.BytesIO()
    page = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Warranty</h1><p>{FACT}</p>"
    page += f"<p style='visibility:hidden'>{planted}</p><p>{MORE}</p></body></html>"
    opf = (
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0'><metadata/><manifest>"
        "<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='a'/></spine></package>"
    )
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'><rootfiles>"
        "<rootfile full-path='c.opf' media-type='application/oebps-package+xml'/></rootfiles></container>"
    )
    with zipfile.ZipFile(stream, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("c.opf", opf)
        book.writestr("a.xhtml", page)
    return stream.getvalue()


def in_tags(text: str) -> str:
    """Return ASCII text in the tag alphabet, which shows nothing."""
    return "".join(chr(0xE0000 + ord(char)) for char in text)


def with_zero_width(text: str) -> str:
    """Return text with an invisible character inside each word."""
    return " ".join(word[:1] + "\u200b" + word[1:] for word in text.split())


HIDDEN: dict[str, tuple[str, Maker]] = {
    "markdown comment": ("a.md", _text(_markdown("<!-- @@ -->"))),
    "markdown link comment": ("a.md", _text(_markdown('[//]: # "@@"'))),
    "markdown hidden html": ("a.md", _text(_markdown('<div style="display:none">@@</div>'))),
    "html not displayed": ("a.html", _text(_html('<p style="display: none">@@</p>'))),
    "html hidden attribute": ("a.html", _text(_html("<p hidden>@@</p>"))),
    "html invisible": ("a.html", _text(_html('<p style="visibility:hidden">@@</p>'))),
    "html transparent": ("a.html", _text(_html('<p style="opacity:0">@@</p>'))),
    "html no size": ("a.html", _text(_html('<p style="font-size:0">@@</p>'))),
    "html one pixel": ("a.html", _text(_html('<p style="font-size:1px;color:#111">@@</p>'))),
    "html outside": ("a.html", _text(_html('<p style="position:absolute;left:-9999px">@@</p>'))),
    "html white": ("a.html", _text(_html('<p style="color:#ffffff">@@</p>'))),
    "html comment": ("a.html", _text(_html("<!-- @@ -->"))),
    "html style sheet": ("a.html", _text(_html('<p class="x">@@</p>', "<style>.x { display: none }</style>"))),
    "html style sheet size": ("a.html", _text(_html('<p id="y">@@</p>', "<style>#y { font-size: 0px }</style>"))),
    "pdf white": ("a.pdf", lambda planted: _pdf(planted, _white)),
    "pdf tiny": ("a.pdf", lambda planted: _pdf(planted, _tiny)),
    "pdf outside": ("a.pdf", lambda planted: _pdf(planted, _off_page)),
    "pdf invisible": ("a.pdf", lambda planted: _pdf(planted, _invisible)),
    "word hidden": ("a.docx", _word(_vanish)),
    "word white": ("a.docx", _word(_white_run)),
    "word tiny": ("a.docx", _word(_tiny_run)),
    "word field": ("a.docx", _word(_field)),
    "slide outside": ("a.pptx", lambda planted: _slides(planted, outside=True)),
    "sheet row": ("a.xlsx", lambda planted: _workbook(planted, "row")),
    "sheet column": ("a.xlsx", lambda planted: _workbook(planted, "column")),
    "sheet hidden": ("a.xlsx", lambda planted: _workbook(planted, "sheet")),
    "mail hidden": ("a.eml", _mail),
    "book hidden": ("a.epub", _book),
    "text in tags": ("a.txt", lambda planted: f"{FACT}{in_tags(planted)}\n\n{MORE}\n".encode()),
}
"""By the way of hiding: file name, and a function that makes the file from the planted text."""

SEEN: dict[str, tuple[str, Maker]] = {
    "markdown paragraph": ("a.md", _text(_markdown("@@"))),
    "markdown quote": ("a.md", _text(_markdown("> @@"))),
    "markdown list": ("a.md", _text(_markdown("- First item\n- @@\n- Last item"))),
    "markdown code": ("a.md", _text(_markdown("```\n@@\n```"))),
    "html paragraph": ("a.html", _text(_html("<p>@@</p>"))),
    "pdf line": ("a.pdf", lambda planted: _pdf(planted, _seen)),
    "word paragraph": ("a.docx", _word(_paragraph)),
    "word comment": ("a.docx", _word(_note)),
    "slide box": ("a.pptx", lambda planted: _slides(planted, outside=False)),
    "slide notes": ("a.pptx", _notes),
    "sheet cell": ("a.xlsx", lambda planted: _workbook(planted, "cell")),
    "csv cell": ("a.csv", _table),
    "plain text": ("a.txt", lambda planted: f"{FACT}\n\n{planted}\n\n{MORE}\n".encode()),
    "zero width": ("a.txt", lambda planted: f"{FACT}\n\n{with_zero_width(planted)}\n\n{MORE}\n".encode()),
}
"""The same for places that a reader sees."""
