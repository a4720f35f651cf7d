"""What is told of other weekdays gives way where the day of the question is told of too."""

from dataclasses import replace

import pytest

from rag.ask.quoting.on_days import OnDays
from rag.sentences import sentence_spans

HOURS = "Support is open Monday to Friday from 9:00 to 17:00. On Saturdays it is open from 10:00 to 14:00."
LINES = "Mon–Fri: 9:00–17:00\nSat: 10:00–14:00\nSun: closed"
TABLE = "Day | Hours\nMonday to Friday | 9:00–17:00\nSaturday | 10:00–14:00"
SHIFTS = "Who | When\nMara | Monday, Tuesday\nTomas | Saturday"
POOL = "The pool is open Monday to Friday until 20:00. The sauna is open on Saturdays until 18:00."
POOL_TABLE = "What | Days | Until\nPool | Monday to Friday | 20:00\nSauna | Saturday | 18:00"
COLUMNS = "Branch | Mon–Fri | Sat\nHighfield | 8:30–17:30 | Monday as well\nLowfield | 8:30–17:30 | Saturday noon"
BINS = "Bins are emptied on Mondays. After a holiday they are emptied on Tuesday."
PICK_UP = "Parcels are handed out on Tuesdays and Fridays. On Thursdays the depot is open until 20:00."


SEASONS = "Season | Berth per night\nJune to August | £42\nApril, May, September | £30\nOctober–March | £18"
OPENING = (
    "From 1 April to 30 September the garden is open from 9:00 to 20:00."
    " From October to March the garden is open from 10:00 to 16:00."
)


def kept(question, evidence):
    texts = [hit.passage.chunk.text for hit in evidence.hits]
    found = OnDays(question).kept(evidence.hits, [sentence_spans(text) for text in texts])
    return [text[a:b] for text, spans in zip(texts, found, strict=True) for a, b in spans]


@pytest.mark.parametrize(
    ("question", "text", "left_out"),
    [
        ("When is support open on Saturday?", HOURS, "Support is open Monday to Friday from 9:00 to 17:00."),
        ("When is support open on Friday?", HOURS, "On Saturdays it is open from 10:00 to 14:00."),
        ("support hours at the weekend", HOURS, "Support is open Monday to Friday from 9:00 to 17:00."),
        ("Until when are you open on Saturdays?", TABLE, "Monday to Friday | 9:00–17:00"),
        ("Who works on Saturday?", SHIFTS, "Mara | Monday, Tuesday"),
        ("Who works at the weekend?", "Mara | Mon-Fri\nTomas | Sat, Sun", "Mara | Mon-Fri"),
        ("What is served on Monday?", "Monday | Soup\nTuesday | Stew", "Tuesday | Stew"),
    ],
)
def test_another_day_gives_way_to_the_day_that_is_asked_for(question, text, left_out, evidence_of):
    all_of_it = [text[a:b] for a, b in sentence_spans(text)]
    assert kept(question, evidence_of(question, text)) == [each for each in all_of_it if each != left_out]


@pytest.mark.parametrize(
    ("question", "text", "stays"),
    [
        ("What does a berth cost in July?", SEASONS, ["June to August | £42"]),
        ("berth price december", SEASONS, ["October–March | £18"]),
        ("berth for the night of 3 May, price?", SEASONS, ["April, May, September | £30"]),
        ("when is the garden open on a saturday in june", OPENING, [OPENING.split(" From October", maxsplit=1)[0]]),
        ("garden opening hours in January", OPENING, [OPENING[OPENING.index("From October") :]]),
        # No month, yes or no, the months themselves, and what is before one.
        ("May I bring my dog to the garden?", OPENING, None),
        ("Is the garden open in December?", OPENING, None),
        ("In which months is the garden open until 20:00, June too?", OPENING, None),
        ("What did the garden cost before June?", OPENING, None),
        ("Who is June Harper in the garden?", OPENING, None),
    ],
)
def test_another_month_gives_way_to_the_month_that_is_asked_for(question, text, stays, evidence_of):
    all_of_it = [text[a:b] for a, b in sentence_spans(text)]
    found = kept(question, evidence_of(question, text))
    assert [each for each in found if each != SEASONS.split("\n", maxsplit=1)[0]] == (stays or all_of_it)


CHRISTMAS = (
    "Day | Food bank | Helpline\n23 Dec | 15:00–19:00 | 9:00–17:00\nThu 24 Dec | closed | 9:00–13:00\n"
    "25–28 Dec | closed | from home\n29, 30 Dec | 10:00–12:00 | 9:00–17:00\n31 Dec – 3 Jan | closed | closed"
)
WEEKS = "Week beginning | Fitter\n7 December | Bram Keane\n14 December | Owen Tudge\n21 December | Piers Nolan"


