"""Ask an earlier question again: of another thing, of another kind of its subject, or with a phrase of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag import lexis
from rag.ask.conversation.leaning import PREPOSITIONS
from rag.ask.conversation.topic import THING, is_place, subjects, things, unnamed
from rag.ask.texts.clock import clocks

Last = Callable[[], tuple[str, str]]
"""Gives what the last question asked, and what the conversation added to it."""

# "And on", "for", "of" the thing: what was asked of another. "And in Spain?" asks more of the same.
_OF_SUBJECTS = frozenset(("about", "for", "of", "on", "with"))
# "With VAT?", "and by PayPal?": how or under what, and no other thing.
ADDS = re.compile(
    r"(?:by|via|without|under|over|before|after|between|within)\b|with\s+(?!(?:the|an?|my|our|your)\b)", re.IGNORECASE
)
# "And Porto?" may be a place beside "in Lisbon"; "and the Kestrel 6?" is none.
_BARE_NAME = re.compile(
    rf"(?:and|but|or|what about|how about)\s+(?!(?:the|an?|our|my|your|{PREPOSITIONS})\b)[^\W\d_]+"
    r"(?:\s[^\W\d_]+)?\s*[?!.]*",
    re.IGNORECASE,
)
# "What about the platform team?" beside "the radio team", "and a 16 year old?" beside "my 15 year old".
_SAME_NOUN = re.compile(
    r"(?:and|but|also|or|what about|how about)\s+(?:(?:for|on|of|in|with)\s+)?(?:(?:the|an?|our|my|your)\s+)?"
    r"(?P<other>(?!(?:the|an?|our|my|your)\b)(?:[^\W\d_][\w-]+|\d+)\s+(?P<noun>[^\W\d_][\w-]+(?:\s+[^\W\d_][\w-]+)?))\s*[?.!]*",
    re.IGNORECASE,
)
# "And platform?" beside "… for radio?": words that name nothing.
AND_A_WORD = re.compile(
    r"(?:and|or|what about|how about)\s+(?:if\s+(?:i|we|he|she|they)(?:['’]m|['’]re|['’]s|\s+(?:am|are|is))\s+)?"
    r"(?:(?:the|an?)\s+)?(?P<word>[a-z][a-z-]{2,}[a-z])\s*\??"
)
_ENDS_OF = re.compile(
    r"\b(?:for|of|about|if\s+(?:i|we|he|she|they)(?:['’]m|['’]re|['’]s|\s+(?:am|are|is)))\s+(?:(?:the|an?)\s+)?"
    r"(?P<word>[a-z][a-z-]{3,})\s*\??$",
    re.IGNORECASE,
)
# What stands before the thing that "and on the Kestrel 6?" names.
_LEADING = re.compile(
    r"^(?:(?:and|but|also|so|then|what|how|about|or|for|on|in|with|at|of|to|from|the|a|an|our|my|your)\b\s*)+",
    re.IGNORECASE,
)
# "And the refurbished one?" asks the last question of another kind of its subject.
_SAYS_WHICH = frozenset("other first second third last next same".split())
_ONE_OF_A_KIND = re.compile(
    r"(?:(?:and|but|also|or|what about|how about)\s+)?(?:(?:for|on|of|with)\s+)?"
    r"(?:(?:the|an?)\s+(?P<kind>[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*)?)\s+ones?"
    r"|(?<=[a-z]\s)(?P<several>(?!(?:the|which|what|how|these|those|other)\b)[^\W\d_][\w-]*)\s+ones)\s*[?!.]*",
    re.IGNORECASE,
)
# A kind takes the place of one of its sort: "the grey fob", "and the black one?"
_SORTS = tuple(
    frozenset(sort.split())
    for sort in (
        "black white grey gray red blue green yellow brown orange purple pink silver golden",
        "small medium large big little tiny huge",
        "new old used refurbished",
        "long short",
        "first second third last",
    )
)
# "How many people does it hold?": what stands for the thing. "That" may be joined to a noun or a clause elsewhere.
_PRONOUN = re.compile(r"\b(?:it|they|them|(?<=does )that)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:(?P<any>an?)|the|our|my|your)\b", re.IGNORECASE)
# "Who runs the bridge club?", "what does the main hall cost?", "is the garden room free?", "when is the office open?"
_OF_A_THING = re.compile(
    rf"(?:\b(?:do|does|did|can|may|will)\s+|^(?:is|are|was|were)\s+)(?P<acts>{THING})\s+[^\W\d_]+\s*\??$"
    rf"|(?P<shows>{THING})\s+(?:open|closed|free|full|ready|available|included|allowed|due|heated)\s*\??$"
    rf"|(?P<ends>{THING})\s*\??$",
    re.IGNORECASE,
)
# "How do I pause my membership?" is not asked of whatever else is mentioned.
_SOMEBODY = re.compile(r"\b(?:i|we|you|one|customers?|members?|guests?|visitors?)\b", re.IGNORECASE)
# "Can I wear a watch in the kitchen?": what somebody may do something with.
_MAY = re.compile(
    r"^(?:can|could|may|must|should|do|am)\s+(?:i|we|you|they|one|customers?|members?|guests?|visitors?)\s+"
    r"(?:allowed to\s+|have to\s+)?"
    rf"[^\W\d_]+\s+(?P<thing>an?(?:\s+[^\W\d_][\w-]*){{1,2}}?)(?=\s+(?:{PREPOSITIONS}|if|when|while)\b|\s*\??$)",
    re.IGNORECASE,
)
# "How much are beans for the machine?", "how long is parking free?"
_OF_SOME = re.compile(
    rf"^how\s+(?:much|long|big|far|often)\s+(?:is|are)\s+(?P<some>[^\W\d_]{{3,}})(?=\s+(?:{PREPOSITIONS}|per)\b|\s*\??$)",
    re.IGNORECASE,
)
_AND_SOME = re.compile(r"(?:[Aa]nd|[Oo]r|[Ww]hat about|[Hh]ow about)\s+(?P<some>[^\W\d_][\w-]{2,})\s*[?!.]*")
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b", re.IGNORECASE)
# "How about two people?", "and 12 weeks?"
_SO_MANY = re.compile(
    rf"(?:and|or|but|what about|how about)\s+(?:for\s+)?(?:\d+|{'|'.join(lexis.NUMBER_WORDS)})"
    r"(?:\s+[^\W\d_][\w-]*){1,2}\s*[?.!]*",
    re.IGNORECASE,
)


def another_thing(text: str, last: Last) -> str:
    """Return the last question asked of another thing that has no name, "and the garden room?"; else nothing.

    The thing takes the place of a pronoun, or of the only thing in a question that has no name either.
    """
    thing = unnamed(text)
    before, topic = last() if thing else ("", "")
    if not thing or subjects(before):
        return ""
    pronouns = [*_PRONOUN.finditer(before)]
    if topic and len(pronouns) == 1:
        start, end = pronouns[0].span()
        # The wire is one of the Tillo S2.
        known = f" ({', '.join(subjects(topic))})" if subjects(topic) else ""
        return f"{before[:start]}{thing}{before[end:]}{known}"
    articles, new = [*_ARTICLE.finditer(before)], _ARTICLE.match(thing)
    may = _MAY.match(before)
    if may and new and new["any"]:
        return f"{before[: may.start('thing')]}{thing}{before[may.end('thing') :]}{topic}"
    old = _OF_A_THING.search(before)
    if old is None or new is None or len(articles) != 1 or _SOMEBODY.search(before):
        return ""
    place = old.lastgroup or ""
    if bool(articles[0]["any"]) != bool(new["any"]) or lexis.STOP_WORDS & set(old[place].casefold().split()[1:]):
        return ""
    return f"{before[: old.start(place)]}{thing}{before[old.end(place) :]}{topic}"


def of_some(text: str, last: Last) -> str:
    """Return the last question asked of something else that is not counted, "and decaf?" of beans; else nothing.

    A name may be of what is asked of or of where: it stands behind the whole question.
    """
    found = _AND_SOME.fullmatch(text.strip())
    before, topic = last() if found else ("", "")
    old = _OF_SOME.match(before)
    if found is None or old is None or {found["some"].casefold(), old["some"].casefold()} & lexis.STOP_WORDS:
        return ""
    if subjects(text):
        where = [name for name in subjects(before) if is_place(name, before)]
        return "" if where else f"{before}{topic} {text}"
    return f"{before[: old.start('some')]}{found['some']}{before[old.end('some') :]}{topic}"


def of_so_many(text: str, last: Last) -> str:
    """Return the last question with a number of people or things behind it, "how about two people?"; else nothing."""
    return f"{''.join(last())} {text}" if _SO_MANY.fullmatch(text.strip()) and not subjects(text) else ""


def another_kind(text: str, last: Last) -> str:
    """Return the last question asked of another kind of its subject, "the refurbished one"; else nothing.

    The name gives way: a row "refurbished" is what is asked for, and not the row of the name.
    """
    found = _ONE_OF_A_KIND.fullmatch(text.strip())
    if found is None:
        return ""
    before, topic = last()
    kind = (found["kind"] or found["several"]).casefold()
    if kind in _SAYS_WHICH:
        # "And the second one?" behind "is it free?"
        pronouns = [*_PRONOUN.finditer(before)]
        return _PRONOUN.sub(f"the {kind} one", before) + topic if len(pronouns) == 1 and kind != "other" else ""
    alike = [word for word in re.findall(r"[a-z]+", before) if any({word, kind} <= sort for sort in _SORTS)]
    if len(alike) == 1 and kind not in alike:
        return re.sub(rf"\b{alike[0]}\b", kind, before) + topic
    named = things(before)
    if not named or kind in before.casefold():
        return ""
    other = f"the {found['kind']} one" if found["kind"] else f"{found['several']} ones"
    return re.sub(rf"(?:\b(?:the|an?)\s+)?{re.escape(named[-1])}", other, before, count=1)


def says_which_alone(text: str) -> bool:
    """Tell whether a turn means one of several that nothing names: "and the other one?", "the second one?"."""
    found = _ONE_OF_A_KIND.fullmatch(text.strip())
    return found is not None and (found["kind"] or found["several"]).casefold() in _SAYS_WHICH


def same_noun(text: str, asked: Sequence[tuple[str, str]]) -> str:
    """Return the last question asked of another thing with the same noun: the platform team for the radio team.

    Args:
        text: As it was typed.
        asked: What each question before asked, and what the conversation added to it; oldest first.
    """
    found = _SAME_NOUN.fullmatch(text.strip())
    # "A new one" and "the second one" are no ones.
    if found is None or found["noun"].casefold() in {"one", "ones"}:
        return ""
    other = re.compile(rf"\b(?P<kind>[^\W\d_][\w-]+|\d+)\s+{re.escape(found['noun'])}\b", re.IGNORECASE)
    for before, topic in reversed(asked):
        old = other.search(before)
        if old:
            if old["kind"].casefold() in lexis.STOP_WORDS:
                return ""
            return f"{before[: old.start()]}{found['other']}{before[old.end() :]}{topic}"
    return ""


def same_end(text: str, last: Last) -> str:
    """Return the last question with another word at its end: "who is on call for radio?", "and platform?"."""
    found = AND_A_WORD.fullmatch(text.strip())
    before, topic = last() if found else ("", "")
    old = _ENDS_OF.search(before)
    if found is None or old is None or {found["word"].casefold(), old["word"].casefold()} & lexis.STOP_WORDS:
        return ""
    return f"{before[: old.start('word')]}{found['word']}{before[old.end('word') :]}{topic}"


def asked_of(before: str, topic: str, named: Sequence[str], again: re.Match[str] | None, text: str) -> str:
    """Return the last question with its subject replaced by the new one, or both where it had none."""
    where = is_place(named[0], text)
    if where and again and _THERE.search(before):
        # "How do I pay there?" asks of the new place what it asked of the other.
        others = [part for part in topic[2:-1].split(", ") if part not in subjects(topic)]
        return _THERE.sub(lambda _: again["phrase"], before) + (f" ({', '.join(others)})" if others else "")
    # A place takes the place of a place, a thing that of a thing.
    found = [old for old in subjects(before) if is_place(old, before) == where]
    if not (found or where) and _BARE_NAME.fullmatch(text.strip()):
        found = subjects(before)
    phrase = _LEADING.sub("", text).strip(" ?.!,")
    alike = [old for old in found for new in named if set(lexis.words(old)) & set(lexis.words(new))]
    for old in alike or found[-1:]:
        return before.replace(_reach(old, phrase, before), phrase if _begins(phrase, named[0]) else named[0])
    if topic and (again is None or again["word"].casefold() in _OF_SUBJECTS):
        known = subjects(topic)
        return f"{before}{topic.replace(known[0], named[0])}" if len(known) == 1 else f"{before} ({named[0]})"
    return asked_again(before, topic, again, text) if again else f"{before}{topic} {text}"


def asked_again(before: str, topic: str, again: re.Match[str], text: str) -> str:
    """Return the last question with a phrase in place of its own, or with both where it has none of the kind."""
    ends = rf"\b{again['word']}\b(?:(?!\b(?:{PREPOSITIONS})\b)[^?!.,;])*(?<!\s)"
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
    # What stands behind a number is no part of the name: "What does the Kestrel 6 cost?"
    if not _begins(phrase, name) or any(map(str.isdigit, last)):
        return name
    n_more = len(phrase.split()) - len(name.split())
    reach = re.search(rf"{re.escape(name)}(?: [^\W\d_][\w-]*){{{n_more}}}", before)
    return reach[0] if reach and not lexis.STOP_WORDS & set(reach[0].casefold().split()) else name
