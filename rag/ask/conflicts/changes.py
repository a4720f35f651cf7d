"""Sentences that announce a change: where another document still gives what held before, they settle what holds."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from rag import lexis
from rag.ask.conflicts.alignment import SMALL, Said
from rag.dates import dates, span_of

_CURRENCIES = {"EUR": "€", "USD": "$", "GBP": "£"}
_MONEY = rf"(?:[€$£]|\b(?:{'|'.join(_CURRENCIES)}))\s?"
_AMOUNT = rf"(?:{_MONEY})?(?<![\w.,:])(?:\d+(?:[:.,]\d+)*|(?:{'|'.join(lexis.NUMBER_WORDS)})\b)"
# "8", "8 working days", "10 %".
_OLD = rf"(?P<old>{_AMOUNT})(?P<unit_old>(?:\s?[%€]|(?:\s+(?!to\b)[a-z]+){{1,2}}?)?)"
_COUNTED = r"(?P<unit>\s?[%€]|\s+[a-z]+)?"
_NEW = rf"(?P<new>{_AMOUNT}){_COUNTED}"
_VERBS = (
    r"moves?|moved|goes|go|went|rises?|rose|rais(?:es?|ed)|falls?|fell|drops?|dropped|chang(?:es?|ed)|increas(?:es?|ed)"
    r"|decreas(?:es?|ed)|reduc(?:es?|ed)|lower(?:s|ed)?|cut|cuts|extends?|extended|shortens?|shortened|grows?|grew"
)
_ONCE = "was|before|previously|formerly|until now"
_THAN_BEFORE = rf"(?:\binstead of|,?\s(?:up|down) from|\((?:{_ONCE}):?)"
_CHANGES = (
    # A time of check-out "moves from 12:00 to 11:00".
    re.compile(rf"\b(?:{_VERBS})\b[^.:;]{{0,60}}?\bfrom\s+{_OLD}\s+to\s+{_NEW}", re.IGNORECASE),
    # "Valid for 4 hours instead of 8", "£15, up from £12", "25 months (was 13)".
    re.compile(
        rf"{_NEW}[^.;|\d]{{0,30}}?{_THAN_BEFORE}\s+(?:the\s+)?{_OLD}(?=[\s.,;)!]|$)",
        re.IGNORECASE,
    ),
)
# "Pupils pay 1 euro instead of 3" is no news: without such a word, in it or above it, it holds for some only.
_NEWS = re.compile(
    rf"\b(?:{_VERBS}|now|today|since|new|news|will|starting|effective|decid\w*|decision|announce\w*|updates?|updated"
    r"|releases?|minutes of|meeting\b(?=.*›)|until (?:then|further|after|the end|\d)"
    r"|from (?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    rf"|(?<=\()(?:{_ONCE}))",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"(?P<number>{_AMOUNT}){_COUNTED}", re.IGNORECASE)

# So many words say that two sentences are about one thing.
_MIN_SHARED = 2


class Change(NamedTuple):
    """An amount or an hour that takes the place of another one.

    Args:
        old: The number before, as digits; hours with their colon.
        new: The number now.
        unit: What is counted, as a stem or sign; ":" for hours, empty where it is not said.
        text: The words of the new one.
    """

    old: str
    new: str
    unit: str
    text: str


@lru_cache(maxsize=1024)
def changes(sentence: str) -> tuple[Change, ...]:
    """Return the changes that a sentence announces, in order; every sentence of the evidence is asked a few times."""
    found = []
    for match in chain.from_iterable(pattern.finditer(sentence) for pattern in _CHANGES):
        old, new = _plain(match["old"]), _plain(match["new"])
        before, unit = _unit(match["old"], match["unit_old"]), _unit(match["new"], match["unit"])
        # "From 20 November to 2 December" is one time.
        if old != new and not (before and unit and before != unit):
            found.append(Change(old, new, unit or before, _told(match["new"], match["unit"])))
    return tuple(found)


def replaces(other: Said, mine: Said, *, on: str) -> tuple[str, str] | None:
    """Return what a sentence gives and what takes its place by another one, in their words; ``None`` for nothing.

    Args:
        other: The sentence that may announce a change.
        mine: A sentence of another document.
        on: The day that is asked about, in ISO 8601; a change that begins later does not hold yet.
    """
    told = [change for change in changes(other.text) if change.unit]
    if not told or changes(mine.text) or _begins_later(other.text, on=on):
        return None
    if not _NEWS.search(f"{other.about} › {other.text}"):
        return None
    given = {
        (_plain(m["number"]), _unit(m["number"], m["unit"])): _told(m["number"], m["unit"])
        for m in _NUMBER.finditer(mine.text)
    }
    for change in told:
        words = given.get((change.old, change.unit))
        if words and (change.new, change.unit) not in given:
            return words, change.text
    return None


def changed(mine: Said, other: Said, *, on: str) -> tuple[str, str] | None:
    """Return what two sentences give where one of them announces that it takes the place of the other's, mine first."""
    if words := replaces(other, mine, on=on):
        return words
    words = replaces(mine, other, on=on)
    return (words[1], words[0]) if words else None


def one_matter(mine: Said, other: Said) -> bool:
    """Tell whether two sentences share words that say what they are about."""
    numbers = lexis.digits(f"{mine.text} {other.text}")
    return len((mine.stems & other.reach) - SMALL - numbers) >= _MIN_SHARED


def _begins_later(text: str, *, on: str) -> bool:
    begins = [span_of(day.replace("--", f"{on[:4]}-")) for day in dates(text)]
    return any(span is not None and span[0] > on for span in begins)


def _plain(number: str) -> str:
    word = _in_signs(number).casefold().lstrip("€$£ ")
    return lexis.NUMBER_WORDS.get(word) or re.sub(r",(?=\d{3}\b)", "", word).removesuffix(".00").lstrip("0")


def _in_signs(number: str) -> str:
    """Return an amount with the sign of its currency: "GBP 28" is "£28"."""
    return f"{_CURRENCIES.get(number[:3].upper(), number[:3])}{number[3:]}"


def _told(number: str, after: str | None) -> str:
    """Return a number with what it counts: "two hours", "2 %", but an amount of money and an hour by themselves."""
    unit = _unit(number, after)
    return number if unit in {"", ":"} or unit == _in_signs(number)[0] else f"{number}{after or ''}".strip()


def _unit(number: str, after: str | None) -> str:
    if ":" in number:
        return ":"
    if (sign := _in_signs(number)[0]) in "€$£":
        return sign
    word = (after or "").split()[:1]
    return "" if not word or word[0].casefold() in lexis.STOP_WORDS else lexis.stem(word[0].casefold())
