"""Plain text: what is a heading in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.ingest.parsers import plain
from rag.ingest.parsers.parsed import ParserInput

Given = Callable[..., ParserInput]


@pytest.mark.parametrize("sign", "=-~*#_")
def test_a_line_between_two_rules_is_a_heading(given: Given, sign: str) -> None:
    rule = sign * 9
    text = f"{rule}\n{sign} Returns {sign}\n{rule}\nWithin 30 days.\n\n{rule}\n{sign}\n{rule}\n"
    heading, paragraph, *_ = plain.parse(given("a.txt", text)).blocks
    assert (heading.kind, heading.level, heading.text) == ("heading", 1 if sign == "=" else 2, "Returns")
    assert (paragraph.kind, paragraph.text) == ("paragraph", "Within 30 days.")
