"""Words behind a disguise: look-alike letters, signs that show nothing, letters set apart, digits for letters.

What comes out is read by the rules beside the text as it stands, and never stored or shown.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = ("аеорсухіјѕԁԛԝӏѵһкмнтьАВЕКМНОРСТХУІЈЅ", "aeopcyxijsdqwlvhkmhtbABEKMHOPCTXYIJS")
_GREEK = ("αονρικτυχεγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aovpiktuxeyABEZHIKMNOPTYX")
_OTHERS = ("ıɑɡɩոօ", "iagino")
LOOK_ALIKES = {
    ord(other): latin
    for others, latins in (_CYRILLIC, _GREEK, _OTHERS)
    for other, latin in zip(others, latins, strict=True)
}
"""The Latin letter that a letter of another alphabet looks like, as `str.translate` takes it."""
# Signs that need a look: all but ASCII and what an ordinary text is typeset with.
_UNUSUAL = re.compile("[^\x00-\x7f‘’“”–—…•·°©®™→←✓−×]")
_SHOWS_NOTHING = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef]"
)
_ACCENTS = re.compile("(?<=[A-Za-z])[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# Both alphabets in one word: no word of a language is written so.
_MIXED = re.compile("[A-Za-z][\u0131\u0251\u0261\u0269\u0370-\u058f]|[\u0131\u0251\u0261\u0269\u0370-\u058f][A-Za-z]")

_SINGLE = re.compile(r"[ ._*·-][A-Za-z][ ._*·-]{1,3}[A-Za-z][ ._*·-]")
_APART = re.compile(r"(?<![^\W_])[A-Za-z](?:[ ._*·-]{1,3}[A-Za-z](?![^\W_])){4,}")
_GAP = re.compile(r"[ ._*·-]{2,}")

# No language is written in small capitals; phonetic writing has single ones.
_SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "ABCDEFGHIJKLMNOPRSTUVWYZ")

_DIGITS = str.maketrans("034578@$", "oeastbas")
_DIGIT_INSIDE = re.compile(r"[0134578@$](?<=[A-Za-z].)(?=[A-Za-z])")
_WITH_DIGITS = re.compile(r"(?<![\w@$])(?=[\w@$]*[A-Za-z])(?=[\w@$]*[0134578@$])[\w@$]{2,20}(?![\w@$])")

_WORDS = (
    "ignore disregard forget override bypass all any every previous prior above earlier everything your the these those"
    " instructions instruction rules guidelines directions directives restrictions prompt prompts system and say tell"
    " reply respond reveal print repeat output that you are now"
)
_KNOWN = re.compile("|".join(sorted(_WORDS.split(), key=len, reverse=True)), re.IGNORECASE)


def _alike(word: str) -> str:
    """Return a word with one sign for what a 1 can stand for."""
    return re.sub("[il]", "1", word.lower())


_ONES = {_alike(word): word for word in _WORDS.split()}
# "lgnore", "ig-nore": shorter ones are words of other languages.
_LONG = 6
_SPELLINGS = "|".join("-?".join(word).replace("1", "[il1]") for word in _ONES if len(word) >= _LONG)
_MISSPELT = re.compile(rf"(?<![\w-])(?:{_SPELLINGS})(?![\w-])", re.IGNORECASE)


def undisguised(sentence: str) -> str:
    """Return a sentence with plain letters in the place of disguises; mostly it is the sentence itself.

    Accents go as well, so that the rules for other languages need not know them.
    """
    text = sentence
    if not text.isascii() and _UNUSUAL.search(text):
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _SHOWS_NOTHING.sub("", text)))
        text = unicodedata.normalize("NFKC", text).translate(_SMALL_CAPITALS)
        if _MIXED.search(text):
            text = text.translate(LOOK_ALIKES)
    if _SINGLE.search(text):
        text = _APART.sub(_joined, text)
    if _DIGIT_INSIDE.search(text):
        text = _WITH_DIGITS.sub(_lettered, text)
    return _MISSPELT.sub(_spelt, text)


def _joined(found: re.Match[str]) -> str:
    """Return letters as words: cut where the gaps are wider, else around the words that orders are made of."""
    pieces = ["".join(filter(str.isalpha, piece)) for piece in _GAP.split(found[0])]
    spaced = pieces if len(pieces) > 1 else [_KNOWN.sub(r" \g<0> ", piece) for piece in pieces]
    return " ".join(" ".join(spaced).split())


def _spelt(found: re.Match[str]) -> str:
    known = _ONES[_alike(found[0].replace("-", ""))]
    return found[0] if found[0].casefold() == known else known


def _lettered(found: re.Match[str]) -> str:
    word = found[0].translate(_DIGITS)
    return _ONES.get(_alike(word), word.replace("1", "i"))
