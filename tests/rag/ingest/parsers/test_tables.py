"""Rows of tables: their cells can be told apart again."""

from __future__ import annotations

import pytest

from rag.ask.texts.rows import cell_texts
from rag.ingest.parsers.tables import join_cells


@pytest.mark.parametrize(
    ("cell", "read"),
    [("ps | grep  ssh", "ps |grep ssh"), ("| a | | b |", "|a ||b|"), ("a|b || c", "a|b || c")],
)
def test_a_bar_in_a_cell_parts_no_cells(cell: str, read: str) -> None:
    row = join_cells([cell, "all"])
    assert (row, cell_texts(row)) == (f"{read} | all", [read, "all"])
