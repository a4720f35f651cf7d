"""What Word shows and mammoth passes over: simple fields, equations."""

from __future__ import annotations

from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.ingest.parsers import word
from rag.ingest.parsers.equations import MATH, equation_text
from rag.ingest.parsers.package import safe_xml
from rag.ingest.parsers.parsed import ParserInput
from tests.rag.ingest.parsers.test_office import saved, shown

Given = Callable[..., ParserInput]

_M = f'xmlns:m="{MATH[1:-1]}"'


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def test_the_result_of_a_simple_field_is_read(given: Given) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Delivery is on ")
    field = '<w:fldSimple {} w:instr=" DOCPROPERTY Due "><w:r><w:t>17 September 2026</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field.format(nsdecls("w"))))
    paragraph.add_run(" at the latest.")
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "paragraph: Delivery is on 17 September 2026 at the latest."
    ]


def test_equations_are_read_in_their_sentence(given: Given) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The valve opens at ")
    paragraph._p.append(parse_xml(f"<m:oMath {_M}>{r('p=7.5 bar')}</m:oMath>"))
    paragraph.add_run(" and not below.")
    both = f"<m:oMath>{r('a=1')}</m:oMath><m:oMath>{r('b=2')}</m:oMath>"
    document.add_paragraph()._p.append(parse_xml(f"<m:oMathPara {_M}>{both}</m:oMathPara>"))
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "paragraph: The valve opens at p=7.5 bar and not below.",
        "paragraph: a=1 b=2",
    ]


def test_hidden_equations_stay_hidden(given: Given) -> None:
    document = docx.Document()
    hidden = "<m:r><w:rPr><w:vanish/></w:rPr><m:t>psst=1</m:t></m:r>"
    document.add_paragraph("Seen.")._p.append(parse_xml(f"<m:oMath {_M} {nsdecls('w')}>{hidden}</m:oMath>"))
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == ["paragraph: Seen."]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (f"<m:f><m:num>{r('a+b')}</m:num><m:den>{r('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup><m:e>{r('10')}</m:e><m:sup>{r('12')}</m:sup></m:sSup>", "10¹²"),
        (f"<m:sSup><m:e>{r('e')}</m:e><m:sup>{r('x+y')}</m:sup></m:sSup>", "e^(x+y)"),
        (f"<m:sSub><m:e>{r('v')}</m:e><m:sub>{r('max')}</m:sub></m:sSub>", "v_max"),
        (f"<m:rad><m:deg/><m:e>{r('2')}</m:e></m:rad>", "√(2)"),
        (f'<m:d><m:dPr><m:begChr m:val="["/></m:dPr><m:e>{r("0")}</m:e><m:e>{r("1")}</m:e></m:d>', "[0|1)"),
        (f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sup>{r("n")}</m:sup><m:e>{r("x")}</m:e></m:nary>', "∑ⁿ x"),
    ],
)
def test_equations_are_written_in_a_line(inside: str, text: str) -> None:
    assert equation_text(safe_xml(f"<m:oMath {_M}>{inside}</m:oMath>".encode())) == text
