"""Make a question of a conversation stand alone, by what it leaves out of the questions and answers before it.

No model is asked. A question is rewritten only where it shows that it leans on the conversation; one that names its own
subject is a new one, whatever was spoken of before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rag import lexis
from rag.ask.conversation.again import (
    ADDS,
    AND_A_WORD,
    Last,
    another_kind,
    another_thing,
    asked_again,
    asked_of,
    of_so_many,
    of_some,
    same_end,
    same_noun,
    says_which_alone,
)
from rag.ask.conversation.another_day import asks_of_a_day, on_another_day, on_day_of_month
from rag.ask.conversation.earlier import Said
from rag.ask.conversation.leaning import (
    FEW_TERMS,
    OPENS,
    Headed,
    Held,
    Together,
    asks_of_its_words,
    asks_of_what_was_named,
    content,
    is_headed_elsewhere,
    leans,
    points_back,
    same_asked,
    stands_alone,
)
from rag.ask.conversation.plainly import asked_of_both, asks_of_now, goes_on, of_the_other, plainly
from rag.ask.conversation.pronouns import meant
from rag.ask.conversation.topic import is_place, is_site, named_before_last, named_last, subjects, things, topic
from rag.ask.question.unasked import asks_nothing_of_documents
from rag.ask.standing.asof import told_apart_from_day
from rag.english import is_english
from rag.types import Carried

# What was added to a question in brackets.
_ADDED = re.compile(r"\s\([^()]*\)$")
# So many questions back it is looked up what each of them asked.
_MOST_BACK = 8
# "Is that per person?" asks of the answer, and is not what "and the garden room?" asks again.
_OF_THE_ANSWER = re.compile(
    r"(?:(?:and|but|so|ok|okay)\s+)?(?:(?:is|are)\s+(?:it|that|this|those|these|they)\s+"
    r"(?:each|per\s+[^\W\d_]+|an?\s+(?:hour|day|night|week|month|year)|(?:incl(?:uding|usive|\.)?|with|without|plus|before|after)\s+"
    r"(?:the\s+)?(?:vat|tax(?:es)?))|do(?:es)?\s+(?:it|that|this|those|these|they)\s+include\s+[^?!.]+)\s*[?!.]*",
    re.IGNORECASE,
)
# So many terms of its own beside a name still leave a question open.
_FEW_WORDS = 1
# "And what does it cost?" asks something itself, "and abroad?", "what about Spain?" and "can the Otter 3?" ask again.
_ASKS_ITSELF = re.compile(
    r"(?:(?:and|but|so|also|then|or|ok|okay)\s+)*(?:how|who|whom|whose|when|where|which|why|what|if"
    r"|(?P<verb>is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have))\b(?!\s+about\b)(?P<rest>.*)",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^\s*(?:the|an?|our|my|your)\s+", re.IGNORECASE)


class _Turn(NamedTuple):
    """An earlier question.

    Args:
        typed: As it was typed.
        question: What it asked, where that is what the one before it did; as it was typed elsewhere.
        added: What the conversation added to it.
        counts: Whether it gives what is spoken of; one that leant on others and was refused asks, and gives nothing.
    """

    typed: str
    question: str
    added: str
    counts: bool

    @property
    def asks(self) -> str:
        """The question in words of its own: as it was typed, or the one before it asked again."""
        return self.typed if self.typed in self.question else self.question

    @property
    def is_again(self) -> bool:
        """Whether it asked the question before of something else; "ok, is it free?" only says "ok" before its own."""
        return self.typed not in self.question and self.question not in self.typed


class _Documents(NamedTuple):
    """What may be asked of the documents, see `standalone`."""

    held: Held = tuple
    headed: Headed = lambda _: ()
    together: Together = lambda _: False


def standalone(
    text: str,
    history: Sequence[str],
    said: Sequence[Said] = (),
    *,
    today: str,
    refused: Sequence[int] = (),
    held: Held = tuple,
    headed: Headed = lambda _: (),
    together: Together = lambda _: False,
) -> tuple[str, tuple[Carried, ...]]:
    """Return a question with what it leaves out carried over from the conversation, and what of that answers said.

    "And on the Kestrel 6?" names a new subject and nothing to know of it: the latest question is asked of the new
    subject, and so it is for "and on the power adapter?". "What does it cost?" knows what it wants and points back for
    the subject: what the conversation is about is added in brackets. A greeting takes nothing over and gives nothing.
    "And now?" asks the latest question without its day, "and on Saturday?" of that day and of the same thing.

    Args:
        text: The question.
        history: Earlier questions, oldest first.
        said: What earlier answers said, as it stands in live documents, newest first.
        today: The day on which it is asked, in ISO 8601.
        refused: Places in the history of the questions that were refused. One that names its own subject is what the
            conversation is about all the same; one that leant on those before it gives nothing.
        held: Tells which of several names or words the documents hold. Of a pasted mail those alone come along, and
            what has no word of theirs takes nothing over.
        headed: Gives the titles with headings that hold all of some words: how something is done that they are about
            and the conversation is not, takes nothing over.
        together: Tells whether some passage holds all of some words: of two topics it tells one from the other.
    """
    turns = _conversation(history, refused, today)
    if not turns or asks_nothing_of_documents(text):
        return text, ()
    return _completed(text, turns, said, today, _Documents(held, headed, together))


def _completed(
    text: str, turns: Sequence[_Turn], said: Sequence[Said], today: str, documents: _Documents
) -> tuple[str, tuple[Carried, ...]]:
    # The documents are asked last.
    text = plainly(text, lambda: next(iter(topic(_spoken_of(turns), documents.together)), ""), documents.held)
    text = of_the_other(text, named_before_last([turn.asks for turn in turns if turn.counts]))
    again = _asked_again(text, turns, today)
    return (again, ()) if again else _told_of_what(text, turns, said, documents)


def _asked_again(text: str, turns: Sequence[_Turn], today: str) -> str:
    """Return an earlier question asked again, of another thing or day or with a phrase of the turn; else nothing."""
    last = partial(_last, turns)
    if goes_on(text):
        return f"{''.join(last())} {text}"
    other = (
        _of_a_day(text, last, today)
        or another_kind(text, last)
        or same_noun(text, [(turn.question, turn.added) for turn in turns])
        or same_end(text, last)
        or another_thing(text, last)
        or of_some(text, last)
        or of_so_many(text, last)
        or asked_of_both(text, named_last([turn.asks for turn in turns if turn.counts]))
    )
    if other or says_which_alone(text):
        # Which other one there is, nobody knows.
        return other or f"{''.join(last())} {text}"
    named, _, again = _read(text)
    adds = bool(again and ADDS.match(again["phrase"]))
    if named and _names_alone(text) and not adds:
        return asked_of(*last(), named, again, text)
    return asked_again(*last(), again, text) if again and (not named or adds) else ""


def _told_of_what(
    text: str, turns: Sequence[_Turn], said: Sequence[Said], documents: _Documents
) -> tuple[str, tuple[Carried, ...]]:
    """Return a question with what it is asked of, where it leaves that out, in brackets."""
    held, headed, together = documents
    named, own, _ = _read(text)
    of_it = asks_of_what_was_named(text, named)
    if not (of_it or (not named and (points_back(text) or len(own) < FEW_TERMS))):
        return text, ()
    spoken = _spoken_of(turns)
    about = topic(spoken, together, worded=partial(asks_of_its_words, text))
    if not of_it and (
        stands_alone(text, own, about, held, together) or is_headed_elsewhere(text, own, about, headed, together)
    ):
        return text, ()
    known = _held(about, held)
    says_something = not own or any(is_english(term) or held([term]) for term in own)
    if not (of_it or points_back(text) or (known and says_something)):
        return text, ()
    answered = meant(text, spoken, said)
    if answered and not leans(spoken[-1]):
        # Who answered the last question is no part of what was spoken of before it.
        known = topic(spoken[-1:])
    parts = [*(each.text for each in answered), *(known or about)]
    if named and not things(text):
        # Of another place, it is asked of none before.
        parts = [part for part in parts if not any(is_place(part, turn) for turn in spoken if part in turn)]
    new = [part for part in dict.fromkeys(parts) if part.casefold() not in text.casefold()]
    if not new and AND_A_WORD.fullmatch(text.strip()):
        # "And check-out?" holds every word of "When is check-in?" that weighs.
        return f"{''.join(_last(turns))} {text}", answered
    return (f"{text} ({', '.join(new)})" if new else text), answered


def asks_of_another(text: str, history: Sequence[str]) -> bool:
    """Tell whether a question asks of another thing what was asked before: what that was of is spoken of no longer."""
    text = plainly(text, lambda: next(iter(topic(history)), "")) if history else text
    again = same_asked(text)
    if asks_of_a_day(text) or (again and ADDS.match(again["phrase"])):
        return False
    return bool(history and _names_another(text) and _names_alone(text))


def _names_another(text: str) -> bool:
    return bool(things(text)) or any(is_site(name, text) for name in subjects(text))


def _read(text: str) -> tuple[list[str], list[str], re.Match[str] | None]:
    """Return what a question names, its other words of weight, and the phrase that it only is, if it is one."""
    named = subjects(text)
    own = [term for term in content(text) if not any(term in lexis.words(name) for name in named)]
    return named, own, same_asked(text)


def _names_alone(text: str) -> bool:
    """Tell whether a question says nothing of weight beside what it names, and goes on from another.

    "And what does the Otter 3 cost?" asks something itself, and is left as it is.
    """
    named, own, again = _read(text)
    itself = _ASKS_ITSELF.match(text)
    if itself and not (itself["verb"] and _LEADING.sub("", itself["rest"]).strip(" ?.!") in named):
        return False
    return len(own) <= _FEW_WORDS and bool(again or OPENS.match(text))


def _conversation(history: Sequence[str], refused: Sequence[int], today: str) -> list[_Turn]:
    """Return the questions that a later one may lean on, the latest with what they asked."""
    asked = [
        (place, turn)
        for place, turn in enumerate(history)
        if not (asks_nothing_of_documents(turn) or goes_on(plainly(turn, str)))
    ]
    turns: list[_Turn] = []
    for n, (place, text) in enumerate(asked, 1):
        counts = place not in refused or _names_another(text) or not (turns and leans(text))
        if not (counts or _ASKS_ITSELF.match(text)):
            continue
        read = _completed(text, turns, (), today, _Documents())[0] if turns and len(asked) - n < _MOST_BACK else text
        question = _ADDED.sub("", read) if read != text else text
        turns.append(_Turn(text, question, read[len(question) :], counts))
    return turns


def _spoken_of(turns: Sequence[_Turn]) -> list[str]:
    """Return the questions that tell what is spoken of; of one that was asked again of another thing, the later."""
    spoken: list[str] = []
    for turn in turns:
        if turn.counts and turn.is_again:
            spoken = spoken[:-1]
        if turn.counts:
            spoken.append(turn.asks)
    return spoken


def _held(parts: Sequence[str], held: Held) -> list[str]:
    known = held(parts)
    return [part for part in parts if part in known]


def _of_a_day(text: str, last: Last, today: str) -> str:
    """Return the last question asked of today, or of the day that is all that a turn names; else nothing."""
    if asks_of_now(text):
        asked, added = last()
        rest = told_apart_from_day(asked, today=today)
        return f"{(on_another_day('today', asked) if rest == asked else rest) or asked}{added}"
    asked, added = last()
    if of_that_month := on_day_of_month(text, asked):
        return f"{of_that_month}{added}"
    if not asks_of_a_day(text):
        return ""
    of_that_day = on_another_day(text, asked)
    return f"{of_that_day}{added}" if of_that_day else f"{asked}{added} {text}"


def _last(turns: Sequence[_Turn]) -> tuple[str, str]:
    """Return what the last question asked ("and on the Kestrel 6?" what the one before it did), and what was added."""
    of_things = (turn for turn in reversed(turns) if not _OF_THE_ANSWER.fullmatch(turn.typed.strip()))
    last = next(of_things, turns[0])
    return last.question, last.added
