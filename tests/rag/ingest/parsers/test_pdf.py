"""PDF: reading order, tables, headings, furniture, scanned pages."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from rag.errors import DamagedFile, EncryptedFile, LimitExceeded
from rag.ingest.parsers import ocr, pdf
from rag.ingest.parsers.parsed import LoadLimits, ParserInput
from rag.ingest.parsers.pdf_blocks import to_blocks
from rag.ingest.parsers.pdf_layout import Line
from rag.types import RawBlock

Given = Callable[..., ParserInput]
WIDTH, HEIGHT = A4


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1, **options)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def lines(canvas: Canvas, x: float, top: float, texts: Sequence[str], *, size: float = 10) -> None:
    for n, text in enumerate(texts):
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, HEIGHT - top - n * size * 1.2, text)


def shown(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [f"{block.kind}{block.level or ''}@{block.page}: {block.text}" for block in blocks]


def test_headings_paragraphs_and_lists_are_rebuilt_from_lines(given: Given) -> None:
    prose = [
        "The router connects your home to the network and it has to stand in a dry and airy",
        "place. Never cover the openings on its sides, since the device gets warm when in-",
        "stalled in a small cabinet.",
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Manual")
        canvas.setAuthor("Ann")
        lines(canvas, 72, 72, ["Router manual"], size=20)
        lines(canvas, 72, 110, prose)
        lines(canvas, 72, 170, ["Reset"], size=14)
        lines(canvas, 72, 195, ["• Hold the button", "• Wait for the light"])

    parsed = pdf.parse(given("a.pdf", drawn(draw)))
    assert shown(parsed.blocks) == [
        "heading1@1: Router manual",
        f"paragraph@1: {' '.join(prose).replace('in- st', 'inst')}",
        "heading2@1: Reset",
        "list_item1@1: Hold the button",
        "list_item1@1: Wait for the light",
    ]
    assert (parsed.title, parsed.pages, dict(parsed.metadata)["author"]) == ("Manual", 1, "Ann")


@pytest.mark.parametrize("marks", [("•", "•", "•"), ("1.", "2.", "3."), ("-", "-", "-")])
def test_marks_drawn_apart_from_their_text_make_a_list_and_no_table(given: Given, marks: Sequence[str]) -> None:
    said = ["Hold the button for ten seconds", "Wait for the light", "Close the lid"]

    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 72, ["Reset"], size=14)
        lines(canvas, 72, 110, list(marks))
        lines(canvas, 90, 110, said)

    parsed = pdf.parse(given("a.pdf", drawn(draw)))

    shown_marks = [f"{mark} " if mark[0].isdigit() else "" for mark in marks]
    assert shown(parsed.blocks)[1:] == [f"list_item1@1: {m}{text}" for m, text in zip(shown_marks, said, strict=True)]


def test_a_table_that_begins_with_numbers_stays_one(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(4):
            for x, cell in zip((72, 110, 300), (f"{n + 1}.", f"part {n}", f"{n}0 pieces"), strict=True):
                lines(canvas, x, 110 + 14 * n, [cell])

    parsed = pdf.parse(given("a.pdf", drawn(draw)))

    assert [block.text for block in parsed.blocks] == [f"{n + 1}. | part {n} | {n}0 pieces" for n in range(4)]


def test_two_columns_are_read_one_after_the_other(given: Given) -> None:
    left = [f"left column line {n} with some words in it" for n in range(8)]
    right = [f"right column line {n} with other words in it" for n in range(8)]

    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 60, ["A title that stands above both of the columns of this page"], size=14)
        for n in range(8):
            lines(canvas, 60, 100 + 12 * n, [left[n]])
            lines(canvas, 320, 100 + 12 * n, [right[n]])

    text = " ".join(block.text for block in pdf.parse(given("a.pdf", drawn(draw))).blocks)
    assert text.index("above both") < text.index(left[0]) < text.index(left[7]) < text.index(right[0])


ROWS = [["Code", "Meaning", "Action"], ["E1", "No link", "Check the cable"], ["E2", "Too hot", "Wait"]]
TABLE = ["table_header@1: Code | Meaning | Action", "table_row@1: E1 | No link | Check the cable",
         "table_row@1: E2 | Too hot | Wait"]  # fmt: skip


@pytest.mark.parametrize("style", [[("GRID", (0, 0), (-1, -1), 0.5, colors.black)], []])
def test_ruled_and_aligned_tables_become_rows(given: Given, style: list[object]) -> None:
    def draw(canvas: Canvas) -> None:
        table = Table(ROWS, colWidths=[80, 120, 160], style=TableStyle(style))
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 72, HEIGHT - 200)
        lines(canvas, 72, 300, ["That was the table."])

    assert shown(pdf.parse(given("a.pdf", drawn(draw))).blocks) == [*TABLE, "paragraph@1: That was the table."]


@pytest.mark.timeout(20)
def test_pages_of_a_workbook_with_a_box_around_each_cell_are_read_in_time(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(20):
            canvas.setFont("Helvetica", 6)
            for x, y in itertools.product(range(30, 570, 45), range(30, 810, 13)):
                canvas.rect(x, y, 45, 13)
                canvas.drawString(x + 3, y + 4, f"{x} of {y}")
            canvas.showPage()

    read = "\n".join(shown(pdf.parse(given("a.pdf", drawn(draw))).blocks))
    assert "table_row@20: 30 of 420 | 75 of 420 | 120 of 420 | " in read


def test_lines_inside_a_ruled_cell_stay_together(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        rows = [["Code", "Action"], ["E1", "Check the\ncable again"], ["E2", "Wait"]]
        table = Table(rows, colWidths=[80, 90], style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 72, HEIGHT - 200)

    texts = [block.text for block in pdf.parse(given("a.pdf", drawn(draw))).blocks]
    assert texts == ["Code | Action", "E1 | Check the cable again", "E2 | Wait"]


def test_headers_footers_and_page_numbers_are_dropped(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(1, 5):
            lines(canvas, 72, 40, ["Acme confidential"])
            lines(canvas, 72, 200, [f"Words of chapter {'abcd'[n - 1]} stand here."])
            lines(canvas, 300, 800, [f"Page {n} of 4"])
            canvas.showPage()

    parsed = pdf.parse(given("a.pdf", drawn(draw)))
    assert shown(parsed.blocks) == [f"paragraph@{n}: Words of chapter {'abcd'[n - 1]} stand here." for n in range(1, 5)]


def test_rows_whose_amounts_differ_from_page_to_page_are_kept(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(1, 5):
            lines(canvas, 72, 40, ["Acme confidential"])
            lines(canvas, 72, 100, [f"Net {n * 100}.00 EUR", f"Total {n * 119}.00 EUR"])
            lines(canvas, 300, 800, [f"Page {n} of 4"])
            canvas.showPage()

    parsed = pdf.parse(given("a.pdf", drawn(draw)))
    words = [" ".join(block.text.split()) for block in parsed.blocks]
    assert words == [f"Net {n * 100}.00 EUR Total {n * 119}.00 EUR" for n in range(1, 5)]


@pytest.mark.parametrize(
    "numbers", ["ii iii iv v 1 2 3", "- 9 -|- 10 -|- 11 -", "7 8", "xlviii xlix l li", "1/3 2/3 3/3"]
)
def test_page_numbers_in_any_form_are_dropped(given: Given, numbers: str) -> None:
    each = numbers.split("|") if "|" in numbers else numbers.split()

    def draw(canvas: Canvas) -> None:
        for n, number in enumerate(each):
            lines(canvas, 72, 200, [f"Words of chapter {'abcdefg'[n]} stand here."])
            lines(canvas, 300, 800, [number])
            canvas.showPage()

    parsed = pdf.parse(given("a.pdf", drawn(draw)))
    assert [block.text for block in parsed.blocks] == [
        f"Words of chapter {'abcdefg'[n]} stand here." for n in range(len(each))
    ]


def test_a_page_on_its_side_is_read(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -WIDTH)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, 300, "First line on its side")
        canvas.drawString(72, 288, "and the second below it")

    assert "First line on its side and the second below it" in " ".join(
        " ".join(block.text.split()) for block in pdf.parse(given("a.pdf", drawn(draw))).blocks
    )


def test_a_large_page_shown_at_half_its_size_is_read(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("sheet", 0, 0, 2 * WIDTH, 2 * HEIGHT)
        canvas.setFont("Helvetica", 20)
        canvas.drawString(WIDTH + 60, 2 * HEIGHT - 120, "The warranty lasts two years.")
        canvas.endForm()
        canvas.beginForm("stamp", 0, 0, 600, 60)
        canvas.setFont("Helvetica", 1)
        canvas.drawString(1, 1, "Paid on 3 March.")
        canvas.endForm()
        for form, scale, x, y in (("sheet", 0.5, 0, 0), ("stamp", 10, 60, 300)):
            canvas.saveState()
            canvas.translate(x, y)
            canvas.scale(scale, scale)
            canvas.doForm(form)
            canvas.restoreState()

    parsed = pdf.parse(given("a.pdf", drawn(draw)))
    assert shown(parsed.blocks) == ["paragraph@1: The warranty lasts two years.", "paragraph@1: Paid on 3 March."]
    assert parsed.warnings == ()


def test_text_that_a_form_moves_off_the_page_is_hidden(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 72, ["A page with text."])
        canvas.beginForm("away", 0, 0, WIDTH, HEIGHT)
        lines(canvas, 72, 72, ["Nobody sees this."])
        canvas.endForm()
        canvas.translate(-WIDTH, 0)
        canvas.doForm("away")

    blocks = pdf.parse(given("a.pdf", drawn(draw))).blocks
    assert [(block.text, block.hidden) for block in blocks] == [
        ("A page with text.", ""), ("Nobody sees this.", "stands outside the page")
    ]  # fmt: skip


def test_the_lines_of_a_table_are_found_where_a_form_shows_them(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        rows = [["Code", "Action"], ["E1", "Check the\ncable again"], ["E2", "Wait"]]
        table = Table(rows, colWidths=[80, 90], style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
        canvas.beginForm("sheet", 0, 0, 2 * WIDTH, 2 * HEIGHT)
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, WIDTH, HEIGHT)
        canvas.endForm()
        canvas.translate(-WIDTH / 2, -HEIGHT / 2)
        canvas.doForm("sheet")

    texts = [block.text for block in pdf.parse(given("a.pdf", drawn(draw))).blocks]
    assert texts == ["Code | Action", "E1 | Check the cable again", "E2 | Wait"]


def test_a_hyphen_of_a_compound_stays() -> None:
    def line(text: str, base: float) -> Line:
        return Line(text, 72, 300, base, 10, bold=False, right=300)

    pieces = [line("a low-level tool and a low-", 10), line("level tool and hyphen-", 22), line("ation", 34)]
    (block,) = to_blocks([(1, pieces)])
    assert block.text == "a low-level tool and a low-level tool and hyphenation"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Use the well-|known route", "Use the well-known route"),
        ("a self-|contained unit", "a self-contained unit"),
        ("the so-|called lid", "the so-called lid"),
        ("a water-|based paint", "a water-based paint"),
        ("it is selfish, self-|ish and all", "it is selfish, selfish and all"),
        ("good for her well-|ness", "good for her wellness"),
        ("they are cor-|related to it", "they are correlated to it"),
        ("a low-level tool and a low-|level one", "a low-level tool and a low-level one"),
        ("an email and an e-|mail to all", "an email and an email to all"),
        ("behind the open-|ings on its side", "behind the openings on its side"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_stays_where_it_belongs_to_the_word(
    given: Given, broken: str, whole: str
) -> None:
    parsed = pdf.parse(given("a.pdf", drawn(lambda canvas: lines(canvas, 72, 72, broken.split("|")))))
    assert [block.text for block in parsed.blocks] == [whole]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("upright", [True, False])
def test_a_page_that_is_shown_turned_is_read(given: Given, rotation: int, upright: bool) -> None:
    width, height = (HEIGHT, WIDTH) if upright and rotation in {90, 270} else (WIDTH, HEIGHT)

    def draw(canvas: Canvas) -> None:
        if upright:
            canvas.translate(*{0: (0, 0), 90: (WIDTH, 0), 180: (WIDTH, HEIGHT), 270: (0, HEIGHT)}[rotation])
            canvas.rotate(rotation)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(30, height - 30, "First at the left edge.")
        canvas.drawRightString(width - 30, height - 60, "Second at the right edge.")
        table = Table(ROWS, colWidths=[80, 120, 160], style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 30, height - 200)
        canvas.drawString(30, 20, "Last at the lower edge.")

    document = pypdfium2.PdfDocument(drawn(draw))
    document[0].set_rotation(rotation)
    turned = io.BytesIO()
    document.save(turned)
    document.close()

    parsed = pdf.parse(given("a.pdf", turned.getvalue()))
    assert shown(parsed.blocks) == [
        "paragraph@1: First at the left edge.",
        "paragraph@1: Second at the right edge.",
        *TABLE,
        "paragraph@1: Last at the lower edge.",
    ]
    assert (parsed.warnings, parsed.pages_without_text) == ((), ())


def test_a_password_is_needed(given: Given) -> None:
    content = drawn(lambda canvas: lines(canvas, 72, 72, ["secret"]), encrypt=StandardEncryption("pw", "owner"))
    with pytest.raises(EncryptedFile, match="password"):
        pdf.parse(given("a.pdf", content))


def test_an_owner_password_alone_hinders_nobody(given: Given) -> None:
    content = drawn(lambda canvas: lines(canvas, 72, 72, ["open words"]), encrypt=StandardEncryption("", "owner"))
    assert shown(pdf.parse(given("a.pdf", content)).blocks) == ["paragraph@1: open words"]


def test_a_truncated_file_is_damaged_or_read_in_part(given: Given) -> None:
    content = drawn(lambda canvas: lines(canvas, 72, 72, ["words"]))
    with pytest.raises(DamagedFile):
        pdf.parse(given("a.pdf", content[:200]))


def test_too_many_pages_are_a_limit(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(3):
            canvas.showPage()

    with pytest.raises(LimitExceeded, match="3 pages"):
        pdf.parse(given("a.pdf", drawn(draw), max_pages=2))


def scan(canvas: Canvas) -> None:
    picture = Image.new("RGB", (1240, 500), "white")
    ImageDraw.Draw(picture).text((80, 80), "Warranty card\nSerial number 4711\n", fill="black", font_size=60)
    canvas.drawImage(ImageReader(picture), 36, 400, 520, 210)


def test_scanned_pages_are_told_of_where_nothing_recognizes_them(given: Given) -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            scan(canvas)
            canvas.showPage()
        lines(canvas, 72, 72, ["A page with text."])

    parsed = pdf.parse(given("a.pdf", drawn(draw), ocr="off"))
    assert parsed.pages_without_text == (1, 2)
    assert parsed.warnings == ("No text on pages 1-2; install footnote[ocr] to recognize them.",)
    assert shown(parsed.blocks) == ["paragraph@3: A page with text."]


@pytest.mark.ocr
@pytest.mark.skipif(not LoadLimits().recognizes, reason="the ocr extra is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_scanned_pages_are_recognized(given: Given) -> None:
    parsed = pdf.parse(given("a.pdf", drawn(scan)))
    assert parsed.ocr_pages == (1,)
    text = " ".join(block.text for block in parsed.blocks)
    assert "Warranty card" in text
    assert "Serial number 4711" in text


def test_spaces_are_put_where_the_picture_has_gaps() -> None:
    gray = np.full((40, 200), 255.0)
    for left in (0, 20, 60, 80):
        gray[5:35, left : left + 16] = 0.0
    boxes = [[(left, 0), (left + 16, 0), (left + 16, 40), (left, 40)] for left in (0, 20, 60, 80)]
    assert ocr.spaced(gray, list("abcd"), boxes) == "ab cd"
    assert ocr.spaced(gray, list("東京大阪"), boxes) == "東京大阪"


def test_page_numbers_are_written_as_ranges() -> None:
    assert pdf.page_ranges([4, 1, 2, 3, 7]) == "1-4, 7"
