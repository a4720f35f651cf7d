"""Rules for orders in English that are meant for an assistant.

Written for what such text must do to work: set other instructions aside, ask for hidden ones, dictate the reply, give
the reader another role, or imitate the marks of a chat.
"""

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
_OWN_BRIEFING = (
    r"(?:read|create|complete|make|include|post|share|give|provide)\s+(?:all\s+|through\s+)?your\s+(?:\w+\s+)?"
    r"(?:instructions?|rules|guidelines|directives)\b"
)
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
_YOU_MUST = (
    r"\byou\s+(?:must|will|shall|should|are\s+to|may\s+only)\s+(?:(?:now|only|always|never|then|instead|also"
    r"|immediately"
    r"|simply)\s+)+"
)
_CHANGE = (
    r"(?:add|include|integrate|insert|modify|augment|enhance|embed|append|mention|suggest|begin|start|end|finish"
    r"|preface"
    r"|prefix|provide|render|use|replace|remove|introduce|misspell|scramble|jumble|rearrange|anagram|group|combine"
    r"|substitute|convert|write|format|make|give|keep|limit|translate|put|wrap|repeat|conclude|restrict|phrase|encode"
    r"|in|ensure|let|have|tailor|shorten|sneak|weave|slip)"
)
_ASSISTANT = (
    r"(?:ai|a\.i\.|(?:ai|virtual|digital)\s+(?:assistant|agent|model)s?|assistant|chat\s?bots?|bot|language\s+models?"
    r"|llms?|(?:chat)?gpt[\w.-]*|(?-i:DAN)|persona|arbiter)"
)
_TONGUE = (
    r"(?:english|french|spanish|german|italian|portuguese|russian|chinese|mandarin|japanese|korean|arabic|hindi|latin"
    r"|dutch|greek|turkish|polish|swedish|hebrew)"
)
_WORK = (
    r"(?:poem|sonnet|haiku|limerick|rap|song|short\s+story|story|essay|speech|joke|fairy\s*tale|irc\s+log"
    r"|reddit\s+post)"
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
_ASSISTANT_WORDS = needed(
    "ai i assistant/s agent/s chatbot/s bot/s language llm/s gpt gpts chatgpt dan persona arbiter"
)
_ROLE_WORDS = _ASSISTANT_WORDS | needed("pretend onward onwards forward on obey output print respond reply answer say")
_ERRAND_WORDS = needed(
    "poem sonnet haiku limerick rap song story essay speech joke tale fairytale log post english french spanish german"
    " italian portuguese russian chinese mandarin japanese korean arabic hindi latin dutch greek turkish polish swedish"
    " hebrew style"
)


def command_rules() -> dict[str, Rule]:
    """Return the rules by name."""
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
        "leak": Rule(
            re.compile(
                rf"{BEGIN}(?<!never\s)(?!{_OWN}{WITHIN}{{0,60}}?\b(?:your|my"
                rf"|our)\s+(?:[\w-]+\s+){{0,2}}?{_CREDENTIALS}\b)(?!{_OWN_BRIEFING})"
                rf"(?:{_TELL}\b{WITHIN}{{0,60}}?"
                rf"\b(?:(?:your|my|our|preceding|hidden|secret|system|initial)\b{WITHIN}{{0,25}}?\b{_HIDDEN}\b"
                rf"|{_ORDERS}\s+(?:above|so\s+far|before|back|you\s+(?:were|are|have\s+been)\s+given)"
                rf"|(?:everything|text|words|sentences?|lines?)\s+above\b)"
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
        "role": Rule(
            re.compile(
                rf"\b(?:you\s+are|you're|act|behave|pretend|respond|answer|role-?play|imagine)\s+(?:now\s+|to\s+be\s+"
                rf"|that\s+you\s+are\s+|as\s+(?:if\s+you\s+(?:are|were)\s+)?|no\s+longer\s+|going\s+to\s+|not\s+"
                rf"|being\s+)*"
                rf"(?:an?\s+|the\s+|my\s+)?(?:[\w'-]+\s+){{0,4}}?{_ASSISTANT}\b"
                rf"|\bpretend\s+(?:that\s+)?(?:to\b|i\b|you\b|we\b)"
                rf"|\bfrom\s+(?:now|this\s+point|here)\s+(?:on|onwards?|forward),?\s+(?:you|respond|reply|answer|say"
                rf"|act)\b"
                rf"|{_YOU_MUST}(?:obey|pretend|output|print)\b"
                rf"|{_YOU_MUST}(?:respond|reply|answer|say)\s+(?:with\s+)?(?:only\s+|exactly\s+"
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
        "marks": Rule(
            re.compile(
                r"<\|[^|\n]{2,30}\|>|<\|?(?:im_start|im_end|endoftext|eot_id)|\[/?INST\]|<</?SYS>>"
                r"|^\W*\[(?:system|assistant)\]\s*:\s|\[\s*(?:system|assistant)\s*\]"
                r"|^\W*(?:system|assistant)\s*:\s(?=.*\b(?:you|your|users?|ignore|disregard|instructions?|access|say"
                r"|reply"
                r"|respond|output|answer|prompt|password|rules|must|granted|denied|test)\b)"
                r"|\b(?:end|begin|start)\s+(?:of\s+)?(?:the\s+)?(?:system|user|attacker'?s?|access|untrusted"
                r"|trusted)\s+"
                r"(?:prompt|instructions?|input|chat|ambiguity|code|message|conversation|session|task)s?\b"
                r"|\bEND\s+(?:OF\s+)?(?:PROMPT|INSTRUCTIONS?|CHAT|AMBIGUITY|INPUT)\b|###\s*(?:instruction|system"
                r"|response)",
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
