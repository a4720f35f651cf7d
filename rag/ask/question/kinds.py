"""What kind of thing a question asks for."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["person", "day", "amount", "place", "any"]
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("person", re.compile(r"\b(?:who|whom|whose|which person|what person)\b")),
    ("day", re.compile(r"\b(?:when|what (?:date|day|year)|which (?:date|day|year))\b")),
    (
        "amount",
        re.compile(
            r"\b(?:how (?:many|much|long|old|often|far|fast|soon|quickly|heavy|tall|wide|loud)"
            # What is in the price may be anything.
            r"|(?<!\bin the )(?:price|costs?|fee))\b"
        ),
    ),
    ("place", re.compile(r"\bwhere\b")),
)
_INCLUDED = re.compile(r"\b(?:included|covered) (?:in|with|by)\b(?!.*\bhow\b).*")
_FIRST = re.compile(r"\b(?:which|what|how|when|where|who|whom|whose)\b")
_ASK_FIRST = frozenset({"which", "what", "how"})
_SUBORDINATE = re.compile(r"(?<=\w)(?<!\band)(?<!\bor)\s+(?:when|where|whom?|whose)\b.*", re.DOTALL)
# "Duty leader tasks when a child is lost".
_TASKS = re.compile(r"(\b(?:tasks|duties|steps|checks|rules|procedure|instructions|(?:check)?list)\b.*?) when\b.*")
_ONE_OF = re.compile(r"\bwhich\b")


def kind_of(question: str) -> Kind:
    """Return what a question asks for."""
    # What is included in the day price may be anything.
    text = _TASKS.sub(r"\1", _INCLUDED.sub("", question.casefold()))
    first = _FIRST.search(text)
    if first and first[0] in _ASK_FIRST:
        # "What phone do I call when it rings?" asks for no day.
        text = text[: first.end()] + _SUBORDINATE.sub("", text[first.end() :])
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "any")


def asks_one_thing(question: str) -> bool:
    """Return whether a person, a day, an amount, a place or one of several is asked for: a few words answer that."""
    return kind_of(question) != "any" or bool(_ONE_OF.search(question.casefold()))
