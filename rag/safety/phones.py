"""Phone numbers: by themselves where country or grouping tell, else by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag import lexis
from rag.sentences import Span

_MIN_DIGITS, _MAX_DIGITS = 6, 15

# Digits in groups, a sign or a bracket between two of them (without one, digits could be cut into groups in more ways
# than there is time to try); a slash behind the area code, an extension behind all.
_DIGITS = re.compile(
    r"(?<![\w./$€£+-])(?<!\d,)"
    r"(?:(?:(?:\(\+\d{1,3}\)|(?:\+|00)\d{1,3})[ .-]?(?:\(0\)[ .-]?)?\d{1,5}|\(?0 ?\d{1,5}\)?)"
    r" ?/ ?(?=\d{3}|\d\d[ .-]\d\d))?"
    r"(?:\(\+\d{1,3}\)|(?:\+|00)?(?:\(\d{1,5}\)|\d{1,}))"
    r"(?:[ .-](?:\(\d{1,5}\)|\d{1,})|(?<=\))\d{1,}|(?<=\d)\(\d{1,5}\)){0,7}"
    r"(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w/]|[.,:]\d)"
)
_SAID_BEFORE = re.compile(
    r"(?i)(?:\b(?:phone|fon|ph(?=[:.])\.?|t[eé]l[eé](?:ph|f)on[eou]?(?:nummer)?|t[eé]l\.?|mobile?(?:nummer)?|handy(?:nummer)?|rufnummer"
    r"|m[oó]vil|celular|cellulare|cell|fax|call(?:ing|ed)?|dial"
    r"|ring|text|sms|whatsapp|hotline|helpline|(?:my|our|his|her|their)(?=\s+number)"
    r"|(?:answering|reach\w*|contact\w*)\b[^.\n]{0,20})|手机|手機|电话|電話(?:番号)?|携帯)(?:\s*(?:me|us|them|him|her))?"
    r"(?:\s*(?:number|no\.?|nr\.?))?(?:\s*(?:is|at|on|under|to))?\s*[:：#=]?\s*(?:tel:)?$"
)
_KINDS = r"(?i:office|fax|mobile|cell|home|work|phone|landline)\b"
_SAID_BEHIND = re.compile(
    rf"\s?[-(,]?\s?{_KINDS}|\s+is\s+(?:my|our|his|her|their)\s+(?i:(?:new\s+)?(?:mobile|cell|phone|landline|fax))\b"
)
_NORTH_AMERICAN = re.compile(
    r"(?:(?:\+|00)?1[ .-]?)?(?:(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]|\(\d{3}\) ?\d{3} )\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?"
)
# Written so by everybody, though the library groups it as "01512 3456789".
_GERMAN_MOBILE = re.compile(r"01[5-7]\d[ /-] ?\d{7,8}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[.-]\d{1,2}[.-]\d{4}|0?\d/\d{4}")

# Countries that write a sign before their area codes, by which groups of digits are known.
_REGIONS = ("GB", "FR", "DE", "RU", "CH", "NL", "BE", "AU")
_NATIONAL = re.compile(r"\(?0\d|8 \(")
# Two groups of fewer digits are codes of many other things.
_MIN_GROUPS, _MIN_NATIONAL = 3, 10

# "250000 mobile users", "text 160000 characters", "600-400-1200 mm": what counts or measures.
_ROUND = re.compile(r"\+?\d+|\+?\d{1,3}(?:[ .]\d{3})+")
_THINGS = re.compile(rf"[ -](?:{_KINDS} )?(?!\w*days?\b|hours\b|thanks\b)([a-z]+[^\Ws]s)\b")
_MEASURED = re.compile(rf" ?{lexis.UNIT}(?!\w)")
_OTHERWISE = re.compile(
    r"(?i)(?:\b(?:v\.?|ver\.?|versions?|release|build|firmware|sections?|clause|chapter|article|parts?|sku|items?|models?"
    r"|serial|invoice|ticket|catalog(?:ue)?|ean|gtin|upc|isbn|barcode|dimensions?|reference|ref\.?|batch|lot|rma"
    r"|(?:order|account|customer|client|tracking|case|booking|contract|policy|asset|membership|registration|confirmation)"
    r"(?= (?:no|nr|num|numbers?|codes?|id)\b)"
    r"|(?!\w*(?:fon|mobil|handy|ruf|fax|durchwahl))\w+(?=-?(?:nummer|nr)\b))|§)"
    r"(?:[ -]?(?:no\.?|nr\.?|nummer|numbers?|codes?|id))?(?: is)?[^\w.,;!?\n]*$"
)


def otherwise_named(text: str, start: int) -> bool:
    """Return whether the words before a place say that a number there is a version, a section, a part or the like."""
    return bool(_OTHERWISE.search(text, max(0, start - 48), start))


def phones(text: str) -> Iterator[Span]:
    """Yield where a text holds phone numbers, in order."""
    # Printed numbers have dashes between their groups.
    text = text.replace("–", "-")
    for match in _DIGITS.finditer(text):
        written = match.group()
        bare = re.split(r"[xe]", written)[0]
        if not _MIN_DIGITS <= sum(map(str.isdigit, bare)) <= _MAX_DIGITS or _DATE.fullmatch(written):
            continue
        line = text.rfind("\n", 0, match.start()) + 1
        said = _SAID_BEFORE.search(text, max(line, match.start() - 60), match.start())
        if (
            said
            or _SAID_BEHIND.match(text, match.end())
            or (not otherwise_named(text, match.start()) and _is_phone(written, bare))
        ) and not _counts(written, text, match.end()):
            yield Span(*match.span())


def _is_phone(written: str, bare: str) -> bool:
    """Tell whether digits are a phone number by themselves: of a country that is named, or grouped as in some."""
    import phonenumbers

    if _NORTH_AMERICAN.fullmatch(written):
        return True
    if bare.startswith("00"):
        return " " in bare.strip() and _is_valid(f"+{bare[2:]}")
    if _GERMAN_MOBILE.fullmatch(bare):
        return _is_valid(f"+49{bare[1:]}")
    if _NATIONAL.match(bare):
        return any(_is_grouped(bare, region) for region in _REGIONS)
    if not bare.lstrip("(").startswith("+"):
        return False
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(bare)))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(bare: str) -> bool:
    """Tell whether a number with its country could be somebody's."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(bare)))
    except phonenumbers.NumberParseException:
        return False


def _is_grouped(bare: str, region: str) -> bool:
    """Tell whether digits are a number of a country, in the groups in which it is written there."""
    import phonenumbers

    groups = re.findall(r"\d+", bare)
    if len(groups) < 2 or (len(groups) < _MIN_GROUPS and len("".join(groups)) < _MIN_NATIONAL):
        return False
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return False
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.is_valid_number(number) and re.findall(r"\d+", national) == groups


def _counts(written: str, text: str, end: int) -> bool:
    """Tell whether a number says how many or how much; none does with a zero, a bracket or a country before it."""
    if written.startswith(("0", "(")) or (written.startswith("+") and _is_valid(written)):
        return False
    things = _ROUND.fullmatch(written) and _THINGS.match(text, end)
    return bool((things and things[1] not in lexis.STOP_WORDS) or _MEASURED.match(text, end))
