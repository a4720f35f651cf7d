"""What sentences and cells tell of when something is: hours by weekdays, and nothing of one day or of what was."""

import pytest

from rag.ask.conflicts.alignment import Said
from rag.ask.conflicts.habits import habits, tells_when, timeless
from rag.ask.conflicts.sayings import sayings
from rag.sentences import sentence_spans
from rag.types import Hit

TABLE = """Site | Head | Phone | Mon–Fri | Saturday
South | Jan Voss | 2220 | 8:00–16:00 |
North | Orla Finn | 2210 | 9:00–17:00 | 9:00–12:00"""


@pytest.fixture
def said_of(passage_of):
    def last(text):
        return Said(Hit(passage_of(text), 1.0, ("dense",)), sentence_spans(text)[-1])

    return last


def test_a_row_says_something_in_each_cell_and_nothing_of_whom_to_reach(said_of):
    north = said_of(TABLE)
    assert [saying.text for saying in sayings(north)][2:] == [
        "North, Mon–Fri: 9:00–17:00",
        "North, Saturday: 9:00–12:00",
    ]
    assert {saying.kind for saying in sayings(north)} == {"Site"}


def test_a_cell_of_weekdays_goes_with_the_hours_beside_it(said_of):
    stop = said_of("Stop | Day | Time\nAshcombe | Thursday | 9:30–11:00")
    assert sayings(stop)[-1].text == "Ashcombe, Time: Thursday 9:30–11:00"


def test_a_sentence_says_what_its_parts_say(said_of):
    said = said_of("Cancel until 18:00; later it costs a fee.")
    assert [saying.text for saying in sayings(said)] == ["Cancel until 18:00", "later it costs a fee."]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Open Monday to Friday 9:00 to 17:00, Saturday 9:00 to 13:00.", [("01234", 1), ("5", 1)]),
        ("Open 9:00 to 17:00 on weekdays.", [("01234", 1)]),
        ("Open from 9:00 to 17:00, on Fridays until 15:00.", [("", 1), ("4", 1)]),
        ("Served Monday to Friday from 11:00 to 14:00 and from 17:00 to 19:00.", [("01234", 2)]),
    ],
)
def test_hours_go_with_their_weekdays(said_of, text, told):
    (habit,) = habits(said_of(text))
    assert [("".join(map(str, sorted(hours.on or ()))), len(hours.clocks)) for hours in habit.hours] == told


@pytest.mark.parametrize(
    "text",
    [
        "Open from 9:00 to 17:00, on Fridays until 15:00, closed on Sundays.",
        "On 24 December the desk is open until 12:00.",
        "The desk was open at 9:40.",
        "The desk opens at 8:00 next Monday.",
        "A ferry leaves on Tuesdays.",
        "There is a course on Thursdays.",
    ],
)
def test_what_is_told_of_one_day_or_of_one_of_several_is_no_habit(said_of, text):
    assert habits(said_of(text)) == ()


def test_what_is_left_of_a_sentence_has_no_hours_and_what_closes_is_open_until_then(said_of):
    (habit,) = habits(said_of("The car park closes at 22:00."))
    assert habit.bare.text.split() == ["The", "car", "park", "open", "."]
    assert timeless("When does it close on Fridays?").split() == ["When", "does", "it", "open", "?"]


def test_a_short_line_counts_where_it_says_when():
    assert tells_when("Cut-off: 18:00")
    assert not tells_when("Colour: blue")
