"""Make a question of a conversation stand alone, by what it leaves out of the questions and answers before it.

No model is asked. A question is rewritten only where it shows that it leans on the conversation; one that names its own
subject is a new one, whatever was spoken of before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial

from rag import lexis
from rag.ask.conversation.another_day import asks_of_a_day, on_another_day, on_day_of_month
from rag.ask.conversation.earlier import Said
from rag.ask.conversation.leaning import (
    FEW_TERMS,
    Headed,
    Held,
    content,
    is_headed_elsewhere,
    points_back,
    stands_alone,
)
from rag.ask.conversation.plainly import asked_of_both, asks_of_now, plainly
from rag.ask.conversation.pronouns import meant
from rag.ask.question.unasked import asks_nothing_of_documents
from rag.ask.standing.asof import told_apart_from_day
from rag.ask.texts.clock import clocks
from rag.dates import dates
from rag.english import is_english
from rag.types import Carried

_OPENS = re.compile(r"(?:and|but|also|so|then|what about|how about|or)\b", re.IGNORECASE)
_PREPOSITIONS = "about|after|at|before|between|by|for|from|in|of|on|over|to|under|via|with|within|without"
# "And on the power adapter?": a preposition and a few words behind it, which ask nothing themselves.
_SAME_ASKED = re.compile(
    rf"(?:(?P<opens>and|but|also|so|then|or|what about|how about)\s+)?(?P<phrase>(?P<word>{_PREPOSITIONS})(?:\s+"
    r"(?!(?:how|what|who|whom|whose|when|where|which|why)\b)[^\s?!.,;]+){1,4})\s*(?P<asks>\?)?",
    re.IGNORECASE,
)
# "And on", "for", "of" the thing: what was asked of another. "And in Spain?" asks more of the same.
_OF_SUBJECTS = frozenset(("about", "for", "of", "on", "with"))
# "With VAT?", "and by PayPal?": how or under what, and no other thing.
_ADDS = re.compile(
    r"(?:by|via|without|under|over|before|after|between|within)\b|with\s+(?!(?:the|an?|my|our|your)\b)", re.IGNORECASE
)
# What was added to a question in brackets.
_ADDED = re.compile(r"\s\([^()]*\)$")
# "And Porto?" may be a place beside "in Lisbon"; "and the Kestrel 6?" is none.
_BARE_NAME = re.compile(
    rf"(?:and|but|or|what about|how about)\s+(?!(?:the|an?|our|my|your|{_PREPOSITIONS})\b)[^\W\d_]+"
    r"(?:\s[^\W\d_]+)?\s*[?!.]*",
    re.IGNORECASE,
)
# "What about the platform team?" beside "the radio team", "and a 16 year old?" beside "my 15 year old".
_SAME_NOUN = re.compile(
    r"(?:and|but|also|or|what about|how about)\s+(?:(?:for|on|of|in|with)\s+)?(?:(?:the|an?|our|my|your)\s+)?"
    r"(?P<other>(?:[^\W\d_][\w-]+|\d+)\s+(?P<noun>[^\W\d_][\w-]+(?:\s+[^\W\d_][\w-]+)?))\s*[?.!]*",
    re.IGNORECASE,
)
# "And platform?" beside "… for radio?": words that name nothing.
_AND_A_WORD = re.compile(r"(?:and|or|what about|how about)\s+(?:the\s+)?(?P<word>[a-z][a-z-]{2,}[a-z])\s*\??")
_ENDS_OF = re.compile(r"\b(?:for|of|about)\s+(?:the\s+)?(?P<word>[a-z]{4,})\s*\??$")
# So many questions back it is looked up what the last one asked.
_MOST_BACK = 8
# What stands before the thing that "and on the Kestrel 6?" names.
_LEADING = re.compile(
    r"^(?:(?:and|but|also|so|then|what|how|about|or|for|on|in|with|at|of|to|from|the|a|an|our|my|your)\b\s*)+",
    re.IGNORECASE,
)
# "And the refurbished one?" asks the last question of another kind of its subject.
_ONE_OF_A_KIND = re.compile(
    r"(?:(?:and|but|also|or|what about|how about)\s+)?(?:(?:for|on|of|with)\s+)?(?:the|an?)\s+"
    r"(?P<kind>[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*)?)\s+ones?\s*[?.!]*",
    re.IGNORECASE,
)
# "Why?" asks for the reason of what was asked.
_WHY = re.compile(
    r"(?:(?:and|but|so|ok|okay)\s+)?(?:why(?:\s+(?:not|so|is that|that))?|how come)\s*[?!.]*", re.IGNORECASE
)
# Where something is, happens or goes to, without an article: no "it" means that. "In Homeline 300" is no place.
_PLACED = re.compile(r"\b(?:in|inside|within|across|outside|outside of|throughout|near|to|from)\s+$", re.IGNORECASE)
# "homeline 1000" as people type it, no "before I turn 18".
_TYPED = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )\b[^\W\d_]{3,} \d+(?: (?:pro|plus|max|mini|lite))?\b", re.IGNORECASE
)
# "Kestrel 6 vs 6 Pro": the kind of a thing is no thing.
_KINDS = frozenset(("pro", "plus", "max", "mini", "lite"))
# "I'm", "That's great": capitals that name nothing.
_SPOKEN = re.compile(r"(?:i|you|we|they|he|she|it|that|there|what|who|how|let)['’](?:m|ve|ll|d|s|re)\b", re.IGNORECASE)
# So many terms of its own beside a name still leave a question open.
_FEW_WORDS = 1
# Of a question that asked on about the same subject, so many words come along at most.
_MOST_LATER = 3


Last = Callable[[], tuple[str, str]]


def standalone(
    text: str,
    history: Sequence[str],
    said: Sequence[Said] = (),
    *,
    today: str,
    refused: Sequence[int] = (),
    held: Held = tuple,
    headed: Headed = lambda _: (),
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
    """
    history = _spoken_of(history, refused)
    if not history or asks_nothing_of_documents(text):
        return text, ()
    # Asked once: each turn asks what the one before it did.
    last = cache(partial(_last, history, today))
    text = plainly(text, next(iter(_topic(history)), ""))
    if _WHY.fullmatch(text.strip()):
        return f"{''.join(last())} {text}", ()
    other = _of_a_day(text, last, today) or _another_kind(text, last) or _same_noun(text, history, today)
    if other := other or _same_end(text, last) or asked_of_both(text, _named_last(history)):
        return other, ()
    named, own, again = _read(text)
    if named and _names_alone(text) and not (again and _ADDS.match(again["phrase"])):
        return _asked_of(*last(), named, again, text), ()
    if again and (not named or _ADDS.match(again["phrase"])):
        return _asked_again(*last(), again, text), ()
    leans = not named and (points_back(text) or len(own) < FEW_TERMS)
    # The documents are asked last.
    if not leans or stands_alone(text, own, held) or is_headed_elsewhere(text, own, _topic(history), headed):
        return text, ()
    spoken_of = _held(_topic(history), held)
    says_something = not own or any(is_english(term) or held([term]) for term in own)
    if not (points_back(text) or (spoken_of and says_something)):
        return text, ()
    answered = meant(text, history, said)
    if answered and not _leans(history[-1]):
        # Who answered the last question is no part of what was spoken of before it.
        spoken_of = _topic(history[-1:])
    parts = [*(each.text for each in answered), *(spoken_of or _topic(history))]
    new = [part for part in dict.fromkeys(parts) if part.casefold() not in text.casefold()]
    if not new and _AND_A_WORD.fullmatch(text.strip()):
        # "And check-out?" holds every word of "When is check-in?" that weighs.
        return f"{''.join(last())} {text}", answered
    return (f"{text} ({', '.join(new)})" if new else text), answered


