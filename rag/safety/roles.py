"""Rules for text that gives an assistant a part to play or words to say, imitates a chat with it, or misuses it."""

from __future__ import annotations

import re

from rag.safety.rule import BEGIN, WITHIN, Rule, needed

_I = re.IGNORECASE

_YOU_MUST = (
    r"\byou\s+(?:must|will|shall|should|are\s+to|may\s+only)\s+(?:(?:now|only|always|never|then|instead|also"
    r"|immediately"
    r"|simply)\s+)+"
)
_ASSISTANT = (
    r"(?:ai|a\.i\.|(?:ai|virtual|digital)\s+(?:assistant|agent|model)s?|assistant|chat\s?bots?|bot|language\s+models?"
    r"|llms?|(?:chat)?gpt[\w.-]*|(?-i:DAN)|persona|arbiter)"
)
# "From now on, you can pay by card" tells a customer what is new.
_OF_A_CUSTOMER = (
    r"\s+(?:can|could|may|need|no\s+longer|don't|do\s+not|get|receive|have|pay|find|see|charge"
    r"|(?:will|won't|are|'ll)\s+(?:also\s+|then\s+|no\s+longer\s+|not\s+)?(?:be\s+)?(?:able|asked|billed|charged|entitled"
    r"|find|get|have\s+to\s+pay|informed|need|pay|receive|see))\b"
)
_TONGUE = (
    r"(?:english|french|spanish|german|italian|portuguese|russian|chinese|mandarin|japanese|korean|arabic|hindi|latin"
    r"|dutch|greek|turkish|polish|swedish|hebrew)"
)
_WORK = (
    r"(?:poem|sonnet|haiku|limerick|rap|song|short\s+story|story|essay|speech|joke|fairy\s*tale|irc\s+log"
    r"|reddit\s+post)"
)

_ASSISTANT_WORDS = needed(
    "ai i assistant/s agent/s chatbot/s bot/s language llm/s gpt gpts chatgpt dan persona arbiter"
)
_ROLE_WORDS = _ASSISTANT_WORDS | needed("pretend onward onwards forward on obey output print respond reply answer say")
_ERRAND_WORDS = needed(
    "poem sonnet haiku limerick rap song story essay speech joke tale fairytale log post english french spanish german"
    " italian portuguese russian chinese mandarin japanese korean arabic hindi latin dutch greek turkish polish swedish"
    " hebrew style"
)


def role_rules() -> dict[str, Rule]:
    """Return the rules by name."""
    return _giving_a_role() | _dictating() | _imitating_a_chat() | _misusing()


def _giving_a_role() -> dict[str, Rule]:
    return {
        "role": Rule(
            re.compile(
                rf"\b(?:you\s+are|you're|act|behave|pretend|respond|answer|role-?play|imagine)\s+(?:now\s+|to\s+be\s+"
                rf"|that\s+you\s+are\s+|as\s+(?:if\s+you\s+(?:are|were)\s+)?|no\s+longer\s+|going\s+to\s+|not\s+"
                rf"|being\s+)*"
                rf"(?:an?\s+|the\s+|my\s+)?(?:[\w'-]+\s+){{0,4}}?{_ASSISTANT}\b"
                rf"|\bpretend\s+(?:that\s+)?(?:to\b|i\b|you\b|we\b)"
                rf"|\bfrom\s+(?:now|this\s+point|here)\s+(?:on|onwards?|forward),?\s+(?:you(?!{_OF_A_CUSTOMER})|respond"
                rf"|reply|answer|say|act)\b"
                rf"|{_YOU_MUST}(?:obey|pretend|output)\b"
                rf"|{_YOU_MUST}(?:respond|reply|answer|say|print)\s+(?:with\s+)?(?:only\s+|exactly\s+"
                rf"|the\s+words?\s+)*[\"“'‘\[…]",
                _I,
            ),
            "gives an assistant another role",
            needs=(_ROLE_WORDS,),
        ),
        "part": Rule(
            re.compile(
                rf"\bpretend\s+(?:that\s+)?the\b|\blet(?:['’]s|\s+us)\s+(?:play\s+an?\b"
                rf"|role-?play).{{0,60}}?\byou\s+are\b|{_YOU_MUST}(?:respond|reply|answer|say)\b",
                _I,
            ),
            "says which part to play or how to answer",
            severe=False,
            needs=(needed("pretend respond reply answer say play role roleplay"),),
        ),
    }


