"""What can be read off the words of a text: terms, codes, numbers, names. English first, harmless elsewhere."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache

import snowballstemmer

_local = threading.local()
_NUMBERING = re.compile(r"^[\d.)\s]+(?=\D)")
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being between both but by can
    could did do does doing done during each either else for from had has have having he her here hers him his how
    i if in into is it its itself just let like may me might more most must my no nor not of off on once only or
    other our ours out over own please shall she should so some such than that the their theirs them then there
    these they this those through to too under until up upon us very was we were what when where which while who
    whom whose why will with would yes you your yours tell know need want get got hi hello thanks customer says
    s t re ve ll d m don doesn isn aren wasn weren won cannot""".split()
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
# Han, kana, Thai, Lao, Burmese and Khmer are written without spaces; signs behind a character are no words.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff][^\\w\\s]*+"
)
# A code holds a digit or is joined by signs: HX-2104, v2.4.1, AX3000, 192.168.0.1, wpa2-psk, FW_1.2, E13.
_CODE = re.compile(r"(?<![\w.-])(?=[\w.\-/:]*\d)(?=[\w.\-/:]*[A-Za-z.])[A-Za-z0-9]+(?:[.\-_/:][A-Za-z0-9]+)*(?![\w-])")
_ADDRESS = re.compile(r"\d+(?:\.\d+){2,}")
UNIT = (
    r"(?:(?i:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mths?|quarters?|years?|yrs?|ms|[ap]\.?m"
    r"|mm|cm|km|met(?:re|er)s?|kilomet(?:re|er)s?|inch(?:es)?|f(?:ee|oo)?t|miles?|mg|kg|grams?|kilograms?|kilos?|ton(?:ne)?s?"
    r"|lbs?|oz|ml|lit(?:re|er)s?|percent|eur|usd|gbp|euros?|dollars?|pounds?|cents?"
    r"|[kmgt]b|[kmg]bits?|[kmg]bps|[kmg]?hz|dba?|m?ah|kwh?|watts?|volts?|amp(?:ere)?s?|degrees?|rpm|kn|pcs)|(?<=\d\d)[gt]|(?<=[.,]\d)t|[hlmsvwVW])"
)
"""The units that a number may have, as they are written; "4g" and "Section 7A" are names, and no weight or current."""
_NUMBER_IN_UNITS = rf"\d+(?:[.,:]\d+)?(?:-?{UNIT}|st|nd|rd|th|[kK]|bn)?"
# What only counts or measures: "24-month", "9am-5pm", "5GHz", "2nd", "8-port", "60k".
_AMOUNT = re.compile(rf"{_NUMBER_IN_UNITS}(?:[-/]{_NUMBER_IN_UNITS})*|\d{{1,3}}-[a-z]{{3,}}")
_NUMBER = re.compile(
    r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?![\w])|(?<=[$€£])\d+(?:[.,]\d+)*|(?<![\w.])\d+(?:[.,]\d+)*[⁰¹²³⁴-⁹⁻]+"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]{2,200})[\"“”«»]")
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĆČĎĐĘĚĞĢĪĶĹĽŁŃŇŅŐŒŘŚŠŞŤŪŮŰŹŻŽİ]"
_NAME = re.compile(
    rf"(?<![.!?]\s)(?<!^)\b{_CAPITAL}[\w'’&-]*"
    rf"(?:\s+(?:(?:of|the|and|de)\s+(?={_CAPITAL}))?(?:{_CAPITAL}[\w'’&-]*|\d\w*(?!\w|[.,]\d)))*"
)
NUMBER_WORDS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split(),
        map(str, range(21)),
        strict=True,
    )
) | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
"""The digits of the numbers that are written as one word."""


_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = re.compile(r"(?<=[^\W\d_])[²³]")


def typed(text: str) -> str:
    """Return a text with the digits of "CO₂" and "m²" as people type them, letter for letter; 10¹² is no 1012."""
    if text.isascii():
        return text
    return _RAISED.sub(lambda match: "2" if match[0] == "²" else "3", text.translate(_LOWERED))


