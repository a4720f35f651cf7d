"""Documents that disagree on what is asked are found; what only looks like it is left alone."""

import pytest

from rag.ask.conflicts.settle import Conflict, noted
from rag.confidence import NO_CONFIDENCE
from rag.types import Confidence, Standing, Statement, Trail, TrailRow, Verdict

SURE = Confidence(0.8, "high", {})


DISAGREE = [
    (
        "how many days after delivery does a faulty unit count as dead on arrival?",
        (
            "Dead on arrival: policy",
            "A product is dead on arrival (DOA) when a fault shows within 14 days of delivery.",
        ),
        ("Runbook: handling an RMA", "A unit that fails within 21 days of delivery is treated as dead on arrival."),
    ),
    (
        "What is the late fee for an overdue invoice?",
        ("Billing rules", "An overdue invoice costs a late fee of €15."),
        ("Customer handbook", "The late fee for an overdue invoice is 25 euros."),
    ),
    (
        "How many devices may join the guest network?",
        ("Admin guide", "At most 32 devices may join the guest network."),
        ("Support page", "The guest network takes at most 48 devices."),
    ),
    (
        "When does support for the Atlas 3 end?",
        ("Life cycle", "Support for the Atlas 3 ends on 31 March 2027."),
        ("Dealer letter", "Support for the Atlas 3 ends on 30 June 2027."),
    ),
    (
        "Can gift vouchers be returned?",
        ("Shop rules", "Gift vouchers cannot be returned."),
        ("Help", "Gift vouchers can be returned within two weeks."),
    ),
    (
        "How many days of annual leave do full-time staff get?",
        ("Contract rules", "Full-time staff get 30 days of annual leave."),
        ("Handbook", "Full-time staff get 25 days of annual leave."),
    ),
    (
        "How far goes the Otter in 续航?",
        ("Manual", "Otter 续航: 24km"),
        ("Leaflet", "Otter 续航: 36km"),
    ),
    (
        "How long are call recordings kept?",
        ("Privacy table", "Call recordings | training | 60 days"),
        ("Desk rules", "We keep call recordings for 12 months."),
    ),
]


def test_documents_of_one_title_are_told_apart_by_their_files(conflict_of):
    question, (_, one), (_, other) = DISAGREE[1]
    _, found = conflict_of(question, ("Notes", one), ("Notes", other))
    assert found.told.startswith("“Notes” (d0.md) says €15; “Notes” (d1.md) says 25 euros.")
    _, found = conflict_of(question, ("Rules", one), ("Notes", other))
    assert found.told.startswith("“Rules” says €15; “Notes” says 25 euros.")


@pytest.mark.parametrize(("question", "one", "other"), DISAGREE)
def test_a_disagreement_shows_both_sides(conflict_of, question, one, other):
    _, conflict = conflict_of(question, one, other)
    assert {side.text for side in conflict.sides} == {one[1], other[1]}
    assert conflict.winner == ""
    verdict = conflict.verdict(SURE)
    assert verdict.confidence == SURE
    assert (verdict.outcome, verdict.reason, verdict.statements) == ("refused", "conflicting_evidence", ())
    assert [citation.n for side in verdict.sides for citation in side.citations] == [1, 2]
    assert all(side.citations[0].quote == side.text for side in verdict.sides)


