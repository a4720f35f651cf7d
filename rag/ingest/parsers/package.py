"""Office files and e-books are ZIP packages of XML: checks before a parser opens one, and its properties."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from rag.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from rag.ingest.parsers.elements import Element
from rag.ingest.parsers.parsed import ParserInput

MAX_PARTS = 50_000
_COPY_BYTES = 1 << 18
_MARKUP = (".xml", ".rels", ".vml")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PROPERTIES = {
    "title": "title",
    "creator": "author",
    "subject": "subject",
    "description": "description",
    "keywords": "keywords",
    "category": "category",
    "contentStatus": "status",
    "version": "version",
    "lastModifiedBy": "modified_by",
    "created": "created",
    "modified": "modified",
    "language": "language",
}
_OFFICE_TITLE = re.compile(r"^(?:Microsoft (?:Word|PowerPoint|Excel)\s*-\s*)|^(?:PowerPoint Presentation|Slide 1)$")


@contextmanager
def open_package(file: ParserInput, *, doctypes: bool = False) -> Iterator[zipfile.ZipFile]:
    """Open a package after counting the real bytes of its parts.

    Args:
        file: The file.
        doctypes: Whether its XML may declare document types; Office files never do, and entities in them
            are a way to exhaust a parser.

    Raises:
        EncryptedFile: Its parts need a password.
        LimitExceeded: It unpacks to more than allowed.
        DamagedFile: A part cannot be unpacked, or declares a document type.
    """
    try:
        with zipfile.ZipFile(file.path) as package:
            _check(file, package, doctypes=doctypes)
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as exc:
        raise _damaged(file, "a part of it is cut off or broken") from exc


def safe_xml(content: bytes) -> Element:
    """Return the root of XML; no entity is expanded and nothing outside it is read."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


def core_properties(package: zipfile.ZipFile) -> dict[str, str]:
    """Return title, author, dates and the like from ``docProps/core.xml``; nothing where it is missing or broken."""
    try:
        root = safe_xml(package.read("docProps/core.xml"))
    except (KeyError, etree.XMLSyntaxError):
        return {}
    properties: dict[str, str] = {}
    for element in root:
        name = _PROPERTIES.get(etree.QName(element).localname)
        if name and (element.text or "").strip():
            properties[name] = " ".join(element.text.split())
    properties["title"] = _OFFICE_TITLE.sub("", properties.get("title", "")).strip()
    return properties


def package_warnings(package: zipfile.ZipFile) -> tuple[str, ...]:
    """Return a sentence about files that are embedded in an Office file, which are not read."""
    inside = [name for name in package.namelist() if "/embeddings/" in name or "/afchunk" in name.lower()]
    if not inside:
        return ()
    return (f"{len(inside)} embedded files were not read; add them as files of their own.",)


def check_transitional(package: zipfile.ZipFile, part: str, name: str) -> None:
    """Raise `UnsupportedFormat` for the "Strict Open XML" form, whose names the parsers do not know."""
    if b"purl.oclc.org/ooxml" in package.read(part)[:4000]:
        raise UnsupportedFormat(
            f"{name!r} is saved in the rare form 'Strict Open XML'.",
            hint="Open it and save it again as an ordinary .docx, .xlsx or .pptx.",
        )


def _check(file: ParserInput, package: zipfile.ZipFile, *, doctypes: bool) -> None:
    infos = package.infolist()
    if len(infos) > MAX_PARTS:
        raise _damaged(file, f"it has {len(infos):,} parts")
    n_bytes = 0
    for info in infos:
        if info.flag_bits & 0x1:
            raise EncryptedFile(
                f"{file.name!r} is encrypted: it needs a password.", hint="Save a copy without a password and add that."
            )
        markup = info.filename.lower().endswith(_MARKUP) and not doctypes
        edge = b""
        with package.open(info) as part:
            while chunk := part.read(_COPY_BYTES):
                n_bytes += len(chunk)
                file.limits.check_unpacked(file.name, n_bytes)
                # Removing zero bytes finds the declaration in UTF-16 too.
                if markup and _DOCTYPE.search(edge + chunk.replace(b"\0", b"")):
                    raise _damaged(file, "its XML declares a document type, which no Office program writes")
                edge = chunk[-16:].replace(b"\0", b"")


def _damaged(file: ParserInput, why: str) -> DamagedFile:
    return DamagedFile(
        f"{file.name!r} is damaged: {why}.", hint="Open it in the program that made it and save it again."
    )
