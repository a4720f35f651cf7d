"""Rules for orders in English to an assistant: to set its instructions aside, to tell them, or how to reply."""

from __future__ import annotations

import re

from rag.safety.rule import BEGIN, WITHIN, Rule, needed

_I = re.IGNORECASE
_SET_ASIDE = (
    r"(?:ignore|disregard|forget|override|bypass|neglect|do\s+not\s+(?:follow|obey|use)|don'?t\s+(?:follow|obey)"
    r"|stop\s+following|violate|abandon|pay\s+no\s+attention\s+to)"
)
# What is done to the rules of a firewall as well.
_WIPE = r"(?:discard|erase|reset|remove|delete)"
_LEAVE = r"(?:skip|cancel|pause|stop)"
_EARLIER = (
    r"(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|all|any|every|everything|your|my|initial|original"
    r"|existing|former|aforementioned|before|below|last|these|those|other)"
)
_ORDERS = (
    r"(?:instructions?|prompts?|rules?|rule\s?sets?|directions?|directives?|guidelines?|restrictions?|constraints?"
    r"|programming|system\s+(?:prompt|message)s?|security\s+protocols?|orders?|training|safety\s+\w+)"
)
# Rules of a thing rather than of an assistant.
_OF_A_THING = (
    r"(?:\s+(?:of|for|on|in)\s+(?:the|this|an?|your|our)\s+(?!system|prompt|chat|conversation|assistant|ai\b|model))"
)
_CREDENTIALS = r"(?:access\s+codes?|passwords?|pass\s?phrases?|secrets?|security\s+(?:code|key)s?|code\s?words?)"
_BRIEFING = (
    r"(?:instructions?|prompts?|pre-?prompt|rules?|rule\s?sets?|directives?|guidelines?|system\s+(?:prompt|message)"
    r"|programming|(?:previous|last|first)\s+messages?|defen[cs]es?)"
)
_HIDDEN = rf"(?:{_BRIEFING}|{_CREDENTIALS})"
_TELL = (
    r"(?:repeat|print|reveal|show|output\w*|tell|summari[sz]e|translate|convert|list|write|display|give|recite|format"
    r"|describe|state|say|share|explain|return|rewrite|spell|encode|copy|paste|quote|disclose|dump|echo|paraphrase|leak"
    r"|expose|provide|restate|reiterate|regurgitate|post|read|tl;?dr|rephrase|analy[sz]e|transform|complete|include"
    r"|create|make|generate|compose|elaborate|outline|break\s+down)"
)
_WHAT = r"what\s+(?:is|are|was|were|do)"
# What people are told to do with a password of their own.
_OWN = (
    r"(?:(?:show|tell|list|write|display|give|state|share|return|copy|paste|provide|post|read|include|create|make"
    r"|generate|compose|complete)\b(?!\s+(?:me|us)\b))"
)
# "Read our safety instructions before use", "explain our rules to new tenants".
_OWN_BRIEFING = (
    r"(?:(?:read|create|complete|make|include|post|share|give|provide)\s+(?:all\s+|through\s+)?your\s+(?:\w+\s+)?"
    r"|(?:read|create|complete|make|include|post|share|give|provide|explain|show|tell|send|summari[sz]e|translate|describe"
    r"|outline|copy|write|list)\s+(?!(?:to\s+)?(?:me|us)\b)(?:[\w'’-]+\s+){0,3}?our\s+"
    r"(?:(?!hidden|secret|system|initial|original|previous)[\w-]+\s+){0,2}?)"
    r"(?:instructions?|rules|guidelines|directives)\b"
)
# "Repeat the instructions above for each unit."
_OF_A_TASK = r"(?!\s+(?:for\s+(?:each|every|all|any|the\s+other)|until|before|after|once)\b)"
_REPLY = r"(?:responses?|reply|replies|answers?|output|message|completion)"
_YOUR_REPLY = rf"\byour\s+(?:[\w']+\s+){{0,2}}?{_REPLY}\b(?!\s+(?:file|dir|type))"
# Words to be copied (an ellipsis stands for what was quoted), addresses, disguises: where people write a reply
# themselves, they are told to do so "in block capitals" or "with the case number".
_PLAINLY_DICTATED = (
    r".*(?:[\"“\[<*`…]|\b(?:prefix|prepend|modify|augment|enhance|integrate|embed|weave|sneak|slip)\b"
    r"|\b(?:remove|replace|group|combine)\s+(?:\w+\s+){0,3}?(?:spaces|letters)\b|https?:|\bwww\.|(?<!\w)['‘]\w"
    r"|\b(?:in|into|of)\s+your\s+(?:\w+\s+)?(?:response|reply|answer),"
    r"|\byour\s+(?:(?:entire|whole|complete|next|every|final|previous|last)\s+(?:response|reply|answer|message)"
    r"|output|completion)"
    r"|\b(?:recommend|promote|advertis\w+|suggest|render|misspell\w*|typos?|scrambl\w+|jumbl\w+|rearrang\w+|anagram\w*"
    r"|homophon\w+|base64|rot13|hex\w*|morse|binary|vowels?|symbols|emojis?|substitut\w+|rhymes?|pirate"
    r"|nothing\s+but)\b)"
)
_CHANGE = (
    r"(?:add|include|integrate|insert|modify|augment|enhance|embed|append|mention|suggest|begin|start|end|finish"
    r"|preface"
    r"|prefix|provide|render|use|replace|remove|introduce|misspell|scramble|jumble|rearrange|anagram|group|combine"
    r"|substitute|convert|write|format|make|give|keep|limit|translate|put|wrap|repeat|conclude|restrict|phrase|encode"
    r"|in|ensure|let|have|tailor|shorten|sneak|weave|slip)"
)

