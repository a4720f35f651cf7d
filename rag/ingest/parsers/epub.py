"""E-books (EPUB): the pages of the spine in order, each read like a web page."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from rag.errors import DamagedFile, EncryptedFile
from rag.ingest.parsers.elements import Element, blocks_of, parse_html
from rag.ingest.parsers.hidden import hidden_warning, limited, take_hidden
from rag.ingest.parsers.package import open_package, safe_xml
from rag.ingest.parsers.parsed import Parsed, ParserInput, first_heading, pairs
from rag.ingest.parsers.webpage import decode_html
from rag.types import RawBlock

_CONTAINER = "META-INF/container.xml"
_PROPERTIES = {
    "creator": "author",
    "date": "created",
    "language": "language",
    "publisher": "publisher",
    "title": "title",
}


def parse(file: ParserInput) -> Parsed:
    """Return the text of an e-book.

    Raises:
        EncryptedFile: Its pages are protected.
        DamagedFile: The list of its pages is missing.
    """
    blocks: list[RawBlock] = []
    hidden: list[RawBlock] = []
    n_characters = 0
    with open_package(file, doctypes=True) as package:
        opf_path = _opf_path(package, file.name)
        opf = safe_xml(package.read(opf_path))
        metadata = _metadata(opf)
        _check_rights(package, file.name)
        for page in _pages(opf, opf_path, set(package.namelist())):
            text, _ = decode_html(package.read(page), file.name)
            n_characters += len(text)
            file.limits.check_characters(file.name, n_characters)
            root = parse_html(text)
            if root is not None:
                hidden += take_hidden(root)
                blocks += blocks_of(root)
    return Parsed(
        media_type="application/epub+zip",
        title=metadata.get("title", "") or first_heading(blocks),
        blocks=(*blocks, *limited(hidden)),
        metadata=pairs(metadata),
        warnings=hidden_warning(hidden),
    )


def _opf_path(package: zipfile.ZipFile, name: str) -> str:
    try:
        root = safe_xml(package.read(_CONTAINER))
        path = next(element.get("full-path") for element in root.iter("{*}rootfile"))
        package.getinfo(path)
    except (KeyError, StopIteration, etree.XMLSyntaxError) as exc:
        raise DamagedFile(
            f"{name!r} is a damaged e-book: the list of its pages is missing.", hint="Download it again."
        ) from exc
    return str(path)


def _check_rights(package: zipfile.ZipFile, name: str) -> None:
    if "META-INF/encryption.xml" not in package.namelist():
        return
    for reference in safe_xml(package.read("META-INF/encryption.xml")).iter("{*}CipherReference"):
        # Fonts are often scrambled in free books too; pages are not.
        if (reference.get("URI") or "").lower().endswith((".html", ".xhtml", ".htm")):
            raise EncryptedFile(f"{name!r} is a protected e-book.", hint="Add a copy without copy protection.")


def _metadata(opf: Element) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for element in opf.iterfind("{*}metadata//*"):
        name = _PROPERTIES.get(etree.QName(element).localname)
        if name and "purl.org/dc" in (etree.QName(element).namespace or "") and (element.text or "").strip():
            found.setdefault(name, []).append(" ".join(element.text.split()))
    return {name: texts[0] if name in {"title", "created"} else ", ".join(texts) for name, texts in found.items()}


def _pages(opf: Element, opf_path: str, names: set[str]) -> Iterator[str]:
    manifest = {element.get("id"): element for element in opf.iterfind("{*}manifest/{*}item")}
    for reference in opf.iterfind("{*}spine/{*}itemref"):
        entry = manifest.get(reference.get("idref"))
        if entry is None or "nav" in (entry.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(opf_path), unquote(entry.get("href") or "")))
        if path in names:
            yield path
