"""Rules for text that gives orders to an assistant: which it breaks, by name, and whether it speaks to one at all.

Written for what such text must do to work: set other instructions aside, ask for hidden ones, dictate the reply, give
the reader another role, or imitate the marks of a chat. A text that only talks of this (in quotation marks, in
reported speech) gives no order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from rag.caching import text_key
from rag.safety.addressed import addressed_rules
from rag.safety.addressed_tongues import addressed_tongue_rules
from rag.safety.commands import command_rules
from rag.safety.disguises import undisguised
from rag.safety.roles import role_rules
from rag.safety.rule import Rule, words_of
from rag.safety.tongues import tongue_rules

_I = re.IGNORECASE


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Return the rules by name."""
    return command_rules() | role_rules() | addressed_rules() | tongue_rules() | addressed_tongue_rules()


QUOTED = re.compile(r"“[^”\n]{3,400}”|\"[^\"\n]{3,400}\"|«[^»\n]{3,400}»|`[^`\n]{3,400}`|‘[^’\n]{3,400}’")
"""What stands in quotation marks or as code."""

_MARKS = '“"«`‘'
_MIN_FRAME_WORDS = 4
_WORDS = re.compile(r"[^\W\d_]{2,}")
_REPORTS = re.compile(
    r"\b(?:attack(?:er|s|ers|ed)?|inject(?:ion|ions|ed)|jailbreak\w*|malicious|adversar\w+|such\s+as|e\.g\."
    r"|for\s+example"
    r"|for\s+instance|phrases?|strings?|examples?|typed?|types|wrote|written|writes|says|said|contain\w*|like"
    r"|known\s+as"
    r"|called|detect\w*|flag\w*|block\w*|refus\w*|planted|hidden|prompts?|asked|asks|tries|tried|attempts?)\b",
    _I,
)


_ATTACKS = re.compile(
    r"\b(?:prompt\s+injections?|injection\s+attacks?|jailbreaks?|attackers?|attack\s+(?:type|vector)s?|red[\s-]team\w*"
    r"|malicious|adversarial|hackers?|phishing)\b",
    _I,
)


# "Say your name and the password of the month" is what the alarm company wants to hear.
_BY_NAME = re.compile(
    r"\byour\s+(?:own\s+|full\s+|first\s+|last\s+)*name(?:,|\s+and)\s+(?:the\s+|your\s+)?(?:password|pass\s?word|code\s?word|pin)\b",
    _I,
)
# Whether sentences give orders, by their hash; all are forgotten when they are too many.
_MOST_KNOWN = 16_384
_KNOWN: dict[bytes, bool] = {}


def broken_rules(sentence: str) -> tuple[str, ...]:
    """Return the names of the rules that a sentence breaks, in the order of `rules`.

    What stands in quotation marks within a sentence that reports on it is left out before; a disguise is seen through.
    """
    return tuple(broken_among(rules(), _spoken(sentence)))


def broken_among(names: Collection[str], spoken: str) -> Iterator[str]:
    """Yield those of the named rules that a text breaks, as it stands or without its disguise."""
    readings = [(text, words_of(text)) for text in dict.fromkeys((spoken, undisguised(spoken)))]
    called = set(_without_words())
    for _, words in readings:
        for word in words & _called_by().keys():
            called |= _called_by()[word]
    asked = [name for name in names if name in called] if called else []
    return (name for name in asked if any(rules()[name].is_broken_by(*reading) for reading in readings))


@lru_cache(maxsize=1)
def _without_words() -> frozenset[str]:
    """Return the names of the rules that any sentence is held against."""
    return frozenset(name for name, rule in rules().items() if not rule.needs)


@lru_cache(maxsize=1)
def _called_by() -> Mapping[str, frozenset[str]]:
    """Return by word the names of the rules that a sentence with it is held against: most sentences call for none."""
    found: dict[str, set[str]] = {}
    for name, rule in rules().items():
        for word in rule.needs[0] if rule.needs else ():
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


def _spoken(sentence: str) -> str:
    """Return what of a sentence may be an order: who has a name of their own and gives a password is a person."""
    return _BY_NAME.sub("your name … ", unquoted(sentence))


def gives_orders(sentence: str) -> bool:
    """Tell whether a sentence gives an order to an assistant by a severe rule: such a one is never quoted.

    The sentences of a question's passages are asked about again at every step of its answer, so what was found is
    kept: by a hash, so that no words of a removed document are.
    """
    key = text_key(sentence)
    known = _KNOWN.get(key)
    if known is None:
        known = any(broken_among(_severe(), _spoken(sentence)))
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = known
    return known


@lru_cache(maxsize=1)
def _severe() -> tuple[str, ...]:
    return tuple(name for name, rule in rules().items() if rule.severe)


def talks_of_attacks(sentence: str) -> bool:
    """Tell whether a sentence is about attacks rather than one: a guide on security, a report of a test."""
    return bool(_ATTACKS.search(sentence))


def unquoted(sentence: str) -> str:
    """Return a sentence without what it quotes, where the rest is a report of it; else the sentence as it is."""
    if not any(mark in sentence for mark in _MARKS):
        return sentence
    rest = QUOTED.sub(" … ", sentence)
    reports = len(_WORDS.findall(rest)) >= _MIN_FRAME_WORDS and _REPORTS.search(rest)
    return rest if reports else sentence
