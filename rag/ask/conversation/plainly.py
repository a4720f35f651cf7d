"""Say plainly what a short turn of a conversation asks: a correction, "the same for the 6?", "and now?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.ask.conversation.another_day import asks_of_a_day
from rag.ask.conversation.leaning import Held

_SAID = r"(?:no|nope|sorry|oops|oh|wait|ok|okay|well|actually|pardon)"
_PUTS_RIGHT = re.compile(rf"(?:{_SAID}\b\s*[,.!;:–-]*\s+)+", re.IGNORECASE)
# "No, I meant the Drift", "ok then the Kestrel 4", "sorry, the Plank 8", "make that the 6 Pro".
_CORRECTS = re.compile(
    rf"(?:(?:{_SAID}\b\s*[,.!;:–-]*\s+)*"
    r"(?:(?:i|we)\s+(?:actually\s+)?(?:mean|meant|was asking|am asking)|i['’]m asking|make (?:that|it)|then)\s+"
    rf"|(?:{_SAID}\s*[,.!;:–-]+\s*)+(?=(?:about|for|on|with|the|a|an|my|our)\b))"
    r"(?:and\s+)?(?=\S)",
    re.IGNORECASE,
)
# What is put right is a thing in a few words: no question of its own.
_MOST_WORDS = 5
_TWO = 2
_ASKS = re.compile(
    r"\b(?:how|what|who|whom|whose|when|where|which|why|is|are|was|were|do|does|did|can|could|may|must|should|will"
    r"|would|has|have|it|that|this|i|you|we|they)\b",
    re.IGNORECASE,
)
# "Is it the same for the 6?", "does that apply to the Plank 8 too?", "same at Harbour?"
_SAME = re.compile(
    r"(?:(?:and|but|so|ok|okay)\s+)?(?:(?:is|are|was|does|do|would|will)\s+(?:it|that|this|they|those|these)\s+"
    r"(?:also\s+|be\s+|still\s+)*(?:the same|apply|hold|true|valid|work the same)\s+(?:too\s+|also\s+|as well\s+)?"
    r"|(?:the\s+)?same\s+)(?P<word>for|on|with|to|of|in|at)\s+(?P<thing>[^?!.,;]+?)(?:\s+(?:too|also|as well))?"
    r"\s*[?!.]*",
    re.IGNORECASE,
)
# "And then?", "what if it still doesn't work?", "tell me more": nothing is asked but what was asked before.
_GOES_ON = re.compile(
    r"(?:(?:and|but|so|ok|okay)\s*,?\s+)?(?:why(?:\s+(?:not|so|is that|that))?|how come|then(?:\s+what)?"
    r"|what\s+(?:then|next)|what(?:['’]s|\s+is)\s+next|after\s+that|(?:and|but|so)|(?:what\s+)?if\s+not|otherwise"
    r"|(?:please\s+)?(?:tell\s+me\s+more|go\s+on|explain|more(?:\s+(?:details?|information|info))?)(?:\s+please)?"
    r"|(?:what\s+)?if\s+(?:it|that|this)\s+(?:still\s+)?(?:does|do|did|is|has)(?:n['’]?t|\s+not)(?:\s+still)?\s+"
    r"(?:work(?:ed|ing)?|help(?:ed|ing)?|do it|do anything|change anything))\s*[?!.]*",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?:(?:and|but|so|ok|okay|what|how|about|is it|what is it|what's it|how is it)\s+)*"
    r"(?:now(?:adays)?|today|currently|at present|right now|these days|at the moment)\s*[?!.]*",
    re.IGNORECASE,
)
# "Thanks! And the Otter 2?", "ok and for the Otter 2?", "thanks. how do I store it?"; "right and left" is no thanks.
_POLITE = re.compile(
    r"(?:(?:ok(?:ay)?|thanks?(?: you)?|thx|cheers|alright|got it|i see)\b[\s,.!;:–-]*"
    r"|(?:great|perfect|right|cool|fine|good|yes)\s*[,.!;:–-]+\s*)+(?=(?:and|but|how|what|who|whose|when|where|which|why"
    r"|is|are|do|does|did|can|could|may|must|should|will|would)\b)",
    re.IGNORECASE,
)
# "Kestrel 4?" asks the same of it, "and 4?" does so below.
_NAME_ALONE = re.compile(
    r"(?:the\s+)?(?!(?:and|but|for|the|then|also|not|yes|about|with|over|under)\b)[^\W\d_]{3,}\s\d{1,4}(?:\s(?:pro|plus|max|mini|lite))?\s*\?",
    re.IGNORECASE,
)
# "Price of both", "which one is cheaper?", "which has more ports?"
_BOTH = re.compile(
    r"(?<!\bor\s)\b(?:both\s+of\s+them|(?:both|(?:the|those|these)\s+two|each(?:\s+of\s+them)?)(?=\s*[?!.]*$))",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"(?:(?:and|so|but)\s+)?which(?:\s+(?:one|of\s+them|of\s+the\s+two)\s+(?:is|has|was|are)"
    r"|\s+(?:is|has|was|are)(?=\s+(?:[^\W\d_]{2,}er|(?:the\s+)?(?:more|less|most|least|[^\W\d_]+est))\b))\s+[^?,]+",
    re.IGNORECASE,
)
# "And 2025?", beside no thing that is called 2024.
_YEAR = re.compile(r"(?P<opens>and|but|or|what about|how about)\s+(?P<year>(?:19|20)\d\d)\s*[?!.]*", re.IGNORECASE)
# "The 6" beside a Kestrel 4 is the Kestrel 6.
_BARE_NUMBER = re.compile(
    r"(?P<lead>\bthe|^(?:and|or|what about|how about))\s+(?P<number>\d{1,4})\b"
    r"(?=\s*(?:[?!.,]|$|(?:pro|plus|max|mini|lite)\b))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<name>[^\W\d_][\w-]*)\s+(?P<number>\d{1,4})(?:\s+(?:pro|plus|max|mini|lite))?", re.IGNORECASE
)
# "The Pro" beside it is the Kestrel 4 Pro.
_BARE_KIND = re.compile(
    r"(?:(?:and|or|what about|how about)\s+)(?:(?:for|on|with|about)\s+)?(?:the\s+)?"
    r"(?P<kind>pro|plus|max|mini|lite)\s*[?!.]*",
    re.IGNORECASE,
)
# "And for the other one?", "what about the other?"
_OTHER = re.compile(
    r"(?P<opens>and|but|or|what about|how about)\s+(?P<word>(?:for|on|of|with|about)\s+)?the other(?:\s+one)?\s*[?!.]*",
    re.IGNORECASE,
)


def plainly(text: str, thing: Callable[[], str], held: Held = tuple) -> str:
    """Return a turn of a conversation as "and …?" where it corrects the one before or asks the same of another thing.

    Args:
        text: As it was typed; whatever else it is, it stays.
        thing: Gives what was spoken of last; "the 6" is of its kind where it has a number too, and so is "the Pro".
        held: Tells which of several names the documents hold.
    """
    if polite := _POLITE.match(text):
        text = text[polite.end() :]
    if same := _SAME.fullmatch(text.strip()):
        word = "for" if same["word"].casefold() == "to" else same["word"]
        # "For Sundays" is on Sundays.
        turn = f"and {same['thing']}?"
        return turn if asks_of_a_day(turn) else _numbered(f"and {word} {same['thing']}?", thing, held)
    corrects = _CORRECTS.match(text)
    rest = text[corrects.end() :] if corrects else ""
    if rest and len(rest.split()) <= _MOST_WORDS and not _ASKS.search(rest):
        text = f"and {rest}"
    elif (said := _PUTS_RIGHT.match(text)) and _says_when(turn := f"and {text[said.end() :].rstrip(' ?!.')}?"):
        text = turn
    text = _numbered(text, thing, held)
    return f"and {text}" if _NAME_ALONE.fullmatch(text.strip()) else text


def _says_when(turn: str) -> bool:
    return asks_of_a_day(turn) or _YEAR.fullmatch(turn) is not None


def goes_on(text: str) -> bool:
    """Tell whether a turn asks nothing but what was asked before: "why?", "and then?", "tell me more"."""
    return _GOES_ON.fullmatch(text.strip()) is not None


def of_the_other(text: str, other: str) -> str:
    """Return a turn that only means the other of two things, "and the other one?", with its name; any other as it is.

    Args:
        text: As it was typed.
        other: The thing that was spoken of before the last; empty where there is none.
    """
    found = _OTHER.fullmatch(text.strip())
    return f"{found['opens']} {found['word'] or ''}{other}?" if found and other else text


def asks_of_now(text: str) -> bool:
    """Tell whether a turn only asks how it is today: "and now?"."""
    return _NOW.fullmatch(text.strip()) is not None


def asked_of_both(text: str, things: Sequence[str]) -> str:
    """Return a question that means two things with both of them in it; empty for every other.

    Args:
        text: As it was typed.
        things: What was spoken of last.
    """
    if len(things) != _TWO:
        return ""
    one, other = things
    if _BOTH.search(text):
        return _BOTH.sub(lambda _: f"{one} and {other}", text)
    which = _WHICH.match(text)
    return f"{which[0].strip()}, {one} or {other}?" if which and not text[which.end() :].strip(" ?!.") else ""


def _numbered(text: str, thing: Callable[[], str], held: Held) -> str:
    """Return a turn with the whole name of what it calls "the 6" or "the Pro", and of "2025" as a year."""
    year, kind = _YEAR.fullmatch(text.strip()), _BARE_KIND.fullmatch(text.strip())
    if not (year or kind or _BARE_NUMBER.search(text)):
        return text
    of = _NUMBERED.fullmatch(thing())
    if year and not (of and len(of["number"]) == len(year["year"])):
        return f"{year['opens']} in {year['year']}?"
    if of is None:
        return text
    if kind:
        named = [f"{of['name']} {of['number']} {kind['kind']}", f"{of['name']} {kind['kind']}"]
        known = held(named)
        name = next((each for each in named if each in known), "")
        return f"and the {name}?" if name else text
    return _BARE_NUMBER.sub(lambda match: f"{match['lead']} {of['name']} {match['number']}", text)
