"""Tables that plain text sets with spaces, tabs or bars."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.parsers.columns import Columns, cut


def read(text: str) -> list[list[str] | Columns]:
    return list(cut(text.strip("\n").split("\n")))


def table(text: str) -> Columns:
    (only,) = read(text)
    assert isinstance(only, Columns)
    return only


def test_cells_below_each_other_are_columns() -> None:
    found = table("""
Team                   Lead               Ext.
Front Desk             Marta Oyelaran     210
Warranty & Goodwill    Ilse Vandamme      260
Repair Centre Ghent    Koen Maes          270
""")
    assert found == Columns(
        (
            ("Team", "Lead", "Ext."),
            ("Front Desk", "Marta Oyelaran", "210"),
            ("Warranty & Goodwill", "Ilse Vandamme", "260"),
            ("Repair Centre Ghent", "Koen Maes", "270"),
        ),
        header=True,
    )


def test_numbers_may_end_below_each_other_and_cells_may_be_empty() -> None:
    found = table("""
          Basic     Plus
Fee           -    €1.29
Seats         5       50
Loan               40.00
""")
    assert found == Columns(
        (("", "Basic", "Plus"), ("Fee", "-", "€1.29"), ("Seats", "5", "50"), ("Loan", "", "40.00")), True
    )


def test_a_line_longer_than_its_column_undoes_nothing() -> None:
    rows = "".join(f"part {n}    display {n}     {n} euro\n" for n in range(1, 9))
    found = table("Part      What          Price\n" + rows + "a part with a long name  hinge  3 euro\n")
    assert len(found.rows) == 10
    assert " ".join(found.rows[-1]).split() == "a part with a long name hinge 3 euro".split()


def test_what_goes_on_below_a_later_column_stands_in_its_row() -> None:
    found = table("""
Step 1  Front Desk: takes the case, first step
        from the table.
Step 2  Specialist team
Step 3  Team lead
""")
    assert found.rows[0] == ("Step 1", "Front Desk: takes the case, first step from the table.")
    assert len(found.rows) == 3
    assert not found.header


def test_dots_lead_to_a_price() -> None:
    assert table("Nozzle ........ 19\nHotend ........ 59\nBed ........... 95\n").rows[1] == ("Hotend", "59")


def test_a_rule_below_the_first_line_makes_it_the_names_of_columns() -> None:
    assert table("Level   Limit by\n------  --------\nAgent   a lead\nLead    the head\n").header
    assert not table("Agent   a lead\nLead    the head\nHead    nobody\n").header


def test_a_first_row_in_the_form_of_the_others_names_no_columns() -> None:
    assert not table(
        "T1  8 September 2026    Ghent\nT2  22 September 2026   Ghent\nT3  24 November 2026    Leeds\n"
    ).header
    assert table("Size   Zone 1   Zone 2\nsmall   €5.90    €9.90\nlarge   €7.90   €12.90\n").header


@pytest.mark.parametrize(
    "text",
    [
        "| Code | Team |\n|------|:----:|\n| E1 | Motion |\n| E2 | |",
        "+----+------+\n|Code| Team |\n+====+======+\n| E1 |Motion|\n+----+------+\n| E2 |      |\n+----+------+",
        "Code | Team\nE1 | Motion\nE2 |",
        "│ Code │ Team   │\n├──────┼────────┤\n│ E1   │ Motion │\n│ E2   │        │",
    ],
)
def test_bars_divide_cells(text: str) -> None:
    assert table(text).rows == (("Code", "Team"), ("E1", "Motion"), ("E2", ""))


def test_tabs_divide_cells() -> None:
    assert table("Code\tTeam\tLead\nE1\t\tAnn\nE2\tMotion\tBen") == Columns(
        (("Code", "Team", "Lead"), ("E1", "", "Ann"), ("E2", "Motion", "Ben")), header=True
    )
    assert table("Code\t\tTeam\nE1\t\tMotion\nLong code\tHeads").rows[2] == ("Long code", "Heads")


def test_prose_around_a_table_stays_prose() -> None:
    before, found, after = read(
        "Prices until June:\n  1 to 9 units      12 %\n  10 to 24 units    16 %\n  25 or more        20 %\nAsk us."
    )
    assert (before, after) == (["Prices until June:"], ["Ask us."])
    assert isinstance(found, Columns)
    assert found.rows[0] == ("1 to 9 units", "12 %")


@pytest.mark.parametrize(
    "text",
    [
        "Phone:   +32 9 555 01 00\nFax:     +32 9 555 01 01\nMail:    desk@quill.example",
        "1.  Open the cover.\n2.  Take out the nozzle.\n3.  Close the cover.",
        "-  one\n-  two\n-  three",
        "It ends.  It begins.\nMore of it  and more.\nNo column  anywhere.",
        "A line with a gap  in it\nand one without",
        "One  two\nthree  four",
        "Home | About",
        "Title\n=====",
        "Dear all,\n    indented\n    twice",
        "-----",
        "",
    ],
)
def test_what_only_looks_like_columns_is_none(text: str) -> None:
    assert read(text) == [text.split("\n")]


def test_a_heading_keeps_its_line_below() -> None:
    assert read("Prices\n------\nNozzle    19\nHotend    59\nBed       95")[0] == ["Prices", "------"]


PIECES = st.sampled_from(
    ["a", "long word", "7 %", "  ", "    ", "\t", "|", " | ", "---", "....", "1.", "-", "x:", "\n", "\n", "é"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_word_is_lost(text: str) -> None:
    lines = [line for line in text.split("\n") if line.strip()]
    told: list[str] = []
    for part in cut(lines):
        told += [cell for row in part.rows for cell in row] if isinstance(part, Columns) else part
        if isinstance(part, Columns):
            assert len(part.rows) >= 2
            assert len({len(row) for row in part.rows}) == 1

    def words(pieces: list[str]) -> Counter[str]:
        return Counter(re.findall(r"[^\W_]+", " ".join(pieces)))

    assert words(told) == words(lines)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "line",
    ["2026-05-01 12:00:0{n}  INFO    started {n}", "x{n}  y", "a | b{n}", "a\tb{n}", "  -- {n}", "{n}   ...... {n}"],
)
def test_a_hundred_thousand_lines_are_read_in_time(line: str) -> None:
    lines = [line.format(n=n % 7 * "9") for n in range(100_000)]
    assert sum(len(part.rows) if isinstance(part, Columns) else len(part) for part in cut(lines)) == 100_000


@pytest.mark.timeout(20)
def test_a_line_of_a_hundred_thousand_gaps_is_read_in_time() -> None:
    line = "One.  Two.  " * 50_000
    assert list(cut([line])) == [[line]]
