"""The text of a cell, from real workbooks: openpyxl makes of a value and its format what the parser is given."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest

from rag.ingest.parsers import sheets
from rag.ingest.parsers.parsed import ParserInput

Given = Callable[..., ParserInput]


def text_of(given: Given, value: object, number_format: str) -> str:
    book = openpyxl.Workbook()
    for row in (["Name", "Value"], ["First", value]):
        book.active.append(row)
    book.active["B2"].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    row = sheets.parse(given("a.xlsx", stream.getvalue())).blocks[-1].text
    return row.removeprefix("First | ")


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (dt.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (1.25, "[h]:mm:ss", "30:00"),
        (dt.timedelta(hours=30, seconds=7), "[h]:mm:ss", "30:00:07"),
        (dt.timedelta(minutes=95), "[mm]:ss", "95:00"),
        (dt.timedelta(hours=-3), "[h]:mm", "-3:00"),
    ],
)
def test_a_duration_is_written_in_hours(given: Given, value: object, number_format: str, text: str) -> None:
    assert text_of(given, value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1067, "00000", "01067"),
        (7.5, "000", "7.5"),
        (9.9, "€#,##0.00", "€9.90"),
        (1234.5, '"$"#,##0.00', "$1234.50"),
        (9.9, "#,##0.00\\ [$EUR]", "9.90 EUR"),
        (9.125, "[$€-407] #,##0.00", "€ 9.125"),
        (5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "5.00 €"),
        (-5, '#,##0\\ "€";[Red]\\-#,##0\\ "€"', "-5 €"),
        (-5, '#,##0 "€";[Red]-#,##0 "€"', "-5 €"),
        (12, '0 "kg"', "12 kg"),
        (12.5, 'General" kg"', "12.5 kg"),
    ],
)
def test_a_number_keeps_the_unit_and_the_zeros_that_are_shown(
    given: Given, value: float, number_format: str, text: str
) -> None:
    assert text_of(given, value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234.5, "#,##0.00", "1234.5"),
        (1_000_000, '0,,"M"', "1000000"),
        (1_000_000, "0.0E+00", "1000000"),
        (3.5, "# ?/?", "3.5"),
        (-5, '"profit "0;"loss "0', "-5"),
        (1500, '[>=1000]0" many";0" few"', "1500"),
        (7, '"19"00', "7"),
        (5551234567, "(000) 000-0000", "5551234567"),
    ],
)
def test_a_format_that_is_not_simple_leaves_the_plain_value(
    given: Given, value: float, number_format: str, text: str
) -> None:
    assert text_of(given, value, number_format) == text


def test_an_amount_in_euros_is_no_column_name(given: Given) -> None:
    book = openpyxl.Workbook()
    for row in (["Basic", 9.9], ["Plus", 12]):
        book.active.append(row)
        book.active.cell(book.active.max_row, 2).number_format = '0.00 "€"'
    stream = io.BytesIO()
    book.save(stream)
    blocks = sheets.parse(given("a.xlsx", stream.getvalue())).blocks
    assert [(block.kind, block.text) for block in blocks[1:]] == [
        ("table_row", "Basic | 9.90 €"),
        ("table_row", "Plus | 12.00 €"),
    ]
