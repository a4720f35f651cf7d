"""Hidden text of a Word file: runs that are formatted away or struck out, and the instructions of fields."""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

from lxml import etree

from rag.ingest.parsers.elements import Element
from rag.ingest.parsers.hidden import STRUCK_OUT
from rag.ingest.parsers.package import safe_xml
from rag.ingest.parsers.parsed import ParserInput
from rag.types import RawBlock

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\d*\.xml$")
_MARKS = (
    b"vanish",
    b"strike",
    b"FFFFFF",
    b"ffffff",
    b"instrText",
    b"fldSimple",
    b'w:sz w:val="1"',
    b'w:sz w:val="2"',
    b'w:sz w:val="3"',
)
_FIELD = re.compile(
    r"^\s*(?:HYPERLINK|TOC|PAGE\w*|REF|NOTEREF|SEQ|INDEX|XE|TC|INCLUDEPICTURE|DATE|TIME|STYLEREF)\b", re.IGNORECASE
)
_OFF = frozenset({"0", "false", "off", "none"})
_MAX_TINY = 3
"""In half points."""
_MIN_FIELD_WORDS = 5


def take_hidden_runs(package: zipfile.ZipFile, file: ParserInput) -> tuple[list[RawBlock], BinaryIO]:
    """Return what is hidden, and the file without its hidden runs, open for reading.

    Hidden are runs with ``vanish``, struck out, in white without a shade behind them, or no larger than 1.5 points, and
    what a field holds besides its result, where that is a sentence.
    """
    parts = [name for name in package.namelist() if _PARTS.match(name)]
    changed: dict[str, bytes] = {}
    blocks: list[RawBlock] = []
    for name in parts:
        content = package.read(name)
        if any(mark in content for mark in _MARKS):
            root = safe_xml(content)
            blocks += _fields(root)
            taken = _take(root)
            if taken:
                blocks += taken
                changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return blocks, _without(package, changed) if changed else file.path.open("rb")


def _fields(root: Element) -> list[RawBlock]:
    texts: list[str] = []
    for paragraph in root.iter(f"{_W}p"):
        # One instruction may be cut into several runs.
        texts.append("".join(element.text or "" for element in paragraph.iter(f"{_W}instrText")))
        texts += (element.get(f"{_W}instr") or "" for element in paragraph.iter(f"{_W}fldSimple"))
    return [
        RawBlock("paragraph", " ".join(text.split()), hidden="stands in the instruction of a field")
        for text in texts
        if not _FIELD.match(text) and len(re.findall(r"[^\W\d_]{2,}", text)) >= _MIN_FIELD_WORDS
    ]


def _take(root: Element) -> list[RawBlock]:
    blocks: list[RawBlock] = []
    for paragraph in root.iter(f"{_W}p"):
        by_way: dict[str, str] = {}
        for run in list(paragraph.iter(f"{_W}r")):
            if how := _how(run):
                texts = list(run.iter(f"{_W}t"))
                by_way[how] = by_way.get(how, "") + "".join(text.text or "" for text in texts)
                for text in texts:
                    text.getparent().remove(text)
        blocks += (RawBlock("paragraph", " ".join(t.split()), hidden=how) for how, t in by_way.items() if t.strip())
    return blocks


def _how(run: Element) -> str:
    style = run.find(f"{_W}rPr")
    if style is None:
        return ""
    if _is_on(style, "vanish"):
        return "is formatted as hidden"
    if _is_on(style, "strike") or _is_on(style, "dstrike"):
        return STRUCK_OUT
    size = style.find(f"{_W}sz")
    if size is not None and (size.get(f"{_W}val") or "").isdigit() and int(size.get(f"{_W}val")) <= _MAX_TINY:
        return "is too small to be read"
    colour = style.find(f"{_W}color")
    if colour is not None and (colour.get(f"{_W}val") or "").upper() == "FFFFFF" and not _is_shaded(run):
        return "has the colour of its background"
    return ""


def _is_on(style: Element, name: str) -> bool:
    found = style.find(f"{_W}{name}")
    return found is not None and (found.get(f"{_W}val") or "true").lower() not in _OFF


def _is_shaded(run: Element) -> bool:
    """Tell whether something lies behind a run: a shade or a marker of its own, of its paragraph, cell or text box."""
    for element in (run, *run.iterancestors()):
        if element.tag == f"{_W}txbxContent":
            return True
        for properties in ("rPr", "pPr", "tcPr", "tblPr"):
            found = element.find(f"{_W}{properties}")
            if found is None:
                continue
            shade, marker = found.find(f"{_W}shd"), found.find(f"{_W}highlight")
            if marker is not None or (
                shade is not None and (shade.get(f"{_W}fill") or "auto").upper() not in {"AUTO", "FFFFFF"}
            ):
                return True
        # A table may be shaded by its style, which is not read here.
        if element.tag == f"{_W}tbl":
            return True
    return False


def _without(package: zipfile.ZipFile, changed: dict[str, bytes]) -> BinaryIO:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for name in dict.fromkeys(package.namelist()):
            target.writestr(name, changed.get(name) or package.read(name))
    copy.seek(0)
    return copy
