"""E-books."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.errors import DamagedFile, EncryptedFile
from rag.ingest.parsers import epub
from rag.ingest.parsers.parsed import ParserInput
from rag.types import RawBlock

Given = Callable[..., ParserInput]


def shown(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [
        f"{block.kind}{block.level or ''}{'@' + str(block.page) if block.page else ''}: {block.text}"
        for block in blocks
        if not block.hidden
    ]


BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/b.opf"/></rootfiles></container>',
    "OPS/b.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>The Book</dc:title><dc:creator>Ann</dc:creator></metadata><manifest>"
    '<item id="two" href="two.xhtml"/><item id="one" href="one%20a.xhtml"/></manifest>'
    '<spine><itemref idref="one"/><itemref idref="two"/></spine></package>',
    "OPS/one a.xhtml": "<html><body><h1>One</h1><p>First page.</p></body></html>",
    "OPS/two.xhtml": "<html><body><h1>Two</h1><p>Second page.</p></body></html>",
}


def test_an_ebook_is_read_in_the_order_of_its_spine(given: Given, zipped: Callable[..., bytes]) -> None:
    parsed = epub.parse(given("a.epub", zipped(BOOK)))
    assert shown(parsed.blocks) == [
        "heading1: One", "paragraph: First page.", "heading1: Two", "paragraph: Second page."
    ]  # fmt: skip
    assert (parsed.title, dict(parsed.metadata)["author"]) == ("The Book", "Ann")


def test_an_ebook_without_its_list_of_pages_is_damaged(given: Given, zipped: Callable[..., bytes]) -> None:
    with pytest.raises(DamagedFile, match="list of its pages"):
        epub.parse(given("a.epub", zipped({"mimetype": "application/epub+zip"})))


def test_a_protected_ebook_is_refused(given: Given, zipped: Callable[..., bytes]) -> None:
    rights = '<encryption><CipherReference URI="OPS/two.xhtml"/></encryption>'
    with pytest.raises(EncryptedFile, match="protected"):
        epub.parse(given("a.epub", zipped(BOOK | {"META-INF/encryption.xml": rights})))


def test_entities_in_an_ebook_are_not_expanded(given: Given, zipped: Callable[..., bytes]) -> None:
    secret = given("secret.txt", "TOP SECRET")
    opf = BOOK["OPS/b.opf"].replace("The Book", "&x;")
    hostile = f'<!DOCTYPE package [<!ENTITY x SYSTEM "file://{secret.path}">]>{opf}'
    path = secret.path.with_name("b.epub")
    path.write_bytes(zipped(BOOK | {"OPS/b.opf": hostile}))
    parsed = epub.parse(ParserInput(path, "b.epub", secret.limits, secret.folder))
    assert "SECRET" not in str(parsed)