def _dictating() -> dict[str, Rule]:
    return {
        "say": Rule(
            re.compile(
                rf"(?<![A-Za-z]-){BEGIN}(?:say|reply|respond|answer|print|begin|start|repeat|output)\b(?:\s+(?:back"
                rf"|me|only|exactly|just"
                rf"|always|simply|by|it|this|that|saying|typing|writing|printing|your|the|a|reply|response|answer"
                rf"|message"
                rf"|sentence|phrase|words?|following|text|output|to|with|in|of|user"
                rf"|everything)){{0,8}}\s*(?::\s*)?[\"“‘'`\[<(*]",
                _I,
            ),
            "dictates a reply",
            severe=False,
            needs=(needed("say reply respond answer print begin start repeat output"),),
        ),
        "dictate": Rule(
            re.compile(
                rf"{BEGIN}(?:respond|reply|answer)\s+(?:only\s+|exactly\s+|always\s+|just\s+|back\s+"
                rf"|to\s+\w+\s+\w+\s+)*(?:with"
                rf"|in|as|like|using)\b|{BEGIN}(?:only|just)\s+(?:say|reply|respond|answer|output|print|write)\b",
                _I,
            ),
            "dictates how to reply",
            severe=False,
            needs=(needed("respond reply answer say output print write"),),
        ),
        "letters": Rule(
            re.compile(
                rf"\b(?:every|each)\s+(?:other|second|third|fourth|fifth|\d\w\w)\s+(?:letter|word)|\bvowels?\b"
                rf"|\banagram"
                rf"|\b(?:replace|substitute)\s+letters\b|\bhomophonic|\balphanumeric\s+substitution|\bpig\s+latin\b"
                rf"|\b(?:convert|decode|translate|binary|hex\w*|base64|rot13)\b{WITHIN}{{0,80}}(?:[01]{{7,8}}\s+){{3}}"
                rf"|(?:[01]{{8}}\s+){{4}}|\brot13\b",
                _I,
            ),
            "asks for text to be disguised",
            severe=False,
        ),
    }


