"""What Word shows and mammoth passes over: simple fields, equations, numbers."""

from __future__ import annotations

from collections.abc import Callable

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.ingest.parsers import word
from rag.ingest.parsers.equations import MATH, equation_text
from rag.ingest.parsers.package import safe_xml
from rag.ingest.parsers.parsed import ParserInput
from tests.rag.ingest.parsers.test_office import saved, shown

Given = Callable[..., ParserInput]

_M = f'xmlns:m="{MATH[1:-1]}"'


_READING = "<w:r><w:t>とうきょう</w:t></w:r>"
_LEVELS = """
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Step %1:"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%3"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
"""


def numbered(*lists: str, levels: str = _LEVELS) -> WordDocument:
    """A document in which list 99 has some levels; further lists share them, with what they override."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    for number, overrides in enumerate(("", *lists), start=99):
        num = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="77"/>{overrides}</w:num>'
        numbering.append(parse_xml(num))
    return document


def add(document: WordDocument, text: str, level: int, number: int = 99) -> None:
    place = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    document.add_paragraph(text)._p.get_or_add_pPr().append(parse_xml(place))


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


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<w:bdo w:val="rtl"><w:r><w:t>שלום</w:t></w:r></w:bdo>', "Write שלום to us."),
        ('<w:dir w:val="rtl"><w:r><w:t>שלום</w:t></w:r></w:dir>', "Write שלום to us."),
        (
            f"<w:r><w:ruby><w:rt>{_READING}</w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "Write 東京 to us.",
        ),
        ("<w:r><w:t>one</w:t><w:cr/><w:t>two</w:t></w:r>", "Write one\ntwo to us."),
        ("<w:r><w:t>one</w:t><w:ptab/><w:t>two</w:t></w:r>", "Write one two to us."),
    ],
)
def test_words_in_another_direction_below_readings_and_behind_rare_breaks_are_read(
    given: Given, inside: str, expected: str
) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Write ")
    paragraph._p.extend(parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>"))
    paragraph.add_run(" to us.")
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [f"paragraph: {expected}"]


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


def test_list_items_are_numbered_as_their_levels_say(given: Given) -> None:
    document = numbered()
    for text, level in (("On", 0), ("red", 1), ("blue", 1), ("deep", 2), ("dot", 3), ("Wait", 0), ("green", 1)):
        add(document, text, level)
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "list_item1: Step 3: On",
        "list_item2: a) red",
        "list_item2: b) blue",
        "list_item3: 3.I deep",
        "list_item4: dot",
        "list_item1: Step 4: Wait",
        "list_item2: a) green",
    ]


def test_a_list_goes_on_behind_other_paragraphs_and_lists(given: Given) -> None:
    document = docx.Document()
    for text, style in (
        ("One", "List Number"),
        ("dot", "List Bullet 2"),
        ("Two", "List Number"),
        ("Between.", "Normal"),
        ("Three", "List Number"),
    ):
        document.add_paragraph(text, style)
    assert [block.text for block in word.parse(given("a.docx", saved(document))).blocks] == [
        "1. One", "dot", "2. Two", "Between.", "3. Three"
    ]  # fmt: skip


def test_a_list_that_is_restarted_begins_anew_once(given: Given) -> None:
    document = numbered("", '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    for text, number in (("a", 99), ("b", 100), ("c", 101), ("d", 101), ("e", 99)):
        add(document, text, 0, number)
    assert [block.text for block in word.parse(given("a.docx", saved(document))).blocks] == [
        "Step 3: a", "Step 4: b", "Step 1: c", "Step 2: d", "Step 3: e"
    ]  # fmt: skip


def test_a_paragraph_whose_style_is_numbered_and_that_is_not_has_no_number(given: Given) -> None:
    document = docx.Document()
    document.add_paragraph("One", "List Number")
    add(document, "Plain", 0, 0)
    document.paragraphs[-1].style = "List Number"
    document.add_paragraph("Two", "List Number")
    assert [block.text for block in word.parse(given("a.docx", saved(document))).blocks] == [
        "1. One",
        "Plain",
        "2. Two",
    ]


def test_numbers_stand_in_cells_and_at_the_deepest_levels(given: Given) -> None:
    deep = '<w:lvl w:ilvl="6"><w:start w:val="2"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%7."/></w:lvl>'
    document = numbered(levels=_LEVELS + deep)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([cell for row in table.rows for cell in row.cells], ["No.", "Part", "", "Fan"], strict=True):
        cell.text = text
    add(document, "", 0)
    table.cell(1, 0)._tc.replace(table.cell(1, 0).paragraphs[0]._p, document.paragraphs[-1]._p)
    add(document, "Deepest", 6)
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "table_row: No. | Part",
        "table_row: Step 3: | Fan",
        "paragraph: B. Deepest",
    ]


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [
        (1, "decimalZero", "01"),
        (27, "lowerLetter", "aa"),
        (28, "upperLetter", "BB"),
        (1994, "lowerRoman", "mcmxciv"),
        (0, "lowerLetter", "0"),
        (4000, "upperRoman", "4000"),
        (5, "none", ""),
        (999_999_999, "lowerLetter", "999999999"),
    ],
)
def test_numbers_are_written_in_their_form(given: Given, number: int, form: str, written: str) -> None:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{number}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="%1"/></w:lvl>'
    document = numbered(levels=level)
    add(document, "Item", 0)
    (block,) = word.parse(given("a.docx", saved(document))).blocks
    assert block.text == f"{written} Item".strip()


def test_lists_that_are_defined_by_each_other_are_no_crash(given: Given) -> None:
    document = numbered(levels='<w:numStyleLink w:val="Round"/>')
    style = f'<w:style {nsdecls("w")} w:type="numbering" w:styleId="Round"><w:basedOn w:val="Round"/><w:pPr><w:numPr>'
    document.styles.element.append(parse_xml(f'{style}<w:numId w:val="99"/></w:numPr></w:pPr></w:style>'))
    add(document, "Item", 0)
    assert [block.text for block in word.parse(given("a.docx", saved(document))).blocks] == ["Item"]


@pytest.mark.parametrize(
    ("base", "level", "text", "read"),
    [
        ("Heading 2", "", "Returns", "heading2: Returns"),
        ("Normal", "2", "Returns", "heading3: Returns"),
        ("Heading 2", "9", "Contents", "paragraph: Contents"),
        ("Heading 2", "", "The buyer pays for the way back.", "paragraph: The buyer pays for the way back."),
        ("Normal", "", "Returns", "paragraph: Returns"),
    ],
)
def test_a_style_based_on_that_of_a_heading_is_one(given: Given, base: str, level: str, text: str, read: str) -> None:
    document = docx.Document()
    for name, under in (("Acme Base", base), ("Acme Section", "Acme Base")):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles[under]
    if level:
        outline = f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>'
        document.styles["Acme Base"].element.get_or_add_pPr().append(parse_xml(outline))
    document.add_paragraph(text, "Acme Section")
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [read]


def test_a_paragraph_with_a_level_of_its_own_is_a_heading_but_not_in_a_cell(given: Given) -> None:
    document = docx.Document()
    cells = document.add_table(1, 2).rows[0].cells
    for paragraph in (document.add_paragraph("Returns"), cells[0].paragraphs[0], cells[1].paragraphs[0]):
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'))
        paragraph.text = "Returns"
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == [
        "table_row: Returns | Returns", "heading1: Returns"
    ]  # fmt: skip


def test_the_boxes_of_a_form_say_which_are_ticked(given: Given) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    names = f'{nsdecls("w")} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    for ticked, text in ((0, "Repair"), (1, " Refund")):
        box = f'<w:sdt {names}><w:sdtPr><w14:checkbox><w14:checked w14:val="{ticked}"/></w14:checkbox></w:sdtPr>'
        paragraph._p.append(parse_xml(f"{box}<w:sdtContent><w:r><w:t>o</w:t></w:r></w:sdtContent></w:sdt>"))
        paragraph.add_run(text)
    assert shown(word.parse(given("a.docx", saved(document))).blocks) == ["paragraph: ☐ Repair☒ Refund"]
