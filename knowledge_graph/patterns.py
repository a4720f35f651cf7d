"""The regular expressions of the extraction; those that need the alphabet are built at first use.

A pattern that scans a text begins with a letter, digit or sign, so that the scan skips everything else quickly;
what must stand before it is looked at where it was found. None can be made to backtrack over a whole text.
"""

from __future__ import annotations

import re
from functools import cache

from knowledge_graph.vocabulary import ABBREVIATIONS, CONNECTORS, MONTHS

Pattern = re.Pattern[str]
Match = re.Match[str]

BULLETS = " \t\n\"'“”‘’([*-–—•#>|·"

# Group 1 is the closing punctuation of a sentence; it is missing where a line ends.
BOUNDARY = re.compile(r"([.!?…][\"'”’)\]]{0,3})[ \t\u00a0]{1,3}(?=[\"'“‘(\[]{0,3}[^\Wa-z_])|\n\s*")
ABBREVIATED = re.compile(rf"(?:^|[\s(.])(?:[^\W\d_]|{'|'.join(map(re.escape, sorted(ABBREVIATIONS)))})$", re.IGNORECASE)

QUOTED = re.compile(r"[“«]\s?([^“”«»\n]{2,80}?)\s?[”»]|\"\s?([^\"\n]{2,80}?)\s?\"(?!\w)")
DEFINED = re.compile(
    r"[\s\"'“*]{0,4}(?:(?:The|An?)\s)?([\w][\w\-/.&'’]{0,40}(?:[ ][\w\-/.&'’]{1,40}){0,4}?)[\"'”*]{0,3}"
    r"(?:\s\([^()]{1,80}\)|,[^,.]{1,60},)?\s(?:is|are|was|were|means|refers\sto)\s(?:an?|the|one\sof|any)\b"
)
QUALIFIED = re.compile(r"^([^()]{1,200})\s\([^()]+\)$")
NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)]|#+)\s+")
ORDINAL = re.compile(r"\b\d{1,3}(?:st|nd|rd|th)[ ]$")
_MONTH = f"(?:{'|'.join(MONTHS)})"
MONTH_DATE = re.compile(rf"{_MONTH}\b(?:\s\d{{1,2}}(?:st|nd|rd|th)?,?)?,?\s\d{{4}}\b")
DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\s$")
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
DIGITS = re.compile(r"\d[\w.\-]*")
CODE = re.compile(
    r"[vV]\d+(?:\.\d+)+(?:-\w+)?"
    r"|\d+(?:\.\d+){2,}(?:-\w+)?"
    r"|[A-Z][A-Za-z]{0,9}(?:-[A-Z]{1,6})*-\d[\w\-]*"
    r"|[A-Z]{1,6}\d[A-Z0-9]*(?:-[A-Z0-9]+)*"
    r"|0x[0-9A-Fa-f]{2,}"
)
ACRONYM = re.compile(r"([A-Z](?:[A-Z]{1,3}/[A-Z]{2,4}|&[A-Z]|[A-Z]{1,5}))s?(?![\w&/]|-\d|\.\w)")
BRACKETS = re.compile(r"\(([^()\n]{2,60})\)")
WORDS_BEFORE = re.compile(r"(?:[\w\-/&'’\"“”]+[ ]){1,8}$")
ALIAS = re.compile(
    r"(?:also|better|formerly|previously|commonly|sometimes)[ ](?:known[ ]as|called|named|referred[ ]to[ ]as)[ ]"
)


@cache
def capitals() -> str:
    """Return all capitals of Latin, Greek, Cyrillic, Armenian and Georgian letters, for a character class."""
    return "".join(letter for letter in map(chr, range(0x41, 0x1FFF)) if letter.isupper())


@cache
def name() -> Pattern:
    """Return the pattern of a phrase of capitalized words, joined by spaces, connectors and short numbers."""
    capital = f"[{capitals()}]"
    tail = r"\w*(?:[\-&/+.]\w+|['’](?!s\b)\w+)*\+*"
    # Mr. Dr. St. Jr. Ms. Lt. Mrs. Gen. Col. Sgt. Rev. Prof. Capt., then initials, then any word.
    word = rf"{capital}(?:(?:r|t|s|rs|en|ol|gt|ev|rof|apt)\.(?=[ ])|\.(?:-?{capital}\.)*|{tail})"
    joint = f"(?:{'|'.join(map(re.escape, CONNECTORS))})"
    number = r"\d{1,4}(?:\.\d{1,4}){0,3}(?![\w%]|[.,:/]\d)"
    return re.compile(rf"{word}(?:[ \u00a0](?:(?:{joint}[ \u00a0])?{word}|{number}))*")


@cache
def name_before() -> Pattern:
    """Return the pattern of up to six words at the end of a text, the first of them capitalized."""
    return re.compile(rf"([{capitals()}][\w\-&'’]*(?:[ ][\w\-&'’]+){{0,5}}?),?[ ]\(?(?:(?:is|are|was|were)[ ])?$")


@cache
def name_after() -> Pattern:
    """Return the pattern of a name at the start of a text, quoted or not."""
    return re.compile(rf"(?:the[ ])?[\"“'‘]?(\w[\w\-&'’]*(?:[ ][{capitals()}\d][\w\-&'’]*){{0,5}})")
