"""Tell whether a question leans on the conversation: whether it points at what was said, or says too little alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from rag import lexis

FEW_TERMS = 3
"""With fewer terms of its own a question points back without saying so."""

Held = Callable[[Sequence[str]], Collection[str]]
Headed = Callable[[Sequence[str]], Collection[tuple[str, ...]]]
"""Gives the titles, each with the headings below it, that hold all of some words."""
Together = Callable[[Sequence[str]], bool]
"""Tells whether some passage holds all of some words."""

OPENS = re.compile(r"(?:and|but|also|so|then|what about|how about|or)\b", re.IGNORECASE)
PREPOSITIONS = "about|after|at|before|between|by|for|from|in|of|on|over|to|under|via|with|within|without"
# "And on the power adapter?": a preposition and a few words behind it, which ask nothing themselves.
_SAME_ASKED = re.compile(
    rf"(?:(?P<opens>and|but|also|so|then|or|what about|how about)\s+)?(?P<phrase>(?P<word>{PREPOSITIONS})(?:\s+"
    r"(?!(?:how|what|who|whom|whose|when|where|which|why)\b)[^\s?!.,;]+){1,4})\s*(?P<asks>\?)?",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"^(?:and|but|also|so|then|what about|how about|ok)\b|"
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|one|ones|same|instead)\b|"
    # "Is there a fee?" points at no place.
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b",
    re.IGNORECASE,
)
# "Does it have a USB port?", "how do I connect it to the Otter 2?" ask of what was spoken of.
_VERBS = r"(?:is|are|was|were|do|does|did|has|have|can|could|will|would|must|may|should)"
_OF_IT = re.compile(
    rf"\W*(?i:(?:(?:and|but|so|also|ok|okay)\s+)*(?=(?:how|what|who|whom|whose|when|where|which|why|{_VERBS})\b))"
    r"(?:(?!\b(?:if|and|but|because|since|while|after|before)\b)[^,;.?!])*?"
    rf"\b(?:it|they|them|(?i:{_VERBS})(?:n['’]t)?\s+(?:that|this|these|those)(?=\s+[a-z]))\b"
)
# "Is it possible to …", "how long does it take to …", "does it matter if …" speak of what follows.
_EXPLETIVE = re.compile(
    r"\b[Ii]t\s+(?:[a-z]+\s+){0,3}?(?:to\s+(?!(?:the|an?|my|our|your)\b)[a-z]|that\b|if\b|whether\b|when\b)"
)
# "Does that include VAT?", "and if I register it?" ask of all that was asked before.
_OF_WHAT_WAS_ASKED = re.compile(
    rf"\b{_VERBS}(?:n['’]t)?\s+that\s+[a-z]|^(?:and|but|so)\s+(?:(?:what\s+)?if|when\s+(?:it|they|i|we|you|he|she))\b",
    re.IGNORECASE,
)
# "How much is that?", "who do I call?" ask of what is done, where that was asked of, and "how much is it?" of a thing.
_OF_WHAT_IS_DONE = re.compile(
    rf"\b{_VERBS}(?:n['’]t)?\s+(?:that|this)\s*[?!.]*$|\bdo(?:ing)?\s+(?:that|this|it)\b"
    r"|^(?:(?:and|but|so|ok|okay)\s+)?(?:who|whom|where|when|what|(?:which|how)\s+\w+(?:\s+\w+)?)\s+"
    r"(?:do|can|must|should|may)\s+(?:i|we|you|they)\b|^(?:(?:and|but|so|ok|okay)\s+)?do\s+(?:i|we|you|they)\s+(?:need|have)\b",
    re.IGNORECASE,
)
# Where a question says what somebody does: "how do I reset it", "can we return it".
_ACTS = re.compile(
    r"\b(?:do|can|could|should|must|may|shall)\s+(?:i|we|you|they|one|customers?|members?|guests?|visitors?)\b|\bhow\s+to\b",
    re.IGNORECASE,
)
# "How many days does one get?" means anybody; "how much does one cost?" one of what was spoken of.
_ANYBODY = re.compile(
    r"\b(can|could|did|do|does|if|may|might|must|shall|should|when|will|would) one\b"
    r"(?! (?:costs?|comes?|expires?|fails?|fits?|holds?|lasts?|looks?|measures?|runs?|sells?|weighs?|works?)\b)",
    re.IGNORECASE,
)
# Where another clause of a question begins, and how many terms before it name what that speaks of.
_CLAUSES = re.compile(r"[,;.]\s|\b(?:if|when|because|since|while|after|although|unless|and|but|so)\b", re.IGNORECASE)
_NAMES_ENOUGH = 2
# Words that ask for a number, or stand for something, and name nothing.
_ASKING = frozenset("many much long often far old big large high fast quickly one ones same instead anything".split())
# "Where do visitors park?" asks of somebody; "how long is the warranty?" and "minimum term?" leave out of what.
_WHOLE = re.compile(
    r"(?:(?:where|when|how|why|what|who|which)\b.{0,24}?\b)?(?:do|does|did|can|could|may|must|should|will|would|is|are)\s+"
    r"(?!(?:the|there|an?|it|i|we|you)\b)[^\W\d_]+\s+(?:\w+\s+)?[^\W\d_]+\s*\?*$",
    re.IGNORECASE,
)
# "Roos is off, who do I go to instead?" names whom it is about, however that is typed.
_AWAY = re.compile(
    r"(?!(?:he|she|it|they|who|what|this|that|there)\b)[^\W\d_]+(?:\s[^\W\d_]+)?\s(?:is|was)\s"
    r"(?:off|out|away|ill|sick|on (?:leave|holiday|vacation))\b",
    re.IGNORECASE,
)
# "What do I need to hire a tool?" says what somebody does.
_DOES = re.compile(
    r"\W*(?:(?:how|what|where|when|why|which(?:\s\w+)?)\s+)?(?:do|can|could|should|must|may|shall)\s+"
    r"(?:i|we|you|they|one|customers?|members?|guests?|visitors?)\b",
    re.IGNORECASE,
)

# "What do I do when I am ill?" says of whom it asks, in however few words.
_HAPPENS = re.compile(
    r"\W*what\s+(?:do|can|should|must|shall)\s+(?:i|we|you|they)\s+do\s+(?:when|if|once)\s+(?:i|we|you|they|some(?:one|body))\b",
    re.IGNORECASE,
)
# "What are the seven courtesies?" asks for what is called so.
_CALLED = re.compile(r"\W*(?:what|which|who)(?:['’]s|\s+(?:is|are|was|were))\s+(?:the|our|your)\s", re.IGNORECASE)


def points_back(text: str) -> bool:
    """Tell whether a question points at what was spoken of before, and not at what a clause of its own names first."""
    text = _ANYBODY.sub(r"\1 you", text)
    found = _POINTS_BACK.search(text)
    if found is None or not found.start():
        return found is not None
    clauses = [*_CLAUSES.finditer(text, 0, found.start())]
    return not clauses or len(content(text[: clauses[-1].start()])) < _NAMES_ENOUGH


def asks_of_what_was_named(text: str, named: Sequence[str]) -> bool:
    """Tell whether a question with a name asks it of what was spoken of, since "it" stands before the name."""
    first = min((text.find(name) for name in named), default=-1)
    found = _OF_IT.match(text[:first]) if first > 0 else None
    return found is not None and not _EXPLETIVE.search(text[:first])


def asks_of_its_words(text: str, before: str) -> bool:
    """Tell whether a turn asks of what a question before it says of a thing, and not of the thing alone.

    "How long does that take?" behind "How do I clean the Marbella?" asks of the cleaning.
    """
    if _OF_WHAT_WAS_ASKED.search(text.strip()):
        return True
    return bool(_OF_WHAT_IS_DONE.search(text.strip()) and _ACTS.search(before))


def stands_alone(text: str, own: Sequence[str], about: Sequence[str], held: Held, together: Together) -> bool:
    """Tell whether a question is whole: it asks something of two things that the documents know, and points at none.

    So is one that says who is away, and none that some passage is about together with what was spoken of.
    """
    return _AWAY.match(text) is not None or (
        _WHOLE.match(text) is not None
        and not points_back(text)
        and len(own) == FEW_TERMS - 1
        and set(own) <= set(held(own))
        and not (about and together([*own, *about]))
    )


def is_headed_elsewhere(
    text: str, own: Sequence[str], about: Sequence[str], headed: Headed, together: Together
) -> bool:
    """Tell whether a question asks how something is done that a heading is about and the conversation is not.

    So does one for what a single heading is called, and no passage that speaks of what was spoken of.

    Args:
        text: The question.
        own: Its terms.
        about: What was spoken of.
        headed: Gives the titles with headings that hold all of the terms.
        together: Tells whether some passage holds all of some words.
    """
    if points_back(text) or (len(own) < FEW_TERMS - 1 and not _HAPPENS.match(text)):
        return False
    does, called = _DOES.match(text), _CALLED.match(text)
    paths = headed(own) if does or called else ()
    if len(own) < FEW_TERMS - 1:
        paths = [path for path in paths if _is_called(own, path)]
    spoken_of = lexis.stems(" ".join(about))
    if not paths or any(spoken_of & lexis.stems(" ".join(path)) for path in paths):
        return False
    return bool(does) or (len(paths) == 1 and _is_called(own, *paths) and is_apart(text, about, together))


def _is_called(own: Sequence[str], path: Sequence[str]) -> bool:
    """Tell whether a heading says these words and no others; below "Kestrel 4" it is said of that."""
    *above, heading = path
    is_of_a_thing = any(char.isdigit() for title in above for char in title)
    return not is_of_a_thing and [*map(lexis.stem, lexis.terms(lexis.unnumbered(heading)))] == [*map(lexis.stem, own)]


def same_asked(text: str) -> re.Match[str] | None:
    """Return a phrase that asks what was asked before; one that says neither "and" nor ends in "?" may be a heading."""
    found = _SAME_ASKED.fullmatch(text.strip())
    return found if found and (found["opens"] or found["asks"]) else None


def leans(text: str) -> bool:
    """Tell whether a question without a subject of its own leaves out what it is about."""
    return bool(OPENS.match(text) or same_asked(text) or points_back(text) or len(content(text)) < FEW_TERMS)


def is_apart(text: str, about: Sequence[str], together: Together) -> bool:
    """Tell whether the words of a question stand together in the documents, and nowhere beside what was spoken of.

    Args:
        text: The question; one that points back, or says a single word of weight, is not told apart.
        about: What was spoken of.
        together: Tells whether some passage holds all of some words.
    """
    own = content(text)
    if len(own) < FEW_TERMS - 1 or OPENS.match(text) or points_back(text):
        return False
    return together(own) and not any(together([*own, part]) for part in about)


def content(text: str) -> list[str]:
    """Return the terms of a text that name something."""
    return [term for term in lexis.terms(text) if term not in _ASKING]
