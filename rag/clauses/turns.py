"""What turns a clause into its contrary without denying it: a bound, an order, a condition, an exception."""

from __future__ import annotations

import re

from rag import lexis
from rag.clauses.reading import Clause, Condition, Sentence

# Share of what a sentence hangs on that another one must hold to hang on the same.
_HELD = 0.5
_NUMBER = r"\W{0,2}(?:the\s+|an?\s+)?[€$£]?(?P<number>\d[\d.,]*\d|\d|[a-z]{3,9}\b)"
_LEAST = re.compile(
    rf"\b(?:at least|(?:no|not) (?:less|fewer|earlier|sooner) than|minimum(?: of)?|more than|above|over|after"
    rf"|longer than|exceed(?:s|ing)?){_NUMBER}",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"\b(?:at most|up to|(?:no|not) (?:more|later|longer) than|less than|fewer than|under|below|within|maximum(?: of)?"
    rf"|before|until|till|by){_NUMBER}(?!\s*(?:%|percent))",
    re.IGNORECASE,
)
_ORDER = re.compile(r"\b(?P<word>before|prior to|after|following)\b", re.IGNORECASE)


def turned(clause: Clause, stated: Sentence, other: Clause, said: Sentence) -> bool:
    """Tell whether bounds, order or conditions turn what one clause says into the contrary of the other."""
    turns = [
        _bounds_differ(clause.text, other.text),
        _order_differs(stated.text, said.text),
        _turned_condition(stated, said),
        _excepted(clause, stated, other, said),
    ]
    return sum(turns) % 2 == 1


def held(condition: Condition, stems: frozenset[str]) -> bool:
    """Tell whether stems hold enough of what a sentence hangs on."""
    return len(condition.stems & stems) >= _HELD * len(condition.stems)


def _bounds_differ(one: str, other: str) -> bool:
    ours, theirs = _bounds(one), _bounds(other)
    return any(ours[number] != theirs[number] for number in ours.keys() & theirs.keys())


def _bounds(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, pattern in (("least", _LEAST), ("most", _MOST)):
        for match in pattern.finditer(text):
            for number in lexis.numbers(match["number"]):
                found[number] = name
    return found


def _order_differs(one: str, other: str) -> bool:
    """Tell whether two sentences put the same two things in different orders."""
    ours, theirs = _order(one), _order(other)
    if ours is None or theirs is None:
        return False
    straight = len(ours[0] & theirs[0]) + len(ours[1] & theirs[1])
    crossed = len(ours[0] & theirs[1]) + len(ours[1] & theirs[0])
    return crossed > max(straight, 1)


def _order(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the stems of what comes first and of what comes then, where a sentence tells."""
    matches = list(_ORDER.finditer(text))
    if len(matches) != 1:
        return None
    left, right = text[: matches[0].start()], text[matches[0].end() :]
    if not left.strip():
        right, _, left = right.partition(",")
    sides = lexis.stems(left), lexis.stems(right)
    if not all(sides):
        return None
    return sides if matches[0]["word"].casefold() in {"before", "prior to"} else (sides[1], sides[0])


def _turned_condition(stated: Sentence, said: Sentence) -> bool:
    """Tell whether one sentence says "if" where the other says "unless"."""
    return any(
        {mine.kind, theirs.kind} == {"if", "unless"} and held(mine, theirs.stems) and held(theirs, mine.stems)
        for mine in stated.conditions
        for theirs in said.conditions
    )


def _excepted(clause: Clause, stated: Sentence, other: Clause, said: Sentence) -> bool:
    """Tell whether a clause is about what the other sentence excepts."""
    if any(condition.kind == "except" for condition in stated.conditions):
        return False
    return any(
        condition.kind == "except" and (condition.stems - other.stems) & clause.stems for condition in said.conditions
    )
