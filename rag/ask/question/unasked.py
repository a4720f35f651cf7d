"""What people type that asks nothing of documents: greetings, thanks, sums, one letter, signs."""

from __future__ import annotations

import re

_GREETS = (
    r"hi|hiya|hey|hello|howdy|yo|good (?:morning|afternoon|evening|day|night)|thanks?(?: you)?|many thanks|thx|ty"
    r"|cheers|bye|goodbye|see you|ok(?:ay)?|great|nice|cool|perfect|awesome|wow|sorry|got it|never ?mind|well done"
    r"|h+m+|aha|ah|oh|alright|all right|i see|i understand|understood|good to know|that (?:helps|helped|works|worked)"
    r"|that(?:'s| is) (?:all|it|great|good|fine|perfect|helpful|clear)|no,? thanks?(?: you)?|brilliant|lovely|excellent"
    r"|good bot|how are you|how(?:'s| is) it going|what(?:'s| is) up|who are you"
    r"|are you (?:there|sure|real|human|a (?:bot|robot|human))|really"
)
# "Hi there", "thanks a lot, bye", "ok, thank you very much!"
_SOCIAL = re.compile(
    rf"(?:(?:{_GREETS})(?: (?:there|all|everyone|team|a lot|so much|very much|again"
    r"|for (?:that|this|your help|the help)"
    r"|doing|today|then|anyway))*(?:\s*[,.!?;:)(-]+\s*|\s+|$))+",
    re.IGNORECASE,
)
# A sum: "What is 2+2?", "12 * 4 =", no "2024 - 2025", "24/7" or "512 x 512".
_SUM = re.compile(
    r"(?P<asks>(?:what(?:'s| is)|how much is|calculate|compute|and|ok)\s+)*[\s\d.,()%]*\d\s*"
    r"(?:[+*×÷^]|(?(asks)(?<=\s)[-–−/]\s|(?!)))"
    r"[\s\d.,()%+*×÷^/–−-]*\d[\s\d.,()%]*[=?.!\s]*",
    re.IGNORECASE,
)
# What is longer says more than that.
_MOST_CHARACTERS = 80
_FEW_WORDS = "Type a few words: what you want to know, with a product, code or name where there is one."
_NO_QUESTION = "This asks nothing of the documents. Type what you want to know from them, in a few words."
_NO_SUMS = "Footnote looks up what the documents say and does no sums. Ask what they say, e.g. what a thing costs."


def unasked(text: str) -> str:
    """Return what to tell a person whose words ask nothing of documents; empty for every other text.

    A digit alone, a code and a word are looked up as ever.

    Args:
        text: As it was typed; one without any visible sign is no text at all, and none of this.
    """
    letters = [char for char in text if char.isalnum()]
    if not text.strip():
        return ""
    # One sign of Chinese is a word, one letter is none.
    if not letters or (len(letters) == 1 and letters[0].isascii() and letters[0].isalpha()):
        return _FEW_WORDS
    if len(text) > _MOST_CHARACTERS:
        return ""
    return _NO_SUMS if _SUM.fullmatch(text.strip()) else _NO_QUESTION if _is_social(text) else ""


def asks_nothing_of_documents(text: str) -> bool:
    """Tell whether words ask nothing that could be looked up, so that they lean on no conversation and carry none."""
    return bool(unasked(text))


def _is_social(text: str) -> bool:
    return bool(_SOCIAL.fullmatch(re.sub(r"[^\w\s,.!?;:)('’-]", " ", text).replace("’", "'").strip()))