def asks_of_another(text: str, history: Sequence[str]) -> bool:
    """Tell whether a question asks of another thing what was asked before: what that was of is spoken of no longer."""
    text = plainly(text, next(iter(_topic(history)), "")) if history else text
    again = _same_asked(text)
    if asks_of_a_day(text) or (again and _ADDS.match(again["phrase"])):
        return False
    return bool(history and _things(text) and _names_alone(text))


def _read(text: str) -> tuple[list[str], list[str], re.Match[str] | None]:
    """Return what a question names, its other words of weight, and the phrase that it only is, if it is one."""
    named = _subjects(text)
    own = [term for term in content(text) if not any(term in lexis.words(name) for name in named)]
    return named, own, _same_asked(text)


def _names_alone(text: str) -> bool:
    """Tell whether a question says nothing of weight beside what it names, and goes on from another."""
    _, own, again = _read(text)
    return len(own) <= _FEW_WORDS and bool(again or _OPENS.match(text))


def _spoken_of(history: Sequence[str], refused: Sequence[int]) -> list[str]:
    """Return the questions that a later one may lean on."""
    asked = [
        (place, turn)
        for place, turn in enumerate(history)
        if not (asks_nothing_of_documents(turn) or _WHY.fullmatch(turn.strip()))
    ]
    return [turn for place, turn in asked if place not in refused or _things(turn) or not (place and _leans(turn))]


def _leans(text: str) -> bool:
    """Tell whether a question without a subject of its own leaves out what it is about."""
    return bool(_OPENS.match(text) or _same_asked(text) or points_back(text) or len(content(text)) < FEW_TERMS)


def _held(topic: Sequence[str], held: Held) -> list[str]:
    known = held(topic)
    return [part for part in topic if part in known]


