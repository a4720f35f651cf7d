"""The mistakes of a policy in words of TOML: where, what was expected, what stands there."""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Sequence
from datetime import date, time

from pydantic_core import ErrorDetails

_CONFIDENCE, _COSINE = "a number from 0 to 1", "a number above 0, at most 1"
_TABLES = ("topics", "caveats")

# What the parser says of a text that is no TOML, and the same in words for who wrote it.
_NOT_TOML = (
    ("Illegal character '\\n'", "a text in quotation marks does not end in its line"),
    ('Expected "\'"', "a text in quotation marks does not end in its line"),
    ("Unterminated string", "a text in quotation marks does not end"),
    ("at the end of a table declaration", "the name of a table does not end with ']'"),
    ("at the end of an array declaration", "the name of a table does not end with ']]'"),
    ("Unclosed array", "a list before it does not end with ']'"),
    ("Expected '='", "behind a key comes '=' and what it is"),
    ("Cannot overwrite a value", "the key stands there a second time"),
    ("twice", "the table stands there a second time"),
    ("Expected newline", "the line goes on behind what a key is"),
    ("Invalid value", "no value stands there: texts need quotation marks, true and false are written small"),
    ("Unclosed inline table", "a table does not end with '}'"),
    ("Invalid statement", "no key begins so"),
)
_MOST_SHOWN = 120
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


def not_toml(told: str, text: str) -> str:
    """Return why a text is no TOML in words: the line, what stands in it, what is wrong with it.

    Args:
        told: What the parser says.
        text: The policy.
    """
    found = _PLACE.search(told)
    lines = text.rstrip().splitlines() or [""]
    number = int(found[1]) if found and found[1] else len(lines)
    why = next((words for sign, words in _NOT_TOML if sign in told), _PLACE.sub("", told))
    return f"line {number}, {_short(lines[min(number, len(lines)) - 1])!r}: {why}."


def not_readable(exc: ValueError | RecursionError, text: str) -> str:
    """Return why a text cannot be read though it may be TOML, with the line that must be meant: no parser names it."""
    signs, why = string.digits, "a number has more digits than can be read"
    if isinstance(exc, RecursionError):
        signs, why = "[{", "lists or tables stand in each other too deep to be read"
    lines = text.splitlines()
    number = max(range(len(lines)), key=lambda n: sum(map(lines[n].count, signs)))
    return f"line {number + 1}, {_short(lines[number])!r}: {why}."


def _short(line: str) -> str:
    """Return a line as far as it is short."""
    return line.strip() if len(line) <= _MOST_SHOWN else f"{line.strip()[:_MOST_SHOWN]}…"


def explained(error: ErrorDetails, text: str, *, keys: Sequence[str]) -> str:
    """Return one mistake in words: line, key, what was expected, what stands there.

    Args:
        error: As pydantic has it; ``at`` in its context says where below its place.
        text: The policy.
        keys: All that there are.
    """
    kind, place = error["type"], (*error["loc"], *error.get("ctx", {}).get("at", ()))
    line = _line(place, text)
    where = f"line {line}, " if line else ""
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(place[-1]), keys, n=1)
        return f"{where}{key!r}: there is no such key{f'; did you mean {close[0]!r}?' if close else '.'}"
    if kind == "missing":
        return f"{where}{key!r}: is missing."
    if kind == "value_error":
        return f"{where}{key!r}: {error['msg'].removeprefix('Value error, ')}."
    return f"{where}{key!r}: expected {_expected(kind, place, error['msg'])}, got {_written(error['input'])}."


def _expected(kind: str, place: Sequence[str | int], message: str) -> str:
    key = next(part for part in reversed(place) if isinstance(part, str))
    if kind == "literal_error":
        return message.removeprefix("Input should be ")
    if key in ("min_confidence", "threshold"):
        return _CONFIDENCE if key == "min_confidence" else _COSINE
    if kind in ("tuple_type", "frozen_set_type"):
        return f"tables [[{key}]]" if key in _TABLES else "a list of texts"
    # The rest of what there is.
    return {"bool_type": "true or false", "model_type": "a table"}.get(kind, "a text in quotation marks")


def _written(value: object) -> str:
    """Return a value as TOML has it, as far as that is short."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "a table" if isinstance(value, dict) else repr(value)


def _line(place: Sequence[str | int], text: str) -> int | None:
    """Return the line of a key, or of the table that it is missing in; ``None`` where neither stands there."""
    tables = [part for part in place if isinstance(part, str)]
    number = next((part for part in place if isinstance(part, int)), 0)
    lines = text.splitlines()
    start = 0
    if len(place) > 1:
        heads = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[?\s*{_key(tables[0])}\s*\]\]?", line)]
        if not heads:
            return _inline(tables, lines)
        start = heads[min(number, len(heads) - 1)] + 1
    for n, line in enumerate(lines[start:], start=start):
        if n > start and len(place) > 1 and line.lstrip().startswith("["):
            break
        if re.match(rf"\s*\[?\[?{_key(tables[-1])}\s*(?:=|\])", line):
            return n + 1
    return start or None


def _inline(tables: Sequence[str], lines: Sequence[str]) -> int | None:
    """Return the line of a key that stands as ``table.key = …``, as ``[table.key]`` or in ``table = {…}``."""
    dotted = rf"\s*\[{{0,2}}\s*{_key(tables[0])}\s*\.\s*{_key(tables[-1])}\s*[\]=]"
    for written in (dotted, rf"\s*{_key(tables[0])}\s*[.=]"):
        found = next((n for n, line in enumerate(lines, 1) if re.match(written, line)), None)
        if found is not None:
            return found
    return None


def _key(name: str) -> str:
    """Return a pattern of a key as TOML has it, bare or quoted."""
    return rf"[\"']?{re.escape(name)}[\"']?"
