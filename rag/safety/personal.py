"""Personal data: where a text holds it, and the text with it masked.

Kinds and names are those of Presidio, so that its test sets and users' habits fit; its recognizers themselves need
spaCy, so the patterns stand here and check sums come from `python-stdnum` and `phonenumbers`
(docs/decisions/0020-personal-data.md).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from rag.safety.phones import otherwise_named, phones
from rag.sentences import Span

Kind = Literal["EMAIL_ADDRESS", "URL", "IBAN_CODE", "CREDIT_CARD", "IP_ADDRESS", "US_SSN", "PHONE_NUMBER", "PERSON"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In this order the first wins where two finds overlap: what a check sum proves comes before mere shapes."""

MASKED: frozenset[Kind] = frozenset(KINDS) - {"URL"}
"""What is masked where nothing else is said: a link is rarely a person's, and an answer often needs it."""

_LABELS: dict[Kind, str] = {
    "EMAIL_ADDRESS": "[e-mail]",
    "URL": "[link]",
    "IBAN_CODE": "[IBAN]",
    "CREDIT_CARD": "[card number]",
    "IP_ADDRESS": "[IP address]",
    "US_SSN": "[social security number]",
    "PHONE_NUMBER": "[phone number]",
    "PERSON": "[name]",
}

_WORDS = frozenset(
    "question answer text quote message title headings history original read written terms phrases numbers subqueries"
    " choices path expected repaired_from why reason missing readings notes caveats set_back".split()
)
"""Keys of a record under which words stand."""

# What was read off a question piece by piece: where the question held something, its pieces may be parts of it.
_READ_OFF = frozenset("terms codes phrases numbers dates negated subqueries choices spelling".split())
_ASKED = ("original", "text")

# Spaces and hyphens at which no line may break, and a wide "@", as the plain ones, one for one so that places stay.
_PLAIN = str.maketrans("\u00a0\u2007\u2009\u202f\u2010\u2011\uff20", "    --@")