def _of_a_day(text: str, last: Last, today: str) -> str:
    """Return the last question asked of today, or of the day that is all that a turn names; else nothing."""
    if asks_of_now(text):
        asked, topic = last()
        rest = told_apart_from_day(asked, today=today)
        return f"{(on_another_day('today', asked) if rest == asked else rest) or asked}{topic}"
    asked, topic = last()
    if of_that_month := on_day_of_month(text, asked):
        return f"{of_that_month}{topic}"
    if not asks_of_a_day(text):
        return ""
    of_that_day = on_another_day(text, asked)
    return f"{of_that_day}{topic}" if of_that_day else f"{asked}{topic} {text}"


def _another_kind(text: str, last: Last) -> str:
    """Return the last question asked of another kind of its subject, "the refurbished one"; else nothing.

    The name gives way: a row "refurbished" is what is asked for, and not the row of the name.
    """
    found = _ONE_OF_A_KIND.fullmatch(text.strip())
    before = last()[0] if found else ""
    things = _things(before)
    if found is None or not things or found["kind"].casefold() in before.casefold():
        return ""
    return re.sub(rf"(?:\b(?:the|an?)\s+)?{re.escape(things[-1])}", f"the {found['kind']} one", before, count=1)


def _same_noun(text: str, history: Sequence[str], today: str) -> str:
    """Return the last question asked of another thing with the same noun: the platform team for the radio team."""
    found = _SAME_NOUN.fullmatch(text.strip())
    if found is None:
        return ""
    other = re.compile(rf"\b(?P<kind>[^\W\d_][\w-]+|\d+)\s+{re.escape(found['noun'])}\b", re.IGNORECASE)
    place = next((n for n in range(len(history), 0, -1) if other.search(history[n - 1])), 0)
    before, topic = _last(history[:place], today) if place else ("", "")
    old = other.search(before)
    if old is None or old["kind"].casefold() in lexis.STOP_WORDS:
        return ""
    return f"{before[: old.start()]}{found['other']}{before[old.end() :]}{topic}"


def _same_end(text: str, last: Last) -> str:
    """Return the last question with another word at its end: "who is on call for radio?", "and platform?"."""
    found = _AND_A_WORD.fullmatch(text.strip())
    before, topic = last() if found else ("", "")
    old = _ENDS_OF.search(before)
    if found is None or old is None or {found["word"].casefold(), old["word"].casefold()} & lexis.STOP_WORDS:
        return ""
    return f"{before[: old.start('word')]}{found['word']}{before[old.end('word') :]}{topic}"


def _named_last(history: Sequence[str]) -> list[str]:
    """Return the things that the latest question with one names; one alone with that of the question before."""
    named = dict.fromkeys(tuple(_things(turn)) for turn in reversed(history))
    latest, before, *_ = (*filter(None, named), (), ())
    return [*before, *latest] if len(latest) == len(before) == 1 else [*latest]


def names_anew(text: str, spoken: Sequence[str]) -> tuple[str, ...]:
    """Return what a question names and nothing of what was said before does."""
    spoken_of = lexis.stems(" ".join(spoken))
    return () if asks_of_a_day(text) else tuple(name for name in _subjects(text) if not lexis.stems(name) <= spoken_of)


def _topic(history: Sequence[str]) -> list[str]:
    """Return what a conversation is about.

    That is whatever the latest question with a subject names, places only where nothing else was named, and the words
    of the latest shorter one after it, which asked on ("minimum term?"). A day is a subject, but says little without
    the words around it.
    """
    history = [turn for turn in history if not (asks_of_now(turn) or asks_of_a_day(turn))] or history
    place = _latest(history, _things)
    if place is None:
        place = _latest(history, _subjects)
    if place is None:
        place = len(history) - 1
    things = _things(history[place])
    named = [part for part in things if not dates(part) and not _is_month(part)]
    topic = named or _in_order(history[place], _subjects(history[place]))
    later = [content(turn) for turn in history[place + 1 :] if not _subjects(turn)]
    asked_on = later[-1] if later and len(later[-1]) <= _MOST_LATER else []
    return list(dict.fromkeys((*topic, *asked_on)))


def _latest(history: Sequence[str], named: Callable[[str], list[str]]) -> int | None:
    return next((n for n in range(len(history) - 1, -1, -1) if named(history[n])), None)


def _things(text: str) -> list[str]:
    """Return what a text names and "it" can mean: its subjects but for those that only say where."""
    return [name for name in _subjects(text) if not _is_place(name, text)]


def _is_place(name: str, text: str) -> bool:
    """Tell whether a name only says where or whereto: "in Ireland"; a name with a digit is a product or a code."""
    if any(map(str.isdigit, name)):
        return False
    return bool(_PLACED.search(text[: text.find(name)]))


