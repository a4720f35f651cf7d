"""What an edition of before says is told anew where the one in force says otherwise what is asked."""

from dataclasses import replace

import pytest

from rag.ask.conflicts.anew import told_anew
from rag.ask.standing.preferred import prefer
from rag.confidence import NO_CONFIDENCE
from rag.types import Citation, DocumentStanding, Evidence, Hit, Standing, Statement, Verdict

TODAY = "2026-06-08"
OLD = Standing("superseded", "2023-04-01", successor="new.md", family="returns", edition="2023")
NEW = Standing("in force", "2025-09-01", family="returns", edition="2025")


@pytest.fixture
def anew(query_of, passage_of):
    def tell(question, before, now, *, standing=NEW, headings=((), ())):
        passages = {
            "old": passage_of(before, title="Old", document="old"),
            "new": passage_of(now, title="New", document="new"),
        }
        for (name, passage), own in zip(passages.items(), headings, strict=True):
            passages[name] = replace(passage, chunk=replace(passage.chunk, headings=own))
        hits = tuple(Hit(each, 1.0 / place, ("dense",)) for place, each in enumerate(passages.values(), 1))
        standings = [
            DocumentStanding("old", "Old", "old.md", OLD, {}),
            DocumentStanding("new", "New", "new.md", standing, {}),
        ]
        preferred = prefer(Evidence(query_of(question), hits), standings, on=TODAY, today=TODAY)
        chunk = passages["old"].chunk
        cited = Citation(
            1, "old", "Old", chunk.version, chunk.id, None, (), chunk.start, chunk.start + len(before), before
        )
        said = Verdict("answered", None, "quoted", (Statement(before, 1.0, (cited,)),), (), NO_CONFIDENCE)
        return told_anew(said, preferred)

    return tell


@pytest.mark.parametrize(
    ("question", "before", "now"),
    [
        (
            "How many days do I have to return a web shop order?",
            "Orders from our web shop can be sent back within 14 days of delivery, whether opened or not.",
            "Customers may return an order within 30 days of delivery without giving a reason.",
        ),
        (
            "When does the car park close?",
            "The car park closes at 22:00.",
            "The car park is open until 23:00.",
        ),
        (
            "Who is the deputy of Anna Berg?",
            "The deputy of Anna Berg is Tom Hale.",
            "The deputy of Anna Berg is Mia Ross.",
        ),
        (
            "Can opened goods be returned?",
            "Opened goods can be returned.",
            "Opened goods cannot be returned.",
        ),
    ],
)
def test_another_value_hour_person_or_answer_tells_it_anew(anew, question, before, now):
    assert anew(question, before, now)
    # An edition that is not in force takes the place of none.
    assert not anew(question, before, now, standing=Standing("draft", family="returns", edition="2025"))


@pytest.mark.parametrize(
    ("question", "before", "now"),
    [
        (
            "Why was Plus given another name?",
            "Plus is called Extra from 1 May 2023, because customers took it for a paid plan.",
            "Extra costs 9 euros a month from 1 May 2025.",
        ),
        (
            "Within how many weeks are engraved items exchanged?",
            "Engraved items are exchanged within 9 weeks of delivery.",
            "Gift cards are paid back within 6 weeks of their purchase.",
        ),
        (
            "How many days do I have to return a web shop order?",
            "Orders from our web shop can be sent back within 14 days of delivery.",
            "Orders from our web shop can be sent back within 14 days of delivery, opened or not.",
        ),
    ],
)
def test_what_only_the_edition_before_tells_or_both_tell_alike_is_not_told_anew(anew, question, before, now):
    assert not anew(question, before, now)


@pytest.mark.parametrize(
    ("question", "headings", "told"),
    [
        ("Is there a grace period for late payments?", (("4. Late payment",), ("5. Late payment",)), True),
        ("do you give a grace period", (("4. Late payment",), ("5. Late payment",)), True),
        # What was, and why, is told by the edition of then.
        ("Was there a grace period for late payments?", (("4. Late payment",), ("5. Late payment",)), False),
        ("Why was there a grace period?", (("4. Late payment",), ("5. Late payment",)), False),
        ("Is there a grace period for late payments?", (("4. Late payment",), ("5. Sharing a stand",)), False),
        ("Is there a grace period for late payments?", ((), ()), False),
    ],
)
def test_whether_something_is_so_is_not_told_by_a_section_that_the_edition_in_force_has_without_it(
    anew, question, headings, told
):
    before = "There is a grace period of 10 days for late payments."
    assert anew(question, before, "Interest is charged from the due date on.", headings=headings) == told


def test_how_much_notice_is_asked_for_in_hours(anew):
    before = "Lessons that you cancel 24 hours ahead are made up once a term."
    now = "Lessons that you cancel are not made up unless you tell the teacher 48 hours ahead."
    assert anew("how much notice to cancel a lesson", before, now)
    assert not anew("how much is a lesson", before, now)
