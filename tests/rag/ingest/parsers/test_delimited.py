"""CSV and TSV as programs and people write them: delimiters, titles before the table, quotes, uneven rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given as with_any
from hypothesis import strategies as st

from rag.ingest.parsers import delimited
from rag.ingest.parsers.parsed import ParserInput
from rag.ingest.parsers.rows import rows
from rag.types import RawBlock

Given = Callable[..., ParserInput]


def shown(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [f"{block.kind}: {block.text}" for block in blocks]


@pytest.mark.parametrize(
    "text", ['a,b\n"1,5",2\n3,4\n', 'a;b\n"1,5";2\n3;4\n', "a\tb\n1,5\t2\n3\t4\n", "a|b\n1,5|2\n3|4\n"]
)
def test_delimiters_are_found(given: Given, text: str) -> None:
    assert shown(delimited.parse(given("a.csv", text)).blocks) == [
        "table_header: a | b", "table_row: 1,5 | 2", "table_row: 3 | 4"
    ]  # fmt: skip


def test_empty_rows_and_cells_at_the_end_are_left_out(given: Given) -> None:
    assert shown(delimited.parse(given("a.csv", "\na,b,c\n,,\n1,,\n")).blocks) == [
        "table_header: a | b | c",
        "table_row: 1",
    ]


@pytest.mark.parametrize(("first", "cut"), [("sep=;", ";"), ("SEP=|\r", "|"), ('"sep=;"', ";"), ("\ufeffsep=\t", "\t")])
def test_a_line_that_names_the_delimiter_is_followed_and_no_row(given: Given, first: str, cut: str) -> None:
    text = f"{first}\nDevice,old{cut}Watt\nToaster,red{cut}900\nKettle,blue{cut}2000,5{cut}x\n"
    parsed = delimited.parse(given("a.csv", text))
    assert shown(parsed.blocks)[:2] == ["table_header: Device,old | Watt", "table_row: Toaster,red | 900"]
    assert parsed.warnings == ("Rows have more or fewer cells than the header: line 4.",)


@pytest.mark.parametrize("between", ["", "\n", ";;\n"])
@pytest.mark.parametrize("fill", ["", ";;"])
def test_titles_before_the_header_are_text(given: Given, between: str, fill: str) -> None:
    titles = f"Harbour export{fill}\nOf 1 March, at noon{fill}\n"
    text = f"{titles}{between}Berth;Depth;Ship\nBerth 1;9 m;Aurora\nBerth 2;7 m;Boreas\n"
    parsed = delimited.parse(given("a.csv", text))
    assert shown(parsed.blocks) == [
        "paragraph: Harbour export",
        "paragraph: Of 1 March, at noon",
        "table_header: Berth | Depth | Ship",
        "table_row: Berth 1 | 9 m | Aurora",
        "table_row: Berth 2 | 7 m | Boreas",
    ]
    assert parsed.warnings == ()


@pytest.mark.parametrize("between", ["\n", ";;;\n", "\nWho to ask;;;\n"])
def test_behind_an_empty_line_another_table_begins_with_columns_of_its_own(given: Given, between: str) -> None:
    weeks = "Week;From;On call\n23;1 June;Roos\n24;8 June;Milan\n"
    text = f"{weeks}{between}Name;Place;Phone\nRoos;Utrecht;15\nMilan;Gdansk;41\n"
    titles = ["paragraph: Who to ask"] if "Who" in between else []
    assert shown(delimited.parse(given("a.csv", text)).blocks) == [
        "table_header: Week | From | On call",
        "table_row: 23 | 1 June | Roos",
        "table_row: 24 | 8 June | Milan",
        *titles,
        "table_header: Name | Place | Phone",
        "table_row: Roos | Utrecht | 15",
        "table_row: Milan | Gdansk | 41",
    ]


@pytest.mark.parametrize(
    "rows_behind",
    [
        "Milan;Gdansk;41\nInez;Ghent;38\nGijs;Utrecht;12\n",
        "Milan;Gdansk;none\nInez;Ghent;none\n",
        "Others;;\nMilan;Gdansk;41\n",
        "Name;Place;Phone\nMilan;Gdansk;41\n",
    ],
)
def test_an_empty_line_between_rows_of_one_table_ends_nothing(given: Given, rows_behind: str) -> None:
    text = f"Name;Place;Phone\nRoos;Utrecht;15\n\n{rows_behind}"
    kinds = [block.kind for block in delimited.parse(given("a.csv", text)).blocks]
    assert kinds == ["table_header", *["table_row"] * (1 + rows_behind.count("\n"))]


def test_a_header_with_an_empty_corner_is_no_title(given: Given) -> None:
    assert shown(delimited.parse(given("a.csv", ",Price\nBasic,10\n")).blocks) == [
        "table_header:  | Price",
        "table_row: Basic | 10",
    ]


def test_a_list_of_one_column_keeps_its_header(given: Given) -> None:
    text = "Sentence\nIt is late.\nLate, but here.\nLate, but there.\n"
    assert shown(delimited.parse(given("a.csv", text)).blocks)[:2] == [
        "table_header: Sentence",
        "table_row: It is late.",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"3" steel"', '3" steel'),
        ('"3"" steel"', '3" steel'),
        ('3" steel', '3" steel'),
        ('5"', '5"'),
        ('"a, b"', "a, b"),
        ('""', ""),
        ('"two\nlines, one cell"', "two lines, one cell"),
        ('"two\n\n""lines"""', 'two "lines"'),
    ],
)
def test_quotes_keep_their_text(given: Given, written: str, read: str) -> None:
    parsed = delimited.parse(given("a.csv", f"Pipe,Size,Store\nA,{written},North\nB,1,South\n"))
    assert shown(parsed.blocks)[1:] == [f"table_row: A | {read} | North", "table_row: B | 1 | South"]
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    "after", ['G5,"ok",Elmo', "G5,ok,Elmo", '"G5",ok,Elmo', 'G5,5",Elmo', 'G5,"two\nlines",Elmo', 'G5,"" ok,Elmo']
)
def test_a_quote_that_is_never_closed_swallows_no_row(given: Given, after: str) -> None:
    text = f'Part,Remark,Owner\nG1,"5"" pipe",Ada\nG2,"6 pipe,Bob\nG3,ok,Cyd\nG4,ok,Dora\n{after}\n'
    parsed = delimited.parse(given("a.csv", text))
    assert shown(parsed.blocks)[1:5] == [
        'table_row: G1 | 5" pipe | Ada',
        'table_row: G2 | "6 pipe | Bob',
        "table_row: G3 | ok | Cyd",
        "table_row: G4 | ok | Dora",
    ]
    (warning,) = parsed.warnings
    assert warning.startswith("A quote is never closed and was read as text: ")
    assert "line 3" in warning
    assert len(parsed.blocks) == 6


