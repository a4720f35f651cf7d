"""The lists of a passage: what names each, where it ends, and what only looks like one."""

from __future__ import annotations

import pytest

from rag.ask.texts.lists import Listing, listings, rest_of
from rag.types import Chunk


def chunk_of(*blocks: str, heading: str = "Guide", start: int = 0, ordinal: int = 0) -> Chunk:
    text = "\n\n".join(blocks)
    return Chunk(f"d@v:{start}", "d", "v", ordinal, start, start + len(text), text, "", (heading,), None, 9)


def found(*blocks: str) -> list[tuple[str, list[str]]]:
    """Return the lists of a passage: what leads to each, or names it, and its lines."""
    return [(each.above, [line.text for line in each.lines]) for each in listings(chunk_of(*blocks))]


ITEMS = ["• late charges", "• missing parts"]
STEPS = ["1. Ask.", "a) the porter", "b) the guard", "2. Go."]
ORDERS = ["Bring both cards.", "Sign the form.", "Wait for the text."]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (["What we keep", *ITEMS], [("What we keep", ITEMS)]),
        (["Changing the card", *ORDERS], [("Changing the card", ORDERS)]),
        (
            ["We met on Friday.", "From now on see to these:", "a) flyer ID", "b) signed note", "Lorcan hangs it up."],
            [("From now on see to these:", ["a) flyer ID", "b) signed note"])],
        ),
        # Without a mark nothing tells where the items end.
        (["See to these:", "flyer ID", "signed note"], [("", ["See to these:", "flyer ID", "signed note"])]),
        (STEPS, [("", STEPS)]),
    ],
)
def test_what_names_or_leads_to_a_list_is_no_item(block: list[str], expected: list[tuple[str, list[str]]]) -> None:
    assert found("\n".join(block)) == expected


def test_a_name_above_a_paragraph_makes_no_list_of_two() -> None:
    assert found("Refunds\nEverything comes back before noon. Later it is half.") == []
    named = "Lost cards\nCall the bank. Ask for a new card. Wait for the letter."
    assert found(named) == [("Lost cards", ["Call the bank.", "Ask for a new card.", "Wait for the letter."])]


def test_sections_of_an_agenda_are_no_steps() -> None:
    agenda = (
        "1. Media cards\nThey are kept for three days. Hester wipes them.\n2. Drone hand-out\nThere was no routine. "
        "See to these:\na) flyer ID\nb) signed note\n3. Party\nIt is on Friday. Bring a salad."
    )
    assert found(agenda) == [("There was no routine. See to these:", ["a) flyer ID", "b) signed note"])]
    steps = "1. Open the box\nThe lid is stiff. Pull it.\n2. Take out the tray\nIt is heavy. Use both hands."
    assert [len(lines) for _, lines in found(steps)] == [4]


def test_paragraphs_that_count_in_words_are_steps() -> None:
    blocks = ("First, stop and listen. Put down what you hold.", "Second, ask the chef.", "Third, bring it yourself.")
    assert found(*blocks) == [("", list(blocks))]
    assert [line.number for each in listings(chunk_of(*blocks)) for line in each.lines] == [1, 2, 3]


def test_the_orders_within_a_paragraph_are_an_instruction() -> None:
    orders = ["Set the leader to send.", "Set all others to follow.", "Choose the same group.", "Press the knob twice."]
    around = ("One panel leads, the others follow.", "The lamps are blue for a while.", "Eight panels are the most.")
    assert found(" ".join((around[0], *orders, *around[1:]))) == [("", orders)]
    assert found(" ".join((*around, *orders[:2]))) == []


def test_an_instruction_may_begin_with_what_it_is_for() -> None:
    text = "To start it: check the oil. Open the flap. Hold the key down. It is loud."
    (listing,) = listings(chunk_of("The generator is in the shed behind the kitchen.", text))
    assert (listing.asked, len(listing.lines)) == ("To start it", 4)
    _, other = listings(chunk_of(text, "Check the fuel: half is enough. Open the flap. Hold the key down."))
    assert other.asked == ""


def test_marked_paragraphs_are_one_list() -> None:
    assert found("a) Clean the room.", "b) Return the jacket.", "c) Give back the pass.", "The caretaker is in.") == [
        ("", ["a) Clean the room.", "b) Return the jacket.", "c) Give back the pass."])
    ]
    assert found("a) Clean the room.", "The caretaker is in.") == []


def test_a_remark_below_items_is_no_instruction() -> None:
    remark = "Hire cover adds two things. All other rules stay. Salt water stays out."
    assert found("\n".join(ITEMS), remark) == [("", ITEMS)]
    assert found("\n".join(ITEMS), " ".join(ORDERS)) == [("", ITEMS), ("", ORDERS)]


HEADER = "| Point | Remark"
POINTS = ["a | Named as payee | in full", "b | Sum insured | not the price"]


def test_rows_that_are_counted_are_things_unless_they_are_orders() -> None:
    (listing,) = listings(chunk_of("It must show:", "\n".join((HEADER, *POINTS))))
    assert ([line.text for line in listing.lines], listing.things) == (POINTS, True)
    rows = ["1 | Receiver | 1", "2 | Roll of tape | 2"]
    (listing,) = listings(chunk_of("\n".join(("No. | Item | Pieces", *rows))))
    assert ([line.text for line in listing.lines], listing.things) == (rows, True)
    (listing,) = listings(chunk_of("No. | What\n1 | Open it\n2 | Close it"))
    assert not listing.things
    stock = ["Blankets | 16", "Snow shovel | 1"]
    (listing,) = listings(chunk_of("\n".join(("Thing | Number", *stock))))
    assert ([line.text for line in listing.lines], listing.things) == (stock, True)
    assert listings(chunk_of("Thing | Price\nBlankets | £16\nSnow shovel | £1")) == []
    # Two tables in one, and a column of names, are not counted.
    assert listings(chunk_of("\n".join(("No. | Item | Pieces", *rows, *rows)))) == []
    assert listings(chunk_of("| K4 | K6\nWeight | 2 kg | 3 kg\nHeight | 20 cm | 30 cm")) == []


def test_steps_go_on_in_the_next_passage_behind_a_remark() -> None:
    first = chunk_of("1. Greet.\n2. Count aloud.", "There are exceptions.")
    behind = chunk_of("3. Tag before shelf.", "4. Keep wet kit apart.", start=first.end + 2, ordinal=1)
    (listing,) = listings(first)
    assert [line.text for line in listing.tail] == ["There are exceptions."]
    rest = rest_of(listing, first, behind)
    assert isinstance(rest, Listing)
    assert rest.numbers == [3, 4]
    other = chunk_of("7. Something else.\n8. More.", start=first.end + 2, ordinal=1)
    assert rest_of(listing, first, other) is None
