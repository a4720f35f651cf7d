"""Which questions may be answered by a list: how something is done, things in the plural, words without a form."""

from __future__ import annotations

import re

from rag.ask.question.kinds import kind_of
from rag.ask.quoting.wanted import Wanted

_ASKS = re.compile(
    r"\bhow (?:do|does|did|can|could|should|shall|must|would|to|is|are|was|were)\b"
    r"(?! (?:i|you|we|one) (?:know|tell)\b)|\bhow\W*$"
    r"|\bwhat (?:do|does|should|shall|must|can|could|else|has|have|to|now|next|happens|comes|(?:is|are) to)\b"
    r"|\bwhat (?:am|are) (?:i|we|you) (?:supposed|meant|expected|allowed) to\b|\b(?:what|which) order\b"
    r"|\bwhat(?:['’]?s| is| are) (?:all )?(?:not )?(?:included|covered|excluded|needed|required|allowed|forbidden)\b"
    r"|\b(?:what|which)(?: are)?(?: the| our| your)?(?: [a-z-]+)? (?!(?:does|was|has)\b)[a-z-]{2,}(?<![isu])s\b"
    r"|\b(?:steps?|procedure|instructions?|(?:check|to.?do )?lists?|checks|sequence|papers|documents|things|tasks)\b"
    # "Installing an update on the X5".
    r"|^\W*[a-z]{3,}ing (?:an?|the|my|our|your|on|off|up|out|in)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:steps|procedure|instructions|(?:check|to.?do |packing )?list|checks)\b"
    r"|\bwhat (?:(?:do|does|should|shall|must|can|could|to|has|have)\b.*)?\b(?:bring|pack|take along)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(
    r"^\W*(?:(?:and|but|so|ok|hi|hello)\W+)*(?:is|are|was|were|do|does|did|can|could|may|might|must|should|shall|will"
    r"|would|has|have|had|am)\b|\b(?:what|which|why|how|who|whose|whom|when|where)\b"
    r"|\b(?:can|could|may|must|should|shall|do|does|is|are|will) (?:i|we|you|he|she|it|they)\W*$",
    re.IGNORECASE,
)
# "Was the chain to blame, as the papers said?"
_ASKS_WHETHER = re.compile(
    r"\W*(?:is|are|was|were|did|has|have|had)\b(?! there\b)(?!.*\b(?:what|which|how)\b)", re.IGNORECASE | re.DOTALL
)


def asks_for_list(question: str) -> bool:
    """Tell whether a question may be answered by a list.

    It asks how to do something, for things in the plural, or has no question word at all: "paper jam printer". Numbers,
    persons, days, places, and yes or no are no list.
    """
    return kind_of(question) == "any" and not Wanted(question) and (is_explicit(question) or _has_no_form(question))


def is_explicit(question: str) -> bool:
    """Tell whether a question says that it asks for a list, rather than having no form that speaks against one."""
    return bool(_ASKS.search(question)) and not _ASKS_WHETHER.match(question)


def says_list(question: str) -> bool:
    """Tell whether a question calls what it wants a list, or steps: no row of a table is one."""
    return bool(_SAYS.search(question))


def _has_no_form(question: str) -> bool:
    return not _ASKS_OTHERWISE.search(question)
