"""A desk's own contacts, as a policy lists them: they are no customer's data, so copies keep them."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.safety.personal import KINDS, Found, Kind, find_personal, plain_address

_CONTACTS: tuple[Kind, ...] = ("EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER")
LISTABLE: frozenset[Kind] = frozenset({*_CONTACTS, "URL"})
"""Kinds of which a desk may list its own; links by their domain."""

_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_HOST = re.compile(r"(?:\w+://)?(?:[^/@]*@)?([\w.-]+)")
# Fewer digits without their country may end many other numbers.
_MIN_NATIONAL = 7


def with_a_contact(text: str) -> str:
    """Return an entry of a policy's contacts as it is.

    Raises:
        ValueError: It is neither a domain nor one of what is masked.
    """
    written = text.strip()
    # A number counts by its words here: it was listed as one.
    told = f"phone {written}"
    found = find_personal(told, kinds=_CONTACTS)
    if not _DOMAIN.fullmatch(written) and [(each.start, each.end) for each in found] != [(len("phone "), len(told))]:
        raise ValueError(
            f"expected an e-mail address, a domain, a phone number, an IBAN or an IP address, got {text!r}"
        )
    return text


def foreign(text: str, contacts: Collection[str], *, kinds: Collection[Kind] = KINDS) -> tuple[Found, ...]:
    """Return where a text holds personal data that is none of a desk's own contacts.

    Args:
        text: Any text.
        contacts: E-mail addresses; domains, for all addresses and links in them and below them; phone numbers, written
            in any groups, with or without their country; IBANs; IP addresses.
        kinds: What to look for.
    """
    found = find_personal(text, kinds=kinds)
    return tuple(each for each in found if not _listed(text[each.start : each.end], each.kind, contacts))


def _listed(text: str, kind: Kind, contacts: Collection[str]) -> bool:
    return any(_same(text, contact.strip(), kind) for contact in contacts)


def _same(text: str, contact: str, kind: Kind) -> bool:
    if kind == "EMAIL_ADDRESS":
        text = plain_address(text)
    if kind == "PHONE_NUMBER":
        return "@" not in contact and not re.search(r"[^\W\d_]{2}", contact) and _same_number(text, contact)
    if kind in ("EMAIL_ADDRESS", "URL") and _DOMAIN.fullmatch(contact):
        host = text.rpartition("@")[2] if kind == "EMAIL_ADDRESS" else _host(text)
        return f".{host}".casefold().endswith(f".{contact}".casefold())
    return re.sub(r"[\s.–-]", "", text).casefold() == re.sub(r"[\s.–-]", "", contact).casefold()


def _host(link: str) -> str:
    found = _HOST.match(link)
    return found[1] if found else ""


def _same_number(one: str, other: str) -> bool:
    """Tell whether two numbers are one: by all digits with their countries, else by those behind the area's zero."""
    (left, left_whole), (right, right_whole) = _digits(one), _digits(other)
    if left_whole == right_whole:
        return left == right
    national, whole = (right, left) if left_whole else (left, right)
    return len(national) >= _MIN_NATIONAL and whole.endswith(national)


def _digits(number: str) -> tuple[str, bool]:
    """Return the digits of a number without its extension, and whether its country is among them."""
    bare = re.split(r"\s?(?:x|ext)", number.casefold())[0].replace("(0)", "")
    digits = re.sub(r"\D", "", bare)
    if bare.lstrip(" (").startswith("+"):
        return digits, True
    return (digits[2:], True) if digits.startswith("00") else (digits.removeprefix("0"), False)
