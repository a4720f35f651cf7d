"""Word, PowerPoint and Excel."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace

import docx
import mammoth
import openpyxl
import pptx
import pytest
from docx.document import Document as WordDocument
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from rag.errors import LimitExceeded
from rag.ingest.parsers import sheets, slides, word
from rag.ingest.parsers.hidden_cells import hidden_cells
from rag.ingest.parsers.parsed import ParserInput
from rag.types import RawBlock

Given = Callable[..., ParserInput]

_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def shown(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [
        f"{block.kind}{block.level or ''}{'@' + str(block.page) if block.page else ''}: {block.text}"
        for block in blocks
        if not block.hidden
    ]


def report() -> WordDocument:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "Warranty", "Ann"
    document.core_properties.created = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    document.add_heading("Warranty terms", 1)
    document.add_paragraph("Two years from purchase.")
    document.add_paragraph("Keep the receipt", "List Bullet")
    document.add_paragraph("Call us", "List Number")
    table = document.add_table(rows=3, cols=3)
    for row, cells in zip(
        table.rows, [["Part", "Years", "Note"], ["Case", "2", ""], ["Fan", "1", "wear"]], strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return document


def test_word_keeps_headings_lists_tables_and_properties(given: Given) -> None:
    parsed = word.parse(given("a.docx", saved(report())))
    assert shown(parsed.blocks) == [
        "heading1: Warranty terms",
        "paragraph: Two years from purchase.",
        "list_item1: Keep the receipt",
        "list_item1: 1. Call us",
        "table_header: Part | Years | Note",
        "table_row: Case | 2",
        "table_row: Fan | 1 | wear",
    ]
    metadata = dict(parsed.metadata)
    assert (parsed.title, metadata["author"], metadata["created"][:10]) == ("Warranty", "Ann", "2026-01-02")


def test_comments_in_word_are_notes(given: Given) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The price is 10 euros.")
    document.add_comment(paragraph.runs, text="Check this price", author="Bo", initials="B")
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "paragraph: The price is 10 euros.", "note: Comment: Check this price"
    ]  # fmt: skip


def test_hidden_text_in_word_is_kept_apart(given: Given) -> None:
    document = docx.Document()
    document.add_paragraph("Seen.").add_run("psst").font.hidden = True
    parsed = word.parse(given("a.docx", saved(document)))
    assert [(block.text, block.hidden) for block in parsed.blocks] == [
        ("Seen.", ""), ("psst", "is formatted as hidden")
    ]  # fmt: skip
    assert "hides from its readers" in parsed.warnings[0]


@pytest.mark.parametrize("way", ["strike", "double_strike"])
def test_struck_out_text_in_word_is_kept_apart(given: Given, way: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The fee is ")
    setattr(paragraph.add_run("500").font, way, True)
    setattr(paragraph.add_run(" 450 euros.").font, way, False)
    parsed = word.parse(given("a.docx", saved(document)))
    assert [(block.text, block.hidden) for block in parsed.blocks] == [
        ("The fee is 450 euros.", ""), ("500", "is struck out")
    ]  # fmt: skip


def test_a_file_of_word_does_not_say_how_it_is_read(given: Given) -> None:
    document = docx.Document()
    document.add_paragraph("Gone by a style of the file.")
    stream = io.BytesIO(saved(document))
    mammoth.embed_style_map(stream, "p => !")
    assert shown(word.parse(given("a.docx", stream.getvalue())).blocks) == ["paragraph: Gone by a style of the file."]


def test_hidden_text_is_found_whatever_number_the_main_part_has(given: Given) -> None:
    document = docx.Document()
    document.add_paragraph("Seen.").add_run("psst").font.hidden = True
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            content = source.read(name).replace(b"word/document.xml", b"word/document2.xml")
            package.writestr(name.replace("document.xml", "document2.xml"), content)
    parsed = word.parse(given("a.docx", target.getvalue()))
    assert [(block.text, bool(block.hidden)) for block in parsed.blocks] == [("Seen.", False), ("psst", True)]


def deck() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Roadmap"
    slide.placeholders[1].text = "First\nSecond"
    slide.placeholders[1].text_frame.paragraphs[1].level = 1
    slide.notes_slide.notes_text_frame.text = "Say hello"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Prices"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for at, text in enumerate(["Plan", "Price", "Basic", "10"]):
        table.cell(at // 2, at % 2).text = text
    chart = CategoryChartData()
    chart.categories = ["Q1", "Q2"]
    chart.add_series("Sales", (1.5, 2))
    second.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(4), Inches(3), Inches(2), chart)
    deck.slides.add_slide(deck.slide_layouts[6])
    return saved(deck)


def test_slides_give_titles_lists_tables_charts_and_notes(given: Given) -> None:
    parsed = slides.parse(given("a.pptx", deck()))
    assert shown(parsed.blocks) == [
        "heading1@1: Roadmap",
        "list_item1@1: First",
        "list_item2@1: Second",
        "note@1: Say hello",
        "heading1@2: Prices",
        "table_header@2: Plan | Price",
        "table_row@2: Basic | 10",
        "table_header@2:  | Sales",
        "table_row@2: Q1 | 1.5",
        "table_row@2: Q2 | 2",
    ]
    assert (parsed.pages, parsed.pages_without_text) == (3, (3,))


def test_a_cell_of_a_slide_that_reaches_over_others_is_repeated_in_each(given: Given) -> None:
    deck = pptx.Presentation()
    frame = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_table(5, 3, 0, 0, Inches(6), Inches(2))
    rows = ["Support of 2026", "", ""], ["Plan", "Way", "Hours"], ["Care", "Phone", "9-17"], ["", "Mail", "any"]
    for at, texts in enumerate([*rows, ["Plus", "any", ""]]):
        for cell, text in zip(frame.table.rows[at].cells, texts, strict=True):
            cell.text = text
    for first, last in (((0, 0), (0, 2)), ((2, 0), (3, 0)), ((4, 1), (4, 2))):
        frame.table.cell(*first).merge(frame.table.cell(*last))
    assert shown(slides.parse(given("a.pptx", saved(deck))).blocks) == [
        "paragraph@1: Support of 2026",
        "table_header@1: Plan | Way | Hours",
        "table_row@1: Care | Phone | 9-17",
        "table_row@1: Care | Mail | any",
        "table_row@1: Plus | any | any",
    ]


def test_a_shape_with_the_number_of_the_title_is_read(given: Given) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Hours"
    box = slide.shapes.add_textbox(0, Inches(3), Inches(4), Inches(1))
    box.text_frame.text = "We open at nine."
    box.element.nvSpPr.cNvPr.set("id", str(slide.shapes.title.shape_id))
    assert shown(slides.parse(given("a.pptx", saved(deck))).blocks) == [
        "heading1@1: Hours", "paragraph@1: We open at nine."
    ]  # fmt: skip


def test_a_shape_of_an_unknown_kind_costs_nothing(given: Given) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
    box.text_frame.text = "Words"
    del box.element.nvSpPr.cNvSpPr.attrib["txBox"]
    box.element.spPr.remove(box.element.spPr.prstGeom)
    with pytest.raises(NotImplementedError):
        _ = box.shape_type
    assert shown(slides.parse(given("a.pptx", saved(presentation))).blocks) == ["paragraph@1: Words"]


def test_a_text_box_with_an_equation_is_read_and_ink_is_not(given: Given) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    for words in ("Before", "The fee is "):
        slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame.text = words
    box = slide.shapes[1]._element
    box.txBody.p_lst[0].append(
        etree.fromstring(
            '<a14:m xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"><m:f'
            ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:num><m:r><m:t>a</m:t></m:r></m:num>'
            "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></a14:m>"
        )
    )
    for content in (box, etree.Element("ink")):
        either = etree.SubElement(slide.shapes.element, f"{_CHOICE}AlternateContent")
        etree.SubElement(either, f"{_CHOICE}Choice", Requires="a14").append(content)
        etree.SubElement(either, f"{_CHOICE}Fallback")
    assert shown(slides.parse(given("a.pptx", saved(presentation))).blocks) == [
        "paragraph@1: Before",
        "paragraph@1: The fee is a/2",
    ]


def test_too_many_slides_are_a_limit(given: Given) -> None:
    with pytest.raises(LimitExceeded, match="3 pages; at most 2"):
        slides.parse(given("a.pptx", deck(), max_pages=2))


def test_sheets_are_headings_and_rows_have_plain_values(given: Given) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Prices"
    sheet.append(["Price list"])
    sheet.append(["Plan", "Price", "Since", "Share"])
    sheet.append(["Basic", 9.90, dt.date(2026, 3, 1), 0.25])
    sheet["D3"].number_format = "0%"
    sheet.append([])
    sheet.append(["Plus", True, dt.datetime(2026, 3, 1, 8, 30, tzinfo=None), 1e6])  # noqa: DTZ001 - sheets know no zones
    secret = book.create_sheet("Secret")
    secret.append(["x", "y"])
    secret.sheet_state = "hidden"
    parsed = sheets.parse(given("a.xlsx", saved(book)))
    assert shown(parsed.blocks) == [
        "heading1@1: Prices",
        "paragraph@1: Price list",
        "table_header@1: Plan | Price | Since | Share",
        "table_row@1: Basic | 9.9 | 2026-03-01 | 25%",
        "table_row@1: Plus | TRUE | 2026-03-01 08:30 | 1000000",
    ]
    assert [(b.text, b.page, b.hidden) for b in parsed.blocks if b.hidden] == [("x | y", 2, "stands on a hidden sheet")]
    assert parsed.warnings == (
        "5 characters that the file hides from its readers were left out.",
        "The hidden sheet 'Secret' was left out.",
    )


def test_formulas_that_were_never_calculated_are_told_of(given: Given) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Prices"
    for row in (["Plan", "Net", "Gross"], ["Home", 10, "=B2*1.2"], ["Office", 30, "=B3*1.2"], ["Club", 40, 48]):
        sheet.append(row)
    parsed = sheets.parse(given("a.xlsx", saved(workbook)))
    assert [block.text for block in parsed.blocks][2:] == ["Home | 10", "Office | 30", "Club | 40 | 48"]
    (warning,) = parsed.warnings
    assert warning.startswith("2 cells of the sheet 'Prices' have a formula and no value")


@pytest.mark.parametrize(
    ("cell", "n"),
    [
        ("<c r='A1'><f>SUM(B1)</f><v>3</v></c>", 0),
        ("<c r='A1' t='str'><f>IF(B1,1,&quot;&quot;)</f><v></v></c>", 0),
        ("<c r='A1'/><c r='B1'><v>3</v></c>", 0),
        ("<c r='A1'><f t='shared' si='0'/></c>", 1),
        ("<x:c r='A1'><x:f>SUM(B1)</x:f><x:v/></x:c>", 1),
    ],
)
def test_a_formula_without_a_value_is_found(zipped: Callable[..., bytes], cell: str, n: int) -> None:
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(zipped({part: f"<row r='1'>{cell}</row>"}))) as package:
        found = hidden_cells(package)(SimpleNamespace(_worksheet_path=part))
    assert found.n_uncalculated == n


def test_a_percent_sign_that_is_only_shown_is_no_factor(given: Given) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Tax", "Rate", "Share", "Discount"])
    book.active.append(["Full", 19, 7.5, 0.25])
    for cell, number_format in zip(book.active[2][1:], ['0"%"', r"0.0\%", '0%" off"'], strict=True):
        cell.number_format = number_format
    assert shown(sheets.parse(given("a.xlsx", saved(book))).blocks)[2] == "table_row@1: Full | 19% | 7.5% | 25%"


def test_a_cell_that_reaches_over_rows_is_repeated_in_each(given: Given) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Region", "Team", "Lead"], ["North", "A", "Ann"], [None, "B"], ["South", "C", "Cy"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("C2:C3")
    sheet.append(["Closed on Sundays"])
    sheet.append([None])
    sheet.merge_cells("A5:C6")
    assert shown(sheets.parse(given("a.xlsx", saved(book))).blocks)[1:] == [
        "table_header@1: Region | Team | Lead",
        "table_row@1: North | A | Ann",
        "table_row@1: North | B | Ann",
        "table_row@1: South | C | Cy",
        "table_row@1: Closed on Sundays",
    ]


def test_a_cell_that_reaches_over_columns_is_repeated_in_each(given: Given) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Shifts in May"], ["Name", "Mon", "Tue", "Wed"], ["Ida", "Early"], ["Bo", "Late"], ["Cy"]):
        sheet.append(row)
    sheet.append(["Closed on Sundays"])
    for merged in ("A1:D1", "B3:D3", "B4:C5", "A6:D6"):
        sheet.merge_cells(merged)
    sheet["D4"] = "Night"
    assert shown(sheets.parse(given("a.xlsx", saved(book))).blocks)[1:] == [
        "paragraph@1: Shifts in May",
        "table_header@1: Name | Mon | Tue | Wed",
        "table_row@1: Ida | Early | Early | Early",
        "table_row@1: Bo | Late | Late | Night",
        "table_row@1: Cy | Late | Late",
        "table_row@1: Closed on Sundays",
    ]


def test_a_cell_is_not_repeated_in_hidden_columns_nor_where_it_is_long(given: Given) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Name", "Mon", "Tue", "Wed"], ["Ida", "Early"], ["Bo", "word " * 50]):
        sheet.append(row)
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("B3:D3")
    sheet.column_dimensions["C"].hidden = True
    blocks = sheets.parse(given("a.xlsx", saved(book))).blocks
    assert shown(blocks)[2:] == ["table_row@1: Ida | Early | Early", f"table_row@1: Bo | {('word ' * 50).strip()}"]
    assert [block.text for block in blocks if block.hidden] == ["Tue"]


def test_a_cell_of_word_that_reaches_over_columns_is_repeated_in_each(given: Given) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for cell, text in zip(table.rows[0].cells, ["Name", "Mon", "Tue"], strict=True):
        cell.text = text
    table.cell(1, 0).text = "Ida"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "Early"
    table.cell(2, 0).merge(table.cell(2, 2)).text = "Closed on Sundays"
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "table_header: Name | Mon | Tue",
        "table_row: Ida | Early | Early",
        "table_row: Closed on Sundays",
    ]


def test_a_hidden_cell_that_reaches_over_rows_is_kept_once(given: Given) -> None:
    book = openpyxl.Workbook()
    for row in (["Secret", "Team", "Lead"], ["North", "A", "Ann"], [None, "B", "Bo"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.column_dimensions["A"].hidden = True
    blocks = sheets.parse(given("a.xlsx", saved(book))).blocks
    assert [block.text for block in blocks if block.hidden] == ["Secret", "North"]
    assert shown(blocks)[1:] == ["table_header@1: Team | Lead", "table_row@1: A | Ann", "table_row@1: B | Bo"]


@pytest.mark.timeout(20)
def test_a_long_column_before_a_table_is_read_in_time(given: Given) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for n in range(20_000):
        sheet.append([f"Line {n}"])
    sheet.append(["a", "b"])
    blocks = sheets.parse(given("a.xlsx", saved(book))).blocks
    assert shown(blocks)[-2:] == ["paragraph@1: Line 19999", "table_header@1: a | b"]
