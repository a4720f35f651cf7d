"""Which cells hold a day that is asked for, and which words say one."""

import pytest

from rag.ask.tables.dated import columns_of_day, places_of_days
from rag.ask.texts.rows import rows_of


@pytest.mark.parametrize(
    ("header", "text", "day", "holds"),
    [
        ("Day", "8 June 2026", "2026-06-08", True),
        ("Day", "8 June", "2026-06-08", True),
        ("Day", "1 June", "2026-06-08", False),
        ("Day", "8 June 2026", "2026-06-11", False),
        ("Week from", "8 June 2026", "2026-06-11", True),
        ("Week from", "8 June 2026", "2026-06-15", False),
    ],
)
def test_a_cell_holds_its_day_and_below_a_week_all_days_of_it(evidence_of, header, text, day, holds):
    (row,) = rows_of(evidence_of("?", f"Rota\n\nDesk | {header} | Held by\nNorth | {text} | Ines").hits)
    assert columns_of_day(row, [day]) == ({1} if holds else set())


def test_the_words_that_say_a_day_are_found_by_their_places():
    words = ["who", "is", "on", "call", "on", "june", "8", "and", "next", "week"]
    assert places_of_days("Who is on call on June 8 and next week", words) == {5, 6, 8, 9}
    words = ["open", "on", "thursday", "or", "friday"]
    assert places_of_days("Open on Thursday or Friday?", words, ["2026-06-04", "2026-06"]) == {2}