@pytest.mark.parametrize(
    ("question", "text", "stays"),
    [
        ("is the helpline open on 24 dec", CHRISTMAS, ["Thu 24 Dec | closed | 9:00–13:00"]),
        ("helpline 27 december?", CHRISTMAS, ["25–28 Dec | closed | from home"]),
        ("When is the helpline open on January 2?", CHRISTMAS, ["31 Dec – 3 Jan | closed | closed"]),
        ("helpline on 30/12/2026 or 2026-12-30", CHRISTMAS, ["29, 30 Dec | 10:00–12:00 | 9:00–17:00"]),
        ("fitter on 17 december", WEEKS, ["14 December | Owen Tudge"]),
        ("fitter on 27 december", WEEKS, ["21 December | Piers Nolan"]),
        # Until one, between two, and one that nothing names.
        ("is the helpline open until 24 dec", CHRISTMAS, None),
        ("helpline between 23 and 29 Dec, and from 29 Dec to 3 Jan", CHRISTMAS, None),
        ("is the helpline open on 5 March", CHRISTMAS, None),
    ],
)
def test_another_date_gives_way_to_the_one_that_is_asked_for(question, text, stays, evidence_of):
    header, *rows = text.split("\n")
    assert kept(question, evidence_of(question, text)) == [header, *(stays or rows)]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("When do you open on Tuesday?", ["Tue | 8:30–19:00"]),
        (
            "When do you open on Saturday?",
            ["Tue | 8:30–19:00", "Wed | 8:30–12:30", "Saturday: nurse only, 9:00–13:00."],
        ),
        ("When is the nurse in on Tuesday?", ["Tue | 8:30–19:00", "Saturday: nurse only, 9:00–13:00."]),
    ],
)
def test_a_line_beside_a_table_of_days_gives_way_as_far_as_it_speaks_of_the_same(question, left, evidence_of):
    told = "Tue | 8:30–19:00\nWed | 8:30–12:30\n\nSaturday: nurse only, 9:00–13:00."
    assert kept(question, evidence_of("q", told)) == left


def test_of_lines_with_days_those_of_the_question_stay(evidence_of):
    assert kept("Saturday opening hours?", evidence_of("q", LINES)) == ["Sat: 10:00–14:00"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # Nothing tells of the day that is asked for, and the others say that it is none of them.
        ("When is support open on Sunday?", HOURS),
        # It tells of something else.
        ("When is the pool open on Saturday?", POOL),
        ("Until when is the pool open on Saturday?", POOL_TABLE),
        ("When are parcels handed out on Thursday?", PICK_UP),
        # Yes or no, and which days, all of them answer.
        ("Can I collect parcels on Thursday?", PICK_UP),
        ("Is support open on Saturday?", HOURS),
        ("On which days is support open, Saturday too?", HOURS),
        ("When is support open other than on Saturday?", HOURS),
        # What happens then happens on another day.
        ("When are bins emptied if Monday is a holiday?", BINS),
        ("When are bins emptied after Monday?", BINS),
        # The days of a row are those of its columns.
        ("When is Highfield open on Saturday?", COLUMNS),
        ("When is support open?", HOURS),
    ],
)
def test_everything_else_may_be_quoted(question, text, evidence_of):
    assert kept(question, evidence_of(question, text)) == [text[a:b] for a, b in sentence_spans(text)]


def test_headings_name_the_days_of_what_stands_below_them(evidence_of):
    evidence = evidence_of("q", "Open from 9:00 to 17:00.", "Open from 10:00 to 14:00.", "Open from 8:00.")
    paths = (("Hours", "Monday to Friday"), ("Hours", "Saturday"), ("Kitchen", "Friday"))
    hits = tuple(
        replace(hit, passage=replace(hit.passage, chunk=replace(hit.passage.chunk, document_id="d", headings=path)))
        for hit, path in zip(evidence.hits, paths, strict=True)
    )
    left = kept("When are you open on Saturday?", replace(evidence, hits=hits))
    assert left == ["Open from 10:00 to 14:00.", "Open from 8:00."]


def test_two_documents_tell_of_two_things(evidence_of):
    texts = ("Open on Fridays from 9:00.", "Open on Saturdays from 10:00.")
    assert kept("When are you open on Saturday?", evidence_of("q", *texts)) == list(texts)
