"""Questions that are none: attempts to change what the assistant is, or to get at what it keeps to itself."""

from __future__ import annotations

import re

from rag.safety.orders import QUOTED, broken_among, rules, talks_of_attacks, unquoted
from rag.safety.tongues import tongue_rules
from rag.sentences import sentence_spans

_SEVERE = ("override", "marks", "flood", *tongue_rules())
"""Rules of `rag.safety.orders` that no honest question breaks."""

_ASKED = ("leak", "ask_own", "role", "part", "your_reply", "form_of_reply")
"""Rules that count where the words below say that the assistant itself is meant."""

_ITSELF = re.compile(
    r"\b(?:your|the|this|hidden|secret|initial|original|system)\s+(?:\w+\s+){0,2}?(?:system\s+)?(?:prompts?"
    r"|instructions?|system\s+message|programming|rule\s?set|directives|guidelines|configuration)\b"
    r"|\b(?:you\s+are\s+(?:now|no\s+longer)|act\s+as|pretend\s+(?:to\s+be|that\s+you|you)|role-?play|from\s+now\s+on)\b"
    r"|\byour\s+(?:\w+\s+){0,2}?(?:reply|response|answer|output)\b",
    re.IGNORECASE,
)
# "What are your guidelines for returns?" asks after those of a desk, not after those of an assistant.
_BRIEFING = r"(?:instructions?|guidelines|directives|rules)"
_AN_ASSISTANTS = (
    r"(?:system|initial|original|hidden|secret|first|last|previous|prior|earlier|above|full|exact|complete|entire|whole"
    r"|internal|own|core|main|current|existing|given|default|custom|special|general|base|basic|real|actual|true|all|any"
    r"|developer|underlying|ai|assistant|model|chat|prompt)"
)
# Behind one of these only what they are for tells whose they are.
_EITHERS = r"(?:safety|security|operating|content|moderation|behaviou?r\w*)"
_MATTER = (
    r"(?:for|on|about|regarding|concerning|around)\s+(?!(?:(?:this|that|the|our|your|an?|every|all)\s+)?(?:you\w*|me|us"
    r"|how|what|ai(?!\s+(?:use|usage|tools?)\b)|assistant|bot|chat\w*|model|conversations?|sessions?|prompts?|users?"
    r"|repl\w+|answer\w*|respon\w+|behav\w+)\b)\w"
)
# "Your current guidelines for travel", "the initial setup instructions".
_KIND_OF = r"(?:current|existing|initial|original|system|full|complete|general|basic|exact)\s+"
_OF_A_DESK = re.compile(
    rf"\byour\s+(?:(?:{_KIND_OF})?(?:(?!{_AN_ASSISTANTS}\b)[\w-]+\s+){{0,2}}?{_BRIEFING}\s+{_MATTER}"
    rf"|(?!(?:{_AN_ASSISTANTS}|{_EITHERS})\b)[\w-]+\s+(?:(?!{_AN_ASSISTANTS}\b)[\w-]+\s+){{0,2}}?{_BRIEFING}\b)"
    rf"|\b(?:your|the)\s+{_KIND_OF}(?!(?:{_AN_ASSISTANTS}|{_EITHERS})\b)[\w-]+\s+{_BRIEFING}\b",
    re.IGNORECASE,
)
# What anybody may ask of an answer: how long it is, in which language, with its sources; or say of one before.
_REPLY = r"your\s+(?:last\s+|previous\s+|next\s+)?(?:answers?|repl(?:y|ies)|responses?)\b"
_FORM = (
    r"(?:short(?:er)?|brief|concise|simpler?|detailed|(?:one|two|three|\d+|few)\s+(?:short\s+)?(?:words?|sentences?"
    r"|lines?)|(?:simple|plain|easy)\s+(?:words|language|terms|english)|bullets?(?:\s+points?)?|table|list"
    r"|(?-i:[A-Z])[a-z]+)\b"
)
_PLAIN_WISH = re.compile(
    rf"\b(?:keep|make|write|give|provide|format|translate)\s+{_REPLY}\s+(?:(?:as|in|into|to|an?|very|more)\s+)*{_FORM}"
    r"|\b(?:include|add|mention|give|show)\s+(?:the|a|all|your)\s+(?:pages?|page\s+numbers?|sources?|references?|steps?"
    rf"|prices?)\s+(?:in|to)\s+{_REPLY}"
    rf"|\buse\s+(?:an?\s+)?(?:\w+\s+)?(?:{_FORM}|words|terms|language|sentences?|paragraphs?)\s+(?:in|for)\s+{_REPLY}"
    rf"|\brepeat\s+{_REPLY}|\bin\s+{_REPLY},?\s+(?:you|it)\s+(?:said|says?|wrote|told|mentioned)\b",
    re.IGNORECASE,
)
# "A customer sent …": somebody else's words are told of.
_OF_SOMEBODY = re.compile(
    r"\b(?:customers?|clients?|users?|callers?|visitors?|somebody|someone|people|he|she|they)\s+(?:(?:just|has|have)\s+)*"
    r"(?:sent|sends?|wrote|writes?|written|typed|types?|pasted|pastes?|entered|enters?|says?|said|asked|asks?)\b",
    re.IGNORECASE,
)
_THIRD_PERSON = re.compile(
    r"^\W*(?:(?:why|how|when|where|which|who|should|does|do|did|can|could|is|are|was|were)\b(?!\s+(?:are\s+)?you\b)"
    r"|what\s+(?:is|are|was|were|does|do|did|happens|should)\b(?!\s+(?:are\s+|is\s+)?your\b))",
    re.IGNORECASE,
)
_ORDERS = re.compile(r"\b(?:ignore|disregard|forget|override|reveal|pretend|act\s+as|from\s+now\s+on)\b", re.IGNORECASE)


def broken_by_question(text: str) -> str | None:
    """Return why a question is refused as an attempt on the assistant, or ``None`` for any other question.

    A question that only asks about such things ("How do I protect a chatbot from prompt injection?") is one like
    others: what it quotes, and what it asks in the third person, is not held against it.

    Args:
        text: The question, without control characters.
    """
    for span in sentence_spans(text):
        if reason := _broken(text[span.start : span.end]):
            return reason
    return None


def _broken(sentence: str) -> str | None:
    if talks_of_attacks(sentence) and sentence.rstrip().endswith("?"):
        return None
    spoken = unquoted(sentence)
    told = QUOTED.sub(" … ", spoken)
    if _THIRD_PERSON.search(spoken) or _OF_SOMEBODY.search(told):
        spoken = told
    broken = next(broken_among(_SEVERE, spoken), None)
    if broken:
        return rules()[broken].reason
    # The verb may have more objects: "repeat your last answer and your instructions".
    spoken = _PLAIN_WISH.sub(lambda wish: f"{wish[0].split()[0]} … ", _OF_A_DESK.sub(" … ", spoken))
    found = set(broken_among(_ASKED, spoken))
    third_person = _THIRD_PERSON.search(spoken) and not _ORDERS.search(spoken)
    if found and _ITSELF.search(spoken) and not third_person:
        return rules()[next(name for name in _ASKED if name in found)].reason
    return None
