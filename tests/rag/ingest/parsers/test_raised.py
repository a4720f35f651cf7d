"""Exponents, indices and marks of notes, which must never make another number or another word."""

from __future__ import annotations

from collections.abc import Callable

import docx
import pytest

from rag.ingest.parsers import markdown, webpage, word
from rag.ingest.parsers.parsed import ParserInput
from tests.rag.ingest.parsers.test_office import saved

Given = Callable[..., ParserInput]


def page(body: str) -> str:
    return f"<html><body>{body}</body></html>"


def texts(parsed: object) -> list[str]:
    return [block.text for block in parsed.blocks]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given_html", "read"),
    [
        ("10<sup>12</sup> photons", "10¹² photons"),
        ("10<sup>-3</sup> m", "10⁻³ m"),
        ("25 m<sup>2</sup>", "25 m²"),
        ("CO<sub>2</sub> and SO<sub>4</sub><sup>2-</sup>", "CO₂ and SO₄²⁻"),
        ("<b>10</b><sup><i>1</i>2</sup>", "10¹²"),
        ("2<sup>n</sup>", "2ⁿ"),
        ("<sup>1</sup>/<sub>2</sub> cup", "¹/₂ cup"),
        ("10<sup>1.5</sup>", "10^1.5"),
        ("10<sup>3<sup>2</sup></sup>", "10^3²"),
        ("10<br><sup>1.5</sup>", "10\n1.5"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("It costs 5<sup>99</sup> or 5.<sup>99</sup>", "It costs 5⁹⁹ or 5.⁹⁹"),
    ],
)
def test_raised_and_lowered_text_makes_no_other_number(given: Given, given_html: str, read: str) -> None:
    assert texts(webpage.parse(given("a.html", page(f"<p>{given_html}</p>")))) == [read]


@pytest.mark.parametrize(
    ("given_html", "read"),
    [
        ("The fee<sup>1</sup> is due.<sup>2</sup> Pay it.", "The fee[1] is due.[2] Pay it."),
        ("The fee<sup>1,2</sup> is due", "The fee[1,2] is due"),
        ('At 10<sup><a href="#a">a</a></sup> or x<a href="#b"><sup>1</sup></a>', "At 10[a] or x[1]"),
        ("The fee<sup>[1]</sup> is due", "The fee[1] is due"),
    ],
)
def test_a_mark_of_a_note_is_part_of_no_word_and_no_number(given: Given, given_html: str, read: str) -> None:
    assert texts(webpage.parse(given("a.html", page(f"<p>{given_html}</p>")))) == [read]


def test_code_and_cells_have_exponents_too(given: Given) -> None:
    body = "<pre>x = 10<sup>6</sup></pre><table><tr><th>Dose<td>Area<tr><td>10<sup>6</sup><td>3 m<sup>2</sup></table>"
    assert texts(webpage.parse(given("a.html", page(body)))) == ["x = 10⁶", "Dose | Area", "10⁶ | 3 m²"]


def test_what_is_hidden_in_an_exponent_stays_hidden(given: Given) -> None:
    (block,) = webpage.parse(given("a.html", page("<p>10<sup>1<span hidden>2</span></sup> W</p>"))).blocks
    assert block.text == "10¹ W"


def test_exponents_in_markdown_are_kept(given: Given) -> None:
    text = "10<sup>8</sup> and CO<sub>2</sub>.\n\n| a | b |\n|---|---|\n| 10<sup>1.5</sup> | the fee<sup>1</sup> |\n"
    assert texts(markdown.parse(given("a.md", text))) == ["10⁸ and CO₂.", "a | b", "10^1.5 | the fee[1]"]


def test_exponents_in_word_are_kept(given: Given) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The laser emits 10")
    paragraph.add_run("12").font.superscript = True
    paragraph.add_run(" photons and CO")
    paragraph.add_run("2").font.subscript = True
    assert texts(word.parse(given("a.docx", saved(document)))) == ["The laser emits 10¹² photons and CO₂"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["10<sup>6</sup>", "<sup>", "<sup></sup>", "<sup>1", "<b></b><sup>1</sup>"])
def test_pages_with_many_exponents_are_read_in_time(given: Given, piece: str) -> None:
    webpage.parse(given("a.html", page(f"<p>Words.</p><p>{piece * 5_000}</p>")))
