"""Text of HTML in the colour of what lies behind it, as far as inline styles and attributes say."""

from __future__ import annotations

import re

from rag.ingest.parsers.elements import Element

Colour = tuple[int, int, int]

# As far apart as white and the nearly white of `rag.ingest.parsers.pdf_hidden`.
_NEAR = 8
_WHITE: Colour = (255, 255, 255)
_NAMES = {"white": _WHITE, "black": (0, 0, 0)}
_INK = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_PICTURE = re.compile(r"background-image\s*:", re.IGNORECASE)
_HEX = re.compile(
    r"#(?:([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})?|([0-9a-f])([0-9a-f])([0-9a-f])([0-9a-f])?)"
)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*([\d.]+)(%?)\s*)?\)")
_HSL = re.compile(r"hsla?\(\s*[\d.]+(?:deg)?\s*[, ]\s*[\d.]+%\s*[, ]\s*(0|100)%\s*(?:[,/]\s*([\d.]+)(%?)\s*)?\)")
_NOTHING = frozenset({"transparent", "none", "inherit", "initial", "unset"})
_LEAST_SEEN = 0.05


def colour_hides(element: Element) -> bool:
    """Tell whether an element gives its text the colour of its background; white paper where nothing has one.

    What a picture or a style sheet may lie behind counts as seen.
    """
    found = _INK.search(element.get("style") or "")
    written = found[1] if found else element.get("color") if element.tag == "font" else None
    if written is None:
        return False
    if written.strip().lower() == "transparent":
        return True
    ink = _colour(written)
    if ink is None:
        return False
    if ink[1] < _LEAST_SEEN:
        return True
    for around in (element, *element.iterancestors()):
        style = around.get("style") or ""
        grounds = _GROUND.findall(style) or [around.get("bgcolor") or "none"]
        ground = _colour(grounds[-1])
        if _PICTURE.search(style) or around.get("background"):
            return False
        if ground is not None and ground[1] == 1:
            return _is_near(ink[0], ground[0])
        if ground is not None or grounds[-1].strip().lower() not in _NOTHING or around.get("class"):
            return False
    return _is_near(ink[0], _WHITE)


def may_be_seen(element: Element) -> bool:
    """Tell whether text in an element may have another colour, or another background, than what stands around it."""
    style = element.get("style") or ""
    given = (element.get(name) for name in ("class", "bgcolor", "background", "color"))
    return any(given) or bool(_INK.search(style) or _GROUND.search(style) or _PICTURE.search(style))


def _colour(written: str) -> tuple[Colour, float] | None:
    """Return red, green and blue, and how opaque they are; ``None`` where that is not told by the text alone."""
    text = written.strip().lower()
    if text in _NAMES:
        return _NAMES[text], 1.0
    if found := _HEX.fullmatch(text):
        digits = [
            each * (2 if found[5] else 1) for each in (found.groups()[4:] if found[5] else found.groups()[:4]) if each
        ]
        red, green, blue, *alpha = (int(each, 16) for each in digits)
        return (red, green, blue), alpha[0] / 255 if alpha else 1.0
    if found := _RGB.fullmatch(text):
        return (int(found[1]), int(found[2]), int(found[3])), _alpha(found[4], found[5])
    if found := _HSL.fullmatch(text):
        return _NAMES["white" if found[1] == "100" else "black"], _alpha(found[2], found[3])
    return None


def _alpha(number: str | None, percent: str | None) -> float:
    try:
        return 1.0 if number is None else float(number) / (100 if percent else 1)
    except ValueError:
        return 1.0


def _is_near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))
