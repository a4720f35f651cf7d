"""What a conversation is about: the names, or else the words, that the questions so far gave it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from rag import lexis
from rag.ask.conversation.another_day import asks_of_a_day
from rag.ask.conversation.leaning import Together, asks_of_what_was_named, content, is_apart, leans
from rag.ask.conversation.plainly import asks_of_now
from rag.dates import dates
from rag.english import is_english

THING = r"(?:the|an?|our|my|your)(?:\s+[^\W\d_][\w-]*){1,3}?"
"""A thing without a name, "the garden room": an article and up to three words."""

# "And the garden room?" asks of another one; "the other one" says of none.
_AND_A_THING = re.compile(rf"(?:and|but|or|what about|how about)\s+(?P<thing>{THING})\s*[?.!]*", re.IGNORECASE)
_SAYS_NONE = lexis.STOP_WORDS | {"one", "ones", "rest", "same"}
# Where something is, happens or goes to, without an article: no "it" means that. "In Homeline 300" is no place.
_PLACED = re.compile(r"\b(?:at|in|inside|within|across|outside|outside of|throughout|near|to|from)\s+$", re.IGNORECASE)
_AT = re.compile(r"\bat\s+$", re.IGNORECASE)
# "homeline 1000" as people type it, no "before I turn 18".
_TYPED = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )\b[^\W\d_]{3,} \d+(?: (?:pro|plus|max|mini|lite))?\b", re.IGNORECASE
)
# "Kestrel 6 vs 6 Pro": the kind of a thing is no thing.
_KINDS = frozenset(("pro", "plus", "max", "mini", "lite"))
# "I'm", "That's great": capitals that name nothing.
_SPOKEN = re.compile(r"(?:i|you|we|they|he|she|it|that|there|what|who|how|let)['’](?:m|ve|ll|d|s|re)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?", re.IGNORECASE)
# Of a question that asked on about the same subject, so many words come along at most.
_MOST_LATER = 3
# What is said of "it" is no subject: "how long does it take?", "who do I send it to?", "how long does a new one last?"
_SAID_OF_IT = re.compile(
    r"(?:\b[^\W\d_]+\s+)?\b(?:it|they|them|he|she|him)\b(?:\s+(?:also|still|be|to|have|need|get)\b)*(?:\s+[^\W\d_]+\b)?"
    r"(?:\s+(?:back|again|up|down|on|off|out|in|away)\b)?"
    r"|(?<=\bone\s)[^\W\d_]+\b|(?:(?<=\bdoes\s)|(?<=\bis\s))that\s+[^\W\d_]+",
    re.IGNORECASE,
)


def topic(
    history: Sequence[str], together: Together = lambda _: False, *, worded: Callable[[str], bool] = lambda _: False
) -> list[str]:
    """Return what a conversation is about.

    That is whatever the latest question with a subject names, places only where nothing else was named, and the words
    of the latest shorter one after it, which asked on ("minimum term?"). Where nothing was named, it is the words of
    the latest question that leans on none before it. A day is a subject, but says little without the words around it,
    and so does a place.

    Args:
        history: The questions so far, oldest first.
        together: Tells whether some passage holds all of some words: a question with words that stand together, and
            nowhere beside what was spoken of, begins another topic.
        worded: Tells whether the words of a question with a subject come along.
    """
    history = [turn for turn in history if not (asks_of_now(turn) or asks_of_a_day(turn))] or history
    latest = (_latest(history, partial(_asked_of, named)) for named in (things, subjects))
    place = next((place for place in latest if place is not None), None)
    named = place is not None
    if place is None:
        place = next((n for n, turn in enumerate(history) if content(turn)), len(history) - 1)
    about = _about(history[place])
    for n, turn in enumerate(history[place + 1 :], place + 1):
        named_here = subjects(turn)
        if named_here or (named and leans(turn)):
            # "When is the shop at Harbour open?" is asked of no thing of before.
            begins = bool(named_here) and not (things(turn) or leans(turn))
        else:
            begins = (not named and not leans(turn)) or is_apart(turn, about, together)
            named = named and not begins
        if begins:
            place, about = n, _about(turn)
    if worded(history[place]):
        about = _in_order(history[place], subjects(history[place]))
    later = [content(_SAID_OF_IT.sub(" ", turn)) for turn in history[place + 1 :] if not subjects(turn)]
    said = set(lexis.words(" ".join(about)))
    asked_on = [term for term in later[-1] if term not in said] if later and len(later[-1]) <= _MOST_LATER else []
    return list(dict.fromkeys((*about, *asked_on)))


def _about(text: str) -> list[str]:
    named = [part for part in things(text) if not dates(part) and not _is_month(part)]
    return named or _in_order(text, subjects(text))


def _asked_of(named: Callable[[str], list[str]], text: str) -> list[str]:
    """Return what a question names and is asked of; one that names it beside "it" is asked of that."""
    return [] if asks_of_what_was_named(text, subjects(text)) else named(text)


def _latest(history: Sequence[str], named: Callable[[str], list[str]]) -> int | None:
    return next((n for n in range(len(history) - 1, -1, -1) if named(history[n])), None)


def unnamed(text: str) -> str:
    """Return the thing without a name that a turn only mentions, "and the garden room?"; empty for every other."""
    found = _AND_A_THING.fullmatch(text.strip())
    if found is None or subjects(text) or _SAYS_NONE & set(found["thing"].casefold().split()[1:]):
        return ""
    return found["thing"]


def things(text: str) -> list[str]:
    """Return what a text names and "it" can mean: its subjects but for those that only say where."""
    return [name for name in subjects(text) if not is_place(name, text)]


def is_place(name: str, text: str) -> bool:
    """Tell whether a name only says where or whereto: "in Ireland"; a name with a digit is a product or a code."""
    if any(map(str.isdigit, name)):
        return False
    return bool(_PLACED.search(text[: text.find(name)]))


def is_site(name: str, text: str) -> bool:
    """Tell whether a name stands behind "at": a house of several, of which each may have a document of its own."""
    return is_place(name, text) and bool(_AT.search(text[: text.find(name)]))


def _in_order(text: str, named: Sequence[str]) -> list[str]:
    """Return the content words of a text and what it names, words of a name left out."""
    inside = {word for name in named for word in lexis.words(name)}
    return [*(term for term in content(text) if term not in inside), *named]


def _is_month(text: str) -> bool:
    return bool(dates(f"1 {text} 2000"))


def named_last(history: Sequence[str]) -> list[str]:
    """Return the things that the latest question with one names; one alone with that of the question before."""
    latest = next(filter(None, map(things, reversed(history))), [])
    before = named_before_last(history)
    return [before, *latest] if before else latest


def named_before_last(history: Sequence[str]) -> str:
    """Return the only thing that the question before the latest with a thing names, where that names another alone."""
    named = dict.fromkeys(tuple(things(turn)) for turn in reversed(history))
    latest, before, *_ = (*filter(None, named), (), ())
    return before[0] if len(latest) == len(before) == 1 else ""


def names_anew(text: str, spoken: Sequence[str]) -> tuple[str, ...]:
    """Return what a question names and nothing of what was said before does."""
    spoken_of = lexis.stems(" ".join(spoken))
    return () if asks_of_a_day(text) else tuple(name for name in subjects(text) if not lexis.stems(name) <= spoken_of)


def subjects(text: str) -> list[str]:
    """Return names and codes, a part of a longer one left out."""
    named = (*lexis.codes(text), *(_whole(name, text) for name in lexis.names(text)))
    # "How do I reset a kestrel 4": "I" is no name.
    kept = [part for part in dict.fromkeys(named) if _names(part)]
    kept = kept or [part for part in dict.fromkeys(_TYPED.findall(text)) if _names(part.split()[0])]
    return [part for part in kept if not any(part != other and part in other for other in kept)]


def _names(part: str) -> bool:
    is_word = part.casefold() in lexis.STOP_WORDS | _KINDS or _WEEKDAY.fullmatch(part)
    return not (is_word or _SPOKEN.match(part))


def _whole(name: str, text: str) -> str:
    """Return a name with the noun that it needs: "Radio" is a word like others, "Radio team" is a name."""
    after = re.search(rf"{re.escape(name)} ([^\W\d_]+)", text)
    if " " in name or after is None or not is_english(name.casefold()):
        return name
    return name if lexis.STOP_WORDS & {name.casefold(), after[1].casefold()} else after[0]
