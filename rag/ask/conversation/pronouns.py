"""Which name out of an earlier answer a question means by "her" or "it"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag import lexis
from rag.ask.conversation.earlier import Said
from rag.english import is_english
from rag.types import Carried

_PERSON = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|its|that one|this one|that|this|there)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"\bwho(?:se|m)?\b", re.IGNORECASE)
# "What about my desk?", "what if I cancel?" and "what does a loan robot cost?" ask for nothing that has a name.
_ASKS_WHICH = re.compile(
    r"^(?:and |but |so |ok |okay )?(?:which|what(?! (?:about|if|happens|else|time|do|does|did|can|could|may|must|should"
    r"|will|would)\b))\b",
    re.IGNORECASE,
)
# A person has a given name and at most so many more.
_LEAST_WORDS, _MOST_WORDS = 2, 4
# Longer words of an answer are a sentence rather than a name.
_MOST_CHARACTERS = 60
# "Must live in the United Kingdom": where somebody is, is nobody.
_WHERE = re.compile(r"\b(?:in|at|near|across|within|outside)\s+(?:the\s+)?$", re.IGNORECASE)
# Jean-Luc, O'Brien, J.
_SIGNS = re.compile(r"[-'’.]")


def meant(text: str, history: Sequence[str], said: Sequence[Said]) -> tuple[Carried, ...]:
    """Return the name that a question points back to, where an earlier answer gave it.

    "What is her number?" means the latest person that an answer named. "How loud is it?" means a thing that was
    *asked for*: after "Which router has Wi-Fi 7?" that is what the answer named; after "What does the Plank 8 cost?"
    it is the Plank 8, which the question named itself.

    Args:
        text: The question.
        history: Earlier questions, oldest first.
        said: What earlier answers said, as it stands in live documents, newest first.

    Returns:
        At most one, with the span that it stands in.
    """
    if _PERSON.search(text):
        found = (each for spoken in said for each in _people(spoken, asked_who=_asked(history, _ASKS_WHO)))
    elif _THING.search(text) and history and _ASKS_WHICH.search(history[-1]) and not lexis.names(history[-1]):
        found = (each for spoken in said[:1] for each in _things(spoken))
    else:
        return ()
    first = next(found, None)
    return (first,) if first else ()


def _asked(history: Sequence[str], kind: re.Pattern[str]) -> bool:
    return any(kind.search(turn) for turn in history)


def _people(said: Said, *, asked_who: bool) -> Iterator[Carried]:
    """Yield names of people: several capitalized words, not all of them English unless somebody was asked for."""
    found: list[tuple[bool, Carried]] = []
    for name, start in _names(said):
        words = name.split()
        usual = all(is_english(word.casefold()) for word in words)
        are_words = all(_SIGNS.sub("", word).isalpha() for word in words)
        somewhere = _WHERE.search(said.text[:start])
        if _LEAST_WORDS <= len(words) <= _MOST_WORDS and are_words and (asked_who or not usual) and not somewhere:
            found.append((usual or any(word.islower() for word in words), _carried(said, name, start)))
    # "Ask the Returns Desk or Mara Lindqvist": a name of no English words is rather a person's.
    yield from (carried for _, carried in sorted(found, key=lambda each: each[0]))


def _things(said: Said) -> Iterator[Carried]:
    """Yield the words that answered, where they are a name and not a sentence."""
    if len(said.text) <= _MOST_CHARACTERS:
        for name, start in _names(said):
            yield _carried(said, name, start)


def _names(said: Said) -> Iterator[tuple[str, int]]:
    """Yield the names of a text and where they begin, also one that it begins with."""
    # Behind a colon the first word stands inside a sentence.
    before = ": "
    whole = before + said.text
    for name in lexis.names(whole):
        kept = name if name.split()[0].casefold() not in lexis.STOP_WORDS else name.partition(" ")[2]
        if kept:
            yield kept, whole.index(kept) - len(before)


def _carried(said: Said, name: str, start: int) -> Carried:
    begin = said.ground.start + start
    return Carried(name, said.document_id, said.ground.chunk_id, begin, begin + len(name))
