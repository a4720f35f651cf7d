"""Documents that give other hours, weekdays or months for one thing disagree; two of several do not."""

import pytest

from rag.types import Standing

# Question, then what two documents say, each below its title.
DISAGREE = {
    "hours in a sentence": (
        "When is the front desk open?",
        ("Visitor guide", "The front desk is open from 9:00 to 17:00."),
        ("Office rules", "The front desk is open from 8:30 to 17:00."),
    ),
    "hours in a line": (
        "What are the opening hours of the tool library?",
        ("Tool library", "Opening hours: 10:00–18:00"),
        ("Rules of the tool library", "Opening hours: 10:00–19:00"),
    ),
    "a limit in other notation": (
        "Until when do orders leave on the same day?",
        ("Shipping", "Orders placed by 5 pm leave on the same day."),
        ("Warehouse", "Orders received by 18:00 leave on the same day."),
    ),
    "when something closes, told in two ways": (
        "When does the car park close?",
        ("Parking", "The car park closes at 22:00."),
        ("Site leaflet", "The car park is open until 23:00."),
    ),
    "the half of a day that is told twice": (
        "By when must timesheets be handed in?",
        ("Payroll", "Timesheets must be handed in by noon every Monday."),
        ("Team handbook", "Timesheets must be handed in by 4 p.m. every Monday."),
    ),
    "one of several days differs": (
        "What are the hours of the pharmacy?",
        ("Pharmacy", "The pharmacy is open Monday to Friday 8:00 to 18:00, Saturday 9:00 to 13:00."),
        ("Welcome", "The pharmacy is open Monday to Friday 8:00 to 18:00, Saturday 9:00 to 12:00."),
    ),
    "the day that is asked for": (
        "How long is the pharmacy open on Saturdays, until when?",
        ("Pharmacy", "The pharmacy is open Mon-Fri 8:00-18:00, Sat 9:00-13:00."),
        ("Welcome", "Pharmacy hours: Mon-Fri 8:00-19:00, Sat 9:00-12:30"),
    ),
    "a weekday": (
        "On which day is the paper waste collected?",
        ("Waste plan", "Paper waste is collected every Tuesday."),
        ("House rules", "The paper waste is collected every Thursday."),
    ),
    "a weekday in a line": (
        "When is payday?",
        ("Canteen vouchers", "Payday: Thursday"),
        ("New here?", "Payday: Friday"),
    ),
    "a range of weekdays": (
        "Which days is the help line staffed?",
        ("Help line", "The help line is staffed Monday to Friday."),
        ("Contract leaflet", "The help line is staffed from Monday to Thursday."),
    ),
    "a range of weekdays beside equal hours": (
        "When can I call the help line?",
        ("Help line", "Call the help line Mon–Fri 8:00–16:00."),
        ("Contract leaflet", "Call the help line Mon–Thu 8 am to 4 pm."),
    ),
    "a month": (
        "In which month are the fire extinguishers inspected?",
        ("Safety plan", "The fire extinguishers are inspected in March."),
        ("Caretaker's notes", "Fire extinguishers are inspected every May."),
    ),
    "months of a season": (
        "When is the roof terrace open?",
        ("House rules", "The roof terrace is open from April to October."),
        ("Tenants' leaflet", "The roof terrace is open from May to September."),
    ),
    "rows of two tables": (
        "What are the hours of the dye workshop?",
        ("Rooms", "Room | Hours\nDye workshop | 9:00–16:00\nPrint room | 8:00–20:00"),
        ("Keys", "Room | Hours\nDye workshop | 9:00–17:30\nStore | 7:00–15:00"),
    ),
    "a row and a sentence": (
        "What are the hours of the dye workshop?",
        ("Rooms", "Room | Hours\nDye workshop | 9:00–16:00\nPrint room | 8:00–20:00"),
        ("Newcomers", "The dye workshop is open from 9:00 to 17:00."),
    ),
    "a column of two rows": (
        "Until when is the north gate open on Saturday?",
        ("Gates", "Gate | Mon–Fri | Sat\nNorth gate | 6:00–20:00 | 7:00–13:00"),
        ("Yard rules", "Gate | Mon–Fri | Sat\nNorth gate | 6:00–20:00 | 7:00–14:00"),
    ),
    "a question and its answer": (
        "When does the swimming hall open?",
        ("Frequent questions", "When does the swimming hall open?\nThe swimming hall opens at 6:30."),
        ("Frequent questions: swimmers", "From when can I swim?\nThe swimming hall opens at 7:00."),
    ),
    "a question with a day": (
        "Is the archive open on Fridays?",
        ("Archive", "The archive is open Monday to Friday."),
        ("Reader's leaflet", "The archive is open Monday to Thursday."),
    ),
    "a question with an hour": (
        "Is the archive still open at 17:30?",
        ("Archive", "The archive is open from 9:00 to 18:00."),
        ("Reader's leaflet", "The archive is open from 9:00 to 17:00."),
    ),
    "a weekly meeting": (
        "When is the stand-up of the kiln team?",
        ("Kiln team", "The stand-up of the kiln team is at 9:15."),
        ("Rooms and meetings", "The stand-up of the kiln team is at 9:45."),
    ),
    "a cut-off": (
        "What is the cut-off for express parcels?",
        ("Post room", "The cut-off for express parcels is 15:00."),
        ("Carrier", "Cut-off for express parcels: 3.30 pm"),
    ),
    "the hour before equal ones": (
        "By when must samples be handed in to be tested by the next morning?",
        ("Lab", "Samples handed in by 14:00 are tested by 9:30 the next morning."),
        ("Lab desk", "Samples handed in by 15:00 are tested by 9:30 the next morning."),
    ),
    "at the latest": (
        "Until what time can I check in?",
        ("Guest house", "Guests can check in until 21:00."),
        ("Porter", "Guests can check in at 22:00 at the latest."),
    ),
    "two lists of weekdays": (
        "On which days does the library van come?",
        ("Library van", "The library van comes on Tuesdays and Fridays."),
        ("Village news", "The library van comes on Mondays and Thursdays."),
    ),
}


@pytest.mark.parametrize("name", DISAGREE)
def test_other_hours_days_or_months_for_one_thing_disagree(conflict_of, name):
    question, one, other = DISAGREE[name]
    _, conflict = conflict_of(question, one, other)
    assert conflict is not None
    assert {side.citations[0].title for side in conflict.sides} == {one[0], other[0]}
    assert conflict.winner == ""


def test_what_is_in_force_wins(conflict_of):
    question, one, other = DISAGREE["hours in a sentence"]
    preferred, conflict = conflict_of(question, (*one, Standing("expired")), (*other, Standing("in force")))
    assert conflict.winner == "d1"
    assert "says 9:00 to 17:00" in conflict.told
    assert "says 8:30 to 17:00" in conflict.told
    assert [hit.passage.chunk.document_id for hit in preferred.evidence.hits] == ["d1", "d0"]