AGREE = {
    "different products": (
        "How long do you hold reset?",
        ("Kestrel 4 manual", "Hold the reset button for 10 seconds."),
        ("Kestrel 6 manual", "Hold the reset button for 15 seconds."),
    ),
    "different plans": (
        "How long is the minimum term of the Homeline 300 plan?",
        ("Plans", "The minimum term of the Homeline 300 plan is 12 months."),
        ("Offers", "The minimum term of the Homeline 1000 plan is 24 months."),
    ),
    "a part and the whole": (
        "How long is the warranty?",
        ("Warranty", "New products have a warranty of 24 months."),
        ("Outlet", "Refurbished products have a warranty of 12 months."),
    ),
    "different kinds of staff": (
        "How many days of annual leave do staff get?",
        ("Contract rules", "Full-time staff get 30 days of annual leave."),
        ("Handbook", "Part-time staff get 15 days of annual leave."),
    ),
    "different kinds of staff without a hyphen": (
        "How many days of annual leave do staff get?",
        ("Contract rules", "Full time staff get 30 days of annual leave."),
        ("Handbook", "Part-time staff get 15 days of annual leave."),
    ),
    "equal in other units": (
        "How long is the return window?",
        ("Rules", "The return window is 14 days."),
        ("Help", "The return window is two weeks."),
    ),
    "a range that holds the number": (
        "How long does delivery take?",
        ("Shipping", "Delivery takes 2 to 5 days."),
        ("Help", "Delivery takes 3 days."),
    ),
    "a rounded number": (
        "How long does the update take?",
        ("Manual", "The update takes about 10 minutes."),
        ("Notes", "The update takes 11 minutes."),
    ),
    "a limit that holds the number": (
        "How many peers can connect?",
        ("Manual", "Up to 10 peers can connect."),
        ("Example", "In this example 4 peers connect."),
    ),
    "another kind of day": (
        "How soon is the refund paid?",
        ("Rules", "The refund is paid within 7 working days."),
        ("Help", "The refund is paid within 10 days."),
    ),
    "another year": (
        "How many routers were sold?",
        ("Review A", "In 2024 we sold 1,200 routers to partners."),
        ("Review B", "In 2025 we sold 1,900 routers to partners."),
    ),
    "another thing with the same words": (
        "How many days do I have to send an order back?",
        ("Returns", "Orders can be sent back within 30 days of delivery."),
        ("Repairs", "If the old unit has not been sent back 21 days after the replacement, it is charged."),
    ),
    "another part of one thing": (
        "How long is the Zephyr toaster guaranteed?",
        ("Zephyr toaster", "The Zephyr toaster is guaranteed for 27 months."),
        ("Zephyr refunds", "A refund for the Zephyr toaster takes 9 days."),
    ),
    "the other way round": (
        "How long does a refund for the Zephyr toaster take?",
        ("Zephyr toaster", "The Zephyr toaster is guaranteed for 27 months."),
        ("Zephyr refunds", "A refund for the Zephyr toaster takes 9 days."),
    ),
    "a denial that hangs on a condition": (
        "Can the router be returned?",
        ("Shop", "The router can be returned."),
        ("Terms", "The router cannot be returned if the label is missing."),
    ),
    "a denial of something else": (
        "Do I need insurance to register my vehicle?",
        ("Rules", "You must have liability insurance to register a vehicle."),
        ("Lapses", "A lapse means that a registered vehicle has no liability insurance for a time."),
    ),
    "a sentence that points elsewhere": (
        "What is the termination fee?",
        ("Fees", "The termination fee for this offense is $100."),
        ("Lapses", "You must pay a $50 termination fee."),
    ),
    "a question that asks neither": (
        "How do I apply for benefits?",
        ("Benefits", "You can apply for benefits online."),
        ("Survivors", "Survivors cannot apply for benefits online."),
    ),
    "the same document": (
        "How long is the warranty?",
        ("Warranty", "The warranty of the hub is 24 months.\nThe warranty of the hub is 36 months."),
        ("Else", "Nothing of that."),
    ),
}


@pytest.mark.parametrize("name", AGREE)
def test_what_only_looks_like_a_disagreement_is_none(conflict_of, name):
    preferred, conflict = conflict_of(*AGREE[name])
    assert conflict is None
    assert not preferred.any_set_back


def test_the_later_first_day_settles_it(conflict_of):
    question, one, other = DISAGREE[0]
    older, newer = Standing("in force", "2025-10-01"), Standing("in force", "2026-02-01")
    preferred, conflict = conflict_of(question, (*one, older), (*other, newer))
    assert (conflict.winner, conflict.losers) == ("d1", ("d0",))
    assert conflict.sides[0].text == other[1]
    assert [hit.passage.chunk.document_id for hit in preferred.evidence.hits] == ["d1", "d0"]
    assert "holds: in force since 1 February 2026" in preferred.bearing("d0").set_back


def test_what_is_not_in_force_gives_way(conflict_of):
    question, one, other = DISAGREE[0]
    preferred, conflict = conflict_of(question, (*one, Standing("expired")), (*other, Standing("in force")))
    assert (conflict.winner, preferred.bearing("d0").in_force) == ("d1", False)


def test_the_same_first_day_settles_nothing(conflict_of):
    question, one, other = DISAGREE[0]
    same = Standing("in force", "2025-10-01")
    assert conflict_of(question, (*one, same), (*other, same))[1].winner == ""


def test_what_tells_what_happened_is_no_side(conflict_of):
    question, one, other = DISAGREE[0]
    assert conflict_of(question, one, (*other, Standing("in force", reports=True)))[1] is None


def test_a_settled_disagreement_is_noted_with_new_numbers_where_its_winner_is_cited(conflict_of):
    question, one, other = DISAGREE[0]
    preferred, conflict = conflict_of(question, (*one, Standing("draft")), (*other, Standing("in force")))
    answered = Verdict("answered", None, "quoted", conflict.sides[:1], (), NO_CONFIDENCE)
    verdict = noted(answered, preferred, conflict)
    assert [side.citations[0].n for side in verdict.sides] == [1, 2]
    assert verdict.notes == (conflict.told,)
    elsewhere = Verdict("answered", None, "quoted", conflict.sides[1:], (), NO_CONFIDENCE)
    assert noted(elsewhere, preferred, conflict).sides == ()
    assert noted(elsewhere, preferred, conflict).notes == ("“Dead on arrival: policy” is not in force: draft.",)


def test_what_is_read_off_a_table_is_contested_by_the_same_words_about_its_row_alone():
    row = "Procurement | Orla Finn"
    sides = (Statement("The head of procurement is Piet Kuhn.", 1.0, ()), Statement(row, 1.0, ()))
    read_off, elsewhere = (Trail((TrailRow("c1", text, None),), 1.0) for text in (row, "Press | Lena Moor"))
    assert Conflict(sides, "", worded_alike=True).stands(read_off)
    assert not Conflict(sides, "", worded_alike=True).stands(elsewhere)
    assert not Conflict(sides, "").stands(read_off)
    assert Conflict(sides, "").stands(None)
    assert not Conflict(sides, "", winner="d1", worded_alike=True).stands(read_off)