def words(text: str) -> list[str]:
    """Return the words of a text in order, lower case."""
    text = typed(text)
    folded = text.casefold()
    if len(folded) == len(text):
        # Letter for letter, so that words end where they did.
        return _WORD.findall(folded.replace("’", "'"))
    return [match.group().casefold().replace("’", "'") for match in _WORD.finditer(text)]


def n_words(text: str) -> int:
    """Return how many words a text has; each character of a script without spaces counts as one."""
    spaced, n_unspaced = _UNSPACED.subn(" ", text)
    return n_unspaced + len(spaced.split())


def terms(text: str) -> tuple[str, ...]:
    """Return the content words in order of first appearance, lower case, without repetition."""
    return tuple(dict.fromkeys(word for word in _bare(text) if word not in STOP_WORDS))


def stems(text: str) -> frozenset[str]:
    """Return the stems of the content words."""
    return frozenset(stem(word) for word in terms(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a lower-case word by Porter's second English algorithm (Snowball)."""
    return str(_stemmer().stemWord(word))


def squeezed(text: str) -> str:
    """Return a text as two of them are compared to the letter: white space and case aside."""
    return " ".join(text.split()).casefold()


def covered(weights: Mapping[str, float], text: str) -> float:
    """Return the weight of the terms whose stems the text holds, as a share of the weight of all; 0 without terms."""
    held = stems(text)
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if stem(term) in held) / total if total else 0.0


def codes(text: str) -> tuple[str, ...]:
    """Return codes and identifiers as written, in order, without repetition; a number with its unit is none."""
    return tuple(code for code in alphanumerics(text) if not _AMOUNT.fullmatch(code))


def only_codes(text: str) -> tuple[str, ...]:
    """Return the codes of a text that holds no other word of weight; nothing where it does."""
    found = codes(text)
    rest = text
    for code in found:
        rest = rest.replace(code, " ")
    return () if terms(rest) else found


def alphanumerics(text: str) -> tuple[str, ...]:
    """Return all that holds a digit and a letter or is an address: the codes, and amounts such as "9am"."""
    found = (match.group().rstrip(".:/-") for match in _CODE.finditer(text))
    return tuple(dict.fromkeys(word for word in found if _is_alphanumeric(word)))


def holds(text: str, code: str) -> bool:
    """Tell whether a text holds a code as a word of its own: "E13" does not hold "E1"."""
    return bool(re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text, re.IGNORECASE))


def numbers(text: str) -> frozenset[str]:
    """Return the numbers of a text in one spelling: no thousands separators, number words as digits."""
    digits = (_plain(match.group()) for match in _NUMBER.finditer(text))
    spelled = (NUMBER_WORDS[word] for word in words(text) if word in NUMBER_WORDS)
    return frozenset([*digits, *spelled])


def digits(text: str) -> frozenset[str]:
    """Return every run of digits of a text, also those inside codes, in the spelling of `numbers`."""
    return frozenset(_plain(match.group()) for match in _DIGITS.finditer(text)) | numbers(text)


def phrases(text: str) -> tuple[str, ...]:
    """Return what stands in double quotation marks."""
    return tuple(dict.fromkeys(" ".join(match.split()) for match in _QUOTED.findall(text)))


def names(text: str) -> tuple[str, ...]:
    """Return capitalized phrases that do not begin a sentence, in order, without repetition."""
    return tuple(dict.fromkeys(match.group() for match in _NAME.finditer(text)))


def unnumbered(heading: str) -> str:
    """Return a heading without the number that stands before it: "2.1 Returns" is "Returns"."""
    return _NUMBERING.sub("", heading)


def _is_alphanumeric(word: str) -> bool:
    has_letter, has_digit = any(map(str.isalpha, word)), any(map(str.isdigit, word))
    return (has_letter and has_digit) or bool(_ADDRESS.fullmatch(word))


def _bare(text: str) -> Iterator[str]:
    for word in words(text):
        yield word.removesuffix("'s").replace("'", "")


def _plain(number: str) -> str:
    plain = re.sub(r",(?=\d{3}\b)", "", number.lstrip("+"))
    return plain.replace(",", ".")


def _stemmer() -> snowballstemmer.stemmer:
    """Return the stemmer of this thread: it keeps the word that it works on."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("english")
    return _local.stemmer
