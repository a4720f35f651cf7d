"""Rules for text that gives orders to an assistant: which it breaks, by name, and whether it speaks to one at all.

Written for what such text must do to work: set other instructions aside, ask for hidden ones, dictate the reply, give
the reader another role, or imitate the marks of a chat. A text that only talks of this (in quotation marks, in
reported speech) gives no order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rag.caching import text_key

_I = re.IGNORECASE
# Anything within a sentence; a point inside an address or a number does not end it.
_IN = r"(?:[^.!?\n]|[.!?](?=[^\s\"'”’)]))"
# Where an order can begin: at the start, behind a sign, or behind a word that hands it on.
_BEGIN = (
    r"(?:^|[.!?:;,\-–—\]>)}|\"“‘*#%=~]\s*|\b(?:please|now|then|and|but|must|should|shall|will|just|only|instead|always"
    r"|never|also|first|simply|immediately|kindly|(?:can|could|would|will)\s+you|you|have\s+to|need\s+to|want\s+you\s+to"
    r"|or|next|again|so|actually|finally|step\s+\d+:?|task:?|goal:?)\s+)"
)
_SET_ASIDE = (
    r"(?:ignore|disregard|forget|override|bypass|neglect|discard|do\s+not\s+(?:follow|obey|use)|don'?t\s+(?:follow|obey)"
    r"|stop\s+following|violate|erase|abandon|reset|skip|pay\s+no\s+attention\s+to|remove|delete|cancel|pause|stop)"
)
_EARLIER = (
    r"(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|all|any|every|everything|your|my|initial|original"
    r"|existing|former|aforementioned|before|below|last|these|those|other)"
)
_ORDERS = (
    r"(?:instructions?|prompts?|rules?|rule\s?sets?|directions?|directives?|guidelines?|restrictions?|constraints?"
    r"|programming|system\s+(?:prompt|message)s?|security\s+protocols?|orders?|training|safety\s+\w+)"
)
_HIDDEN = (
    r"(?:instructions?|prompts?|pre-?prompt|rules?|rule\s?sets?|directives?|guidelines?|system\s+(?:prompt|message)"
    r"|access\s+codes?|passwords?|pass\s?phrases?|secrets?|security\s+(?:code|key)s?|programming|code\s?words?"
    r"|(?:previous|last|first)\s+messages?|defen[cs]es?)"
)
_TELL = (
    r"(?:repeat|print|reveal|show|output\w*|tell|summari[sz]e|translate|convert|list|write|display|give|recite|format"
    r"|describe|state|say|share|explain|return|rewrite|spell|encode|copy|paste|quote|disclose|dump|echo|paraphrase|leak"
    r"|expose|provide|restate|reiterate|regurgitate|post|read|tl;?dr|rephrase|analy[sz]e|transform|complete|include"
    r"|create|make|generate|compose|elaborate|outline|break\s+down|what\s+(?:is|are|was|were|do))"
)
_REPLY = r"(?:responses?|reply|replies|answers?|output|message|completion)"
_CHANGE = (
    r"(?:add|include|integrate|insert|modify|augment|enhance|embed|append|mention|suggest|begin|start|end|finish|preface"
    r"|prefix|provide|render|use|replace|remove|introduce|misspell|scramble|jumble|rearrange|anagram|group|combine"
    r"|substitute|convert|write|format|make|give|keep|limit|translate|put|wrap|repeat|conclude|restrict|phrase|encode"
    r"|in|ensure|let|have|tailor|shorten|sneak|weave|slip)"
)
_ASSISTANT = (
    r"(?:ai|a\.i\.|(?:ai|virtual|digital)\s+(?:assistant|agent|model)s?|assistant|chat\s?bots?|bot|language\s+models?"
    r"|llms?|(?:chat)?gpt[\w.-]*|dan|persona|arbiter)"
)
_TONGUE = (
    r"(?:english|french|spanish|german|italian|portuguese|russian|chinese|mandarin|japanese|korean|arabic|hindi|latin"
    r"|dutch|greek|turkish|polish|swedish|hebrew)"
)
_WORK = (
    r"(?:poem|sonnet|haiku|limerick|rap|song|short\s+story|story|essay|speech|joke|fairy\s*tale|irc\s+log"
    r"|reddit\s+post)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of order.

    Args:
        pattern: Finds it in a sentence.
        reason: What is said of it, as the end of "The text …".
        severe: Whether it holds a passage back by itself; otherwise it is only noted.
    """

    pattern: re.Pattern[str]
    reason: str
    severe: bool = True


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Return the rules by name."""
    return {
        "override": Rule(
            re.compile(
                rf"{_BEGIN}{_SET_ASIDE}\b(?:{_IN}{{0,30}}?\b{_EARLIER}\b{_IN}{{0,30}}?\b{_ORDERS}\b"
                rf"|\s+(?:the\s+|all\s+)?{_ORDERS}\s+(?:above|before|so\s+far|you\s+(?:were|have\s+been)\s+given)"
                rf"|\s+(?:everything|anything|all|what)\s+(?:that\s+)?(?:you\s+(?:were|have\s+been|know|are)\b|above\b))",
                _I,
            ),
            "tells an assistant to set its instructions aside",
        ),
        "leak": Rule(
            re.compile(
                rf"{_BEGIN}{_TELL}\b{_IN}{{0,60}}?\b(?:(?:your|my|our|preceding|hidden|secret|system|initial)\b{_IN}{{0,25}}?"
                rf"\b(?:{_HIDDEN})\b|{_ORDERS}\s+(?:above|so\s+far|before|back|you\s+(?:were|are|have\s+been)\s+given)"
                rf"|(?:everything|text|words|sentences?|lines?)\s+above\b)",
                _I,
            ),
            "asks an assistant for its instructions or secrets",
        ),
        "leak_above": Rule(
            re.compile(
                rf"{_BEGIN}{_TELL}\b{_IN}{{0,40}}?\b(?:(?:the\s+)?(?:above|previous|prior|earlier|entire|full|first|all|given"
                rf"|these|this)\b{_IN}{{0,20}}?\b{_HIDDEN}|(?:the\s+)?(?:access\s+code|password|secret|pass\s?phrase)"
                rf"|(?:the\s+)?(?:{_ORDERS})\s+(?:as|in|like|to|of|for|into)\b|^\W*\w+\s+(?:the\s+)?{_ORDERS}\W*$)",
                _I,
            ),
            "asks for instructions or a password",
            severe=False,
        ),
        "your_reply": Rule(
            re.compile(
                rf"{_BEGIN}{_CHANGE}\b{_IN}{{0,200}}?\byour\s+(?:[\w']+\s+){{0,2}}?{_REPLY}\b(?!\s+(?:file|dir|type))",
                _I,
            ),
            "tells an assistant what its reply must be",
        ),
        "role": Rule(
            re.compile(
                rf"\b(?:you\s+are|you're|act|behave|pretend|respond|answer|role-?play|imagine)\s+(?:now\s+|to\s+be\s+"
                rf"|that\s+you\s+are\s+|as\s+(?:if\s+you\s+(?:are|were)\s+)?|no\s+longer\s+|going\s+to\s+|not\s+|being\s+)*"
                rf"(?:an?\s+|the\s+|my\s+)?(?:[\w'-]+\s+){{0,4}}?{_ASSISTANT}\b"
                rf"|\bpretend\s+(?:that\s+)?(?:to\b|i\b|you\b|we\b|the\b)"
                rf"|\bfrom\s+(?:now|this\s+point|here)\s+(?:on|onwards?|forward),?\s+(?:you|respond|reply|answer|say|act)\b"
                rf"|\byou\s+(?:must|will|shall|should|are\s+to|may\s+only)\s+(?:now\s+|only\s+|always\s+|never\s+|then\s+"
                rf"|instead\s+|also\s+|immediately\s+|simply\s+)+(?:respond|reply|answer|say|obey|pretend|output|print)\b",
                _I,
            ),
            "gives an assistant another role",
        ),
        "say": Rule(
            re.compile(
                rf"(?<![A-Za-z]-){_BEGIN}(?:say|reply|respond|answer|print|begin|start|repeat|output)\b(?:\s+(?:back|me|only|exactly|just"
                rf"|always|simply|by|it|this|that|saying|typing|writing|printing|your|the|a|reply|response|answer|message"
                rf"|sentence|phrase|words?|following|text|output|to|with|in|of|user|everything)){{0,8}}\s*(?::\s*)?[\"“‘'`\[<(*]",
                _I,
            ),
            "dictates a reply",
            severe=False,
        ),
        "dictate": Rule(
            re.compile(
                rf"{_BEGIN}(?:respond|reply|answer)\s+(?:only\s+|exactly\s+|always\s+|just\s+|back\s+|to\s+\w+\s+\w+\s+)*(?:with"
                rf"|in|as|like|using)\b|{_BEGIN}(?:only|just)\s+(?:say|reply|respond|answer|output|print|write)\b",
                _I,
            ),
            "dictates how to reply",
            severe=False,
        ),
        "letters": Rule(
            re.compile(
                rf"\b(?:every|each)\s+(?:other|second|third|fourth|fifth|\d\w\w)\s+(?:letter|word)|\bvowels?\b|\banagram"
                rf"|\b(?:replace|substitute)\s+letters\b|\bhomophonic|\balphanumeric\s+substitution|\bpig\s+latin\b"
                rf"|\b(?:convert|decode|translate|binary|hex\w*|base64|rot13)\b{_IN}{{0,80}}(?:[01]{{7,8}}\s+){{3}}"
                rf"|(?:[01]{{8}}\s+){{4}}|\brot13\b",
                _I,
            ),
            "asks for text to be disguised",
            severe=False,
        ),
        "marks": Rule(
            re.compile(
                r"<\|[^|\n]{2,30}\|>|<\|?(?:im_start|im_end|endoftext|eot_id)|\[/?INST\]|<</?SYS>>"
                r"|^\W*\[?(?:system|assistant)\]?\s*:\s|\[\s*(?:system|assistant)\s*\]"
                r"|\b(?:end|begin|start)\s+(?:of\s+)?(?:the\s+)?(?:system|user|attacker'?s?|access|untrusted|trusted)\s+"
                r"(?:prompt|instructions?|input|chat|ambiguity|code|message|conversation|session|task)s?\b"
                r"|\bEND\s+(?:OF\s+)?(?:PROMPT|INSTRUCTIONS?|CHAT|AMBIGUITY|INPUT)\b|###\s*(?:instruction|system|response)",
                _I,
            ),
            "imitates the marks of a chat with an assistant",
        ),
        "assistant": Rule(
            re.compile(
                rf"\b(?:as\s+an?\s+(?:ai|language\s+model|llm|chatbot)\s+(?:language\s+model|assistant|model|you)\b"
                rf"|(?:dear|hey|hello|hi|note\s+(?:to|for)|attention|message\s+(?:to|for)|instructions?\s+(?:to|for)"
                rf"|notice\s+(?:to|for)|thank\s+you|good\s+job|welcome),?\s*(?:all\s+|the\s+|any\s+|every\s+)?{_ASSISTANT}\b"
                rf"|if\s+you\s+are\s+an?\s+{_ASSISTANT}\b|\b{_ASSISTANT}s?\s+(?:reading|summari[sz]ing|processing|that\s+reads?)"
                rf"\s+this\b|^\W*{_ASSISTANT}s?\s*[:,]\s)",
                _I,
            ),
            "speaks to an assistant",
        ),
        "access": Rule(
            re.compile(
                r"\baccess\W{0,6}granted\b|\b(?:correct|right|valid|accurate)\s+(?:password|access|pass\s?code|access\s+code)\b"
                r"|\bgrant\s+(?:me|them|us)\s+access\b|\b(?:do\s+anything\s+now|god\s+mode)\b",
                _I,
            ),
            "claims or asks for access",
            severe=False,
        ),
        "flood": Rule(
            re.compile(
                r"(?:^|\s)(?=\S*[^\s=\-_*#.~+|/0-9])(\S{1,12}(?:\s\S{1,6}){0,3}?)(?:\s+\1){14,}"
                r"|(?=[^\s=\-_*#.~+|/0-9@])([^\s=\-_*#.~+|/@]{1,24}?)\2{11,}"
            ),
            "repeats the same signs over and over",
            severe=False,
        ),
        "errand": Rule(
            re.compile(
                rf"{_BEGIN}(?:write|compose|draft|provide|create|generate|develop|tell\s+me|give\s+me|sing|recite|make)\s+"
                rf"(?:me\s+|us\s+)?(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,3}}?{_WORK}\b"
                rf"|\b(?:translate|say|what(?:'s|\s+is)|provide|equivalent)\b{_IN}{{0,80}}\b(?:in|to|into)\s+{_TONGUE}\b"
                rf"|{_BEGIN}provide\s+the\s+{_TONGUE}\b|\bin\s+the\s+style\s+of\s+[A-Z]",
                _I,
            ),
            "asks for a piece of writing that has nothing to do here",
            severe=False,
        ),
    }


QUOTED = re.compile(r"“[^”\n]{3,400}”|\"[^\"\n]{3,400}\"|«[^»\n]{3,400}»|`[^`\n]{3,400}`|‘[^’\n]{3,400}’")
"""What stands in quotation marks or as code."""

_MIN_FRAME_WORDS = 4
_WORDS = re.compile(r"[^\W\d_]{2,}")
_REPORTS = re.compile(
    r"\b(?:attack(?:er|s|ers|ed)?|inject(?:ion|ions|ed)|jailbreak\w*|malicious|adversar\w+|such\s+as|e\.g\.|for\s+example"
    r"|for\s+instance|phrases?|strings?|examples?|typed?|types|wrote|written|writes|says|said|contain\w*|like|known\s+as"
    r"|called|detect\w*|flag\w*|block\w*|refus\w*|planted|hidden|prompts?|asked|asks|tries|tried|attempts?)\b",
    _I,
)


_ATTACKS = re.compile(
    r"\b(?:prompt\s+injections?|injection\s+attacks?|jailbreaks?|attackers?|attack\s+(?:type|vector)s?|red[\s-]team\w*"
    r"|malicious|adversarial|hackers?|phishing)\b",
    _I,
)


# Whether sentences give orders, by their hash; all are forgotten when they are too many.
_MOST_KNOWN = 16_384
_KNOWN: dict[bytes, bool] = {}


def broken_rules(sentence: str) -> tuple[str, ...]:
    """Return the names of the rules that a sentence breaks, in the order of `rules`.

    What stands in quotation marks within a sentence that reports on it is left out before.
    """
    return tuple(_broken(sentence, rules()))


def gives_orders(sentence: str) -> bool:
    """Tell whether a sentence gives an order to an assistant by a severe rule: such a one is never quoted.

    The sentences of a question's passages are asked about again at every step of its answer, so what was found is
    kept: by a hash, so that no words of a removed document are.
    """
    key = text_key(sentence)
    known = _KNOWN.get(key)
    if known is None:
        known = any(_broken(sentence, (name for name, rule in rules().items() if rule.severe)))
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = known
    return known


def _broken(sentence: str, names: Iterable[str]) -> Iterator[str]:
    spoken = unquoted(sentence)
    return (name for name in names if rules()[name].pattern.search(spoken))


def talks_of_attacks(sentence: str) -> bool:
    """Tell whether a sentence is about attacks rather than one: a guide on security, a report of a test."""
    return bool(_ATTACKS.search(sentence))


def unquoted(sentence: str) -> str:
    """Return a sentence without what it quotes, where the rest is a report of it; else the sentence as it is."""
    rest = QUOTED.sub(" … ", sentence)
    reports = len(_WORDS.findall(rest)) >= _MIN_FRAME_WORDS and _REPORTS.search(rest)
    return rest if reports else sentence
