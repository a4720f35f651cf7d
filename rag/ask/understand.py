"""Read a question: what kind it is, what must be matched to the letter, and what it leaves to the conversation."""

from __future__ import annotations

import re
import unicodedata

from rag import lexis
from rag.errors import InputError
from rag.protocols import Embedder
from rag.types import Query, Question

_OPENS = re.compile(r"(?:and|but|also|so|then|what about|how about|or)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:and|but|also|so|then|what about|how about|ok)\b|"
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|one|ones|same|instead|there)\b",
    re.IGNORECASE,
)
# So many terms of its own beside a name still leave a question open; with fewer, one points back without saying so.
_FEW_WORDS, _FEW_TERMS = 1, 3


def understand(question: Question, embedder: Embedder, *, max_characters: int) -> Query:
    """Return the query that a question asks.

    Args:
        question: The person's words and the conversation before them.
        embedder: Gives the query vector.
        max_characters: Longest question.

    Raises:
        InputError: The question is empty, holds no letter or digit, or is too long.
    """
    original = clean(question.text, max_characters=max_characters)
    text = _standalone(original, [clean_history for turn in question.history if (clean_history := _tidy(turn))])
    codes = lexis.codes(text)
    terms = lexis.terms(text)
    alone = len(original.split()) == 1 or (bool(codes) and len(lexis.terms(_without(original, codes))) == 0)
    return Query(
        original=original,
        text=text,
        kind="exact" if alone else "question",
        terms=terms or tuple(lexis.words(text)),
        codes=codes,
        phrases=lexis.phrases(text),
        numbers=tuple(sorted(lexis.numbers(text))),
        vector=embedder.embed([text])[0],
    )


def clean(text: str, *, max_characters: int) -> str:
    """Return a question without control characters and surplus white space.

    Raises:
        InputError: Nothing is left that could be looked up, or the question is too long.
    """
    if len(text) > max_characters:
        message = f"The question has {len(text):,} characters; at most {max_characters:,} are read."
        raise InputError(message, hint="Shorten it, or put long text into a document.")
    tidy = _tidy(text)
    if not any(char.isalnum() for char in tidy):
        raise InputError("The question holds no word.", hint="Type a question, a name or a code.")
    return tidy


def _tidy(text: str) -> str:
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char for char in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _standalone(text: str, history: list[str]) -> str:
    """Return the question with what it leaves out carried over from the conversation.

    "And on the Kestrel 6?" names a new subject and nothing to know of it: the latest question is asked of the
    new subject. "What does it cost?" knows what it wants and points back for the subject: the names and codes
    of the latest question that has any are added.
    """
    if not history:
        return text
    named = _subjects(text)
    own = [term for term in lexis.terms(text) if not any(term in lexis.words(name) for name in named)]
    if named and len(own) <= _FEW_WORDS and _OPENS.match(text):
        return _asked_of(history[-1], named, text)
    if named or not (_POINTS_BACK.search(text) or len(own) < _FEW_TERMS):
        return text
    topic = next((found for turn in reversed(history) if (found := _subjects(turn))), list(lexis.terms(history[-1])))
    carried = [part for part in topic if part.casefold() not in text.casefold()]
    return f"{text} ({', '.join(carried)})" if carried else text


def _asked_of(before: str, named: list[str], text: str) -> str:
    """Return the question before with its subject replaced by the new one, or both where it had none."""
    subjects = _subjects(before)
    alike = [old for old in subjects for new in named if set(lexis.words(old)) & set(lexis.words(new))]
    for old in alike or subjects[-1:]:
        return before.replace(old, named[0])
    return f"{before} {text}"


def _subjects(text: str) -> list[str]:
    """Return names and codes, a part of a longer one left out."""
    found = dict.fromkeys((*lexis.codes(text), *lexis.names(text)))
    kept = [part for part in found if part.casefold() not in lexis.STOP_WORDS]
    return [part for part in kept if not any(part != other and part in other for other in kept)]


def _without(text: str, codes: tuple[str, ...]) -> str:
    for code in codes:
        text = text.replace(code, " ")
    return text
