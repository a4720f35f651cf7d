"""Ask the last question of another day: "and on Saturday?", "and tomorrow?", "what about 24 December?"."""

from __future__ import annotations

import re

from rag.dates import MONTHS

_BEFORE = r"(?:on|at|in|for|during|by|before|after|since|until|till|from|as of)\s+(?:the\s+|an?\s+)?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?-i:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b"
_MONTH = (
    # "How long may I keep it?" and "the mar on it" name no month.
    rf"(?:(?:{'|'.join(month for month in MONTHS if month != 'may')})\b"
    rf"|(?-i:May|{'|'.join(month[:3].capitalize() for month in MONTHS)}|Sept)\b\.?)"
)
_YEAR, _OF_MONTH = r"(?:19|20)\d\d\b", r"\d{1,2}(?:st|nd|rd|th)?\b"
_DATE = (
    rf"(?:(?:{_OF_MONTH}\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+{_OF_MONTH}|{_MONTH})(?:,?\s+{_YEAR})?"
    rf"|{_YEAR}-\d\d-\d\d\b|q[1-4]\b(?:\s+{_YEAR})?)"
)
_FROM_TODAY = (
    r"(?:today|tonight|tomorrow|yesterday|(?:the\s+)?day\s+(?:after\s+tomorrow|before\s+yesterday)"
    rf"|(?:this|next|last)\s+(?:week(?:end)?|month|year|quarter|{_WEEKDAY}))"
)
_FREE = rf"(?:{_FROM_TODAY}|{_WEEKDAY}(?:,?\s+(?:the\s+)?{_DATE})?|{_DATE}|week(?:day|end)s?)\b"
# Without a word before it, "Christmas" may be that of a Christmas menu, and 2025 that of a price list.
_ANY = (
    rf"(?:{_FREE}|(?:bank|public)\s+holidays?\b|christmas(?:\s+(?:day|eve))?\b|easter(?:\s+(?:sunday|monday))?\b"
    rf"|good\s+friday\b|new\s+year['’]?s\s+(?:day|eve)\b|(?<=\bin\s){_YEAR}|(?<=\bduring\s){_YEAR})"
)
_JOIN = r"(?:\s*[,/&–-]\s*|\s+(?:and|or|to|until|till|through)\s+(?:on\s+)?)"
_TURN = re.compile(
    rf"(?P<opens>(?:(?:and|but|or|so|then|also|what about|how about)\s+)*)(?P<before>{_BEFORE})?"
    rf"(?P<days>{_ANY}(?:{_JOIN}{_ANY})*)(?:\s+(?:then|too|as well|instead))?\s*(?P<asks>[?!.]*)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b(?P<before>{_BEFORE}){_ANY}(?:{_JOIN}{_ANY})*|\b{_FREE}(?:{_JOIN}{_FREE})*",
    re.IGNORECASE,
)
# "And on the 25th?" is asked of the month that was spoken of.
_DAY_ALONE = re.compile(
    r"(?:(?:and|but|or|so|then|also|what about|how about)\s+)+(?:on\s+)?(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)"
    r"(?:\s+(?:then|too|as well|instead))?\s*[?!.]*",
    re.IGNORECASE,
)
_IN_MONTH = re.compile(
    rf"\b{_OF_MONTH}(?=\s+(?:of\s+)?{_MONTH})|(?P<month>\b{_MONTH}\s+){_OF_MONTH}(?![:.]\d)", re.IGNORECASE
)
_NAMES_WEEKDAY = re.compile(rf"\b{_WEEKDAY}", re.IGNORECASE)
_TELLS_FROM_TODAY = re.compile(_FROM_TODAY, re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?|our|your|my)\s+$", re.IGNORECASE)


def asks_of_a_day(text: str) -> bool:
    """Tell whether a turn of a conversation only names a day, and so asks of it what was asked before."""
    turn = _TURN.fullmatch(text.strip())
    return turn is not None and bool(turn["opens"] or "?" in turn["asks"])


def on_another_day(text: str, asked: str) -> str:
    """Return a question with the day of a turn in place of its own; empty where it names none, or the turn does not.

    What else it names stays: "when does the Harbour branch open on Friday?" is asked of the same branch. Of several
    days the last gives way.

    Args:
        text: The turn, "and on Saturday?".
        asked: The question before it.
    """
    turn, named = _TURN.fullmatch(text.strip()), [*_NAMED.finditer(asked)]
    if turn is None or not named:
        return ""
    start, end = named[-1].span()
    before = turn["before"] or named[-1]["before"] or ""
    # "Open on Friday" becomes "open tomorrow", and "the Friday group" the "Saturday group".
    if _TELLS_FROM_TODAY.match(turn["days"]) or (not named[-1]["before"] and _ARTICLE.search(asked[:start])):
        before = ""
    return f"{asked[:start]}{before}{turn['days']}{asked[end:]}"


def on_day_of_month(text: str, asked: str) -> str:
    """Return a question with another day of the month in its date; empty where a turn names none, or it has no date.

    Args:
        text: The turn, "and the 25th?".
        asked: The question before it; one of several dates, or of a weekday, is left alone.
    """
    turn, named = _DAY_ALONE.fullmatch(text.strip()), [*_IN_MONTH.finditer(asked)]
    if turn is None or len(named) != 1 or _NAMES_WEEKDAY.search(asked):
        return ""
    start, end = named[0].span()
    return f"{asked[:start]}{named[0]['month'] or ''}{turn['day']}{asked[end:]}"
