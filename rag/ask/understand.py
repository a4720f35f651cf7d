"""Read a question: what kind it is, what must be matched to the letter, and what it leaves to the conversation."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial

from rag import lexis
from rag.ask.conversation.earlier import Said
from rag.ask.conversation.follow_up import standalone
from rag.ask.question import form
from rag.ask.question.reached import asked_for
from rag.ask.question.spelling import spell
from rag.ask.question.weekday import on_weekday
from rag.dates import dates, day_beside, told_from_today
from rag.errors import InputError
from rag.protocols import Embedder, Heading, Vocabulary
from rag.types import Query, Question

# A question of so many terms and words at most is a heading rather than a question.
_GENERAL_TERMS, _GENERAL_WORDS = 2, 3
# Titles and headings that it gets.
_MOST_CHOICES = 6
# Languages whose words are corrected; a question that shows none is taken for English.
_SPELLED = frozenset({"", "en"})


def understand(
    question: Question,
    embedder: Embedder,
    vocabulary: Vocabulary,
    *,
    said: Sequence[Said] = (),
    today: str,
    max_characters: int,
) -> Query:
    """Return the query that a question asks.

    Args:
        question: The person's words and the conversation before them.
        embedder: Gives the query vector.
        vocabulary: The words of the documents: how they spell what the question misspells, and what they offer
            under the words of a short, general one.
        said: What earlier answers said, as it stands in live documents, see `rag.ask.conversation.earlier.recall`.
        today: The day on which it is asked, in ISO 8601.
        max_characters: Longest question.

    Raises:
        InputError: The question is empty, holds no letter or digit, or is too long.
    """
    original = clean(question.text, max_characters=max_characters)
    language = form.language(original)
    spelled, spelling = spell(original, vocabulary, words=language in _SPELLED)
    history = [plain(turn) for turn in question.history]
    held = partial(_held, vocabulary)
    headed = partial(_headed, vocabulary)
    text, carried = standalone(
        spelled,
        history,
        said,
        today=today,
        refused=question.refused,
        held=held,
        headed=headed,
        together=vocabulary.together,
    )
    if text != spelled:
        # What the conversation gives was typed too.
        text, corrected = spell(text, vocabulary, words=language in _SPELLED)
        spelling = tuple(dict.fromkeys(spelling + corrected))
    text = f"What is {text}?" if lexis.only_codes(text) == (text,) else asked_for(text)
    # The day itself is known by its distance, also where it is called by its weekday.
    days = (*dates(text), *(day_beside(today, n) for n in told_from_today(text).values()))
    text = on_weekday(text, today) if language in _SPELLED else text
    codes, terms = lexis.codes(text), lexis.terms(text)
    # One word that the conversation completes is a question like others.
    alone = (text == spelled and lexis.n_words(spelled) == 1) or bool(lexis.only_codes(spelled))
    shape, subqueries = form.read_shape(text)
    headings = _headings(text, terms, vocabulary)
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
        dates=tuple(dict.fromkeys(days)),
        negated=form.negated(text),
        shape=shape,
        subqueries=subqueries,
        choices=tuple(" › ".join(heading.path) for heading in headings),
        offered=tuple(dict.fromkeys(document for heading in headings for document in heading.documents)),
        carried=carried,
    )


def _held(vocabulary: Vocabulary, names: Sequence[str]) -> frozenset[str]:
    """Return the names that some passage holds, as they are written or as a slip of theirs is put right."""
    spelled = {name: spell(name, vocabulary)[0] for name in names}
    known = vocabulary.known(list(spelled.values())) if spelled else frozenset()
    return frozenset(name for name in names if spelled[name] in known)


def _headed(vocabulary: Vocabulary, terms: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the titles, each with its headings, that hold all of some words."""
    return [heading.path for heading in vocabulary.headings(terms, limit=_MOST_CHOICES)]


def _headings(text: str, terms: tuple[str, ...], vocabulary: Vocabulary) -> list[Heading]:
    """Return what the documents offer under the words of a question that says too little to tell them apart."""
    general = 0 < len(terms) <= _GENERAL_TERMS and lexis.n_words(text) <= _GENERAL_WORDS
    if not general or lexis.codes(text) or lexis.numbers(text) or lexis.phrases(text):
        return []
    return vocabulary.headings(terms, limit=_MOST_CHOICES)


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
    """Return a text on one line, without the characters that show nothing.

    What has no width goes without a trace: a word with such a character in it is still that word.
    """
    kept = "".join(_seen(char) for char in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _seen(char: str) -> str:
    category = unicodedata.category(char)
    return "" if category == "Cf" else " " if category in {"Cc", "Cs", "Zl", "Zp"} else char