# It may begin behind "..." or a quotation mark, and end before "-" or the "_" of a text that is set in italics. In the
# parameters of a link "@" and "+" are written by their codes.
_EMAIL = re.compile(
    r"(?:(?<![\w+-])(?<![\w+-][.'’])(?:[\w+-]|%2[Bb]){1,64}(?:[.'’](?:[\w+-]|%2[Bb]){1,64}){0,15}"
    r"|(?<!\w)\"[^\"\n]{1,64}\")"
    r"(?:@|%40)(?:[\w-]{1,63}\.){1,8}"
    r"(?:(?i:xn)--[A-Za-z0-9]{1,59}|[^\W\d_]{2,24})(?![^\W_])"
)
# As people write it for other people: "anna (at) example [dot] org".
_AT = re.compile(r"(?i)\s?[\[({]\s?(?:at|@)\s?[\])}]\s?")
_DOT = re.compile(r"(?i)\s?[\[({]\s?(?:dot|punkt|punto|point)\s?[\])}]\s?")
_SPELLED = re.compile(
    rf"(?<![\w.+-])[\w+-]{{1,64}}(?:(?:\.|{_DOT.pattern[4:]})[\w+-]{{1,64}}){{0,3}}{_AT.pattern[4:]}"
    rf"(?:[\w-]{{1,63}}(?:\.|{_DOT.pattern[4:]})){{1,4}}[^\W\d_]{{2,24}}(?!\w)",
    re.IGNORECASE,
)
# "git@github.com" logs in at a host, and "user@2x.png" is a picture for a screen of twice the pixels.
_NOBODY = re.compile(r"(?i)git@.*|.*@\dx\.\w+")
_URL = re.compile(r"(?i)(?<![\w.@])(?:(?:https?|ftp)://|www\.)[^\s<>\"'“”‘’|\\^`{}]{3,}")
# Ahead of each place, since one may begin inside what another seemed to begin: "Ref AB12 DE89 3704 …".
_IBAN = re.compile(
    r"(?i)(?<![0-9a-z])(?=([a-z]{2}[ .–-]?[0-9]{2}(?:[ .–-]?[0-9a-z]{4}){2,7}(?:[ .–-]?[0-9a-z]{1,3})?)(?![0-9a-z]))"
)
# Dots and dashes also part other numbers: with them the groups are those of cards.
_CARD = re.compile(
    r"(?<![\w.–-])(?<![A-Za-z]{2}\d\d )(?:[2-6]\d(?:[ -]?\d){11,17}(?![\w-])"
    r"|[2-6]\d{3}([.–])(?:\d{4}\1\d{4}\1\d{4}|\d{6}\1\d{5})(?![\w-]|[.–]\d))"
)
# Visa; Mastercard; American Express; Diners Club; JCB; Mir; Maestro, Discover and UnionPay. Phones have numbers of 15
# digits that end in a check digit of the same kind, and rows of years are as long.
# Source: ISO/IEC 7812-1 and the ranges that the networks publish.
_OF_A_NETWORK = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|09|[689]\d)\d{11,16}|2131\d{11}|35(?:2[89]|[3-8]\d)\d{12,15}|220[0-4]\d{12,15}"
    r"|(?:50|5[6-9]|6\d)\d{10,17}"
)
_GOODS = re.compile(r"\d{13}")
_SAID_CARD = re.compile(r"(?i)\b(?:card|visa)\b[^.\n]{0,30}$")
_IP4 = re.compile(r"(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?:-(\d{1,3}(?:\.\d{1,3}){3}))?(?![\w-]|\.\d)")
_IP6 = re.compile(r"(?i)(?<![\w:.])(?=[0-9a-f:]*:[0-9a-f]*:)[0-9a-f:]{3,39}(?![\w:])")
_SSN = re.compile(r"(?<![\w–-])(?!000|666|9)\d{3}([–-])(?!00)\d{2}\1(?!0000)\d{4}(?![\w–-])")
_SSN_WORD = r"(?:ssn|social(?: security)?)\b(?: (?:number|no\b\.?))?"
_SSN_NAMED = re.compile(
    rf"(?i)\b{_SSN_WORD}\W{{1,3}}(?:is\s+)?((?!000|666|9)\d{{3}} ?(?!00)\d{{2}} ?(?!0000)\d{{4}})(?!\w)"
    rf"|(?<![\w-])((?!000|666|9)\d{{3}} (?!00)\d{{2}} (?!0000)\d{{4}})(?=[ (,]{{1,2}}{_SSN_WORD})"
)
# Of a card's number with more behind it: an expiry date or check digits. The check sum fits one number in ten, and
# shorter ones are also times and dates.
_MAX_BEHIND_CARD, _MIN_CARD_DIGITS = 4, 15


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data, as a half-open character span of the text."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str, *, kinds: Collection[Kind] = KINDS, names: Iterable[str] = ()) -> tuple[Found, ...]:
    """Return where a text holds personal data, in order, without overlaps.

    Args:
        text: Any text.
        kinds: What to look for.
        names: Names of people that are known, e.g. entities of the graph; others are not found.
    """
    found: list[Found] = []
    text = text.translate(_PLAIN)
    taken = bytearray(len(text))
    for kind in KINDS:
        if kind in kinds:
            for span in _names(text, names) if kind == "PERSON" else _FINDERS[kind](text):
                if taken.find(1, span.start, span.end) < 0:
                    taken[span.start : span.end] = bytes([1]) * (span.end - span.start)
                    found.append(Found(kind, *span))
    return tuple(sorted(found, key=lambda each: each.start))


def mask(text: str, *, kinds: Collection[Kind] = MASKED, names: Iterable[str] = ()) -> str:
    """Return a text with its personal data replaced by what it was, e.g. ``[e-mail]``.

    Args:
        text: Any text.
        kinds: What to mask.
        names: Names of people that are known; see `find_personal`.
    """
    return without(text, find_personal(text, kinds=kinds, names=names))


def without(text: str, found: Iterable[Found]) -> str:
    """Return a text in which each of what was found, in order, is replaced by what it was."""
    parts: list[str] = []
    at = 0
    for each in found:
        parts += (text[at : each.start], _LABELS[each.kind])
        at = each.end
    return "".join((*parts, text[at:]))


def mask_record(record: Mapping[str, Any], *, kinds: Collection[Kind] = MASKED) -> dict[str, Any]:
    """Return the JSON form of an answer with the personal data in its words masked; ids, hashes and numbers stay."""
    masked = {key: _masked(value, kinds, in_words=key in _WORDS) for key, value in record.items()}
    return _without_pieces(record, masked, kinds)


def _without_pieces(record: Mapping[str, Any], masked: dict[str, Any], kinds: Collection[Kind]) -> dict[str, Any]:
    """Return a masked record without the words that its message names as missing, where they may be pieces of a find.

    Those are words or parts of the question; what is found in it as a whole is nothing by the piece.
    """
    missing, told = record.get("missing"), record.get("message")
    query = record.get("query")
    asked = {**query, "question": record.get("question")} if isinstance(query, Mapping) else record
    if not isinstance(missing, list | tuple) or not _hides(asked, ("question", *_ASKED), kinds):
        return masked
    if isinstance(told, str):
        for piece in missing:
            told = told.replace(f"“{piece}”", "“…”")
        masked["message"] = mask(told, kinds=kinds)
    return masked | {"missing": []}


