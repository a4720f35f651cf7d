"""Tell whether two sentences say the same of the same thing but for what was taken out of them: an hour, a day, a name.

A number has a unit that says what it counts; an hour or a weekday has none, and timetables, shifts and places give many
of them. So two sentences must have their words in common here: any word that stands in one of them only, and is
neither a verb nor one of a few that say nothing, makes it another thing.
"""

from __future__ import annotations

import re

from rag import lexis
from rag.ask.conflicts.alignment import SCOPES, one_subject
from rag.ask.conflicts.bare import NEUTRAL, TIME_WORDS, Bare, weighed
from rag.ask.conflicts.headings import apart_above
from rag.ask.question.form import negated
from rag.clauses.antonyms import meaning_of
from rag.sentences import Span
from rag.types import Query

# Share of the question's words that both sentences must hold, and of the shorter sentence that the other must hold.
_ASKED_SHARE, _SAID_SHARE = 0.65, 0.5
# What follows a helping verb or a pronoun is a verb; behind one of these also where a word of both follows.
_PRONOUNS = frozenset("we you they it i he she who must can may will should shall".split())
_BEFORE_VERBS = _PRONOUNS | frozenset("is are be been was were cannot not please also".split())
_CONDITION = re.compile(
    r"\b(?:if|unless|except(?:ion|ional|ing)?|excluding|only|outside|apart from|other than|instead|otherwise|provided"
    r"|while|although|another|additional(?:ly)?|besides|extra|every other|alternat\w+|fortnight\w*|(?:even|odd) weeks?"
    r")\b"
    # "For this group": what it is about stands somewhere else.
    r"|\b(?:this|these|that|those|such)\s+[a-z]",
    re.IGNORECASE,
)
_WITH_PARTICLE = re.compile(
    r"\b(?P<verb>check|pick|drop|log|sign|clock|hand|book|move|get|come|go|turn|switch)(?:p?s|p?ed|p?ing)?[-\s]?"
    r"(?P<particle>in|out|up|off|on|over|back)\b",
    re.IGNORECASE,
)
# Events that stand against each other, with an hour each; "from" and "to" a place likewise.
_OPPOSED = tuple(
    (lexis.stems(one), lexis.stems(other))
    for one, other in (
        ("arrive arrival come enter", "depart departure leave exit"),
        ("deliver delivery", "collect collection pickup return"),
        ("order", "deliver delivery ship shipping dispatch collect"),
        ("open", "close closed shut"),
        ("first earliest", "last latest"),
        ("load loading", "unload unloading"),
        ("start begin", "end finish"),
        ("outbound outgoing outward", "inbound incoming return"),
        ("send submit", "receive answer reply"),
    )
)
_WAYS = frozenset("from to towards before after with without into".split())
_PLACING = frozenset("of in on at for".split())
_ARTICLES = frozenset("the a an our your".split())
_REACHED_AT = re.compile(
    r"\b(?:ext(?:ension|\.)?|tel(?:ephone|\.)?|phone|mobile|fax)\b[\s:.]*\+?[\d\s/-]+", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")
_CLAUSE = re.compile(r";|\.\s")


def alike(query: Query, mine: Bare, other: Bare) -> bool:
    """Tell whether two sentences answer one question alike but for what was taken out of them.

    Args:
        query: The question, likewise without hours and days.
        mine: A sentence.
        other: One of another document.
    """
    one, two = mine.text, other.text
    if _CONDITION.search(one) or _CONDITION.search(two) or negated(one) != negated(two):
        return False
    if _numbers(one) != _numbers(two) or not _answer(query, mine, other):
        return False
    if _limits(mine, other) or _limits(other, mine) or _opposed(one, two):
        return False
    return one_subject(query, mine, other) and not apart_above(query, mine, other)


def speaks_of(said: Bare, mine: Bare, other: Bare) -> bool:
    """Tell whether a sentence has, with what stands above it, all that two others have in common."""
    return (mine.own & other.own) <= said.reach


def hangs_on(text: str, span: Span) -> frozenset[str]:
    """Return the stems of what a part of a sentence hangs on: the last word of weight before it, or a key.

    Of ``Orders placed by 5 pm`` it is the order, of ``Opening hours: 9:00`` it is all before the colon. A word behind
    "of", "at" or the like brings that before it. Where nothing stands before it, it may hang on each word behind.
    """
    before = _CLAUSE.split(text[: span.start])[-1]
    words = [(match.casefold(), weighed(match) - TIME_WORDS - NEUTRAL) for match in _WORD.findall(before)]
    if ":" in before:
        return frozenset[str]().union(*(stems for _, stems in words))
    found: frozenset[str] = frozenset()
    for n, (_, stems) in reversed(list(enumerate(words))):
        if stems:
            found |= stems
            ahead = next((word for word, _ in reversed(words[:n]) if word not in _ARTICLES), "")
            if ahead not in _PLACING:
                # "The reception at Castlegate is staffed from": the reception too.
                break
    return found or lexis.stems(_CLAUSE.split(text[span.end :])[0]) - TIME_WORDS - NEUTRAL


def _answer(query: Query, mine: Bare, other: Bare) -> bool:
    """Tell whether two sentences hold the same words of a question, enough of them, and have enough in common."""
    asked = lexis.stems(query.text) - TIME_WORDS
    needed = asked - NEUTRAL or asked
    met = needed & mine.reach
    if met != needed & other.reach or len(met) < _ASKED_SHARE * len(needed):
        return False
    if any(word in scope for scope in SCOPES for word in lexis.terms(query.text) if lexis.stem(word) not in met):
        return False
    shared = mine.own & other.own
    if not needed - NEUTRAL and not shared - NEUTRAL:
        # "When do you open?": what is open, nothing says.
        return False
    shorter = min(len(mine.own - NEUTRAL), len(other.own - NEUTRAL))
    known = asked | lexis.stems(mine.about) | lexis.stems(other.about)
    return len(shared) >= _SAID_SHARE * shorter and (len(shared) > 1 or bool(shared & known))


def _limits(mine: Bare, other: Bare) -> bool:
    """Tell whether a sentence has a word that the other lacks, with what stands above it, and that is no mere verb."""
    shared = mine.own & other.own
    told = other.reach | NEUTRAL | TIME_WORDS
    words = [(match.casefold(), weighed(match)) for match in _WORD.findall(_REACHED_AT.sub(" ", mine.text))]
    for n, (word, stems) in enumerate(words):
        if stems <= told:
            continue
        before = words[n - 1][0] if n else ""
        after = words[n + 1][1] if n + 1 < len(words) else frozenset[str]()
        verb = before in _BEFORE_VERBS or (before.endswith("ly") and word.endswith(("s", "ed")))
        if not verb or (after & shared and before not in _PRONOUNS):
            return True
    return False


def _opposed(one: str, two: str) -> bool:
    """Tell whether two sentences tell of opposite events: of arriving and leaving, from a place and to it."""
    particles = [
        {m["verb"].casefold(): m["particle"].casefold() for m in _WITH_PARTICLE.finditer(t)} for t in (one, two)
    ]
    ways = _ways(one), _ways(two)
    meanings = [dict(map(meaning_of, lexis.words(text))) for text in (one, two)]
    for told, told_too in (particles, ways, meanings):
        if any(told[word] != told_too[word] for word in told.keys() & told_too.keys()):
            return True
    stems = lexis.stems(one), lexis.stems(two)
    held = [[(bool(left & own), bool(right & own)) for own in stems] for left, right in _OPPOSED]
    return any(set(each) == {(True, False), (False, True)} for each in held)


def _ways(text: str) -> dict[str, str]:
    """Return the words that a small word for a way stands before, with that: "from Orrin"."""
    found: dict[str, str] = {}
    way = ""
    for match in _WORD.findall(text):
        word = match.casefold()
        if word in _WAYS:
            way = word
        elif word not in _ARTICLES:
            found |= dict.fromkeys(weighed(word), way) if way else {}
            way = ""
    return found


def _numbers(text: str) -> frozenset[str]:
    """Return the numbers of a sentence; where somebody can be called is none of what it says."""
    return lexis.digits(_REACHED_AT.sub(" ", re.sub(r"^\W*\d+[.)]\s+", "", text)))
