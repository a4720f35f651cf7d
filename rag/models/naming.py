"""Put a name where a sentence begins with a pronoun, so that it can be understood without the sentence before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis
from rag.models.shortening import is_finite

_PRONOUN = re.compile(r"^(?P<pronoun>He|She|It|They|This|These) (?P<verb>[a-z]+)\b")
_POSSESSIVE = re.compile(r"^(?P<pronoun>His|Her|Its|Their) (?=[a-z])")
_POINTING = re.compile(
    r"^(?:This|That|These|Those|Such|Another|Both|Here|There it|Other|Others|One of the"
    r"|The (?:latter|former|same|other)|(?:During|In|At|After|Before|For|By|From|With) (?:this|that|these|those|such)"
    r"|Soon after|Later on|One being)\b"
)
_POINTS_BACK = re.compile(r"^[^,]{3,60}, (?:he|she|it|they|his|her|its|their)\b")
_EMPTY_IT = re.compile(r"^It (?:is|was|has been|seems|appears|took|takes)\b.{0,60}\b(?:that|to|who)\b")
_SINGULAR = re.compile(r"^(?:He|She|It|His|Her|Its)\b")
_PERSONS = ("He ", "She ", "His ", "Her ")
# Sentences before one in which a name that the question gives may stand, and how far a name may be from its beginning.
_BEFORE, _NEAR_BEGINNING = 2, 30


def leans(sentence: str) -> bool:
    """Tell whether a sentence begins with a word that only the sentence before it explains."""
    return bool(_POINTING.match(sentence) or re.match(r"^(?:He|She|It|They|His|Her|Its|Their)\b", sentence)) and not (
        _EMPTY_IT.match(sentence)
    )


def standing(sentence: str, name: str) -> str:
    """Return a sentence with a name for the pronoun that opens it; as it is where that would not be sure.

    Args:
        sentence: As it stands, or shortened.
        name: What the pronoun stands for; empty where nobody knows.
    """
    if not name or _EMPTY_IT.match(sentence) or _POINTS_BACK.match(sentence):
        return sentence
    match = _PRONOUN.match(sentence)
    if match is not None and match["pronoun"] in ("He", "She", "It"):
        return f"{name} {sentence[match.start('verb') :]}" if is_finite(match["verb"]) else sentence
    match = _POSSESSIVE.match(sentence)
    if match is not None and match["pronoun"] != "Their":
        return f"{name}{chr(39) if name.endswith('s') else chr(39) + 's'} {sentence[match.end() :]}"
    return sentence


def meant(question: str, title: str, sentences: Sequence[str], place: int) -> str:
    """Return what the pronoun that opens a sentence stands for; empty where that is not sure.

    It is what the text is about, where the sentences before it begin with that; else the one name of the question that
    the sentence lacks: who asked put a name in the place of the pronoun.

    Args:
        question: Its words.
        title: Of the text.
        sentences: Those of the text that are known, in their order.
        place: Of the sentence among them.
    """
    sentence = sentences[place]
    if not _SINGULAR.match(sentence):
        return ""
    text = " ".join(sentences)
    about = re.sub(r"\s*\([^)]*\)$", "", title).strip()
    if lexis.stems(about) & lexis.stems(question) and _is_name(about, text) and _is_about(about, sentences, place):
        return about
    names = [name.removesuffix("'s") for name in lexis.names(question)]
    if about and about.casefold() in question.casefold():
        names.append(about)
    own = set(lexis.words(sentence))
    lacking = {name for name in names if _is_name(name, text) and not set(lexis.words(name)) & own}
    before = " ".join((title, *sentences[max(0, place - _BEFORE) : place]))
    known = [name for name in lacking if name in before]
    return known[0] if len(lacking) == 1 and known else ""


def _is_about(name: str, sentences: Sequence[str], place: int) -> bool:
    """Tell whether the last sentence before a place that begins with no pronoun begins with a name."""
    person = sentences[place].startswith(_PERSONS)
    for text in reversed(sentences[:place]):
        if _begins_with(text, name):
            own = set(lexis.words(name))
            another = any(not own & set(lexis.words(other)) for other in lexis.names(text))
            return not (another and person)
        if not _SINGULAR.match(text):
            return False
    return False


def _is_name(name: str, text: str) -> bool:
    """Tell whether a title is a name: a word that its text writes small can be said of many things."""
    words = name.split()
    written = bool(words) and all(not word[:1].islower() or word in lexis.STOP_WORDS for word in words)
    common = len(words) == 1 and (name.isupper() or re.search(rf"\b{re.escape(name.lower())}", text) is not None)
    return "%" not in name and written and not common


def _begins_with(sentence: str, name: str) -> bool:
    begin = sentence[: len(name) + _NEAR_BEGINNING].casefold()
    words = lexis.words(name)
    return bool(words) and (name.casefold() in begin or (len(words) > 1 and words[-1] in lexis.words(begin)[:3]))
