"""Tell whether titles and headings make two sentences be about two things: two branches, two seasons, two lines."""

from __future__ import annotations

import re

from rag import lexis
from rag.ask.conflicts.alignment import PLAIN, SCOPES
from rag.ask.conflicts.bare import NEUTRAL, TIME_WORDS, Bare
from rag.dates import MONTHS
from rag.english import is_english
from rag.types import Query

# Words of headings that tell one part of a text from another, not one thing from another.
_GENERIC = (
    PLAIN
    | TIME_WORDS
    | NEUTRAL
    | lexis.stems(
        "contact contacts details basics service services help support us key facts data routine quick reference notes"
        " important good know cut frequently asked"
    )
)
# What stands below a title with such a word holds then only; other scopes may also say for whom a text is written.
_SEASONS = frozenset(
    "holiday holidays christmas easter special temporary interim emergency former previous acting late early weekend"
    " weekends night evening winter summer spring autumn".split()
)
# Of these there are many: "the team meeting", or "collection", is that of what the document is about.
_MANY = lexis.stems(
    "team meeting department group branch shop store office site house unit ward class course floor room line shift"
    " reception counter canteen kitchen cafe bar bus train boat ferry tour school hotel restaurant clinic practice"
    " depot base workshop station gate hall building lift pool gym library company business event lesson session head"
    " appointment collection delivery return order training payment booking registration application request break use"
    " lunch breakfast dinner meal visit duty handover emptying cleaning maintenance inspection test backup release lead"
    " leader deputy owner manager director chair officer coordinator representative supervisor"
)
# So many words of weight, the same in both, say what a sentence is about.
_ENOUGH = 3
# Whom a text is written for tells nothing of what it is about.
_READERS = lexis.stems("visitor guest staff employee customer member tenant reader newcomer colleague welcome new here")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# "May" is a word of questions too.
_CALENDAR = lexis.stems(" ".join((*_WEEKDAYS, *(month for month in MONTHS if month != "may"))))
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_EDITION = re.compile(rf"\b(?:{'|'.join(MONTHS)})\s+(?:19|20)\d\d\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?P<what>[a-z]{3,})\s(?P<number>\d+|(?-i:[A-Z]))\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")


def apart_above(query: Query, mine: Bare, other: Bare) -> bool:
    """Tell whether titles and headings make it two things that two sentences are about, as far as words show it.

    Args:
        query: The question; what it names tells nothing apart.
        mine: A sentence.
        other: One of another document.
    """
    return (
        _another_time(query, mine, other)
        or _numbered_apart(mine.about, other.about)
        or _another_name(query, mine, other)
        or _another_kind(mine, other)
        or _another_part(query, mine, other)
    )


def _another_time(query: Query, mine: Bare, other: Bare) -> bool:
    """Tell whether they hold for other years, months, weekdays or seasons."""
    years = [set(_YEAR.findall(said.about)) for said in (mine, other)]
    if years[0] and years[1] and years[0] != years[1]:
        return True
    dated = [lexis.stems(said.about) & _CALENDAR for said in (mine, other)]
    # "Contacts, June 2025" is an edition, which holds in other months too.
    bare = [lexis.stems(_EDITION.sub(" ", said.about)) & _CALENDAR for said in (mine, other)]
    if bare[0] != bare[1] or (dated[0] and dated[1] and dated[0] != dated[1]):
        return True
    asked = lexis.stems(query.text)
    seasons = [lexis.stems(" ".join(_SEASONS & set(lexis.terms(said.about)))) - asked for said in (mine, other)]
    return bool(seasons[0] - other.reach or seasons[1] - mine.reach)


def _numbered_apart(one: str, other: str) -> bool:
    """Tell whether they have another number or letter behind the same word: "line 4" and "line 9"."""
    told = [{m["what"].casefold(): m["number"] for m in _NUMBERED.finditer(about)} for about in (one, other)]
    return any(told[0][what] != told[1][what] for what in told[0].keys() & told[1].keys())


def _another_name(query: Query, mine: Bare, other: Bare) -> bool:
    """Tell whether each has a word that is no English one, and so a name, which the other's passage lacks."""
    asked = lexis.stems(query.text)
    return all(_names(one.about) - two.around - asked for one, two in ((mine, other), (other, mine)))


def _names(about: str) -> frozenset[str]:
    return frozenset(lexis.stem(word) for word in lexis.terms(about) if word.isalpha() and not is_english(word))


def _another_kind(mine: Bare, other: Bare) -> bool:
    """Tell whether one noun is told apart by the words before it: "Harbour branch" and "Station branch"."""
    words = [frozenset(lexis.terms(said.about)) for said in (mine, other)]
    if any(words[0] & scope != words[1] & scope and words[0] & scope and words[1] & scope for scope in SCOPES):
        return True
    pairs = [_qualified(said.about) for said in (mine, other)]
    return any(
        pairs[0][noun] - other.reach and pairs[1][noun] - mine.reach for noun in pairs[0].keys() & pairs[1].keys()
    )


def _qualified(about: str) -> dict[str, frozenset[str]]:
    """Return the words that stand before each noun."""
    found: dict[str, frozenset[str]] = {}
    before: frozenset[str] = frozenset()
    for match in _WORD.finditer(about):
        stems = lexis.stems(match[0])
        for stem in stems - _GENERIC:
            found[stem] = found.get(stem, frozenset()) | (before - _GENERIC)
        before = stems
    return found


def _another_part(query: Query, mine: Bare, other: Bare) -> bool:
    """Tell whether each stands under a heading of its own, or titles alone say whose team, shop or room it is."""
    asked = lexis.stems(query.text)
    if not (mine.own & other.own) - NEUTRAL - _MANY:
        titles = [lexis.stems(said.about) - asked - _GENERIC - _READERS - _MANY for said in (mine, other)]
        if titles[0] - other.reach or titles[1] - mine.reach:
            return True
    if mine.own == other.own and len(mine.own - NEUTRAL) >= _ENOUGH:
        # Whole sentences with the same words need no heading to say what they are about.
        return False
    last = [lexis.stems(" ".join(said.headings[-1:])) - asked - _GENERIC for said in (mine, other)]
    return bool(last[0] - other.around and last[1] - mine.around)
