"""Say plainly what a question for a way to reach somebody asks for.

"How do I reach support by phone?" wants a number; a reader that looks for how something is done sees none in
"Phone | +353 21 555 0142".
"""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"\W*how (?:do|can|could|should|would|may) (?:i|we|one|they|people|(?:a )?customers?) "
    r"(?:reach|contact|call|get (?:hold of|in touch with|through to)|(?:speak|talk) (?:to|with))"
    r" (?P<who>[^?!.,;:]{2,60}?) (?:by|via|over|on|through|per) (?:the )?(?P<way>(?:tele)?phone|e-?mail)\W*",
    re.IGNORECASE,
)
_WAYS = {"p": "phone number", "t": "phone number", "e": "e-mail address"}
# Whom it means stands elsewhere.
_POINTS = re.compile(r"\b(?:him|her|them|it|this|that|these|those|someone|somebody|anyone|anybody)\b", re.IGNORECASE)


def asked_for(text: str) -> str:
    """Return a question for somebody's number or address as such; any other as it is."""
    match = _ASKS.fullmatch(text)
    if match is None or _POINTS.search(match["who"]):
        return text
    wanted = _WAYS[match["way"][0].casefold()]
    whose = match["who"].strip()
    return f"What is your {wanted}?" if whose.casefold() == "you" else f"What is the {wanted} of {whose}?"