def _in_order(text: str, subjects: Sequence[str]) -> list[str]:
    """Return the content words of a text and its subjects, words of a subject left out."""
    inside = {word for subject in subjects for word in lexis.words(subject)}
    return [*(term for term in content(text) if term not in inside), *subjects]


def _is_month(text: str) -> bool:
    return bool(dates(f"1 {text} 2000"))


def _asked_of(before: str, topic: str, named: Sequence[str], again: re.Match[str] | None, text: str) -> str:
    """Return the last question with its subject replaced by the new one, or both where it had none."""
    where = _is_place(named[0], text)
    # A place takes the place of a place, a thing that of a thing.
    subjects = [old for old in _subjects(before) if _is_place(old, before) == where]
    if not (subjects or where) and _BARE_NAME.fullmatch(text.strip()):
        subjects = _subjects(before)
    phrase = _LEADING.sub("", text).strip(" ?.!,")
    alike = [old for old in subjects for new in named if set(lexis.words(old)) & set(lexis.words(new))]
    for old in alike or subjects[-1:]:
        return before.replace(_reach(old, phrase, before), phrase if _begins(phrase, named[0]) else named[0])
    if topic and (again is None or again["word"].casefold() in _OF_SUBJECTS):
        return f"{before} ({named[0]})"
    return _asked_again(before, topic, again, text) if again else f"{before}{topic} {text}"


def _same_asked(text: str) -> re.Match[str] | None:
    """Return a phrase that asks what was asked before; one that says neither "and" nor ends in "?" may be a heading."""
    found = _SAME_ASKED.fullmatch(text.strip())
    return found if found and (found["opens"] or found["asks"]) else None


def _last(history: Sequence[str], today: str) -> tuple[str, str]:
    """Return what the last question asked ("and on the Kestrel 6?" what the one before it did), and what was added."""
    *earlier, last = history[-_MOST_BACK:]
    asked, _ = standalone(last, earlier, today=today)
    question = _ADDED.sub("", asked)
    return question, asked[len(question) :]


def _asked_again(before: str, topic: str, again: re.Match[str], text: str) -> str:
    """Return the last question with a phrase in place of its own, or with both where it has none of the kind."""
    ends = rf"\b{again['word']}\b(?:(?!\b(?:{_PREPOSITIONS})\b)[^?!.,;])*(?<!\s)"
    # "At 6 pm" takes the place of "at 5 pm", and not of "at Harbour".
    told = bool(clocks(again["phrase"]))
    places = [place for place in re.finditer(ends, before, re.IGNORECASE) if bool(clocks(place[0])) == told]
    if not places:
        return f"{before}{topic} {text}"
    start, end = places[-1].span()
    return f"{before[:start]}{again['phrase']}{before[end:]}{topic}"


def _begins(phrase: str, name: str) -> bool:
    return f"{phrase} ".casefold().startswith(f"{name} ".casefold())


def _reach(name: str, phrase: str, before: str) -> str:
    """Return a name with as many words behind it as the new phrase has: "Bracken kettle" replaces "Bracken toaster".

    A noun that the name needs ("Radio team") stays where the phrase has none: "and Network?" asks for the Network team.
    """
    *first, last = name.split()
    if first and last.islower() and not any(map(str.isdigit, name)) and len(phrase.split()) <= len(first):
        return " ".join(first)
    if not _begins(phrase, name):
        return name
    n_more = len(phrase.split()) - len(name.split())
    reach = re.search(rf"{re.escape(name)}(?: [^\W\d_][\w-]*){{{n_more}}}", before)
    return reach[0] if reach and not lexis.STOP_WORDS & set(reach[0].casefold().split()) else name


def _subjects(text: str) -> list[str]:
    """Return names and codes, a part of a longer one left out."""
    named = (*lexis.codes(text), *(_whole(name, text) for name in lexis.names(text)))
    # "How do I reset a kestrel 4": "I" is no name.
    kept = [part for part in dict.fromkeys(named) if _names(part)]
    kept = kept or [part for part in dict.fromkeys(_TYPED.findall(text)) if _names(part.split()[0])]
    return [part for part in kept if not any(part != other and part in other for other in kept)]


def _names(part: str) -> bool:
    return part.casefold() not in lexis.STOP_WORDS | _KINDS and not _SPOKEN.match(part)


def _whole(name: str, text: str) -> str:
    """Return a name with the noun that it needs: "Radio" is a word like others, "Radio team" is a name."""
    after = re.search(rf"{re.escape(name)} ([^\W\d_]+)", text)
    if " " in name or after is None or not is_english(name.casefold()):
        return name
    return name if lexis.STOP_WORDS & {name.casefold(), after[1].casefold()} else after[0]
