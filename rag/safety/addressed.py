"""Rules for text that is addressed to whoever answers from it: what to say, where to send things, what to remember.

A handbook tells people what to tell a customer, and that is no order to an assistant. These rules ask for more: that
machines are addressed, that what a user asked or gave is sent away, or that the text speaks of being ranked and quoted.
"""

from __future__ import annotations

import re

from rag.safety.rule import BEGIN, WITHIN, Rule, needed

_I = re.IGNORECASE
# Readers that are machines. A bare "assistant" or "agent" may be a person.
_MACHINES = (
    r"(?:ai|a\.i\.|chat\s?bots?|bots?|llms?|copilots?|(?:large\s+)?language\s+models?|answer(?:ing)?\s+engines?"
    r"|(?:ai|automated|virtual|digital|chat|search|machine)\s+(?:assistants?|agents?|helpers?|systems?|tools?|readers?"
    r"|models?|responders?))"
)
_MACHINE_WORDS = needed(
    "i ai chatbot/s bot/s llm/s copilot/s language automated virtual digital chat search machine engine/s"
)
# The same with what stands around them at the beginning: "All support agents and automated helpers:".
_TO_MACHINES = rf"^\W*(?:[\w'-]+,?\s+){{0,6}}?{_MACHINES}(?:\s+(?:and|or)\s+[\w\s]{{2,30}}?)?\s*[:|,–—-]\s*"
_STATE = r"(?:say|state|reply|respond|answer|claim|assert|confirm|report)"
_ASKED = (
    r"\b(?:when|if|whenever|should)\b.{0,60}?\b(?:ask(?:s|ed|ing)?|inquir\w+|enquir\w+|wants?\s+to\s+know|questions?)\b"
)
_MUST = (
    r"(?:must|shall|should|have\s+to|are\s+to|need\s+to|will"
    r"|(?:are|is)\s+(?:kindly\s+)?(?:asked|requested|required)\s+to)"
)
_ORDER = (
    r"(?:please\s+|always\s+|kindly\s+)*(?:ignore|disregard|forget|(?:say|state|reply|respond|answer|claim)\s+(?:that"
    r"|with|only)"
    r"|tell\s+(?:the|every|any|all|each)\s+(?:users?|customers?|readers?)|do\s+not|don'?t|never|recommend"
    r"|treat\s+this|rank"
    r"|you\s+(?:must|should|shall|are))"
)
_ASKER = r"(?:users?|customers?|readers?|askers?|visitors?)"
_GIVEN = (
    rf"(?:(?:{_ASKER}['’]?s?['’]?|their)\s+(?:\w+\s+)?(?:questions?|quer(?:y|ies)|conversation|messages?|prompts?"
    rf"|chat|words|input)"
    r"|(?:the\s+)?(?:(?:whole\s+|entire\s+|full\s+)?conversation|chat\s+history|retrieved\s+\w+|system\s+prompt))"
)
_KEYS = r"(?:passwords?|card\s+(?:numbers?|details|data)|pins?|cvv|cvc|credentials|security\s+codes?|one-time\s+codes?)"
_PLACE = r"(?:https?://|www\.|[\w.+-]{1,40}@[\w-]{1,40}\.)"
_LATER = r"(?:all|every|any|each)\s+(?:future|later|following|coming|subsequent|further)"
_ANSWERS = r"(?:conversations?|chats?|questions?|answers?|repl(?:y|ies)|responses?)"
_RANKED = (
    "this else passage document page text section paragraph chunk file source entry article query queries question/s"
)
_OWN_TEXT = r"this\s+(?:passage|document|page|text|section|paragraph|chunk|file|source|entry|article)"


def addressed_rules() -> dict[str, Rule]:
    """Return the rules by name."""
    return (
        _speaking_to_machines()
        | _putting_words_in_their_mouths()
        | _keeping_secret()
        | _sending_away()
        | _lasting_and_leading()
        | _lifting_rules()
    )


