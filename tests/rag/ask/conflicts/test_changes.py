"""A sentence that tells of a change settles a disagreement with documents that still give what held before."""

import pytest

from rag.ask.conflicts.changes import changes


@pytest.mark.parametrize(
    ("sentence", "old", "new", "unit"),
    [
        ("Check-out moves from 12:00 to 11:00 from 1 June.", "12:00", "11:00", ":"),
        ("From today a key is valid for 4 hours instead of 8.", "8", "4", "hour"),
        ("The bonus rises from €400 to €750.", "400", "750", "€"),
        ("The deposit was raised from 30 to 40 euros.", "30", "40", "euro"),
        ("The reserve was lowered from 20 % to 10 %.", "20", "10", "%"),
        ("Bags may be dropped three hours before departure instead of two.", "2", "3", "hour"),
        ("A sauna visit costs £15, up from £12.", "12", "15", "£"),
        ("Meter readings are kept for 25 months (was 13).", "13", "25", "month"),
        ("Agreed to raise the voucher from GBP 28 to GBP 35 from 1 November.", "28", "35", "£"),
        ("We print 9,000 copies instead of 14,000.", "14000", "9000", "copi"),
    ],
)
def test_a_change_is_read_with_what_held_before(sentence, old, new, unit):
    (change,) = changes(sentence)
    assert (change.old, change.new, change.unit) == (old, new, unit)
    assert change.text.casefold() in sentence.casefold()


@pytest.mark.parametrize(
    "sentence",
    [
        "We are open from 9:00 to 17:00.",
        "Hours moved: open from 9:00 to 17:00.",
        "Changes are frozen from 20 November to 2 December.",
        "The fee rises by 5 euros.",
        "The desk moves from hall 4 to hall 4.",
        "Press the red key instead of the green one.",
    ],
)
def test_a_span_of_time_or_a_choice_is_no_change(sentence):
    assert not changes(sentence)


GUIDE = ("Visitor guide", "Visitors check out by 12:00 on the day of departure.")
MAIL = ("Changes from June", "Check-out of visitors moves from 12:00 to 11:00 on 1 June.")
ASKED = "By what time must visitors check out?"


@pytest.mark.parametrize("sides", [(GUIDE, MAIL), (MAIL, GUIDE)])
def test_the_sentence_that_tells_of_the_change_holds(conflict_of, sides):
    _, conflict = conflict_of(ASKED, *sides)
    assert conflict.sides[0].text == MAIL[1]
    assert conflict.winner == conflict.sides[0].citations[0].document_id
    assert "it tells of the change" in conflict.told


def test_a_change_of_what_counts_something_holds_too(conflict_of):
    rule = ("Privacy policy", "A support key is valid for 8 hours.")
    news = ("From today", "From today a support key is valid for 4 hours instead of 8.")
    _, conflict = conflict_of("How long is a support key valid?", rule, news)
    assert conflict.sides[0].text == news[1]
    assert conflict.winner


@pytest.mark.parametrize(
    ("question", "rule", "news"),
    [
        # It begins later.
        (ASKED, GUIDE, (MAIL[0], "Check-out of visitors moves from 12:00 to 11:00 on 1 July.")),
        # What the guide gives is not what changes.
        (ASKED, GUIDE, (MAIL[0], "Check-out of visitors moves from 13:00 to 11:00 on 1 June.")),
    ],
)
def test_another_change_or_a_later_one_settles_nothing(conflict_of, question, rule, news):
    _, conflict = conflict_of(question, rule, news)
    assert conflict is None or not conflict.winner


def test_what_holds_for_some_only_is_no_change(conflict_of):
    rule = ("Fees", "A certified copy costs 3 euros per page.")
    some = ("Trainees", "Trainees get a certified copy for 1 euro per page instead of 3 euros.")
    _, conflict = conflict_of("What does a certified copy cost?", rule, some)
    assert conflict is None or not conflict.winner


def test_a_change_of_another_thing_is_no_disagreement(conflict_of):
    rule = ("Library rules", "A lost reader card costs 10 euros.")
    news = ("News of the cafe", "The deposit for a coffee cup goes from 10 to 20 euros.")
    _, conflict = conflict_of("What does a lost reader card cost?", rule, news)
    assert conflict is None


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (
            "Minutes",
            "Agreed to raise the fuel voucher for meters from GBP 28 to GBP 35, from 1 May until the end of March.",
        ),
        ("Staff meeting, 10 March", "A fuel voucher for meters is £35 instead of £28."),
        ("Staff", "A fuel voucher for meters is £35 until the end of March, instead of £28."),
    ],
)
def test_a_change_may_be_told_in_another_currency_s_letters_at_a_meeting_or_for_a_time(conflict_of, minutes, text):
    sheet = ("Fuel vouchers", "The fuel voucher for meters is £28 for one fuel.")
    _, conflict = conflict_of("How much is a fuel voucher?", sheet, (minutes, text))
    assert conflict.sides[0].text == text
    assert conflict.winner


def test_what_holds_for_some_is_no_change(conflict_of):
    sheet = ("Prices", "The fuel voucher for meters is £28 for one fuel.")
    other = ("Prices for meetings", "Families pay £35 for a fuel voucher for meters instead of £28.")
    _, conflict = conflict_of("How much is a fuel voucher?", sheet, other)
    assert conflict is None or not conflict.winner