def _imitating_a_chat() -> dict[str, Rule]:
    return {
        "marks": Rule(
            re.compile(
                r"<\|[^|\n]{2,30}\|>|<\|?(?:im_start|im_end|endoftext|eot_id)|\[/?INST\]|<</?SYS>>"
                r"|^\W*\[(?:system|assistant)\]\s*:\s|^\W*\[\s*(?:system|assistant)\s*\]\W*(?:\w+\W+){0,2}?(?:you|ignore"
                r"|disregard|instructions?|say|reply|respond|answer|prompt|rules|must|granted|denied)\b"
                r"|^\W*(?:system|assistant)\s*:\s(?=.*\b(?:you|your|users?|ignore|disregard|instructions?|access|say"
                r"|reply"
                r"|respond|output|answer|prompt|password|rules|must|granted|denied|test)\b)"
                # An end user has a code, sessions and instructions too.
                r"|\b(?!(?-i:[Ee]nd|[Bb]egin|[Ss]tart)\s+user\s+(?!input|prompt))(?:end|begin|start)\s+(?:of\s+)?(?:the\s+)?"
                r"(?:system|user|attacker'?s?|access|untrusted|trusted)\s+"
                r"(?:prompt|instructions?|input|chat|ambiguity|code|message|conversation|session|task)s?\b"
                r"|\bEND\s+(?:OF\s+)?(?:PROMPT|INSTRUCTIONS?|CHAT|AMBIGUITY|INPUT)\b|###\s*(?:instruction|system"
                r"|response)\s*:",
                _I,
            ),
            "imitates the marks of a chat with an assistant",
            needs=(needed("<| inst sys system assistant end begin start instruction response im endoftext eot"),),
        ),
        "assistant": Rule(
            re.compile(
                rf"\b(?:as\s+an?\s+(?:ai|language\s+model|llm|chatbot)\s+(?:language\s+model|assistant|model|you)\b"
                rf"|(?:dear|hey|hello|hi|note\s+(?:to|for)|attention|message\s+(?:to|for)|instructions?\s+(?:to|for)"
                rf"|notice\s+(?:to|for)|thank\s+you|good\s+job|welcome),?\s*(?:all\s+|the\s+|any\s+"
                rf"|every\s+)?{_ASSISTANT}\b"
                rf"(?!\s+(?:developers?|users?|owners?|admin\w*|teams?|authors?|operators?|setup|settings|vendors?"
                rf"|builders?"
                rf"|engineers?|managers?|configuration)\b)"
                rf"|if\s+you\s+are\s+an?\s+{_ASSISTANT}\b|\b{_ASSISTANT}s?\s+(?:reading|summari[sz]ing|processing"
                rf"|that\s+reads?)"
                rf"\s+this\b|^\W*{_ASSISTANT}s?\s*[:,]\s+(?:please|you|your|do\s+not|don'?t|never|always|ignore"
                rf"|disregard|forget|say|tell|reply"
                rf"|respond|answer|state|recommend|mention|when|if|whenever|treat|remember|repeat|print)\b)",
                _I,
            ),
            "speaks to an assistant",
            needs=(_ASSISTANT_WORDS,),
        ),
        "access": Rule(
            re.compile(
                r"\baccess\W{0,6}granted\b|\b(?:correct|right|valid|accurate)\s+(?:password|access|pass\s?code"
                r"|access\s+code)\b"
                r"|\bgrant\s+(?:me|them|us)\s+access\b|\b(?:do\s+anything\s+now|god\s+mode)\b",
                _I,
            ),
            "claims or asks for access",
            severe=False,
            needs=(needed("access password pass passcode god do"),),
        ),
    }


def _misusing() -> dict[str, Rule]:
    """Return the rules for what is no order, and is written for an assistant all the same."""
    return {
        "flood": Rule(
            re.compile(
                r"(?:^|\s)(?=\S*[^\s=\-_*#.~+|/0-9])(\S{1,12}(?:\s\S{1,6}){0,3}?)(?:\s+\1){14,}"
                # "HELP!!!!!!!!!!!!" and "nooooooooooooo" are cries of somebody, and "hahaha" is laughter.
                r"|(?=[^\s=\-_*#.~+|/0-9@!?])([^\s=\-_*#.~+|/@]{3,24}?|[^\w\s=\-*#.~+|/@!?]{1,2}?)\2{11,}"
            ),
            "repeats the same signs over and over",
            severe=False,
        ),
        "errand": Rule(
            re.compile(
                rf"{BEGIN}(?:write|compose|draft|provide|create|generate|develop|tell\s+me|give\s+me|sing|recite"
                rf"|make)\s+"
                rf"(?:me\s+|us\s+)?(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,3}}?{_WORK}\b"
                rf"|\b(?:translate|say|what(?:'s|\s+is)|provide|equivalent)\b{WITHIN}{{0,80}}\b(?:in|to"
                rf"|into)\s+{_TONGUE}\b"
                rf"|{BEGIN}provide\s+the\s+{_TONGUE}\b|\bin\s+the\s+style\s+of\s+[A-Z]",
                _I,
            ),
            "asks for a piece of writing that has nothing to do here",
            severe=False,
            needs=(_ERRAND_WORDS,),
        ),
    }