def _speaking_to_machines() -> dict[str, Rule]:
    return {
        "to_machines": Rule(
            re.compile(
                rf"\b(?:note|notice|message|attention|reminder|memo)\b[,:]?\s+(?:(?:to"
                rf"|for)\s+)?(?:all\s+)?(?:[\w'-]+,?\s+"
                rf"(?:[\w'-]+,?\s+){{0,2}}?(?:and|or)\s+(?:other\s+)?)?{_MACHINES}"
                rf"(?:\s+(?:and|or|that|who|which|reading)\b[^:.|]{{0,50}}?)?\s*[:|–—]"
                rf"|\b{_MACHINES}\s+(?:(?:that|who|which)\s+reads?|reading|processing|parsing|indexing|summari[sz]ing)"
                r"\s+(?:this|these|the\s+(?:file|page|document|text))\b"
                rf"|{_TO_MACHINES}{_ORDER}\b",
                _I,
            ),
            "speaks to an assistant",
            needs=(_MACHINE_WORDS,),
        ),
    }


def _putting_words_in_their_mouths() -> dict[str, Rule]:
    return {
        "when_asked": Rule(
            re.compile(
                rf"{_TO_MACHINES}.{{0,60}}?{_ASKED}.{{0,120}}?[,:|]\s*(?:always\s+|please\s+|then\s+|only\s+|just\s+)*"
                rf"(?:{_STATE}\s+(?:that|with)\b|tell\b)"
                rf"|(?<!\bthe\s)(?<!\bour\s)(?<!\ban\s)(?<!\ba\s)(?<!\byour\s)\b{_MACHINES}(?:\s+(?:and"
                rf"|or)\s+(?:\w+\s+){{0,3}}?\w+)?"
                rf"\s+{_MUST}\s+(?:\w+\s+){{0,3}}?(?:{_STATE}\s+that\b|tell\s+(?:\w+\s+){{1,3}}?that\b|ignore\b"
                rf"|disregard\b)"
                rf"|\b(?:humans?|people|staff|agents?|persons?)\s+(?:and|or)\s+(?:automated|machines?"
                rf"|{_MACHINES})\b.{{0,80}}?"
                rf"\b(?:{_MUST}\s+(?:\w+\s+){{0,3}}?{_STATE}\s+that\b|(?:when"
                rf"|if)\s+(?:\w+\s+)?asked\b.{{0,80}}?\b{_STATE}\s+that\b)"
                rf"|{_ASKED}.{{0,120}}?\b(?:and|or)\s+{_MACHINES}\s+(?:{_MUST}\s+)?{_STATE}\s+that\b",
                _I,
            ),
            "tells an assistant what to say to those who ask",
            needs=(
                needed("say state reply respond answer claim assert confirm report tell ignore disregard"),
                _MACHINE_WORDS,
            ),
        ),
        "only_answer": Rule(
            re.compile(
                r"\bthe\s+(?:only\s+)?(?:correct|right|true|only|best)\s+(?:answer|reply|response)\s+to\s+(?:all"
                r"|every|any|each)"
                r"\s+(?:questions?|quer(?:y|ies))\s+(?:about|on|concerning|regarding)\b"
                rf"|{_ASKED}.{{0,120}}?\b(?:answer|reply|response)\b.{{0,120}}?\b(?:do\s+not|don'?t"
                rf"|never)\s+(?:look\s+at|use"
                r"|consult|cite|quote|read)\s+(?:the\s+|any\s+)?(?:other|remaining|rest)\b"
                r".{0,20}?\b(?:sections?|passages?|documents?|sources?|pages?|parts?|texts?|files?)\b",
                _I,
            ),
            "tells an assistant what to say to those who ask",
            needs=(needed("answer reply response"),),
        ),
        "machines_must": Rule(
            re.compile(
                rf"\b(?:{_MACHINES}|assistants?)\s+(?:must|shall|should|has\s+to|have\s+to|is\s+to|are\s+to|(?:does"
                rf"|do)\s+not"
                rf"|never|always)\s+(?:\w+\s+){{0,2}}?(?:{_STATE}|tell|mention|recommend|withhold|ignore|omit|reveal"
                rf"|refuse|praise)\b",
                _I,
            ),
            "says what an assistant must say",
            severe=False,
            needs=(_MACHINE_WORDS | needed("assistant/s"),),
        ),
    }


