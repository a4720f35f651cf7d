"""Questions whose answer stands in a cell that only the way through several tables finds."""

from dataclasses import replace

import pytest

from rag.ask.generate import generate
from rag.ask.tables.lookup import looked_up
from rag.confidence import Curve, shipped
from rag.dates import dates, day_beside, told_from_today
from rag.types import Evidence

FAULTS = "Codes\n\nCode | Meaning | Part\nQX-11 | Lamp does not light | Wick\nQX-12 | Pump is dry | Bellows"
PARTS = (
    "Parts\n\nPart | What it does | Team\nWick | light and colour | Rowan\nBellows | water | Alder\nFin | air | Alder"
)
TEAMS = (
    "Teams\n\nTeam | Lead | Deputy | Office\nRowan | Ada Thorne | Bo Winter | Lund\n"
    "Alder | Cy Marsh | Di Frost | Lund\nHazel | Ed Glen | Fay Moor | Oslo"
)
ROSTER = (
    "On-call roster\n\nWeek | From | Rowan | Alder\n22 | 2026-05-25 | Ada Thorne | Cy Marsh\n"
    "23 | 2026-06-01 | Bo Winter | Di Frost\n24 | 2026-06-08 | Gil Heath | Cy Marsh"
)
SETS = (
    "Sets\n\nSet | Holds | Per month\nHome 3 | Lamp 3 | €6.90\nHome Max | Lamp 5 Pro and Fan 2 | €21.90\n"
    "Home Two | Lamp 5 Pro and Lid 4 | €17.90"
)
FAN = "Fan 2\n\nThe propeller of the Fan 2 turns left."
TERMS = "Guarantee\n\nProduct | Guarantee from purchase\nLamp 3 | 36 months\nLamp 5 Pro | 60 months\nFan 2 | 24 months"
ALL = (FAULTS, PARTS, TEAMS, ROSTER, SETS, TERMS, FAN)


def days_in(question):
    """The days that a question asked on 3 June 2026 says, as `rag.ask.understand` reads them."""
    return (*dates(question), *(day_beside("2026-06-03", n) for n in told_from_today(question).values()))


@pytest.fixture
def trail_of(evidence_of):
    def run(question, *texts, limit=8):
        evidence = evidence_of(question, *(texts or ALL))
        return looked_up(replace(evidence, query=replace(evidence.query, dates=days_in(question))), limit=limit)

    return run


def answers(evidence):
    return [row.text[slice(*row.answer)] for row in evidence.trail.rows if row.answer] if evidence.trail else None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("qx-11 and ada is out, whom do i ask", ["Bo Winter"]),
        ("QX-12 on 9 June with Cy on holiday, who decides?", ["Di Frost"]),
        ("QX-12, who heads the crew in charge", ["Cy Marsh"]),
        ("What does QX-12 mean?", ["Pump is dry"]),
        ("customer gets QX-11, which team does that go to?", ["Rowan"]),
        ("Who leads the team that owns the part behind QX-12?", ["Cy Marsh"]),
        ("who is the deputy of the team for the wick", ["Bo Winter"]),
        ("Who is on call for Bellows in the week of 1 June?", ["Di Frost"]),
        ("who is on call for Rowan in the week of 8 June 2026", ["Gil Heath"]),
        ("who is on call for Alder on 4 June?", ["Di Frost"]),
        ("who's on call for rowan this week", ["Bo Winter"]),
        ("who is on call for alder today", ["Di Frost"]),
        ("who was on call for Rowan last  week?", ["Ada Thorne"]),
        ("who is on call for rowan next week", ["Gil Heath"]),
        ("Where is the office of the Hazel team?", ["Oslo"]),
        ("How much is Home 3 per month?", ["€6.90"]),
        ("Who leads the team that owns the part behind QX-12 right now?", ["Cy Marsh"]),
        ("who is the deputy of the team for the wick today?", ["Bo Winter"]),
        ("How long is the guarantee of the Lamp 5 Pro?", ["60 months"]),
        ("how long is the guarantee of what comes with Home 3?", ["36 months"]),
        # Two sets hold the lamp; only one of them has what the fan's own page tells of.
        ("Which set has the Lamp 5 Pro and the propeller?", ["Home Max"]),
    ],
)
def test_the_way_leads_to_the_cell_that_is_asked_for(trail_of, question, answer):
    assert answers(trail_of(question)) == answer


