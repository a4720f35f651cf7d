"""A bold line above text is a heading in Markdown, web pages and Word files; one that tells something stays text."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest

from rag.ingest.parsers import markdown, webpage, word
from rag.ingest.parsers.parsed import Parsed, ParserInput

Given = Callable[..., ParserInput]


def headings(parsed: Parsed) -> list[str]:
    return [block.text for block in parsed.blocks if block.kind == "heading"]


def test_a_bold_line_of_markdown_names_what_stands_below_it(given: Given) -> None:
    text = (
        "# Deposits\n\n**Getting it back**\n\nWithin five days.\n\n**Do you take cash?**\nNo, *cards* only.\n\n"
        "**Cards**\n\n- Visa\n\n## Fees\n\nNone."
    )
    parsed = markdown.parse(given("a.md", text))
    assert headings(parsed) == ["Deposits", "Getting it back", "Do you take cash?", "Cards", "Fees"]
    assert "No, cards only." in [block.text for block in parsed.blocks]


def test_a_bold_line_of_a_web_page_names_what_stands_below_it(given: Given) -> None:
    page = (
        "<body><h1>Deposits</h1><p>We take them.</p><p><b>Getting it back</b></p><p>Within five days.</p>"
        "<p><strong>Do you take cash?</strong><br>No, cards only.</p><p><b>Kept</b></p>&bull; late charges<br></body>"
    )
    parsed = webpage.parse(given("a.html", page))
    assert headings(parsed) == ["Deposits", "Getting it back", "Do you take cash?", "Kept"]
    assert "No, cards only." in [block.text for block in parsed.blocks]


def test_a_bold_line_of_a_word_file_names_what_stands_below_it(given: Given) -> None:
    document = docx.Document()
    for text, bold in (("We take deposits.", False), ("Getting it back", True), ("Within five days.", False)):
        document.add_paragraph().add_run(text).bold = bold
    written = io.BytesIO()
    document.save(written)
    parsed = word.parse(given("a.docx", written.getvalue()))
    assert headings(parsed) == ["Getting it back"]
    assert parsed.title == "", "a line in the midst is no title"


@pytest.mark.parametrize(
    "text",
    [
        "**Never lift it alone.**\n\nTwo people carry it.",
        "**Please note:**\n\nWe are closed on Mondays.",
        "**Deposit £150**\n\nPaid by card.",
        "**Open 9:30 to 17:00**\n\nOn weekdays.",
        "**020 7946 0110**\n\nDay and night.",
        "**Ask** before you lift\n\nTwo people carry it.",
        "**Ida Berg**\n\n**Kai Holm**\n\nThe owners.",
        "- **Visa**\n\n  and others",
        "> **Visa**\n>\n> and others",
        "**Visa**",
        "**Visa**\n\n# Cards",
        f"**{'word ' * 15}end**\n\nText.",
    ],
)
def test_what_is_bold_and_says_something_or_names_nothing_below_is_no_heading(given: Given, text: str) -> None:
    parsed = markdown.parse(given("a.md", text))
    assert [heading for heading in headings(parsed) if heading not in {"Cards", "Kai Holm"}] == []


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td><p><b>Visa</b></p><p>and others</p></td><td>x</td></tr><tr><td>a</td><td>b</td></tr></table>",
        "<ul><li><p><b>Visa</b></p><p>and others</p></li></ul>",
        "<p><b>Visa</b> and others</p><p>More.</p>",
        "<p><b>Visa</b></p><h2>Cards</h2><p>More.</p>",
        "<p><b>One<br>Two</b></p><p>More.</p>",
    ],
)
def test_a_bold_part_of_something_else_on_a_page_is_no_heading(given: Given, page: str) -> None:
    parsed = webpage.parse(given("a.html", f"<body><p>We take them all the time.</p>{page}</body>"))
    assert [heading for heading in headings(parsed) if heading != "Cards"] == []
