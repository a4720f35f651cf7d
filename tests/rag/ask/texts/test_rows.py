"""Rows of tables in passages, each cell with the name of its column."""

from dataclasses import replace

import pytest

from rag.ask.texts.rows import header_of, is_header, leads_on, names_columns, rows_of, says_nothing
from rag.sentences import sentence_spans

TABLE = "Parts\n\nPart | Team | Price\nLid | Rowan | 4 euros\nPlate | Alder | 19 euros\n\nPrices hold until May."


def cells(row):
    return [(cell.header, cell.text) for cell in row.cells]


def test_cells_know_their_columns_and_where_they_stand(evidence_of):
    hits = evidence_of("?", TABLE).hits
    lid, plate = rows_of(hits)
    assert cells(lid) == [("Part", "Lid"), ("Team", "Rowan"), ("Price", "4 euros")]
    text = hits[0].passage.chunk.text
    assert text[plate.span.start : plate.span.end] == "Plate | Alder | 19 euros"
    assert [text[cell.span.start : cell.span.end] for cell in plate.cells] == ["Plate", "Alder", "19 euros"]


def test_a_table_goes_on_from_the_passage_before(evidence_of):
    (hit,) = evidence_of("?", "Base | Hazel | 9 euros\n\nSlot | Lane\nA | 1\nB | 2").hits
    chunk = replace(hit.passage.chunk, context="Manual\nPart | Team | Price")
    rows = rows_of([replace(hit, passage=replace(hit.passage, chunk=chunk))])
    assert cells(rows[0]) == [("Part", "Base"), ("Team", "Hazel"), ("Price", "9 euros")]
    # What comes behind it is a table of its own.
    assert cells(rows[-1]) == [("Slot", "B"), ("Lane", "2")]


def test_an_empty_first_cell_keeps_its_column(evidence_of):
    (row,) = rows_of(evidence_of("?", "| Basic | Full\nCameras | 1 | up to 5").hits)
    assert cells(row) == [("", "Cameras"), ("Basic", "1"), ("Full", "up to 5")]


def test_every_cell_keeps_its_column_where_others_are_empty(evidence_of):
    (hit,) = evidence_of("?", "| Basic | Pro | Max\nPrice | 5\nSpeed | | 7\nSeats | | | 9 a|b").hits
    rows = rows_of([hit])
    assert [dict(cells(row)) for row in rows] == [
        {"": "Price", "Basic": "5", "Pro": "", "Max": ""},
        {"": "Speed", "Basic": "", "Pro": "7", "Max": ""},
        {"": "Seats", "Basic": "", "Pro": "", "Max": "9 a|b"},
    ]
    text = hit.passage.chunk.text
    assert all(text[cell.span.start : cell.span.end] == cell.text for row in rows for cell in row.cells)


def test_the_first_row_of_two_columns_may_be_no_header(evidence_of):
    first, second = rows_of(evidence_of("?", "Term | 12 months\nNotice | 4 weeks").hits)
    assert cells(first) == [("", "Term"), ("", "12 months")]
    assert [text for _, text in cells(second)] == ["Notice", "4 weeks"]


def test_a_row_with_more_cells_than_the_header_has_no_columns(evidence_of):
    rows = rows_of(evidence_of("?", "A | B | C\n1 | 2 | 3 | 4").hits)
    assert [cell.header for cell in rows[0].cells] == ["", "", "", ""]


def test_prose_has_no_rows(evidence_of):
    assert rows_of(evidence_of("?", "Nothing is set apart here.", "").hits) == []


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("Lid", ("Lid",)),
        ("Lid and Plate", ("Lid and Plate", "Lid", "Plate")),
        ("Lid, Plate", ("Lid, Plate", "Lid", "Plate")),
    ],
)
def test_a_cell_may_list_things(evidence_of, cell, items):
    rows = rows_of(evidence_of("?", f"Set | Holds | Price\nOne | {cell} | 5").hits)
    assert rows[0].cells[1].items == items


def test_what_leads_on_is_a_name():
    assert leads_on("Rowan")
    assert leads_on("HX-2104")
    for other in ("", "none", "24 months", "4.90", "€4.90", "ask@rowan.example", "The lid is made of one piece of oak"):
        assert not leads_on(other), other
    assert says_nothing("–")
    assert not says_nothing("0")


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("Part | Team | Price", True),
        ("Fee | 2025 | 2026", True),
        ("Size | Zone 1 | Zone 2", True),
        ("1 to 9 units | 12 %", False),
        ("Nozzle | brass | €19", False),
        ("Step 1 | The front desk takes the case at once", False),
        ("Mara Lind | mara@example.com | Returns", False),
    ],
)
def test_a_row_that_holds_an_amount_or_a_sentence_names_no_columns(row, names):
    assert names_columns(row) is names


def test_the_first_row_of_a_table_without_names_is_a_row(evidence_of):
    text = "Bed | steel | €90\nLid | glass | €40"
    assert [cells(row) for row in rows_of(evidence_of("?", text).hits)] == [
        [("", "Bed"), ("", "steel"), ("", "€90")],
        [("", "Lid"), ("", "glass"), ("", "€40")],
    ]
    assert header_of(text, text.index("Lid")) == ""


@pytest.mark.parametrize(
    ("text", "context", "headers"),
    [
        pytest.param("Part | Price\nLid | 4 euros", "Parts", ["Part | Price"], id="the first row"),
        pytest.param("Base | 9 euros", "Parts\nPart | Price", [], id="a table that goes on"),
        pytest.param(
            "Slot | Lane\nA | 1\n\nPart | Team\nLid | Rowan", "", ["Slot | Lane", "Part | Team"], id="two tables"
        ),
        pytest.param("Step | Who\n1. Call | desk\n2. Repair | workshop", "", ["Step | Who"], id="numbered rows"),
        pytest.param(
            "Model | Max. Weight | Tyres\nA | 1 kg | 2", "", ["Model | Max. Weight | Tyres"], id="with a point"
        ),
        pytest.param("Not a row.\nNor this.", "", [], id="no table"),
    ],
)
def test_the_first_row_of_a_table_names_its_columns(text, context, headers):
    spans = sentence_spans(text)
    assert [text[span.start : span.end] for span in spans if is_header(text, span, context)] == headers