def _keeping_secret() -> dict[str, Rule]:
    return {
        "conceal": Rule(
            re.compile(
                r"\b(?:do\s+not|don'?t|never)\s+(?:reveal|disclose|mention|repeat|show|tell|quote|admit|report)\b"
                rf"{WITHIN}{{0,40}}?\b(?:these|this|the\s+above|hidden)\s+(?:instructions?|prompts?|directives?)\b"
                r"(?!\s+(?:again|any\s?more))",
                _I,
            ),
            "tells an assistant to keep an order secret",
            needs=(
                needed("reveal disclose mention repeat show tell quote admit report"),
                needed("instruction/s prompt/s directive/s"),
            ),
        ),
        "withhold": Rule(
            re.compile(
                r"\b(?:do\s+not|don'?t|never)\s+(?:reveal|disclose|admit|mention)\s+(?:(?:this|it)\s+to\s+(?:the\s+"
                r"|any\s+)?"
                rf"(?:{_ASKER}|callers?|anyone)\b|this\W*$|to\s+(?:the\s+|any\s+)?(?:{_ASKER}|callers?)\s+that\b)",
                _I,
            ),
            "tells to keep something from those who ask",
            severe=False,
            needs=(needed("reveal disclose admit mention"),),
        ),
    }


def _sending_away() -> dict[str, Rule]:
    return {
        "send_away": Rule(
            re.compile(
                r"\b(?:append|add|include|insert|render|embed|attach|load|show|display|fetch)\b.{0,160}?"
                r"https?://(?:[^\s?]*\?\S*=|\S*[\[{<(]).{0,120}?"
                rf"\b{_GIVEN}"
                r"|\b(?:send|post|upload|forward|submit|transmit|leak)\b.{0,40}?\b(?:(?:retrieved\s+\w+"
                r"|system\s+prompt)"
                rf"\b.{{0,160}}?{_PLACE}|(?:user|reader|asker)['’]?s?['’]?\s+(?:questions?|quer(?:y|ies)"
                rf"|prompts?)\b.{{0,160}}?https?:)"
                r"|(?<!not\s)(?<!n't\s)(?<!n’t\s)(?<!never\s)"
                rf"\b(?:ask|request|collect|obtain|demand|get|prompt)\b.{{0,80}}?\b(?:{_ASKER}"
                rf"|callers?)\b.{{0,80}}?\b{_KEYS}\b"
                rf".{{0,80}}?\b(?:post|send|submit|forward|upload|transmit|e-?mail)\s+(?:them|it|these|those|both"
                rf"|all)\b"
                rf".{{0,80}}?{_PLACE}",
                _I,
            ),
            "sends away what a user asked or gave",
            needs=(
                needed(
                    "append add include insert render embed attach load show display fetch send post upload forward"
                    " submit transmit leak ask request collect obtain demand get prompt"
                ),
                needed("http https www com net org example")
                | needed("user/s customer/s caller/s reader/s asker/s visitor/s"),
            ),
        ),
        "tool": Rule(
            re.compile(
                r"\b(?:call|invoke|use|run|execute|trigger)\s+the\s+(?:tool|plug-?in)\b.{0,160}?\b(?:retrieved"
                r"|passages?|chat\s+history"
                r"|system\s+prompt|(?:whole|entire|full)\s+conversation|user['’]s\s+(?:question|messages?|data))\b"
                rf"|^\W*\w*(?:mail|http|fetch|request|post|upload"
                rf"|webhook)\w*\s?\(.{{0,160}}?{_PLACE}.{{0,160}}?\b(?:conversation|history"
                r"|retrieved|passages?|system_?\s?prompt|user['’]?s?[_\s](?:question|messages?|query))\b"
                r"|</?(?:tool_call|function_call|function_calls)\b",
                _I,
            ),
            "imitates the call of a tool",
            needs=(needed("retrieved passage/s history prompt systemprompt conversation user call/s"),),
        ),
        "tool_like": Rule(
            re.compile(
                r"^\W*(?:send_?e?mail|http_?(?:get|post|request)|fetch_?url|web_?(?:search|request|fetch)|post_?to_?url"
                r"|(?:execute|run)_?(?:code|command|shell)|delete_?(?:documents?|files?|spaces?)"
                r"|upload_?file)\s?\(.*[\"'“]"
                r"|\b(?:call|invoke)\s+the\s+tool\s+\w+",
                _I,
            ),
            "looks like the call of a tool",
            severe=False,
        ),
    }