_SET_ASIDE_WORDS = needed(
    "ignore disregard forget override bypass neglect follow obey use following violate abandon attention discard erase"
    " reset remove delete skip cancel pause stop"
)
_ORDERS_WORDS = needed(
    "instruction/s prompt/s rule/s ruleset/s set/s direction/s directive/s guideline/s restriction/s constraint/s"
    " programming message/s protocol/s order/s training safety everything anything all what above before below"
)
_HIDDEN_WORDS = _ORDERS_WORDS - needed("all what everything anything below") | needed(
    "preprompt code/s codeword/s password/s pass passphrase/s phrase/s secret/s key/s defense/s defence/s above"
)
_REPLY_WORDS = needed("response/s reply replies answer/s output message completion")


def command_rules() -> dict[str, Rule]:
    """Return the rules by name."""
    return _setting_aside() | _asking_for_what_is_hidden() | _shaping_the_reply()


def _setting_aside() -> dict[str, Rule]:
    return {
        "override": Rule(
            re.compile(
                rf"{BEGIN}(?<!never\s)(?:{_SET_ASIDE}\b(?:{WITHIN}{{0,30}}?\b{_EARLIER}\b{WITHIN}{{0,30}}?"
                rf"\b{_ORDERS}\b(?!(?<=rules){_OF_A_THING})"
                rf"|\s+(?:the\s+|all\s+)?{_ORDERS}\s+(?:above|before|so\s+far|you\s+(?:were|have\s+been)\s+given)"
                rf"|\s+(?:everything|anything|all|what)\s+(?:that\s+)?(?:you\s+(?:were|have\s+been|know|are)\b|above\b)"
                rf"|\s+(?:the\s+)?(?:rows?|lines?|text|paragraphs?|sentences?|passages?|sections?|content|documents?)"
                rf"\s+(?:above|before|below)\s+and\s+(?:instead\s+)?(?:state|say|reply|answer|respond|tell|claim"
                rf"|write)\b)"
                rf"|{_WIPE}\b{WITHIN}{{0,20}}?\b(?:previous|prior|earlier|preceding|your|my|initial"
                rf"|original)\s+(?:\w+\s+)?"
                r"(?:instructions?|prompts?|directives?|guidelines?|programming|training)\b)",
                _I,
            ),
            "tells an assistant to set its instructions aside",
            needs=(_SET_ASIDE_WORDS, _ORDERS_WORDS),
        ),
        "set_aside": Rule(
            re.compile(
                rf"{BEGIN}(?<!never\s)(?:{_SET_ASIDE}|{_WIPE}"
                rf"|{_LEAVE})\b(?:{WITHIN}{{0,30}}?\b{_EARLIER}\b{WITHIN}{{0,30}}?"
                rf"\b{_ORDERS}\b|\s+(?:the\s+|all\s+)?{_ORDERS}\s+(?:above|before|so\s+far|you\s+(?:were"
                rf"|have\s+been)\s+given)"
                rf"|\s+(?:everything|anything|all|what)\s+(?:that\s+)?(?:you\s+(?:were|have\s+been|know|are)\b"
                rf"|above\b))",
                _I,
            ),
            "tells to set rules aside",
            severe=False,
            needs=(_SET_ASIDE_WORDS, _ORDERS_WORDS),
        ),
    }


