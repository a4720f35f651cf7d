"""Retell sentences of a source so that they stand alone and say what was asked: nothing is added but a name.

Each function gives ``None`` or the sentence as it was where it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis, verbs
from rag.english import is_listed

_CONNECTIVES = re.compile(
    r"^(?:However|Moreover|Furthermore|Additionally|In addition|Also|Therefore|Thus|Hence|Consequently|As a result"
    r"|For example|For instance|In fact|Indeed|Nevertheless|Nonetheless|Meanwhile|Similarly|Likewise|Finally|Lastly"
    r"|On the other hand|By contrast|In contrast|In turn|Instead|Still|Overall|Generally|Typically|Today|Now|Then"
    r"|Subsequently|Accordingly|Besides|Conversely|In particular|Specifically|Notably|Again|Of course), ",
)
_BARE_CONNECTIVES = re.compile(r"^(?:And|But|So|Yet|Thus|Hence|Therefore|Also|However) (?=[a-z])")
_PRONOUN = re.compile(r"^(?P<pronoun>He|She|It|They|This|These) (?P<verb>[a-z]+)\b")
_POSSESSIVE = re.compile(r"^(?P<pronoun>His|Her|Its|Their) (?=[a-z])")
_POINTING = re.compile(
    r"^(?:This|That|These|Those|Such|Another|Both|Here|There it|Other|Others|One of the"
    r"|The (?:latter|former|same|other))\b"
)
_POINTS_BACK = re.compile(r"^[^,]{3,60}, (?:he|she|it|they|his|her|its|their)\b")
# What stands in brackets, and clauses that add something; those with a condition stay, they bound what is said.
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]](?!\w)")
_TAIL = re.compile(
    r", (?:which|who|whose|where|whereas|while|although|though|with the result that)\b [^.;]*\.?$"
    r"|, (?:including|such as|especially|particularly|notably|making|leading|resulting|along with)\b [^.;]*\.?$"
    r"|; [^;]*$|, (?:and|but|so) (?:he|she|it|they|this|there|the|these|his|her|its|their|in)\b [^.;]*\.?$"
)
_HEAD = re.compile(
    r"^(?:In|On|At|During|By|After|Before|Since|Throughout|Within|Among|Along with|As of|From|With|Like|Unlike"
    r"|Following|Despite|Because of|Due to|Although|While|Though|Having|Being) "
    r"[^,;]{3,70}(?:, (?:1\d|20)\d\d)?, (?=[^\W\d])"
)
_INSERTED = re.compile(
    r", (?:which|who|whose|where|however|therefore|for example|also known as|along with)\b[^,;]*,(?= )"
)
_BOUND = re.compile(r"\b(?:if|unless|except|only|not|until|provided|without|never|no)\b", re.IGNORECASE)
_SOFT = re.compile(r"\b(?:if|unless|except|only|until|provided)\b", re.IGNORECASE)
_ITEM = re.compile(r"(?:^|\s)[-•–*] +(?=\S)")
_BE = frozenset("is are was were has have had can could will would may might must should does did do".split())
_MOST_MERGED, _MOST_ITEMS, _MOST_ITEM_WORDS = 32, 6, 9


def compressed(sentence: str, keep: Sequence[str]) -> str:
    """Return a sentence without what does not bear on the question: brackets, asides, and clauses at its ends.

    Args:
        sentence: As it stands.
        keep: Texts of which nothing may be lost: the answer, and the content words of the question.
    """
    told = _CONNECTIVES.sub("", sentence)
    told = _BARE_CONNECTIVES.sub("", told)
    for pattern in (_BRACKETS, _INSERTED, _TAIL, _TAIL, _HEAD):
        for match in reversed(list(pattern.finditer(told))):
            cut = match[0]
            bound = _SOFT if pattern is _TAIL and cut.startswith((", although", ", though", ", while")) else _BOUND
            if _holds(cut, keep) or (pattern is not _BRACKETS and bound.search(cut)):
                continue
            left = told[: match.start()] + ("" if pattern is not _TAIL else ".") + told[match.end() :]
            goes_on = told[match.end() :].split()[:1] if pattern is _INSERTED else ["is"]
            broken = ";" in cut and ":" in told
            broken = broken or not (goes_on[0] in _BE or goes_on[0] in verbs.PAST.values() or goes_on[0].endswith("ed"))
            broken = broken or not any(map(_is_finite, told[: match.start()].split() if pattern is _TAIL else ["is"]))
            if len(left.split()) >= 5 and not broken:
                told = left.replace("..", ".")
    return _capital(told)


def _is_finite(word: str) -> bool:
    """Tell whether a word may be the verb of a sentence."""
    return word in _BE or word in verbs.PAST.values() or (word.islower() and bool(verbs.bases(word)))


def _holds(cut: str, keep: Sequence[str]) -> bool:
    lowered, found = cut.casefold(), lexis.stems(cut)
    return any(each.casefold() in lowered or lexis.stems(each) & found for each in keep)


def standing(sentence: str, name: str, *, plural: bool | None = None) -> str | None:
    """Return a sentence that begins with a pronoun with a name in its place; one without as it is.

    Args:
        sentence: As it stands.
        name: What the pronoun stands for.
        plural: Whether the name is one of several; ``None`` where nobody knows, and then "they" is not replaced.

    Returns:
        ``None`` where what it points to is not the name for sure.
    """
    if _POINTING.match(sentence) or _POINTS_BACK.match(sentence) or re.match(r"^(?:We|I|You|Our|My|Your)\b", sentence):
        return None
    match = _PRONOUN.match(sentence)
    if match is not None:
        fits = match["pronoun"] in ("He", "She", "It") or (match["pronoun"] == "They" and plural)
        said = match["verb"] in _BE or bool(verbs.bases(match["verb"])) or match["verb"] in verbs.PAST.values()
        empty = match["pronoun"] == "It" and re.match(
            r"^It (?:is|was|has been|seems|appears|took|takes)\b.{0,60}\b(?:that|to|who)\b", sentence
        )
        if not fits or not said or empty:
            return None
        return f"{name} {sentence[match.start('verb') :]}"
    match = _POSSESSIVE.match(sentence)
    if match is not None:
        if match["pronoun"] == "Their" and not plural:
            return None
        return f"{name}{'’' if name.endswith('s') else '’s'} {sentence[match.end() :]}".replace("’", "'")
    return sentence


def merged(first: str, second: str, name: str) -> str | None:
    """Return two sentences about one thing as one, e.g. "Oslo is a city and was founded in 1040.".

    Args:
        first: Begins with the name.
        second: Begins with the name or a pronoun for it.
        name: Of the thing.
    """
    match = _PRONOUN.match(second)
    if match is not None and match["pronoun"] in ("He", "She", "It", "They"):
        rest = second[match.start("verb") :]
    elif second.startswith(f"{name} ") and second[len(name) + 1 :].split(maxsplit=1)[0] in _BE:
        rest = second[len(name) + 1 :]
    else:
        return None
    if not first.startswith(f"{name} ") or not first.endswith(".") or re.search(r"[;:]| and | but |, ", first):
        return None
    told = f"{first[:-1]} and {rest}"
    return told if len(told.split()) <= _MOST_MERGED else None


def listed(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return a list of a text as one sentence, and the lines that it is made of.

    "It is treated with: - Rest. - Water." gives "It is treated with rest and water."

    Args:
        text: A lead that ends in a colon, and items that begin with a dash.
    """
    lead, colon, rest = text.partition(":")
    items = [item.strip() for item in _ITEM.split(rest)]
    if not colon or items[:1] != [""] or not 3 <= len(items) <= _MOST_ITEMS + 1:
        return None
    items = [item.rstrip(" .;,") for item in items[1:]]
    if any(not item or len(item.split()) > _MOST_ITEM_WORDS or re.search(r"[.:;?]", item) for item in items):
        return None
    lead = re.sub(
        r",? (?:any of )?the following(?: (?:symptoms|signs|tests|treatments|things|problems))?$", "", lead.strip()
    )
    if re.search(r"\b(?:following|below|these|types|ways|steps|as follows)\b", lead) or len(lead.split()) < 3:
        return None
    if lead.split()[-1].lower() in ("the", "a", "an"):
        return None
    said = [_small(item) for item in items]
    together = f"{', '.join(said[:-1])} and {said[-1]}"
    return f"{_capital(lead.strip())} {together}.", (f"{lead.strip()}:", *(f"- {item}" for item in items))


def _small(item: str) -> str:
    """Return an item as it stands within a sentence; what begins with a name or a code stays."""
    first = item.split(maxsplit=1)[0]
    plain = first[:1].isupper() and first[1:].islower()
    return f"{item[:1].lower()}{item[1:]}" if plain and is_listed(first.lower()) else item


def _capital(text: str) -> str:
    text = re.sub(r"\s+([,.;:])", r"\1", " ".join(text.split()))
    return f"{text[:1].upper()}{text[1:]}"
