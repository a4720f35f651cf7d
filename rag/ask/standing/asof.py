"""The day that a question is about: "as of March 2024", "in 2023", "last year", "before the June update"."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from rag import lexis
from rag.dates import dates, day_beside, days_of, span_of

_CUE = (
    r"\b(?P<cue>before|prior to|as of|as at|as from|at the end of|at the start of|back in|during|in|on|for|since"
    r"|after|from|until|till|by)\s+"
)
_CUED = re.compile(
    rf"{_CUE}(?:the\s+|year\s+|early\s+|late\s+|mid[- ]?|(?:spring|summer|autumn|winter)\s+(?:of\s+)?)*"
    r"(?=\d|q[1-4]\b|[a-z]{3,9}\b)(?=(?P<rest>.{3,24}))",
    re.IGNORECASE,
)
_BEGINS_WITH_DATE = re.compile(
    r"(?:\d{4}\b|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[a-z]{3}|\d{1,2}\.\d{1,2}\.\d{4}|q[1-4]\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)",
    re.IGNORECASE,
)
# "2025/26": a year that reaches into the next.
_REACHES = r"[-/–](?:(?:19|20)\d\d|\d\d)(?![\d/-])"
# "the 2023 edition", "2024 prices", and "card price 2025" at the end.
_TEXT = (
    r"(?:editions?|versions?|polic(?:y|ies)|warranty|terms|conditions|contracts?|agreements?|rules?|prices?|pricing"
    r"|(?:price )?lists?|tariffs?|guide|handbook|notice|procedure|fees?|rates?|charges?)"
)
_EDITION = re.compile(
    rf"\b(?P<year>(?:19|20)\d\d)(?:{_REACHES})?\s+(?:\w+\s+)?{_TEXT}\b|\b{_TEXT}\s+(?P<behind>(?:19|20)\d\d)\W*$",
    re.IGNORECASE,
)
# "In the 2023 edition", "in 2025/26": all of it says the day.
_BEHIND = re.compile(rf"(?:{_REACHES})?\s+(?:edition|version|issue)s?\b|{_REACHES}", re.IGNORECASE)
# "Edition 6": which day that is, its document says.
_NUMBERED = re.compile(r"\b(?:edition|version|issue|revision)\s+(\d{1,2})\b(?!\.\d)", re.IGNORECASE)
# "For 2000 users" and "before 2000 km" name no year, "in 2024 how long" and "before 2024 prices rose" do.
_COUNTED = re.compile(rf"(?:19|20)\d\d(?:[.,]\d+)?\s*(?:[€$£%]|(?!am\b){lexis.UNIT}\b)")
_COUNTED_THINGS = re.compile(r"(?:19|20)\d\d\s+[a-z]")
# A word before a year behind which a noun is what is counted.
_COUNTS_THINGS = frozenset({"for", "on"})
_AGO = re.compile(
    r"\b(?:(?:in|for|from|of|during)\s+)?(?:(?P<n>\d{1,2}|an?|one|two|three|four|five)\s+years?\s+ago"
    r"|(?P<last>last|previous|prior)\s+(?:year|yr)(?:['’]?s)?)\b",
    re.IGNORECASE,
)
_SEASON = re.compile(
    r"\b(?P<season>spring|summer|autumn|fall|winter)\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)"
    rf"(?P<next>{_REACHES})?\b",
    re.IGNORECASE,
)
# "In the old list", "under the former rules": the edition before the one in force, whenever that was. Of "an old
# contract" and "the former price" the thing is asked about, and the word before it alone says which.
_FORMER = r"(?:old|older|previous|former|prior|earlier|superseded|outdated)"
_OLD_EDITION = re.compile(
    rf"\b(?:in|under|on|by|from|with|of|at)\s+(?:(?:the|our|your|its|their)\s+)?{_FORMER}\s+(?:[\w-]+\s+)?"
    rf"(?:{_TEXT}|table|sheet|regulations?|statute|rota)\b"
    rf"|\b{_FORMER}\s+(?=(?:[\w-]+\s+)?(?:{_TEXT}|table|sheet|regulations?|statute|rota)\b)",
    re.IGNORECASE,
)
# The last day of each in the northern half of the world; winter ends in the year that it is called by.
_SEASON_ENDS = {"spring": "05-31", "summer": "08-31", "autumn": "11-30", "fall": "11-30", "winter": "02-28"}
# "Price of Care Plus October 2025": a month that the question ends with, without a word before it.
_LAST_WORDS = re.compile(
    r"(?<=\s)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:19|20)\d\d\W*$", re.IGNORECASE
)
_LAST_MONTH = re.compile(r"\blast\s+month\b", re.IGNORECASE)
_YESTERDAY = re.compile(r"\byesterday\b", re.IGNORECASE)
# What holds over a span of time is no state of one day.
_SPAN = re.compile(r"\bbetween\b.*\b(?:19|20)\d\d\b", re.IGNORECASE)
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
# So far behind such a word its date may end: "in the first week of Q1 2025".
_DATE_REACHES = 24
_BEFORE = frozenset({"before", "prior to", "at the start of"})
# What holds from then on holds today.
_ONWARDS = frozenset({"since", "after", "from", "as from", "until", "till", "by"})
# Without a year a date is a day of an event, unless the words ask for a state.
_NEEDS_YEAR = frozenset({"in", "on", "for", "during", "at the end of"})
# "Can I cancel before 1 December?" asks of today, "what did it cost before 1 December?" of that day.
_OF_NOW = re.compile(
    r"^(?!.*\b(?:was|were|did|had|used to)\b)"
    r".*\b(?:can|could|(?-i:may)|might|must|do|does|shall|should|will|would|has|have|needs?|is|are|am)\b",
    re.IGNORECASE | re.DOTALL,
)


def day_of(text: str, *, today: str) -> str:
    """Return the day whose state of things a question asks for, in ISO 8601; today where it names none, or several.

    Of a month or a year that is over it is the last day, with "before" the day before it.

    Args:
        text: The question.
        today: The day on which it is asked.
    """
    if _SPAN.search(text):
        return today
    seasons = [min(_season_ends(each), today) for each in _SEASON.finditer(text)]
    text = _SEASON.sub(" ", text)
    cued = _cued(text, today)
    days = {day for day in (*seasons, *cued.values(), *_editions(text, today, cued), *_relative(text, today)) if day}
    days = days or _last_words(text, today)
    return days.pop() if len(days) == 1 else today


def _season_ends(season: re.Match[str]) -> str:
    """Return the last day of a season; a winter that reaches into the next year ends there."""
    year = int(season["year"]) + bool(season["next"])
    return f"{year}-{_SEASON_ENDS[season['season'].casefold()]}"


def _last_words(text: str, today: str) -> set[str]:
    """Return the day of the month that a question ends with, where no word before it says how it is meant."""
    match = _LAST_WORDS.search(text)
    if match is None or text[: match.start()].rsplit(maxsplit=1)[-1].casefold() in _ONWARDS:
        return set()
    return {_within(span, today) for day in dates(f"in {match[0]}") if (span := span_of(day))}


def names_old_edition(text: str) -> bool:
    """Tell whether a question asks after the edition before: "in the old list", "under the former rules"."""
    return _OLD_EDITION.search(text) is not None


def numbered_editions(text: str) -> frozenset[str]:
    """Return the numbers of editions that a text names: 6 of "Terms 2025 (edition 6)"."""
    return frozenset(_NUMBERED.findall(text))


def day_words(text: str, *, today: str) -> tuple[tuple[int, int], ...]:
    """Return where the words of a question stand that say which day it is about, "as of March 2025", "last year".

    Args:
        text: The question.
        today: The day on which it is asked; where the question is about no other, only the words of an edition before
            are returned, "in the old list".
    """
    if day_of(text, today=today) == today:
        return tuple(match.span() for match in _OLD_EDITION.finditer(text))
    found = [match.span() for pattern in (_AGO, _LAST_MONTH, _YESTERDAY, _SEASON) for match in pattern.finditer(text)]
    found += [
        (match.start(), ends)
        for match in _CUED.finditer(text)
        if match["cue"].casefold() not in _ONWARDS and (ends := _date_ends(text, match.end()))
    ]
    last = None if found else _LAST_WORDS.search(text)
    if last and text[: last.start()].rsplit(maxsplit=1)[-1].casefold() not in lexis.STOP_WORDS:
        found = [(last.start(), len(text))]
    return tuple(sorted(found))


def told_apart_from_day(text: str, *, today: str) -> str:
    """Return what a question asks without the words that say of which day; the text as it is where nothing is left."""
    rest, last = "", 0
    for start, end in day_words(text, today=today):
        rest, last = rest + text[last : max(start, last)], max(end, last)
    rest = re.sub(r"\s+(?=[?.!,;:])", "", " ".join((rest + text[last:]).split())).strip(" ,;:")
    return rest if lexis.terms(rest) else text


def _date_ends(text: str, start: int) -> int:
    """Return where the date ends that begins at a place, the longest, with "edition" behind it; 0 where none does."""
    ends = [start + match.end() for match in re.finditer(r"[\w.-]*\w", text[start : start + _DATE_REACHES])]
    end = max((end for end in ends if days_of(text[start:end])), default=0)
    behind = _BEHIND.match(text, end) if end else None
    return behind.end() if behind else end


def _cued(text: str, today: str) -> dict[int, str]:
    """Return the days that a word such as "in" or "before" points at, by where their dates begin."""
    found = {}
    of_now = bool(_OF_NOW.search(text))
    for match in _CUED.finditer(text):
        cue, rest = re.sub(r"\s+", " ", match["cue"].casefold()), match["rest"]
        written = dates(f"in {rest}") if _BEGINS_WITH_DATE.match(rest) else ()
        if _COUNTED.match(rest) or (cue in _COUNTS_THINGS and _COUNTED_THINGS.match(rest)):
            continue
        if not written or cue in _ONWARDS:
            continue
        without_year = written[0].startswith("--")
        if without_year and (cue in _NEEDS_YEAR or (of_now and cue in _BEFORE)):
            continue
        span = _nearest(written[0], today) if without_year and of_now else span_of(_with_year(written[0], today))
        if span is not None:
            found[match.end()] = day_beside(span[0], -1) if cue in _BEFORE else _within(span, today)
    return found


def _editions(text: str, today: str, cued: Collection[int]) -> list[str]:
    """Return the days of the editions that are named, but for those behind a word: "before the 2024 edition"."""
    spans = (
        span_of(match["year"] or match["behind"])
        for match in _EDITION.finditer(text)
        if not any(start <= match.start() < start + _DATE_REACHES for start in cued)
    )
    return [_within(span, today) for span in spans if span]


def _relative(text: str, today: str) -> list[str]:
    day = date.fromisoformat(today)
    found = []
    for match in _AGO.finditer(text):
        said = (match["n"] or "1").casefold()
        found.append(f"{day.year - (int(said) if said.isdigit() else _SMALL[said])}-12-31")
    if _LAST_MONTH.search(text):
        found.append(day_beside(f"{today[:7]}-01", -1))
    if _YESTERDAY.search(text):
        found.append(day_beside(today, -1))
    return found


def _with_year(written: str, today: str) -> str:
    """Return a date without a year as the latest one that has begun."""
    if not written.startswith("--"):
        return written
    this_year = f"{today[:4]}{written[1:]}"
    return this_year if this_year <= today else f"{int(today[:4]) - 1}{written[1:]}"


def _nearest(written: str, today: str) -> tuple[str, str] | None:
    """Return the first and the last day of a date without a year, in the year in which it is nearest to today."""
    day = date.fromisoformat(today)
    spans = filter(None, (span_of(f"{day.year + n}{written[1:]}") for n in (-1, 0, 1)))
    return min(spans, key=lambda span: abs((date.fromisoformat(span[0]) - day).days), default=None)


def _within(span: tuple[str, str], today: str) -> str:
    first, last = span
    return today if first <= today <= last else last
