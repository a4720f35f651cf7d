"""What a Word file, a workbook or a deck hides by styles, formats and switches is kept apart."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.table import Table
from pptx.util import Inches

from rag.ingest.parsers import sheets, slides, word
from rag.ingest.parsers.parsed import Parsed, ParserInput

Given = Callable[..., ParserInput]
WHITE = Font(color="FFFFFFFF")


def parted(parsed: Parsed) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what is seen, and what is hidden and how."""
    seen = [block.text for block in parsed.blocks if not block.hidden]
    return seen, [(block.text, block.hidden) for block in parsed.blocks if block.hidden]


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_text_that_a_style_of_word_hides_is_kept_apart(given: Given) -> None:
    document = docx.Document()
    away = document.styles.add_style("Away", WD_STYLE_TYPE.PARAGRAPH)
    away.font.hidden = True
    further = document.styles.add_style("Further", WD_STYLE_TYPE.PARAGRAPH)
    further.base_style = away
    back = document.styles.add_style("Back", WD_STYLE_TYPE.PARAGRAPH)
    back.base_style, back.font.hidden = away, False
    aside = document.styles.add_style("Aside", WD_STYLE_TYPE.CHARACTER)
    aside.font.hidden = True
    document.add_paragraph("Gone by its style.", style=further)
    document.add_paragraph("Back by its style.", style=back)
    document.add_paragraph("", style=away).add_run("Back by itself.").font.hidden = False
    document.add_paragraph("Seen.").add_run("Gone with its run.", style=aside)

    assert parted(word.parse(given("a.docx", saved(document)))) == (
        ["Back by its style.", "Back by itself.", "Seen."],
        [("Gone by its style.", "is formatted as hidden"), ("Gone with its run.", "is formatted as hidden")],
    )


def book(change: Callable[[Any, Any], None]) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["Model", "Warranty", "Note"], ["K5", "24 months", "Paid in bananas"], ["K6", "36 months", "By post"]):
        sheet.append(row)
    change(sheet, sheet["C2"])
    return saved(workbook)


def coloured(ink: object, ground: str | None = None) -> Callable[[Any, Any], None]:
    def change(_: Any, cell: Any) -> None:
        cell.font = Font(color=ink)
        if ground:
            cell.fill = PatternFill("solid", start_color=ground)

    return change


def written_as_nothing(_: Any, cell: Any) -> None:
    cell.number_format = ";;;"


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (coloured("FFFFFFFF"), "has the colour of its background"),
        (coloured(Color(theme=0)), "has the colour of its background"),
        (coloured("FF333333", "FF333333"), "has the colour of its background"),
        (written_as_nothing, "is formatted as nothing"),
    ],
)
def test_a_cell_whose_format_shows_nothing_is_kept_apart(
    given: Given, change: Callable[[Any, Any], None], how: str
) -> None:
    assert parted(sheets.parse(given("a.xlsx", book(change)))) == (
        ["Sheet", "Model | Warranty | Note", "K5 | 24 months", "K6 | 36 months | By post"],
        [("Paid in bananas", how)],
    )


def in_a_table(sheet: Any, cell: Any) -> None:
    cell.font = WHITE
    sheet.add_table(Table(displayName="T", ref="A1:C3"))


def by_a_condition(sheet: Any, cell: Any) -> None:
    cell.font = WHITE
    sheet.conditional_formatting.add("C2", CellIsRule(operator="notEqual", formula=["1"], fill=PatternFill("solid")))


@pytest.mark.parametrize(
    "change", [coloured("FFFFFFFF", "FF204060"), coloured(Color(theme=1)), in_a_table, by_a_condition]
)
def test_a_cell_that_a_colour_may_lie_behind_is_read(given: Given, change: Callable[[Any, Any], None]) -> None:
    seen, hidden = parted(sheets.parse(given("a.xlsx", book(change))))
    assert (seen[2], hidden) == ("K5 | 24 months | Paid in bananas", [])


def test_a_shape_that_is_switched_off_is_kept_apart_and_so_is_what_stands_in_a_group(given: Given) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    for shapes, text in ((slide.shapes, "Seen."), (slide.shapes, "Gone alone."), (group.shapes, "Gone in a group.")):
        shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = text
    alone = next(shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text == "Gone alone.")
    alone.element.nvSpPr.cNvPr.set("hidden", "1")
    group.element.nvGrpSpPr.cNvPr.set("hidden", "true")

    seen, hidden = parted(slides.parse(given("a.pptx", saved(deck))))
    assert seen == ["Seen."]
    assert sorted(hidden) == [("Gone alone.", "is set to be invisible"), ("Gone in a group.", "is set to be invisible")]
