"""The tables of Excel sheets: which columns they have, and what these are called."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest

from rag.ingest.parsers import sheets
from rag.ingest.parsers.parsed import ParserInput

Given = Callable[..., ParserInput]


@pytest.fixture
def read(given: Given) -> Callable[..., list[str]]:
    def blocks_of(rows: Sequence[Sequence[object]], *merged: str) -> list[str]:
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        for cells in merged:
            book.active.merge_cells(cells)
        book.save(stream)
        _, *blocks = sheets.parse(given("a.xlsx", stream.getvalue())).blocks
        return [f"{block.kind.removeprefix('table_')}: {block.text}" for block in blocks]

    return blocks_of


def test_rows_behind_an_empty_one_stay_in_their_columns(read: Callable[..., list[str]]) -> None:
    names, phone = ["Kind", "Product", "Price"], ["Phone", "Kestrel", 199]
    assert read([names, phone, [], [None, "Halo", 49], [], ["Phone", "Kite", 99]]) == [
        "header: Kind | Product | Price",
        "row: Phone | Kestrel | 199",
        "row:  | Halo | 49",
        "row: Phone | Kite | 99",
    ]


def test_a_title_between_the_rows_of_a_table_parts_none_from_the_names(read: Callable[..., list[str]]) -> None:
    assert read([["Product", "Price"], ["Kestrel", 199], [], ["Cables"], ["USB", 9], [], ["Prices include tax"]]) == [
        "header: Product | Price",
        "row: Kestrel | 199",
        "row: Cables",
        "row: USB | 9",
        "paragraph: Prices include tax",
    ]


def test_a_table_beside_the_columns_of_the_first_stands_by_itself(read: Callable[..., list[str]]) -> None:
    rows = [["Product", "Price"], ["Kestrel", 199], [], ["Hours"], [None, "Mon", 9, 17], [None, "Sat", 10, 12]]
    assert read(rows)[2:] == ["paragraph: Hours", "row: Mon | 9 | 17", "row: Sat | 10 | 12"]


@pytest.mark.parametrize(
    ("below", "merged"),
    [([None, "Month", "Year"], ["B1:C1"]), (["Plan", 2025, 2026], ["B1:C1", "A1:A2"])],
)
def test_names_over_several_columns_are_told_apart(
    read: Callable[..., list[str]], below: Sequence[object], merged: Sequence[str]
) -> None:
    assert read([["Plan", "Price"], below, ["Care", 5, 50]], *merged) == [
        f"header: Plan | Price {below[1]} | Price {below[2]}",
        "row: Care | 5 | 50",
    ]


def test_a_row_below_a_name_over_several_columns_is_no_name(read: Callable[..., list[str]]) -> None:
    assert read([["Plan", "Support"], ["Care", "mail", "phone"], ["Plus", "mail", "chat"]], "B1:C1") == [
        "header: Plan | Support | Support",
        "row: Care | mail | phone",
        "row: Plus | mail | chat",
    ]