@pytest.mark.parametrize(
    "question",
    [
        "What does QX-13 mean?",
        "who leads the team behind QX-19",
        "Who is on call for Bellows in the week of 15 June?",
        "How much is Home Ultra per month?",
        "How much is the Lamp 3 per month in Brazil?",
        "When does the lamp light up again?",
        "Does the Lamp 3 have a guarantee?",
        "Which set has the Lamp 5 Pro?",
        # A word that nothing on the way accounts for asks for something else.
        "How long is the guarantee of the Lamp 5 Pro doorbell?",
        "what is the lead time for the fan of Home Max?",
        "who is on call for Rowan in August?",
        "which spare part was tested for the Fan 2?",
        "How do I mend QX-11?",
        "Who painted the wall?",
    ],
)
def test_what_the_tables_do_not_say_leads_nowhere(trail_of, question):
    assert answers(trail_of(question)) is None


def test_the_row_with_the_answer_comes_first_and_the_way_behind_it(trail_of):
    evidence = trail_of("Who leads the team that owns the part behind QX-12?")
    assert [row.text for row in evidence.trail.rows] == [
        "Alder | Cy Marsh | Di Frost | Lund",
        "QX-12 | Pump is dry | Bellows",
        "Bellows | water | Alder",
    ]
    texts = {hit.passage.chunk.id: hit.passage.chunk.text for hit in evidence.hits}
    assert all(row.text in texts[row.chunk_id] for row in evidence.trail.rows)


def test_things_of_one_cell_are_all_told_of(trail_of):
    assert answers(trail_of("how long is the guarantee of what comes with Home Max?")) == ["60 months", "24 months"]


def test_two_cells_that_fit_alike_are_no_answer(trail_of):
    other = TEAMS.replace("Cy Marsh", "Zed Brook").replace("Teams", "Old teams")
    assert answers(trail_of("who leads the team behind QX-12", FAULTS, PARTS, TEAMS, other)) is None


def test_what_several_rows_have_in_common_is_no_way_to_one_of_them(trail_of):
    # Rowan's office is in Lund, and so is Alder's: nothing leads from one team to the other.
    assert answers(trail_of("who is on call for Rowan's neighbour in the week of 1 June?")) in (None, ["Bo Winter"])
    assert answers(trail_of("Who is on call for Hazel in the week of 1 June?")) is None


def test_passages_of_the_way_are_put_among_those_that_an_answer_may_rest_on(trail_of):
    fillers = [f"Page {n} says nothing of use." for n in range(8)]
    evidence = trail_of("Who leads the team that owns the part behind QX-12?", FAULTS, *fillers, PARTS, TEAMS, limit=4)
    front = {hit.passage.chunk.text for hit in evidence.hits[:4]}
    assert {FAULTS, PARTS, TEAMS} <= front
    assert len(evidence.hits) == 11


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Who's on call this week?", "23 | 2026-06-01 | Bo Winter | Di Frost"),
        ("who is on call on 12 June", "24 | 2026-06-08 | Gil Heath | Cy Marsh"),
        ("who is on call this week in the cellar?", None),
        ("who is on call?", None),
        ("who is on call on 15 June?", None),
        ("when is the call this week?", None),
    ],
)
def test_who_is_on_call_without_a_team_is_the_row_of_the_week(evidence_of, question, row):
    evidence = evidence_of(question, ROSTER)
    titled = [replace(hit, passage=replace(hit.passage, title="On-call roster")) for hit in evidence.hits]
    trail = looked_up(Evidence(replace(evidence.query, dates=days_in(question)), tuple(titled)), limit=8).trail

    assert (trail and [(each.text, each.answer) for each in trail.rows]) == (row and [(row, None)])


def test_the_rows_are_what_is_quoted(trail_of, highlighter):
    evidence = trail_of("customer gets QX-11, which team does that go to?")
    draft = generate(evidence, None, highlighter, passages=8, max_sentences=2, max_tokens=64, seed=1)
    assert draft.mode == "quoted"
    assert tuple(quote.text for quote in draft.sentences) == (
        "Wick | light and colour | Rowan",
        "QX-11 | Lamp does not light | Wick",
    )
    assert draft.trail == evidence.trail
    assert all(other.trail is None for other in draft.others)


def test_the_cell_that_answers_is_marked_in_the_verdict(trail_of, highlighter, guarded):
    evidence = trail_of("customer gets QX-11, which team does that go to?")
    draft = generate(evidence, None, highlighter, passages=8, max_sentences=2, max_tokens=64, seed=1)
    calibration = replace(shipped(), curves={"trail": Curve(((0.0, 0.0), (1.0, 5.0)))})
    verdict = guarded(draft, evidence, calibration=calibration)
    row, way = verdict.statements
    assert row.text[slice(*row.phrase)] == "Rowan"
    assert way.phrase is None
    assert [statement.citations[0].quote for statement in verdict.statements] == [row.text, way.text]
    assert verdict.confidence.signals["trail"] == round(evidence.trail.share, 4)
