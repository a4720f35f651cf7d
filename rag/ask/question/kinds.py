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
            # What is included in the price may be anything.
            r"\b(?:how (?:many|much|long|old|often|far|fast|soon|quickly|heavy|tall|wide|loud)"
            r"|(?<!\bin the )(?:price|costs?|fee))\b"
        ),
    ),
    ("place", re.compile(r"\bwhere\b")),
)
_FIRST = re.compile(r"\b(?:which|what|how|when|where|who|whom|whose)\b")
_ASK_FIRST = frozenset({"which", "what", "how"})
_SUBORDINATE = re.compile(r"(?<=\w)(?<!\band)(?<!\bor)\s+(?:when|where|whom?|whose)\b.*", re.DOTALL)
_ONE_OF = re.compile(r"\bwhich\b")


def kind_of(question: str) -> Kind:
    """Return what a question asks for."""
    text = question.casefold()
    first = _FIRST.search(text)
    if first and first[0] in _ASK_FIRST:
        # "What phone do I call when it rings?" asks for no day.
        text = text[: first.end()] + _SUBORDINATE.sub("", text[first.end() :])
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "any")


def asks_one_thing(question: str) -> bool:
    """Return whether a person, a day, an amount, a place or one of several is asked for: a few words answer that."""
    return kind_of(question) != "any" or bool(_ONE_OF.search(question.casefold()))
