"""Bold lines that stand alone above what they name: headings of writers who use no style for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

    from rag.ingest.parsers.elements import Element

LEVEL = 6
"""Below any heading that is set as one."""

_MAX_WORDS, _MAX_CHARACTERS = 14, 100
# A sentence ends so, and what leads to something; an amount, an hour or a telephone number is told, not named.
_SAYS = re.compile(r"[.,;:!…]['\"”’)]*$|[€£$%]|\d{1,2}[:.]\d\d\b|\d{3} ?\d{3,}|@")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOLD = frozenset({"b", "strong"})
# What is more than a line.
_BLOCKS = ("br", "div", "dl", "img", "ol", "p", "pre", "table", "ul", *_HEADINGS)
# A bold line in one of these is part of it.
_WITHIN = frozenset({"table", "li", "blockquote", "dl", "header", "footer", "nav", "a", *_HEADINGS})


def is_name(text: str) -> bool:
    """Tell whether a bold line may name what stands below it: it is short, no sentence, and tells no amount."""
    is_short = "\n" not in text and len(text) <= _MAX_CHARACTERS and len(text.split()) <= _MAX_WORDS
    return is_short and any(map(str.isalpha, text)) and not _SAYS.search(text)


def head_bold_lines(root: Element) -> None:
    """Make headings of the bold lines of HTML that are a paragraph above text, a list or a table, or begin one."""
    for paragraph in list(root.iter("p", "div")):
        if _is_bold(paragraph) and _is_above_text(paragraph) and _is_in_text(paragraph):
            paragraph.tag = f"h{LEVEL}"
        elif _begins_bold(paragraph) and _is_in_text(paragraph):
            _cut_first_line(paragraph)


def is_bold_name(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a text of Markdown is one bold line above text, a list or a table.

    Args:
        tokens: Those of the whole text.
        at: The place of the ``inline`` one, in no list or quote.
    """
    line, behind = tokens[at].children or (), tokens[at + 2 : at + 4]
    if not behind or behind[0].type in {"heading_open", "hr"} or not (_is_strong(line) and is_name(_said(line))):
        return False
    return behind[0].type != "paragraph_open" or not _is_strong(behind[1].children or ())


def cut_bold_line(token: Token) -> str:
    """Take the bold line that names the rest of a text of Markdown off it, and return it; empty for none."""
    children = token.children or []
    end = next((n for n, part in enumerate(children) if part.type in {"softbreak", "hardbreak"}), 0)
    name = _said(children[:end])
    if not (_is_strong(children[:end]) and is_name(name)):
        return ""
    token.children, token.content = children[end + 1 :], token.content.partition("\n")[2]
    return name


def _is_strong(children: Sequence[Token]) -> bool:
    parts = [part for part in children if part.type != "text" or part.content.strip()]
    inside = [part for part in parts if part.tag == "strong"]
    return len(inside) == 2 and parts[0] is inside[0] and parts[-1] is inside[-1]


def _said(children: Sequence[Token]) -> str:
    return "".join("\n" if part.type in {"softbreak", "hardbreak"} else part.content for part in children).strip()


def _is_bold(element: Element) -> bool:
    bold = [each for each in element if each.tag in _BOLD]
    if len(bold) != 1 or any(each is not element for each in element.iter(*_BLOCKS)):
        return False
    text = "".join(bold[0].itertext()).split()
    return text == "".join(element.itertext()).split() and is_name(" ".join(text))


def _is_in_text(paragraph: Element) -> bool:
    return not any(above.tag in _WITHIN for above in paragraph.iterancestors())


def _is_above_text(line: Element) -> bool:
    behind = line.getnext()
    if (line.tail or "").strip():
        return True
    return behind is not None and behind.tag not in _HEADINGS | {"hr"} and not _is_bold(behind)


def _begins_bold(paragraph: Element) -> bool:
    """Tell whether the first line of a paragraph is a bold one that names the rest."""
    if len(paragraph) < 2 or paragraph[0].tag not in _BOLD or paragraph[1].tag != "br":
        return False
    beside = (paragraph.text or "") + (paragraph[0].tail or "")
    alone = not beside.strip() and next(paragraph[0].iter(*_BLOCKS), None) is None
    return alone and is_name(" ".join("".join(paragraph[0].itertext()).split()))


def _cut_first_line(paragraph: Element) -> None:
    line, end = paragraph[0], paragraph[1]
    heading = paragraph.makeelement(f"h{LEVEL}")
    paragraph.addprevious(heading)
    heading.append(line)
    line.tail, paragraph.text = None, end.tail
    end.tail = None
    paragraph.remove(end)
