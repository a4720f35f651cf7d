"""The regular expressions of the extraction; those that need the alphabet are built at first use."""

from __future__ import annotations

import re
from functools import cache

from knowledge_graph.vocabulary import ABBREVIATIONS, CONNECTORS, MONTHS

Pattern = re.Pattern[str]
Match = re.Match[str]

BULLETS = " \t\n\"'“”‘’([*-–—•#>|·"

# Group 1 is the closing punctuation of a sentence; it is missing where a line ends.
BOUNDARY = re.compile(r"([.!?…][\"'”’)\]]*)[ \t\u00a0]+(?=[\"'“‘(\[]*[^\Wa-z_])|[.!?]?\n+")
ABBREVIATED = re.compile(rf"(?:^|[\s(])(?:\w|\w\.\w|{'|'.join(map(re.escape, sorted(ABBREVIATIONS)))})$", re.IGNORECASE)

QUOTED = re.compile(r"“\s?([^“”\n]{2,80}?)\s?[”]|(?<![\w])\"\s?([^\"\n]{2,80}?)\s?\"(?!\w)|«\s?([^«»\n]{2,80}?)\s?»")
DEFINED = re.compile(
    r"[\s\"'“*]*(?:(?:The|An?)\s)?([\w][\w\-/.&'’]*(?:[ ][\w\-/.&'’]+){0,4}?)[\"'”*]*"
    r"(?:\s\([^()]{1,80}\)|,[^,.]{1,60},)?\s(?:is|are|was|were|means|refers\sto)\s(?:an?|the|one\sof|any)\b"
)
QUALIFIED = re.compile(r"^(\S.*?)\s*\([^()]+\)$")
NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)]|#+)\s+")
PIECE = re.compile(r"[^ \u00a0]+")
_MONTH = f"(?:{'|'.join(MONTHS)})"


@cache
def _upper() -> str:
    """Return all capitals of Latin, Greek, Cyrillic, Armenian and Georgian letters as a character class."""
    return "".join(letter for letter in map(chr, range(0x41, 0x1FFF)) if letter.isupper())


@cache
def name() -> Pattern:
    """Return the pattern of a phrase of capitalized words, joined by spaces, connectors and short numbers."""
    capital = f"[{_upper()}]"
    title = r"(?:St|Dr|Mr|Mrs|Ms|Mt|Ft|Prof|Gen|Lt|Col|Sgt|Capt|Rev|Jr|Sr)\."
    tail = r"[\w]*(?:[\-&/+.][\w]+|['’](?!s\b)\w+)*[+]*"
    word = rf"(?:{title}|{capital}\.(?:-?{capital}\.)*|(?:{capital}|[a-z]{{1,2}}(?={capital})){tail})"
    joint = f"(?:{'|'.join(map(re.escape, CONNECTORS))})"
    gap = "[ \u00a0]"
    number = r"\d{1,4}(?![\w%]|[.,:/]\d)"
    return re.compile(
        rf"(?<![\w])(?:\d{{1,3}}(?:st|nd|rd|th){gap})?{word}(?:{gap}(?:{joint}{gap})?{word}|{gap}{number})*"
    )


@cache
def code() -> Pattern:
    """Return the pattern of codes: ``HX-2104``, ``v2.4.1``, ``INC-123``, ``E42``, ``10.0.0.1``, ``A1B-22-X``."""
    return re.compile(
        r"(?<![\w.\-])(?:"
        r"[vV]\d+(?:\.\d+)+(?:-\w+)?"
        r"|\d+(?:\.\d+){2,}(?:-\w+)?"
        r"|[A-Z][A-Za-z]{0,9}(?:-[A-Z]{1,6})*-\d[\w\-]*"
        r"|[A-Z]{1,6}\d[A-Z0-9]*(?:-[A-Z0-9]+)*"
        r"|0x[0-9A-Fa-f]{2,}"
        r")(?![\w])"
    )


@cache
def date() -> Pattern:
    """Return the pattern of dates with at least month and year."""
    return re.compile(
        rf"\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH},?\s\d{{4}}"
        rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|{_MONTH}\s\d{{4}})\b"
    )


@cache
def acronym() -> Pattern:
    """Return the pattern of acronyms; group 1 leaves out the ``s`` of a plural."""
    return re.compile(r"(?<![\w\-&/.])([A-Z]{2,6}|[A-Z]&[A-Z]|[A-Z]{2,4}/[A-Z]{2,4})s?(?![\w&/]|-\d|\.\w)")


@cache
def acronym_beside_expansion() -> Pattern:
    """Return the pattern of up to eight words and a bracket that may abbreviate or expand them."""
    return re.compile(r"((?:[\w\-/&'’]+[ ]){0,7}[\w\-/&'’]+)[ ]\(([^()\n]{2,60})\)")


@cache
def alias() -> Pattern:
    """Return the pattern of ``X (also known as Y)`` and ``X, also called Y``: group 1 is X, group 2 Y."""
    known = r"(?:also|better|formerly|previously|commonly|sometimes)[ ](?:known[ ]as|called|named|referred[ ]to[ ]as)"
    upper = _upper()
    return re.compile(
        rf"([{upper}][\w\-&'’]*(?:[ ][\w\-&'’]+){{0,5}}?),?[ ]\(?(?:(?:is|are|was|were)[ ])?"
        rf"(?:{known}|a\.?k\.?a\.?)[ ](?:as[ ])?(?:the[ ])?[\"“'‘]?([\w][\w\-&'’]*(?:[ ][{upper}\d][\w\-&'’]*){{0,5}})"
    )
