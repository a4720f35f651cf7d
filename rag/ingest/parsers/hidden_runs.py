"""Hidden text of a Word file: runs that are formatted away or struck out, and the instructions of fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.ingest.parsers.elements import Element
from rag.ingest.parsers.equations import MATH
from rag.ingest.parsers.hidden import STRUCK_OUT
from rag.types import RawBlock

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIELD = re.compile(
    r"^\s*(?:HYPERLINK|TOC|PAGE\w*|REF|NOTEREF|SEQ|INDEX|XE|TC|INCLUDEPICTURE|DATE|TIME|STYLEREF)\b", re.IGNORECASE
)
_OFF = frozenset({"0", "false", "off", "none"})
_VANISHED = "is formatted as hidden"
_MAX_TINY = 3
"""In half points."""
_MIN_FIELD_WORDS = 5


def take_hidden_runs(root: Element, styles: frozenset[str] = frozenset()) -> list[RawBlock]:
    """Remove the hidden runs of a part of the file, and return their text.

    Hidden are runs with ``vanish``, struck out, in white without a shade behind them, or no larger than 1.5 points, and
    what a field holds besides its result, where that is a sentence.

    Args:
        root: The part.
        styles: Those that hide what is set in them, see `hiding_styles`.
    """
    return [*_fields(root), *_take(root, styles)]


def hiding_styles(root: Element) -> frozenset[str]:
    """Return the ids of the styles of a file that format text as hidden, themselves or by what they are based on."""
    known: dict[str, tuple[bool | None, str]] = {}
    for style in root.iter(f"{WORD}style"):
        properties, base = style.find(f"{WORD}rPr"), style.find(f"{WORD}basedOn")
        says = None if properties is None or properties.find(f"{WORD}vanish") is None else is_on(properties, "vanish")
        known[style.get(f"{WORD}styleId") or ""] = says, "" if base is None else base.get(f"{WORD}val") or ""
    return frozenset(name for name in known if _hides(name, known))


def _hides(name: str, known: Mapping[str, tuple[bool | None, str]]) -> bool:
    passed: set[str] = set()
    while name in known and name not in passed:
        passed.add(name)
        says, name = known[name]
        if says is not None:
            return says
    return False


def is_on(style: Element, name: str) -> bool:
    """Tell whether a property stands in a style and is not switched off there."""
    found = style.find(f"{WORD}{name}")
    return found is not None and (found.get(f"{WORD}val") or "true").lower() not in _OFF


def _fields(root: Element) -> list[RawBlock]:
    texts: list[str] = []
    for paragraph in root.iter(f"{WORD}p"):
        # One instruction may be cut into several runs.
        texts.append("".join(element.text or "" for element in paragraph.iter(f"{WORD}instrText")))
        texts += (element.get(f"{WORD}instr") or "" for element in paragraph.iter(f"{WORD}fldSimple"))
    return [
        RawBlock("paragraph", " ".join(text.split()), hidden="stands in the instruction of a field")
        for text in texts
        if not _FIELD.match(text) and len(re.findall(r"[^\W\d_]{2,}", text)) >= _MIN_FIELD_WORDS
    ]


def _take(root: Element, styles: frozenset[str]) -> list[RawBlock]:
    blocks: list[RawBlock] = []
    for paragraph in root.iter(f"{WORD}p"):
        by_way: dict[str, str] = {}
        in_hiding = _style(paragraph.find(f"{WORD}pPr"), "pStyle") in styles
        for run in list(paragraph.iter(f"{WORD}r", f"{MATH}r")):
            if how := _how(run, styles, in_hiding=in_hiding):
                texts = list(run.iter(f"{WORD}t", f"{MATH}t"))
                by_way[how] = by_way.get(how, "") + "".join(text.text or "" for text in texts)
                for text in texts:
                    text.getparent().remove(text)
        blocks += (RawBlock("paragraph", " ".join(t.split()), hidden=how) for how, t in by_way.items() if t.strip())
    return blocks


def _style(properties: Element | None, name: str) -> str:
    found = None if properties is None else properties.find(f"{WORD}{name}")
    return "" if found is None else found.get(f"{WORD}val") or ""


def _how(run: Element, styles: frozenset[str], *, in_hiding: bool) -> str:
    style = run.find(f"{WORD}rPr")
    by_style = in_hiding or _style(style, "rStyle") in styles
    if style is None:
        return _VANISHED if by_style else ""
    if is_on(style, "vanish") or (by_style and style.find(f"{WORD}vanish") is None):
        return _VANISHED
    if is_on(style, "strike") or is_on(style, "dstrike"):
        return STRUCK_OUT
    size = style.find(f"{WORD}sz")
    if size is not None and (size.get(f"{WORD}val") or "").isdigit() and int(size.get(f"{WORD}val")) <= _MAX_TINY:
        return "is too small to be read"
    colour = style.find(f"{WORD}color")
    if colour is not None and (colour.get(f"{WORD}val") or "").upper() == "FFFFFF" and not _is_shaded(run):
        return "has the colour of its background"
    return ""


def _is_shaded(run: Element) -> bool:
    """Tell whether something lies behind a run: a shade or a marker of its own, of its paragraph, cell or text box."""
    for element in (run, *run.iterancestors()):
        if element.tag == f"{WORD}txbxContent":
            return True
        for properties in ("rPr", "pPr", "tcPr", "tblPr"):
            found = element.find(f"{WORD}{properties}")
            if found is None:
                continue
            shade, marker = found.find(f"{WORD}shd"), found.find(f"{WORD}highlight")
            if marker is not None or (
                shade is not None and (shade.get(f"{WORD}fill") or "auto").upper() not in {"AUTO", "FFFFFF"}
            ):
                return True
        # A table may be shaded by its style, which is not read here.
        if element.tag == f"{WORD}tbl":
            return True
    return False
