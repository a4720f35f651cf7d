"""Raised and lowered text in plain characters: 10¹² and CO₂ as they are set, never 1012 or CO2; notes as [1]."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

_SIGNS = "0123456789+-−–()ni"
_TABLES = {
    "sup": str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾ⁿⁱ"),
    "sub": str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₍₎ₙᵢ"),
}
_WITH_CHARACTERS = re.compile(rf"[{re.escape(_SIGNS)}]+")
_JOINTS = {"sup": "^", "sub": "_"}
_NOTE = re.compile(r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*")
# A word, no unit or symbol, whose names are shorter; the end of a sentence or of a clause; another mark.
_BEFORE_NOTE = re.compile(r"(?:[^\W\d_]{3}|(?<!\d)[.,;:!?]|[%\"'”’»\]])$")
_INLINE = frozenset("a abbr b big cite code em font i mark small span strong sub sup u var".split())
_MAX_PARTS = 8
"""No exponent has more pieces of text; what has is left as it is."""

# An lxml element; lxml ships no types.
_Element = Any


def raised(text: str, before: str, tag: str) -> str:
    """Return the text of a ``sup`` or ``sub`` as it is written behind other text.

    Digits, signs and the letters n and i have characters of their own. A number behind a word or a sentence is the mark
    of a note and stands in brackets, so that it is part of neither. Any other number behind a digit gets a ``^`` (``_``
    where lowered): the two must not become one.

    Args:
        text: What is raised or lowered.
        before: What stands before it.
        tag: ``sup`` or ``sub``.
    """
    table, first, last = _way(text.strip(), before, tag, is_link=False)
    return f"{first}{text.strip().translate(table)}{last}" if table or first else text


def in_characters(text: str, tag: str) -> str:
    """Return raised (``sup``) or lowered (``sub``) text in characters of its own; empty where it has none."""
    return text.translate(_TABLES[tag]) if _WITH_CHARACTERS.fullmatch(text) else ""


def raise_marks(root: _Element) -> None:
    """Write what is raised or lowered below an element as `raised` does, in place; links in it are marks of notes."""
    # At their ends, since an exponent may have one itself.
    for _, element in etree.iterwalk(root, events=("end",), tag=("sup", "sub")):
        texts = list(islice(element.itertext(), _MAX_PARTS))
        text = "".join(texts).strip()
        if not text or len(texts) == _MAX_PARTS:
            continue
        table, first, last = _way(text, _before(element), element.tag, is_link=_is_link(element, text))
        # Its parts stay: one of them may be hidden.
        if table:
            for part in element.iter():
                part.text = (part.text or "").strip().translate(table)
                if part is not element:
                    part.tail = (part.tail or "").strip().translate(table)
        if first:
            element.text = first + (element.text or "").lstrip()
        if last and len(element):
            element[-1].tail = (element[-1].tail or "").rstrip() + last
        elif last:
            element.text = element.text.rstrip() + last


def _way(bare: str, before: str, tag: str, *, is_link: bool) -> tuple[dict[int, int], str, str]:
    """Return the characters to write, and what to put around them."""
    if not bare:
        return {}, "", ""
    if tag == "sup" and bare[0] not in "[(" and (is_link or (_NOTE.fullmatch(bare) and _BEFORE_NOTE.search(before))):
        return {}, "[", "]"
    if _WITH_CHARACTERS.fullmatch(bare):
        return _TABLES[tag], "", ""
    return {}, _JOINTS[tag] if before[-1:].isdecimal() and bare[0].isdecimal() else "", ""


def _is_link(element: _Element, text: str) -> bool:
    parent, inner = element.getparent(), element.find(".//a")
    if inner is not None and inner.get("href"):
        return "".join(inner.itertext()).strip() == text
    alone = parent is not None and parent.tag == "a" and len(parent) == 1
    return bool(alone and parent.get("href") and not ((parent.text or "").strip() or (element.tail or "").strip()))


def _before(element: _Element) -> str:
    """Return the nearest text before an element that stands in the same line."""
    while True:
        previous = element.getprevious()
        if previous is None:
            parent = element.getparent()
            if parent is None or parent.text or parent.tag not in _INLINE:
                return "" if parent is None else parent.text or ""
            element = parent
            continue
        if previous.tail or previous.tag not in _INLINE:
            return previous.tail or ""
        if text := "".join(previous.itertext()):
            return text
        element = previous