def _asking_for_what_is_hidden() -> dict[str, Rule]:
    return {
        "leak": Rule(
            re.compile(
                rf"{BEGIN}(?<!never\s)(?!{_OWN}{WITHIN}{{0,60}}?\b(?:your|my"
                rf"|our)\s+(?:[\w-]+\s+){{0,2}}?{_CREDENTIALS}\b)(?!{_OWN_BRIEFING})"
                rf"(?:{_TELL}\b{WITHIN}{{0,60}}?"
                rf"\b(?:(?:your|my|our|preceding|hidden|secret|system|initial)\b{WITHIN}{{0,25}}?\b{_HIDDEN}\b"
                rf"|{_ORDERS}\s+(?:above|so\s+far|before|back|you\s+(?:were|are|have\s+been)\s+given){_OF_A_TASK}"
                rf"|(?:everything|text|words|sentences?|lines?)\s+above\b{_OF_A_TASK})"
                rf"|{_WHAT}\b{WITHIN}{{0,60}}?\b(?:(?:your|my|our|preceding|hidden|secret|system"
                rf"|initial)\b{WITHIN}{{0,25}}?"
                rf"\b{_HIDDEN}\s*(?![\s\w-])|{_ORDERS}\s+(?:above|so\s+far|before|you\s+(?:were|are"
                rf"|have\s+been)\s+given)"
                rf"|(?:everything|text|words|sentences?|lines?)\s+above\b))",
                _I,
            ),
            "asks an assistant for its instructions or secrets",
            needs=(_HIDDEN_WORDS,),
        ),
        "ask_own": Rule(
            re.compile(
                rf"{BEGIN}(?<!never\s)(?:{_TELL}|{_WHAT})\b{WITHIN}{{0,60}}?\b(?:your|my"
                rf"|our)\b{WITHIN}{{0,25}}?\b{_HIDDEN}\b",
                _I,
            ),
            "asks for instructions or a password",
            severe=False,
            needs=(_HIDDEN_WORDS,),
        ),
        "leak_above": Rule(
            re.compile(
                rf"{BEGIN}(?:{_TELL}|{_WHAT})\b{WITHIN}{{0,40}}?\b(?:(?:the\s+)?(?:above|previous|prior|earlier"
                rf"|entire|full|first|all|given"
                rf"|these|this)\b{WITHIN}{{0,20}}?\b{_HIDDEN}|(?:the\s+)?(?:access\s+code|password|secret"
                rf"|pass\s?phrase)"
                rf"|(?:the\s+)?(?:{_ORDERS})\s+(?:as|in|like|to|of|for|into)\b|^\W*\w+\s+(?:the\s+)?{_ORDERS}\W*$)",
                _I,
            ),
            "asks for instructions or a password",
            severe=False,
            needs=(_HIDDEN_WORDS,),
        ),
    }


def _shaping_the_reply() -> dict[str, Rule]:
    return {
        "your_reply": Rule(
            re.compile(
                rf"^(?={_PLAINLY_DICTATED}).*?{BEGIN}(?<!never\s){_CHANGE}\b{WITHIN}{{0,200}}?{_YOUR_REPLY}", _I
            ),
            "tells an assistant what its reply must be",
            needs=(_REPLY_WORDS, needed("your")),
        ),
        "form_of_reply": Rule(
            re.compile(rf"{BEGIN}{_CHANGE}\b{WITHIN}{{0,200}}?{_YOUR_REPLY}", _I),
            "says what a reply must be like",
            severe=False,
            needs=(_REPLY_WORDS, needed("your")),
        ),
    }