def test_cells_of_several_lines_with_commas_stay_whole(given: Given) -> None:
    text = 'Name,Address\nLars,"Main St\n12345 Bern, Suisse"\nUma,"High St\n3, rue X"\n'
    parsed = delimited.parse(given("a.csv", text))
    assert shown(parsed.blocks)[1:] == [
        "table_row: Lars | Main St 12345 Bern, Suisse",
        "table_row: Uma | High St 3, rue X",
    ]
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("more", "told"), [("", "line 6"), ("E-6\n", "2 of them, the first in line 6"), ("E-7,a,b,,d\n", "2 of them")]
)
def test_rows_that_do_not_fit_their_header_are_told_of(given: Given, more: str, told: str) -> None:
    text = "Export\n\nCode,Text,Team,\nE-1,Door,Falcon,\nE-2,Fan,Kite,,\nE-3,Lid\nE-4,,,\nE-5,Lid, cracked,Osprey\n"
    (warning,) = delimited.parse(given("a.csv", text + more)).warnings
    assert warning.startswith("Rows have more or fewer cells than the header: ")
    assert told in warning


@with_any(
    st.lists(st.lists(st.text(st.sampled_from('ab ,;"\n'), max_size=6), min_size=2, max_size=4), max_size=6),
    st.sampled_from([",", ";", "\t"]),
)
def test_quoted_cells_without_lines_are_read_as_the_standard_library_writes_them(
    table: list[list[str]], delimiter: str
) -> None:
    flat = [[cell.replace("\n", " ") for cell in row] for row in table]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(flat)
    assert [row.cells for row in rows(written.getvalue(), delimiter)] == flat


@pytest.mark.timeout(20)
@pytest.mark.parametrize("cell", ['"6 pipe', '"" x', '6"', '"6"" pipe', '"6" pipe"', '"two\nlines"'])
def test_many_quotes_are_read_in_time(cell: str) -> None:
    text = f"G,{cell},Bob\n" * 100_000
    for end in ("", 'G,"ok",Bob\n', 'G,5",Bob\n'):
        assert sum(1 for _ in rows(text + end, ",")) >= 100_000


@pytest.mark.parametrize(
    ("text", "headed"),
    [
        ("Mara Lind,mara@example.com,Returns\nTom Beck,tom@example.com,Desk\n", False),
        ("2026-12-24,Amit,Ines\n2026-12-25,Ines,Piet\n", False),
        ("Ridge tent;4;60.00\nDome tent;2;45.50\n", False),
        ("Early;6:00\nLate;14:30\n", False),
        ("Tent;People;Price\nRidge;4;60.00\nDome;2;45.50\n", True),
        # Days, years and bands may be what columns are called.
        ("Room;2026-12-24;2026-12-25\nBlue;Ines;Amit\nRed;;Piet\n", True),
        ("Product,2024,2025\nRouter,120,130\nModem,80,75\n", True),
        ("Zone,0-5 kg,5-10 kg\nA,5.00,7.00\nB,6.00,9.00\n", True),
        ("Name,mail\n", True),
    ],
)
def test_a_first_row_of_the_form_of_those_below_names_no_columns(given: Given, text: str, headed: bool) -> None:
    first = delimited.parse(given("a.csv", text)).blocks[0]
    assert first.kind == ("table_header" if headed else "table_row")
