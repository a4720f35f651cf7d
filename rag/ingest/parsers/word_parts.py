"""A Word file made ready for mammoth, which reads no simple fields, equations or ruby, nor hides or counts."""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

from lxml import etree

from rag.ingest.parsers.elements import Element
from rag.ingest.parsers.equations import MATH, equation_text
from rag.ingest.parsers.hidden_runs import WORD, hiding_styles, take_hidden_runs
from rag.ingest.parsers.package import safe_xml
from rag.ingest.parsers.word_headings import Headings
from rag.ingest.parsers.word_numbers import Numbering, part_root
from rag.types import RawBlock

_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\d*\.xml$")


def ready_for_mammoth(package: zipfile.ZipFile) -> tuple[BinaryIO, list[RawBlock], dict[str, str]]:
    """Return the file, open for reading, without what is hidden and with what is shown in plain runs.

    Returns:
        Beside it what is hidden, and the numbers of paragraphs by their bookmarks.
    """
    headings, numbering = Headings(package), Numbering(package)
    numbers: dict[str, str] = {}
    changed: dict[str, bytes] = {}
    hidden: list[RawBlock] = []
    styles = hiding_styles(part_root(package, "styles"))
    for name in filter(_PARTS.match, package.namelist()):
        root = safe_xml(package.read(name))
        hidden += take_hidden_runs(root, styles)
        _write_equations(root)
        _write_ruby(root)
        _open_holders(root)
        # Lists are known by the styles that headings lose.
        numbering.write(root, numbers)
        headings.write(root)
        changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for name in dict.fromkeys(package.namelist()):
            target.writestr(name, changed.get(name) or package.read(name))
    copy.seek(0)
    return copy, hidden, numbers


def _write_equations(root: Element) -> None:
    for equation in list(root.iter(f"{MATH}oMath")):
        above = equation.getparent()
        # Equations of one paragraph stand below each other.
        gap = " " if above.tag == f"{MATH}oMathPara" and equation.getprevious() is not None else ""
        run = etree.Element(f"{WORD}r")
        etree.SubElement(run, f"{WORD}t").text = gap + equation_text(equation)
        above.replace(equation, run)


def _write_ruby(root: Element) -> None:
    """Write the words that have readings set above them, without these, and breaks and tabs of rare kinds as usual."""
    for ruby in list(root.iter(f"{WORD}ruby")):
        words = etree.Element(f"{WORD}t")
        words.text = "".join(text.text or "" for base in ruby.iter(f"{WORD}rubyBase") for text in base.iter(f"{WORD}t"))
        ruby.getparent().replace(ruby, words)
    for rare, usual in (("cr", "br"), ("ptab", "tab")):
        for element in root.iter(f"{WORD}{rare}"):
            element.tag = f"{WORD}{usual}"


def _open_holders(root: Element) -> None:
    """Put what fields, paragraphs of equations and text in another direction hold in their places."""
    for holder in list(root.iter(f"{WORD}fldSimple", f"{MATH}oMathPara", f"{WORD}bdo", f"{WORD}dir")):
        above = holder.getparent()
        at = above.index(holder)
        above[at : at + 1] = list(holder)