def _lasting_and_leading() -> dict[str, Rule]:
    return {
        "remember": Rule(
            re.compile(
                rf"{BEGIN}(?<!never\s)(?:remember|memori[sz]e|keep\s+in\s+mind)\b{WITHIN}{{0,80}}?\b(?:for|in"
                rf"|during)\s+"
                rf"{_LATER}\s+{_ANSWERS}\b(?!\s+with\b)"
                rf"|{BEGIN}(?:store|save|note)\s+(?:this\s+)?(?:for|in)\s+{_LATER}\s+{_ANSWERS}\s*:"
                rf"|{BEGIN}(?:in|for)\s+{_LATER}\s+{_ANSWERS}\b(?!\s+with\b).{{0,20}}?\b(?:remember|say|state"
                rf"|recommend|treat|assume)\b",
                _I,
            ),
            "tells an assistant what to remember",
            needs=(needed("future later following coming subsequent further"), needed("all every any each")),
        ),
        "rank": Rule(
            re.compile(
                rf"\b(?:rank|rate|score)\s+{_OWN_TEXT}\s+(?:\w+\s+){{0,2}}?(?:first|highest|top|above|best"
                rf"|number\s+one)\b"
                rf"|\b(?:put|place|list)\s+{_OWN_TEXT}\s+(?:first|on\s+top|above)\b.{{0,30}}?\b(?:results?|answers?"
                rf"|sources|passages)\b"
                rf"|\b(?:quote|cite|return|retrieve)\s+(?:nothing\s+else|only\s+{_OWN_TEXT}|{_OWN_TEXT}\s+(?:alone"
                rf"|only))\b"
                r"|\bmost\s+relevant\s+(?:\w+\s+)?(?:for|to)\s+(?:every|any|all|each)\s+(?:quer(?:y|ies)|questions?)\b",
                _I,
            ),
            "asks to be ranked or quoted before others",
            needs=(needed("rank rate score put place list quote cite return retrieve relevant"), needed(_RANKED)),
        ),
    }


def _lifting_rules() -> dict[str, Rule]:
    return {
        "switch_off": Rule(
            re.compile(
                r"\b(?:citations?|refusals?|guard\s?rails?|filters?)\s+(?:are\s+)?(?:off"
                r"|disabled)\W{1,3}(?:and\s+)?(?:citations?"
                r"|refusals?|guard\s?rails?|filters?|restrictions?)\s+(?:are\s+)?(?:off|disabled)\b"
                r"|\brefusals?\s+(?:are\s+)?(?:off|disabled)\b"
                r"|\b(?:turn|switch)\s+off\s+(?:all\s+|your\s+|the\s+)?(?:citations?|refusals?|guard\s?rails?)\b"
                r"|\b(?:instructions?|prompt)\s+override\b",
                _I,
            ),
            "claims that an assistant's rules are off",
            needs=(needed("off disabled override"),),
        ),
        "urgent_override": Rule(
            re.compile(r"\bURGENT\W+(?:SYSTEM\W+)?OVERRIDE\b|\b(?:answer|reply|respond)\s+(?:only\s+)?from\s+memory\b"),
            "claims an override",
            severe=False,
            needs=(needed("override memory"),),
        ),
        "play": Rule(
            re.compile(
                r"\byou\s+are\s+(?:now\s+)?(?:an?\s+|the\s+)?(?-i:[A-Z])\w+\b.{0,60}?\bwho\s+(?:never\s+(?:cites?"
                r"|refuses?|says?\s+no|obeys?"
                r"|follows?)|ignores\s+(?:all|every|any|the)|has\s+no\s+(?:rules|restrictions|limits|filters?))\b",
                _I,
            ),
            "gives an assistant another role",
            needs=(needed("who"),),
        ),
    }
