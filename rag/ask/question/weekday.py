"""Say plainly of which weekday a question for opening hours is that says "today" or "tomorrow".

Documents tell hours by weekdays: nothing in "Sunday | 10:00 | 16:00" says that tomorrow is one.
"""

from __future__ import annotations

import re

from rag.dates import day_beside, told_from_today, weekday_of

_ASKS_HOURS = re.compile(r"\b(?:open(?:s|ing)?|clos(?:e|es|ed|ing)|shuts?|hours|staffed|manned)\b", re.IGNORECASE)
_A_DAY = re.compile(r"(?:the\s+)?\b(?:today|(?:day\s+after\s+)?tomorrow)\b(?P<own>['’]s\b)?", re.IGNORECASE)
_LED = re.compile(r"\b(?:on|by|for|from|of|until|till|before|after|since|to|and|or|than|between)\s+$", re.IGNORECASE)


def on_weekday(text: str, today: str) -> str:
    """Return a question for hours with weekdays in place of today and tomorrow; any other as it is.

    Args:
        text: The question.
        today: The day on which it is asked, in ISO 8601.
    """
    if not _ASKS_HOURS.search(text):
        return text

    def named(match: re.Match[str]) -> str:
        (days,) = told_from_today(match[0]).values()
        weekday = weekday_of(day_beside(today, days)).capitalize()
        leads = match["own"] or _LED.search(text[: match.start()])
        return f"{'' if leads else 'on '}{weekday}{match['own'] or ''}"

    return _A_DAY.sub(named, text)