def _hides(value: Mapping[str, Any], keys: Iterable[str], kinds: Collection[Kind]) -> bool:
    """Tell whether something is found in the texts below these keys."""
    return any(isinstance(value.get(key), str) and mask(value[key], kinds=kinds) != value[key] for key in keys)


def _masked(value: object, kinds: Collection[Kind], *, in_words: bool) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, Mapping):
        hides = _hides(value, _ASKED, kinds)
        return {
            key: [] if hides and key in _READ_OFF else _masked(inner, kinds, in_words=key in _WORDS)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_masked(inner, kinds, in_words=in_words) for inner in value]
    return mask(value, kinds=kinds) if in_words and isinstance(value, str) else value


def plain_address(written: str) -> str:
    """Return an e-mail address that was found as programs write it."""
    return _DOT.sub(".", _AT.sub("@", written.translate(_PLAIN).replace("%40", "@")))


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        if _NOBODY.fullmatch(match.group()):
            continue
        in_italics = text.startswith("_", match.end())
        yield Span(match.end() - len(match.group().lstrip("_")) if in_italics else match.start(), match.end())
    yield from (Span(*match.span()) for match in _SPELLED.finditer(text))


def _urls(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        # What ends the sentence around a link is no part of it.
        kept = match.group().rstrip(".,;:!?)]*_")
        yield Span(match.start(), match.start() + len(kept))


def _ibans(text: str) -> Iterator[Span]:
    from stdnum import iban

    for match in _IBAN.finditer(text):
        # A word behind an IBAN that is written in groups looks like one group more.
        for end in _ends(text, *match.span(1)):
            # A country's own check would leave out banks that are younger than its list.
            if end > match.start() + 14 and iban.is_valid(text[match.start() : end], check_country=False):
                yield Span(match.start(), end)
                break


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the ends of what is written in groups: that of the last one, of the one before, and so on."""
    while end > start:
        yield end
        end = max(text.rfind(sign, start, end) for sign in " .–-")


def _cards(text: str) -> Iterator[Span]:
    from stdnum import luhn

    for match in _CARD.finditer(text):
        if _is_on_goods(match):
            continue
        written = re.sub(r"\D", "", match.group())
        least = min(len(written), max(_MIN_CARD_DIGITS, len(written) - _MAX_BEHIND_CARD))
        for end in _ends(text, *match.span()):
            number = re.sub(r"\D", "", text[match.start() : end])
            if len(number) < least:
                break
            if _OF_A_NETWORK.fullmatch(number) and luhn.is_valid(number):
                yield Span(match.start(), end)
                break


def _is_on_goods(match: re.Match[str]) -> bool:
    """Tell whether digits are a number of goods, of which one in ten fits the check sum of cards too."""
    from stdnum import ean

    said = _SAID_CARD.search(match.string, max(0, match.start() - 60), match.start())
    return bool(not said and _GOODS.fullmatch(match.group()) and ean.is_valid(match.group()))


def _addresses(text: str) -> Iterator[Span]:
    for match in (*_IP4.finditer(text), *_IP6.finditer(text)):
        if not otherwise_named(text, match.start()):
            for group in range(bool(match.re.groups), match.re.groups + 1):
                if match[group] and _is_address(match[group]):
                    yield Span(*match.span(group))


def _is_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # Masks of networks, every machine's own, and what is short enough to be a name in a program: nobody has such an
    # address.
    nobodys = address.is_unspecified or address.is_loopback
    return not (text.startswith("255.") or ("::" in text and address.is_reserved) or nobodys)


def _social(text: str) -> Iterator[Span]:
    yield from (Span(*match.span()) for match in _SSN.finditer(text) if not otherwise_named(text, match.start()))
    yield from (Span(*match.span(match.lastindex or 0)) for match in _SSN_NAMED.finditer(text))


def _names(text: str, names: Iterable[str]) -> Iterator[Span]:
    # The longest first: "Anna Berg" before "Anna".
    for name in sorted({" ".join(name.split()) for name in names} - {""}, key=lambda name: (-len(name), name)):
        pattern = r"\s+".join(map(re.escape, name.split()))
        yield from (Span(*match.span()) for match in re.finditer(rf"(?<!\w){pattern}(?![\w@])", text, re.IGNORECASE))


_FINDERS: dict[Kind, Callable[[str], Iterator[Span]]] = {
    "EMAIL_ADDRESS": _emails,
    "URL": _urls,
    "IBAN_CODE": _ibans,
    "CREDIT_CARD": _cards,
    "IP_ADDRESS": _addresses,
    "US_SSN": _social,
    "PHONE_NUMBER": phones,
}
