"""Hours, weekdays and months that two documents tell of two things, or alike, are no disagreement."""

import pytest

AGREE = {
    "equal hours in other notation": (
        "When is the front desk open?",
        ("Visitor guide", "The front desk is open from 9:00 to 17:00."),
        ("Office rules", "The front desk is open 9 am – 5 pm."),
    ),
    "noon and 12:00": (
        "By when must timesheets be handed in?",
        ("Payroll", "Timesheets must be handed in by noon."),
        ("Team handbook", "Timesheets must be handed in by 12:00."),
    ),
    "midnight and 24:00": (
        "Until when is the bar open?",
        ("Bar", "The bar is open until midnight."),
        ("Guest leaflet", "The bar is open until 24:00."),
    ),
    "morning or evening not told": (
        "When does the choir meet?",
        ("Choir", "The choir meets at 7 o'clock."),
        ("Halls", "The choir meets at 19:00."),
    ),
    "abbreviated weekdays": (
        "When is the help line staffed?",
        ("Help line", "The help line is staffed Mon–Fri."),
        ("Contract leaflet", "The help line is staffed from Monday to Friday."),
    ),
    "weekdays by another word": (
        "When is the help line staffed?",
        ("Help line", "The help line is staffed on weekdays."),
        ("Contract leaflet", "The help line is staffed from Monday to Friday."),
    ),
    "two shifts": (
        "When does the shift start?",
        ("Early shift", "The early shift starts at 6:00."),
        ("Late shift", "The late shift starts at 14:00."),
    ),
    "two shifts by their headings": (
        "When does the shift start?",
        ("Early shift", "The shift starts at 6:00."),
        ("Night shift", "The shift starts at 22:00."),
    ),
    "two sites": (
        "When does the branch open?",
        ("Harbour branch", "The branch opens at 9:00."),
        ("Station branch", "The branch opens at 7:30."),
    ),
    "two sites in the sentence": (
        "What are the opening hours?",
        ("Shop list", "The shop in Harbour Street is open from 9:00 to 18:00."),
        ("Shop list north", "The shop at the station is open from 7:00 to 21:00."),
    ),
    "two places by their names": (
        "When is the reception open?",
        ("Rooms of Otter Quay", "The reception is open from 9:00 to 17:00."),
        ("Rooms of Tarn Street", "The reception is open from 8:00 to 18:00."),
    ),
    "two seasons": (
        "When does the beach kiosk open?",
        ("Kiosk in summer", "The beach kiosk opens at 9:00."),
        ("Kiosk in winter", "The beach kiosk opens at 11:00."),
    ),
    "two seasons by their months": (
        "When is the beach kiosk open?",
        ("Kiosk", "From May to September the beach kiosk is open from 9:00 to 20:00."),
        ("Kiosk plan", "From October to April the beach kiosk is open from 11:00 to 16:00."),
    ),
    "two days of a timetable": (
        "When does the ferry to Brack leave?",
        ("Ferry", "On Tuesdays the ferry to Brack leaves at 8:00."),
        ("Ferry plan", "On Fridays the ferry to Brack leaves at 10:30."),
    ),
    "two courses on two days": (
        "When is the first aid course?",
        ("Courses", "A first aid course is held on Tuesdays."),
        ("More courses", "A first aid course is held on Thursdays."),
    ),
    "two sessions with hours": (
        "When is the first aid course?",
        ("Courses", "The first aid course is on Tuesdays at 18:00."),
        ("More courses", "The first aid course is on Thursdays at 10:00."),
    ),
    "hours of another day": (
        "When is the museum open?",
        ("Museum", "The museum is open from 10:00 to 18:00 on Tuesdays."),
        ("Museum and café", "The museum is open from 10:00 to 21:00 on Thursdays."),
    ),
    "a weekend beside the week": (
        "When is the museum open?",
        ("Museum", "The museum is open from 10:00 to 18:00."),
        ("Museum and café", "On Sundays the museum is open from 11:00 to 17:00."),
    ),
    "holidays": (
        "When is the museum open?",
        ("Museum", "The museum is open from 10:00 to 18:00."),
        ("Museum and café", "On public holidays the museum is open from 12:00 to 17:00."),
    ),
    "rows of a table": (
        "What are the hours of the workshop?",
        ("Rooms", "Room | Hours\nDye workshop | 9:00–16:00\nPrint room | 8:00–20:00"),
        ("Keys", "Room | Hours\nKiln workshop | 9:00–17:30\nStore | 7:00–15:00"),
    ),
    "columns of a table": (
        "Until when is the north gate open on Saturday?",
        ("Gates", "Gate | Mon–Fri | Sat\nNorth gate | 6:00–20:00 | 7:00–13:00"),
        ("Yard rules", "Gate | Mon–Fri | Sun\nNorth gate | 6:00–20:00 | 9:00–12:00"),
    ),
    "the days of one timetable": (
        "When does yoga take place?",
        ("Gym plan", "Day | Course | Time\nTuesday | Yoga | 18:00\nThursday | Yoga | 19:30"),
        ("Gym plan north hall", "Day | Course | Time\nFriday | Yoga | 9:00\nSunday | Yoga | 10:00"),
    ),
    "what a document gives too": (
        "When does the shuttle leave?",
        ("Shuttle", "The shuttle leaves at 8:00.\nThe shuttle leaves at 12:00."),
        ("Guests", "The shuttle leaves at 12:00."),
    ),
    "the side that is not asked for": (
        "Until when is the front desk open?",
        ("Visitor guide", "The front desk is open from 9:00 to 17:00."),
        ("Office rules", "The front desk is open from 8:30 to 17:00."),
    ),
    "where something begins and where it ends": (
        "What are the hours for rooms?",
        ("Rooms", "Rooms can be used from 15:00."),
        ("Room rules", "Rooms can be used until 11:00."),
    ),
    "coming and going": (
        "Until when is check-in and check-out?",
        ("Guest house", "Check-in is possible until 22:00."),
        ("Leaving", "Check-out is possible until 11:00."),
    ),
    "there and back": (
        "When does the last boat leave?",
        ("Island", "The last boat to Orrin leaves at 19:20."),
        ("Mainland", "The last boat from Orrin leaves at 20:05."),
    ),
    "ordering and delivering": (
        "Until when are orders taken or delivered?",
        ("Kitchen", "Orders must be placed by 9:00."),
        ("Drivers", "Orders must be delivered by 11:30."),
    ),
    "other customers": (
        "When is the counter open?",
        ("Counter", "The counter is open from 8:00 to 16:00."),
        ("Trade", "The counter is open for trade customers from 6:00 to 16:00."),
    ),
    "other goods": (
        "Until when must orders come in?",
        ("Kitchen", "Orders of cold meals must come in by 10:00."),
        ("Diets", "Orders of pureed meals must come in by 8:00."),
    ),
    "other weights": (
        "Until when are parcels taken?",
        ("Post room", "The cut-off for parcels up to 5 kg is 17:00."),
        ("Freight", "The cut-off for parcels up to 30 kg is 15:00."),
    ),
    "a condition": (
        "When do you open the hall?",
        ("Hall", "The hall opens at 9:00."),
        ("Heat", "The hall opens at 7:00 if it is hotter than 30 degrees."),
    ),
    "an exception": (
        "When is the front desk open?",
        ("Visitor guide", "The front desk is open from 9:00 to 17:00."),
        ("Office rules", "Except in August, the front desk is open from 9:00 to 15:00."),
    ),
    "one day": (
        "When is the front desk open?",
        ("Visitor guide", "The front desk is open from 9:00 to 17:00."),
        ("Notice", "On 24 December the front desk is open from 9:00 to 12:00."),
    ),
    "what was": (
        "When does the front desk open?",
        ("Visitor guide", "The front desk opens at 9:00."),
        ("Log", "The front desk was open at 9:40."),
    ),
    "another year": (
        "When does the front desk open?",
        ("Visitor guide", "The front desk opens at 9:00."),
        ("Then", "In 2023 the front desk opens at 8:00."),
    ),
    "about": (
        "When does the post come?",
        ("Post room", "The post comes at about 10:00."),
        ("Porter", "The post comes at 10:30."),
    ),
    "one weekday of several": (
        "On which day is waste collected?",
        ("Waste plan", "Waste is collected on Tuesdays and Fridays."),
        ("House rules", "Waste is collected on Fridays."),
    ),
    "two kinds of waste": (
        "On which day is the waste collected?",
        ("Waste plan", "Paper waste is collected every Tuesday."),
        ("House rules", "Garden waste is collected every Thursday."),
    ),
    "a weekday that is a name": (
        "When does the Tuesday group meet?",
        ("Groups", "The Tuesday group meets in the hall."),
        ("Groups north", "The Thursday group meets in the hall."),
    ),
    "every other week": (
        "On which day is glass collected?",
        ("Waste plan", "Glass is collected every other Tuesday."),
        ("House rules", "Glass is collected every Thursday."),
    ),
    "two months of one year": (
        "In which month is the lift inspected?",
        ("Lifts", "The lift is inspected in March and September."),
        ("House rules", "The lift is inspected in September."),
    ),
    "two lifts": (
        "In which month is the lift inspected?",
        ("Lifts", "The goods lift is inspected in March."),
        ("House rules", "The passenger lift is inspected in May."),
    ),
    "a question for something else": (
        "Who opens the front desk?",
        ("Visitor guide", "The front desk is open from 9:00 to 17:00."),
        ("Office rules", "The front desk is open from 8:30 to 17:00."),
    ),
    "the day that both hold": (
        "Is the archive open on Wednesdays?",
        ("Archive", "The archive is open Monday to Friday."),
        ("Reader's leaflet", "The archive is open Monday to Thursday."),
    ),
    "the hour that both hold": (
        "Is the archive open at 10:00?",
        ("Archive", "The archive is open from 9:00 to 18:00."),
        ("Reader's leaflet", "The archive is open from 9:00 to 17:00."),
    ),
    "lunch between the hours": (
        "When is the archive open?",
        ("Archive", "The archive is open from 9:00 to 18:00."),
        ("Reader's leaflet", "The archive is closed from 12:00 to 13:00."),
    ),
    "two lines of a bus": (
        "When does the bus leave?",
        ("Line 4", "The bus leaves at 7:10."),
        ("Line 9", "The bus leaves at 7:40."),
    ),
    "the meetings of two teams": (
        "On which day is the team meeting?",
        ("Sales", "The team meeting is every Tuesday."),
        ("Support", "The team meeting is every Thursday."),
    ),
    "a word for many things": (
        "When is collection possible?",
        ("Hire of wheelchairs", "Collection is possible from 9:00 to 16:30."),
        ("Lost property", "Collection is possible from 9:00 to 16:00."),
    ),
    "two houses by their names": (
        "When is breakfast served?",
        ("Hazelbrook", "Breakfast is served from 7:00 to 10:00."),
        ("Kuhnle", "Breakfast is served from 8:00 to 11:00."),
    ),
    "office hours of two people": (
        "What are the office hours?",
        ("Mail from Orla", "Office hours: Mon–Thu 9:00–15:00"),
        ("Mail from Piet", "Office hours: Mon–Fri 8:00–12:00"),
    ),
    "the columns of two days by their titles": (
        "When is yoga?",
        ("Courses on Tuesday", "Yoga: 18:00 to 19:00"),
        ("Courses on Friday", "Yoga: 9:00 to 10:00"),
    ),
    "two editions": (
        "When are applications due?",
        ("Grants, edition 3", "Applications are due every March."),
        ("Grants, edition 4", "Applications are due every May."),
    ),
    "a change that begins later": (
        "When does the front desk open?",
        ("Visitor guide", "The front desk opens at 9:00."),
        ("News", "From July the front desk opens at 8:00."),
    ),
    "before and after": (
        "When is the gate locked?",
        ("Yard", "The gate is locked from 18:00."),
        ("Yard rules", "The gate is locked until 6:00."),
    ),
    "a denial": (
        "When can the gate be used?",
        ("Yard", "The gate can be used from 6:00 to 20:00."),
        ("Neighbours", "The gate cannot be used from 13:00 to 15:00."),
    ),
    "two meals": (
        "When is the meal served?",
        ("Kitchen", "Lunch is served from 11:30 to 13:30."),
        ("Evenings", "Dinner is served from 17:30 to 19:30."),
    ),
    "an invitation": (
        "When is the works meeting?",
        ("Rules", "The works meeting is held at 9:00."),
        ("Invitation", "The works meeting is held at 13:00 tomorrow."),
    ),
    "a ratio like an hour": (
        "When is the glaze mixed?",
        ("Glazes", "The glaze is mixed 1:30 with water."),
        ("Glazes for tiles", "The glaze is mixed 1:20 with water."),
    ),
}


@pytest.mark.parametrize("name", AGREE)
def test_what_is_told_of_two_things_is_no_disagreement(conflict_of, name):
    preferred, conflict = conflict_of(*AGREE[name])
    assert conflict is None
    assert not preferred.any_set_back
