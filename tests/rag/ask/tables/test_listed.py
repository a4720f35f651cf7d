"""Every row that holds the thing of a question is told, with what the question asks for."""

from dataclasses import replace

import pytest

from rag.ask.tables.listed import listed
from rag.ask.tables.lookup import looked_up
from rag.ask.texts.rows import rows_of

OWNERS = (
    "Component owners\n\nComponent | What it does | Team\nGate | accounts | Cloud\nVault | clips | Cloud\n"
    "Burrow | hub | Home\nLookout | cameras | Home"
)
TEAMS = "Leads\n\nTeam | Lead | Office\nCloud | Ada Thorne | Porto\nHome | Bo Winter | Porto\nRadio | Cy Marsh | Lund"
CODES = (
    "Codes\n\nCode | Meaning | Component\nHX-1 | too hot | Gate\nHX-2 | fan | Gate\nHX-3 | no link | Burrow\n"
    "HX-4 | no power | Gate\nHX-5 | slow | Gate"
)
POINTS = (
    "Service points\n\ncountry | city | partner | pick_up_of_replacement\nPortugal | Braga | Minho Net | no\n"
    "Portugal | Lisbon | Oficina | yes\nPortugal | Porto | Front desk | yes\nCzechia | Prague | Moravel | no"
)
TERMS = "Guarantee\n\nProduct | Guarantee\nHeron 4 | 36 months\nHeron 6 | 60 months\nPlank 8 | 60 months"
PARTS = "Parts\n\nPart | Fits\nBracket | Heron 4, Wren Duo\nAdapter | Wren Duo\nGland | Wren Outdoor"
CLUBS = "Clubs\n\nGroup | Day | Room\nChess | Thursday | Attic\nYoga | Monday | Hall\nChoir | Thursday | Hall"
ALL = (OWNERS, TEAMS, CODES, POINTS, TERMS, PARTS, CLUBS)


@pytest.fixture
def told(evidence_of):
    def run(question, *texts):
        evidence = evidence_of(question, *(texts or ALL))
        titles = [text.split("\n", 1)[0] for text in texts or ALL]
        hits = [replace(h, passage=replace(h.passage, title=t)) for h, t in zip(evidence.hits, titles, strict=True)]
        found = listed(evidence.query, rows_of(hits))
        return [cell.text for _, cell in found.rows] if found else None

    return run


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("which components does the Cloud team own", ["Gate", "Vault"]),
        ("What components are owned by Home?", ["Burrow", "Lookout"]),
        ("which codes belong to Gate", ["HX-1", "HX-2", "HX-4", "HX-5"]),
        ("list all codes of Gate", ["HX-1", "HX-2", "HX-4", "HX-5"]),
        ("which teams sit in Porto", ["Cloud", "Home"]),
        ("what products have a guarantee of 60 months?", ["Heron 6", "Plank 8"]),
        ("which parts fit the wren duo", ["Bracket", "Adapter"]),
        ("which groups meet on Thursday?", ["Chess", "Choir"]),
        ("which service points are in Portugal?", ["Braga", "Lisbon", "Porto"]),
        ("which service points in Portugal have a pick up of replacements", ["Lisbon", "Porto"]),
    ],
)
def test_no_row_is_left_out(told, question, answers):
    assert told(question) == answers


@pytest.mark.parametrize(
    "question",
    [
        "which code means no link",  # one is asked for
        "who leads the Cloud team?",
        "which components does the Radio team own",
        "which codes of Gate need a new fan",
        "which cheap products have a guarantee of 60 months",
        "what does HX-1 mean",
        "which teams sit in Berlin",
    ],
)
def test_what_asks_for_something_else_is_no_list(told, question):
    assert told(question) is None


def test_two_tables_that_differ_say_nothing(told):
    assert told("which teams sit in Porto", TEAMS, TEAMS.replace("Bo Winter | Porto", "Bo Winter | Lund")) == [
        "Cloud",
        "Home",
    ]
    other = "Pagers\n\nTeam | Pager | Office\nCloud | 7301 | Porto\nRadio | 7302 | Porto"
    assert told("which teams sit in Porto", TEAMS, other) is None


def test_each_row_is_quoted_with_its_cell(evidence_of):
    trail = looked_up(evidence_of("which codes belong to Gate", *ALL), limit=8).trail
    assert [row.text[slice(*row.answer)] for row in trail.rows] == ["HX-1", "HX-2", "HX-4", "HX-5"]
