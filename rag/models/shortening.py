"""Shorten a sentence by what it can do without, so that it stays a sentence and none of its conditions is lost.

What may go is told by form: brackets, asides between commas, clauses at its ends. Whether it goes is told by how much
each word is worth. Nothing is added, and words keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag import verbs

Worth = Callable[[int, int], float]
"""How much a span of characters is worth, 0..1."""

_CONNECTIVES = re.compile(
    r"^(?:However|Moreover|Furthermore|Additionally|In addition|Also|Therefore|Thus|Hence|Consequently|As a result"
    r"|For example|For instance|In fact|Indeed|Nevertheless|Nonetheless|Meanwhile|Similarly|Likewise|Finally|Lastly"
    r"|On the other hand|By contrast|In contrast|In turn|Instead|Still|Overall"
    r"|Subsequently|Accordingly|Besides|Conversely|In particular|Specifically|Notably|Again|Of course) ?, "
    r"|^(?:And|But|So|Yet|Thus|Hence|Therefore|Also|However) (?=[a-z])",
)
# What stands in brackets, and clauses that add something; those with a condition stay, they bound what is said.
_BRACKETS = re.compile(r" ?[(\[][^()\[\]]*[)\]](?!\w)")
_INSERTED = re.compile(
    r" ?, (?:which|who|whose|where|however|therefore|for example|also known as|along with)\b[^,;]*,(?= )"
)
_TAIL = re.compile(
    r" ?, (?:which|who|whose|where|whereas|while|although|though|with the result that)\b [^.;]*(?=\.?$)"
    r"| ?, (?:including|such as|especially|particularly|notably|making|leading|resulting|along with)\b [^.;]*(?=\.?$)"
    r"| ?, (?:and|but|so) (?:he|she|it|they|this|there) [^.;]*(?=\.?$)"
    r"| ?; [^;]*?(?=\.?$)"
)
# When and where something holds stays: it bounds what is said.
_HEAD = re.compile(r"^(?:Like|Unlike|Despite|Although|While|Though) [^,;]{3,70} ?, (?=[^\W\d_])")
_BOUND = re.compile(r"\b(?:if|unless|except|only|not|until|provided|without|never|no)\b", re.IGNORECASE)
_SOFT = re.compile(r"\b(?:if|unless|except|only|until|provided)\b", re.IGNORECASE)
_CONCEDES = re.compile(r" ?, (?:although|though|while)\b")
_BE = frozenset("is are was were has have had can could will would may might must should does did do".split())
_LEAST_WORDS = 5
_SPOKEN = re.compile(r"\bpronounced\b|[ˈˌːəɪʊɛɔʃʒθðɑŋ]")
_SPOKEN_WORTH, _NUMBER_SHARE = 0.7, 0.6


def shortened(sentence: str, worth: Worth, *, least: float) -> str:
    """Return a sentence without the parts that are worth little.

    Args:
        sentence: As it stands.
        worth: Of a part of it.
        least: What a part must be worth to stay.
    """
    left = list(range(len(sentence)))
    if opening := _CONNECTIVES.match(sentence):
        left = left[opening.end() :]
    # Brackets stand in brackets, and a tail behind a tail.
    for pattern in (_BRACKETS, _BRACKETS, _INSERTED, _TAIL, _TAIL, _HEAD):
        text = "".join(sentence[n] for n in left)
        for match in reversed(list(pattern.finditer(text))):
            start, end = match.span()
            if end == start or not _may_go(pattern, text, start, end):
                continue
            wanted = _wanted(text[start:end], least) if pattern is _BRACKETS else least
            if worth(left[start], left[end - 1] + 1) < wanted:
                left = left[:start] + left[end:]
                text = text[:start] + text[end:]
    text = "".join(sentence[n] for n in left).strip()
    return f"{text[:1].upper()}{text[1:]}"


def _wanted(cut: str, least: float) -> float:
    """Return what a part in brackets must be worth to stay: how a word is spoken more, a number less than others."""
    if _SPOKEN.search(cut):
        return max(least, _SPOKEN_WORTH)
    return least * _NUMBER_SHARE if re.search(r"\d", cut) else least


def _may_go(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Tell whether a sentence stays one, and as true, without a part of it."""
    cut = text[start:end]
    bound = _SOFT if _CONCEDES.match(cut) else _BOUND
    if pattern is not _BRACKETS and bound.search(cut):
        return False
    if len((text[:start] + text[end:]).split()) < _LEAST_WORDS or (";" in cut and ":" in text):
        return False
    if pattern is _INSERTED:
        goes_on = text[end:].split()[:1]
        return bool(goes_on) and (goes_on[0] in _BE or goes_on[0] in verbs.PAST.values() or goes_on[0].endswith("ed"))
    return pattern is not _TAIL or any(map(is_finite, text[:start].split()))


def is_finite(word: str) -> bool:
    """Tell whether a word may be the verb of a sentence."""
    return word in _BE or word in verbs.PAST.values() or (word.islower() and bool(verbs.bases(word)))
