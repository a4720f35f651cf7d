"""A Word file made ready for mammoth, which reads no simple fields and equations, and neither hides nor counts."""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

from lxml import etree

from rag.ingest.parsers.elements import Element
from rag.ingest.parsers.equations import MATH, equation_text
from rag.ingest.parsers.hidden_runs import WORD, take_hidden_runs
from rag.ingest.parsers.package import safe_xml
from rag.ingest.parsers.word_numbers import Numbering
from rag.types import RawBlock

_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\d*\.xml$")


def ready_for_mammoth(package: zipfile.ZipFile) -> tuple[BinaryIO, list[RawBlock], dict[str, str]]:
    """Return the file, open for reading, without what is hidden and with what is shown in plain runs.

    Returns:
        Beside it what is hidden, and the numbers of paragraphs by their bookmarks.
    """
    numbering = Numbering(package)
    numbers: dict[str, str] = {}
    changed: dict[str, bytes] = {}
    hidden: list[RawBlock] = []
    for name in filter(_PARTS.match, package.namelist()):
        root = safe_xml(package.read(name))
        hidden += take_hidden_runs(root)
        _write_equations(root)
        _open_fields(root)
        numbering.write(root, numbers)
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


def _open_fields(root: Element) -> None:
    """Put what fields and paragraphs of equations hold in their places."""
    for holder in list(root.iter(f"{WORD}fldSimple", f"{MATH}oMathPara")):
        above = holder.getparent()
        at = above.index(holder)
        above[at : at + 1] = list(holder)
