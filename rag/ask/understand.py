"""Read a question: what kind it is, what must be matched to the letter, and what it leaves to the conversation."""

from __future__ import annotations

import re
import unicodedata

from rag import lexis
from rag.ask import reading
from rag.ask.spelling import spell
from rag.dates import dates
from rag.english import is_english
from rag.errors import InputError
from rag.protocols import Embedder, Vocabulary
from rag.types import Query, Question

_OPENS = re.compile(r"(?:and|but|also|so|then|what about|how about|or)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:and|but|also|so|then|what about|how about|ok)\b|"
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|one|ones|same|instead|there)\b",
    re.IGNORECASE,
)
# So many terms of its own beside a name still leave a question open; with fewer, one points back without saying so.
_FEW_WORDS, _FEW_TERMS = 1, 3
# A question of so many terms and words at most is a heading rather than a question.
_GENERAL_TERMS, _GENERAL_WORDS = 2, 3
# Languages whose words are corrected; a question that shows none is taken for English.
_SPELLED = frozenset({"", "en"})


def understand(
    question: Question, embedder: Embedder, vocabulary: Vocabulary, *, max_characters: int, max_choices: int = 6
) -> Query:
    """Return the query that a question asks.

    Args:
        question: The person's words and the conversation before them.
        embedder: Gives the query vector.
        vocabulary: The words of the documents: how they spell what the question misspells, and what they offer
            under the words of a short, general one.
        max_characters: Longest question.
        max_choices: Most titles and headings that a short question gets.

    Raises:
        InputError: The question is empty, holds no letter or digit, or is too long.
    """
    original = clean(question.text, max_characters=max_characters)
    language = reading.language(original)
    spelled, spelling = spell(original, vocabulary, words=language in _SPELLED)
    text = _standalone(spelled, [clean_history for turn in question.history if (clean_history := plain(turn))])
    if text != spelled:
        # What the conversation gives was typed too.
        text, carried = spell(text, vocabulary, words=language in _SPELLED)
        spelling = tuple(dict.fromkeys(spelling + carried))
    codes, terms = lexis.codes(text), lexis.terms(text)
    alone = len(spelled.split()) == 1 or (bool(codes) and len(lexis.terms(_without(spelled, codes))) == 0)
    shape, subqueries = reading.read_shape(text)
    return Query(
        original=original,
        text=text,
        kind="exact" if alone else "question",
        terms=terms or tuple(lexis.words(text)),
        codes=codes,
        phrases=lexis.phrases(text),
        numbers=tuple(sorted(lexis.numbers(text))),
        vector=embedder.embed([text])[0],
        language=language,
        spelling=spelling,
        dates=dates(text),
        negated=reading.negated(text),
        shape=shape,
        subqueries=subqueries,
        choices=_choices(text, terms, vocabulary, limit=max_choices),
    )


def _choices(text: str, terms: tuple[str, ...], vocabulary: Vocabulary, *, limit: int) -> tuple[str, ...]:
    """Return what the documents offer under the words of a question that says too little to tell them apart."""
    general = 0 < len(terms) <= _GENERAL_TERMS and len(text.split()) <= _GENERAL_WORDS
    if not general or lexis.codes(text) or lexis.numbers(text) or lexis.phrases(text):
        return ()
    return tuple(" › ".join(path) for path in vocabulary.headings(terms, limit=limit))


def clean(text: str, *, max_characters: int) -> str:
    """Return a question without control characters and surplus white space.

    Raises:
        InputError: Nothing is left that could be looked up, or the question is too long.
    """
    if len(text) > max_characters:
        message = f"The question has {len(text):,} characters; at most {max_characters:,} are read."
        raise InputError(message, hint="Shorten it, or put long text into a document.")
    tidy = plain(text)
    if not any(char.isalnum() for char in tidy):
        raise InputError("The question holds no word.", hint="Type a question, a name or a code.")
    return tidy


def plain(text: str) -> str:
    """Return a text on one line, without the characters that show nothing."""
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
    found = dict.fromkeys((*lexis.codes(text), *(_whole(name, text) for name in lexis.names(text))))
    kept = [part for part in found if part.casefold() not in lexis.STOP_WORDS]
    return [part for part in kept if not any(part != other and part in other for other in kept)]


def _whole(name: str, text: str) -> str:
    """Return a name with the noun that it needs: "Radio" is a word like others, "Radio team" is a name."""
    after = re.search(rf"{re.escape(name)} ([^\W\d_]+)", text)
    if " " in name or after is None or not is_english(name.casefold()):
        return name
    return name if lexis.STOP_WORDS & {name.casefold(), after[1].casefold()} else after[0]


def _without(text: str, codes: tuple[str, ...]) -> str:
    for code in codes:
        text = text.replace(code, " ")
    return text
