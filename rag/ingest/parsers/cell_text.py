"""The text of a spreadsheet's cell: its plain value, with the unit that its number format shows."""

from __future__ import annotations

import datetime as dt
import re

# What a number format shows to the letter; a percent sign among it is no factor of 100.
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')
_SECTION = re.compile(r'(?:"[^"]*"|[\\_*].|[^;])+')
# Minus and parentheses are how a negative number is shown; it keeps its own sign.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>[^()-])|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|(?P<bare>[ $€£¥])'
    r"|(?P<number>General|[#0?][#0?.,]*)"
    r"|[_*\\].|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+)\]|[()-]",
    re.IGNORECASE,
)
# A comma that no digit follows divides by a thousand.
_SCALED = re.compile(r",(?![#0?])")
_MIDNIGHT = dt.time()


def cell_text(value: object, number_format: str) -> str:
    """Return the text of a cell.

    Dates follow ISO 8601. A number has all its digits, the unit and the leading zeros that its format shows, no others.

    Args:
        value: As openpyxl gives it.
        number_format: The format of the cell, ECMA-376 18.8.31.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ", "minutes")
    if isinstance(value, dt.timedelta):
        return _duration(value, number_format)
    if isinstance(value, int | float):
        return _number(value, number_format)
    return " ".join(str(value).split())


def _duration(value: dt.timedelta, number_format: str) -> str:
    """Return hours and minutes, as 30:05, with seconds where there are some; minutes where the format counts those."""
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    sign = "-" if value < dt.timedelta() else ""
    if "[m" in number_format.lower():
        return f"{sign}{minutes}:{seconds:02d}"
    return f"{sign}{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def _number(value: float, number_format: str) -> str:
    if "%" in _LITERAL.sub("", number_format):
        return f"{value * 100:.10g}%"
    written = str(value) if isinstance(value, int) else f"{value:.15g}"
    if "%" in number_format:
        return f"{written}%"
    shown = _shown(value, number_format)
    if shown is None or not written.lstrip("-").replace(".", "").isdigit():
        return written
    before, digits, after = shown
    sign, written = ("-", written[1:]) if value < 0 else ("", written)
    if not before and not after:
        # Zeros alone are a code, as of a postal area; digits behind the point add nothing to a bare number.
        return sign + (written.zfill(len(digits)) if set(digits) == {"0"} and "." not in written else written)
    whole, _, decimals = written.partition(".")
    decimals = decimals.ljust(digits.partition(".")[2].count("0"), "0")
    return f"{sign}{before}{whole}.{decimals}{after}" if decimals else f"{sign}{before}{whole}{after}"


def _shown(value: float, number_format: str) -> tuple[str, str, str] | None:
    """Return what stands before the digits, their pattern, and what stands behind; nothing where that is not simple."""
    sections = [_parts(section) for section in _SECTION.findall(number_format)[:2]]
    if not sections or sections[0] is None:
        return None
    before, digits, after = sections[0]
    if value < 0 and len(sections) > 1 and (sections[1] is None or sections[1][::2] != (before, after)):
        return None
    return before, digits, after


def _parts(section: str) -> tuple[str, str, str] | None:
    at, digits, around = 0, "", ["", ""]
    while at < len(section):
        token = _TOKEN.match(section, at)
        if token is None or (digits and token["number"]):
            return None
        at = token.end()
        digits = digits or token["number"] or ""
        around[bool(digits)] += token["quoted"] or token["escaped"] or token["currency"] or token["bare"] or ""
    before, after = around[0].lstrip(), around[1].rstrip()
    if not digits or _SCALED.search(digits) or any(map(str.isdigit, before + after)):
        return None
    return before, digits, after
