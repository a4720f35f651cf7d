"""The days that a question names, and the columns of a row that hold one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis
from rag.ask.texts.rows import Row, words_of
from rag.dates import MONTHS, dates, day_beside, span_of, told_from_today, weekday_of

MONTH_STEMS = frozenset(map(lexis.stem, MONTHS))
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d")
# A column called so holds the first days of weeks.
_WEEKLY = lexis.stems("week monday")


def columns_of_day(row: Row, days: Sequence[str]) -> frozenset[int]:
    """Return the columns of a row that name one of some days, or the week that holds it."""
    if not days:
        return frozenset()
    weekly = any(not _WEEKLY.isdisjoint(words_of(cell.header.replace("_", " "))) for cell in row.cells)
    return frozenset(
        n
        for n, cell in enumerate(row.cells)
        for own in dates(cell.text)
        if any(_same_day(own, day) or (weekly and _in_week_of(own, day)) for day in days)
    )


def places_of_days(question: str, words: Sequence[str], days: Sequence[str] = ()) -> frozenset[int]:
    """Return the places of the words that say a day: of a month, numbers, "this week", and weekdays of its days.

    Args:
        question: The question.
        words: Its words in order.
        days: Its days, see `rag.dates`.
    """
    told = {word for start, end in told_from_today(question) for word in question[start:end].casefold().split()}
    told |= {weekday_of(day) for day in days if _WHOLE.fullmatch(day)}
    return frozenset(
        i for i, word in enumerate(words) if lexis.stem(word) in MONTH_STEMS or word.isdigit() or word in told
    )


def _in_week_of(first: str, day: str) -> bool:
    """Return whether a day lies in the week that begins on another; one without a year, in the year of that."""
    spans = span_of(first), span_of(day.replace("--", f"{first[:4]}-", 1))
    begins, asked = (span[0] if span and span[0] == span[1] else "" for span in spans)
    return bool(begins and asked) and begins <= asked <= day_beside(begins, 6)


def _same_day(one: str, other: str) -> bool:
    """Return whether two dates are the same as far as both say; a year or a day may be missing from one of them."""
    mine, yours = (date.replace("--", "-", 1).split("-") for date in (one, other))
    return all(not a or not b or a == b for a, b in zip(mine, yours, strict=False))
