"""One byte string for one JSON value, so that anyone can compute its hash again: RFC 8785 (JCS).

Keys in the order of their UTF-16 code units, no white space, text as it is in UTF-8 with the shortest escapes,
numbers as JavaScript writes them. The form never changes: hashes that were given out rest on it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from decimal import Decimal

# JavaScript writes the digits out below this exponent; Python changes to 1e+16 earlier.
_PLAIN_UP_TO = 21
_PLAIN_DOWN_TO = -6
# Whole numbers up to here are the same in every language; beyond, JSON's readers take the nearest double.
_EXACT = 2**53

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def canonical(value: object) -> str:
    """Return the canonical JSON text of a value made of mappings, lists, tuples, text, numbers, booleans and None.

    Raises:
        ValueError: A number is not finite.
        TypeError: Something else stands in it, or a key is no text.

    Source:
        RFC 8785, JSON Canonicalization Scheme.
    """
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_quoted(key)}:{canonical(value[key])}" for key in sorted(value, key=_units)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    raise TypeError(f"{type(value).__name__} is not JSON")


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON text of a value in UTF-8, hexadecimal.

    Raises:
        ValueError: A number is not finite, or a text holds half of a surrogate pair.
        TypeError: The value is no JSON.
    """
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def _units(key: object) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"the key {key!r} is not text")
    return key.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    if isinstance(value, int):
        if -_EXACT <= value <= _EXACT:
            return str(value)
        value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a JSON number")
    written = repr(value)
    if "e" not in written:
        whole = written.removesuffix(".0")
        return "0" if whole == "-0" else whole
    # Python's and JavaScript's digits are the same, the shortest that read back; only their layout differs.
    sign, digits, exponent = Decimal(written).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + int(exponent)
    return ("-" if sign else "") + _laid_out(text, point)


def _laid_out(digits: str, point: int) -> str:
    """Return digits with the decimal point after the first ``point`` of them, as ECMAScript's Number::toString."""
    if len(digits) <= point <= _PLAIN_UP_TO:
        return digits.ljust(point, "0")
    if 0 < point <= _PLAIN_UP_TO:
        return f"{digits[:point]}.{digits[point:]}"
    if _PLAIN_DOWN_TO < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
