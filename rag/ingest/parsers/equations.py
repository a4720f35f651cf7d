"""Equations of Word (Office Math) as a line of text: (a+b)/c, x², √(2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rag.ingest.parsers.raised import in_characters

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_SIMPLE = re.compile(r"[\w.,]*(?:\([^()]*\))?")
# The sign of a "big operator" and the brackets, where the equation does not name them.
_INTEGRAL, _OPEN, _CLOSE = "∫", "(", ")"

# An lxml element; lxml ships no types.
_Element = Any


def equation_text(element: _Element) -> str:
    """Return the text of an equation in order; fractions, powers, roots and brackets in the signs of a line."""
    name = element.tag.removeprefix(MATH) if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    write = _WRITERS.get(name)
    return write(element) if write else "".join(equation_text(child) for child in element)


def _part(element: _Element, name: str) -> str:
    found = element.find(f"{MATH}{name}")
    return "" if found is None else equation_text(found).strip()


def _sign(element: _Element, name: str, default: str) -> str:
    found = element.find(f"{MATH}{element.tag.removeprefix(MATH)}Pr/{MATH}{name}")
    return default if found is None else found.get(f"{MATH}val") or ""


def _whole(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _scripts(element: _Element) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    return (in_characters(below, "sub") or f"_{_whole(below)}" if below else "") + (
        in_characters(above, "sup") or f"^{_whole(above)}" if above else ""
    )


def _fraction(element: _Element) -> str:
    return f"{_whole(_part(element, 'num'))}/{_whole(_part(element, 'den'))}"


def _scripted(element: _Element) -> str:
    return f"{_whole(_part(element, 'e'))}{_scripts(element)}"


def _scripted_before(element: _Element) -> str:
    return f"{_scripts(element)}{_part(element, 'e')}"


def _root(element: _Element) -> str:
    degree = _part(element, "deg")
    return f"{in_characters(degree, 'sup') or degree}√({_part(element, 'e')})"


def _brackets(element: _Element) -> str:
    inside = _sign(element, "sepChr", "|").join(equation_text(one) for one in element.iterfind(f"{MATH}e"))
    return f"{_sign(element, 'begChr', _OPEN)}{inside}{_sign(element, 'endChr', _CLOSE)}"


def _operator(element: _Element) -> str:
    return f"{_sign(element, 'chr', _INTEGRAL)}{_scripts(element)} {_part(element, 'e')}"


def _function(element: _Element) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _matrix(element: _Element) -> str:
    rows = (", ".join(equation_text(one) for one in row.iterfind(f"{MATH}e")) for row in element.iterfind(f"{MATH}mr"))
    return "; ".join(rows)


def _lines(element: _Element) -> str:
    return "; ".join(equation_text(one) for one in element.iterfind(f"{MATH}e"))


_WRITERS: dict[str, Callable[[_Element], str]] = {
    "f": _fraction,
    "sSup": _scripted,
    "sSub": _scripted,
    "sSubSup": _scripted,
    "sPre": _scripted_before,
    "rad": _root,
    "d": _brackets,
    "nary": _operator,
    "func": _function,
    "m": _matrix,
    "eqArr": _lines,
}
