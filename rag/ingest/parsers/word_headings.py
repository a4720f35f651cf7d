"""Which paragraphs of a Word file are headings beside those of Word's own styles, which mammoth knows by name.

Source: ECMA-376 part 1, 17.3.1.20 (outline levels) and 17.7.4.3 (styles that are based on others).
"""

from __future__ import annotations

import re
import zipfile

from rag.ingest.parsers.elements import Element
from rag.ingest.parsers.hidden_runs import WORD
from rag.ingest.parsers.word_numbers import MAX_CHAIN, part_root, value_of

MAX_HEADING = 160
"""Contracts set whole clauses in styles that are based on those of headings, for their numbers."""

_OWN = re.compile(r"heading [1-9]|title|subtitle", re.IGNORECASE)
_LEVELS = 6
_BODY_TEXT = 9


class Headings:
    """Knows the styles of a Word file."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        styles = part_root(package, "styles").iter(f"{WORD}style")
        self._styles = {style.get(f"{WORD}styleId"): style for style in styles}

    def write(self, root: Element) -> None:
        """Give the headings of a part of the file the style under which mammoth knows them."""
        for properties in list(root.iter(f"{WORD}pPr")):
            paragraph = properties.getparent()
            # The head of a column is no heading.
            in_text = paragraph.tag == f"{WORD}p" and next(paragraph.iterancestors(f"{WORD}tc"), None) is None
            level = self._level(properties) if in_text else 0
            if not level:
                continue
            text = "".join(text.text or "" for text in paragraph.iter(f"{WORD}t")).strip()
            if len(text) > MAX_HEADING or text.endswith((".", ",", ";")):
                continue
            style = properties.find(f"{WORD}pStyle")
            if style is None:
                style = properties.makeelement(f"{WORD}pStyle")
                properties.insert(0, style)
            style.set(f"{WORD}val", f"Heading{min(level, _LEVELS)}")

    def _level(self, properties: Element) -> int:
        """Return the level of a heading, 0 for a paragraph that is none, or whose style has a name of Word's own."""
        style_id = value_of(properties, "pStyle")
        if (level := _outline(properties)) is not None:
            return level
        for n in range(MAX_CHAIN):
            style = self._styles.get(style_id)
            if style is None:
                return 0
            name = value_of(style, "name")
            if _OWN.fullmatch(name):
                return int(name[-1]) if n and name[-1].isdecimal() else 0
            own = style.find(f"{WORD}pPr")
            if own is not None and (level := _outline(own)) is not None:
                return level
            style_id = value_of(style, "basedOn")
        return 0


def _outline(properties: Element) -> int | None:
    """Return the outline level from 1, 0 for body text; nothing where properties do not say it."""
    value = value_of(properties, "outlineLvl")
    return (int(value) + 1) % (_BODY_TEXT + 1) if value in set("0123456789") else None
