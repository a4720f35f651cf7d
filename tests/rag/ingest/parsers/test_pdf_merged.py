"""Cells of ruled PDF tables that reach over several rows or columns."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from rag.ingest.parsers import pdf
from rag.ingest.parsers.parsed import ParserInput
from rag.ingest.parsers.pdf_merged import Merged, merged_cells
from rag.ingest.parsers.pdf_runs import Rule
from tests.rag.ingest.parsers.test_pdf import drawn, shown

Given = Callable[..., ParserInput]
EDGES = [0.0, 50.0, 100.0]


def across(y: float, start: float = 0, end: float = 100) -> Rule:
    return Rule(start, end, y, y)


def down(x: float, start: float = 0, end: float = 100) -> Rule:
    return Rule(x, x, start, end)


def test_a_box_without_a_line_in_it_is_one_cell() -> None:
    frame = [across(0), across(100), down(0), down(50), down(100)]
    assert merged_cells([*frame, across(50)], EDGES, EDGES) == []
    assert merged_cells([*frame, across(50, start=50)], EDGES, EDGES) == [Merged(range(2), range(1))]


def test_a_column_that_is_open_on_a_side_has_no_such_cell() -> None:
    # Names are underlined in the column of the amounts alone.
    assert merged_cells([across(0, 50), across(50, 50), across(100, 50), down(50), down(100)], EDGES, EDGES) == []


def test_a_cell_over_rows_is_said_in_each_and_names_over_columns_are_told_apart(given: Given) -> None:
    rows = ["Plan", "Price", ""], ["", "Month", "Year"], ["Care", "5", "50"], ["Plus", "9", "90"], ["", "10", "95"]
    spans = [("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 3), (0, 4))]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]

    def draw(canvas: Canvas) -> None:
        table = Table(rows, style=TableStyle([*grid, *spans]))
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 72, 500)

    assert shown(pdf.parse(given("a.pdf", drawn(draw))).blocks) == [
        "table_header@1: Plan | Price Month | Price Year",
        "table_row@1: Care | 5 | 50",
        "table_row@1: Plus | 9 | 90",
        "table_row@1: Plus | 10 | 95",
    ]
