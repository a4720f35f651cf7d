"""Names of the columns of quoted rows, and the cells under them."""

from __future__ import annotations

import pytest

from app import present
from rag import terminal
from rag.receipts.columns import columns_of
from rag.types import Block, Document, ParseReport

LINES = ("| Basic | Pro", "Price | 5", "Speed | | 7", "| 9")
TEXT = "\n".join(LINES)
KINDS = ("table_header", "table_row", "table_row", "table_row")
STARTS = [TEXT.index(line) for line in LINES]
BLOCKS = tuple(Block(kind, start, start + len(line)) for kind, start, line in zip(KINDS, STARTS, LINES, strict=True))
DOCUMENT = Document(
    "d1", "v1", "default", "/f.md", "f.md", "Fan", "text/markdown", "0", 1, TEXT, BLOCKS, (), ParseReport(0, 40, 1)
)


@pytest.mark.parametrize(
    ("row", "cells"), [(1, ["Price", "5", ""]), (2, ["Speed", "", "7"]), (3, ["", "9", ""])], ids=LINES[1:]
)
def test_a_cell_stands_under_its_column_where_others_are_empty(row, cells):
    cited = {"n": 1, "document": "d1", "version": "v1", "start": STARTS[row], "title": "Fan", "quote": LINES[row]}
    record = {
        "receipt": "a",
        "outcome": "answered",
        "statements": [{"text": LINES[row], "phrase": None, "citations": [cited]}],
    }
    columns = columns_of([record], lambda *_: DOCUMENT)
    (shown,) = present.turn(record, columns=columns)["statements"]
    assert shown["columns"] == ["", "Basic", "Pro"]
    assert ["".join(text for text, _ in cell) for cell in shown["cells"]] == cells


def test_a_document_shows_the_cells_of_a_row_without_its_bars():
    rows = present.surroundings(DOCUMENT, (0, len(TEXT)), (0, 0))
    assert [[text for cell in row["cells"] for text, _ in cell] for row in rows] == [
        ["", "Basic", "Pro"], ["Price", "5"], ["Speed", "", "7"], ["", "9"]
    ]  # fmt: skip


def test_the_rows_of_an_answer_that_was_weighed_stand_under_their_columns_too():
    cited = {"n": 2, "document": "d1", "version": "v1", "start": STARTS[1], "end": STARTS[1] + len(LINES[1])}
    weighed = {"answer": LINES[1], "statements": [{"text": LINES[1], "phrase": None, "citations": [cited]}]}
    record = {"receipt": "a", "outcome": "answered", "statements": [], "candidates": [{"answer": "x"}, weighed]}
    (other,) = present.turn(record, columns=columns_of([record], lambda *_: DOCUMENT))["others"]
    assert other["statements"][0]["columns"] == ["", "Basic", "Pro"]


def test_the_command_line_tells_the_columns_of_a_table_once(capsys):
    cited = [{"n": 1, "document": "d1", "version": "v1", "start": start} for start in STARTS[1:3]]
    said = [{"text": line, "citations": [one]} for line, one in zip(LINES[1:3], cited, strict=True)]
    terminal._show_said(said, columns_of([{"statements": said}], lambda *_: DOCUMENT))

    assert capsys.readouterr().out.splitlines() == [" | Basic | Pro", "Price | 5 [1]", "Speed | | 7 [1]"]
