"""Numbers of lists as they are written: 3, c, C, iii, III."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MAX_ROMAN = 3999


def letters(number: int) -> str:
    """Return a number in letters as HTML counts: a to z, aa, ab; in digits below 1."""
    if number < 1:
        return str(number)
    written = ""
    while number:
        number, place = divmod(number - 1, 26)
        written = chr(ord("a") + place) + written
    return written


def roman(number: int) -> str:
    """Return a number in small Roman numerals; in digits outside 1 to 3999."""
    if not 1 <= number <= _MAX_ROMAN:
        return str(number)
    written = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written
