"""Which format a file has, by its content first and its name second; what is not read is refused by name."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from rag.errors import DamagedFile, EmptyFile, EncryptedFile, UnsupportedFormat

Format = Literal[
    "pdf", "word", "slides", "sheets", "epub", "archive", "mail", "webpage", "markdown", "delimited", "plain"
]

HEAD_BYTES = 65_536
READ_FORMATS = "Markdown, text, HTML, PDF, DOCX, PPTX, XLSX, CSV, EML, EPUB and ZIP"


@dataclass(frozen=True, slots=True)
class _Foreign:
    what: str
    hint: str


_OTHER = f"Footnote reads {READ_FORMATS}."
_OLD_WORD = _Foreign("an old Word document (.doc)", "Open it in Word or LibreOffice and save it as .docx.")
_OLD_EXCEL = _Foreign("an old Excel workbook (.xls)", "Open it in Excel or LibreOffice and save it as .xlsx.")
_OLD_SLIDES = _Foreign("an old PowerPoint file (.ppt)", "Open it in PowerPoint or LibreOffice and save it as .pptx.")
_OUTLOOK = _Foreign("an Outlook message (.msg)", "Open it in Outlook and save it as .eml, or print it to PDF.")
_RTF = _Foreign("a Rich Text file (.rtf)", "Open it in Word or LibreOffice and save it as .docx.")
_ODF = _Foreign(
    "an OpenDocument file (.odt, .ods, .odp)", "Open it in LibreOffice and save it as .docx, .xlsx or .pptx."
)
_IWORK = _Foreign("an Apple iWork file", "Open it in Pages, Numbers or Keynote and export it as .docx, .xlsx or .pptx.")
_IMAGE = _Foreign("a picture", "Put it into a PDF or a DOCX file together with its text.")
_MEDIA = _Foreign("a sound or video file", _OTHER)
_PROGRAM = _Foreign("a program", _OTHER)
_PACKED = _Foreign("an archive other than ZIP", "Unpack it and add the folder, or pack it as .zip.")
_MAILBOX = _Foreign("a mailbox of several mails", "Export them as single .eml files, and add those or a .zip of them.")
_DATABASE = _Foreign("a database", "Export what matters as CSV.")
_CODE = _Foreign("a program or data file", "Save what people should find in it as text or Markdown.")

_MAGIC: tuple[tuple[bytes, _Foreign], ...] = (
    (b"{\\rtf", _RTF),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"BM", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"8BPS", _IMAGE),
    (b"\x7fELF", _PROGRAM),
    (b"MZ", _PROGRAM),
    (b"\x1f\x8b", _PACKED),
    (b"BZh", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"\xfd7zXZ\x00", _PACKED),
    (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"Rar!", _PACKED),
    (b"SQLite format 3", _DATABASE),
    (b"ID3", _MEDIA),
    (b"OggS", _MEDIA),
    (b"RIFF", _MEDIA),
    (b"\x1aE\xdf\xa3", _MEDIA),
    (b"\xffWPC", _Foreign("a WordPerfect file", "Open it in Word or LibreOffice and save it as .docx.")),
    (b"%!PS", _Foreign("a PostScript file", "Convert it to PDF.")),
)
_TEXT_MAGIC = {b"BM", b"MZ", b"ID3", b"RIFF", b"II*\x00"}
"""Beginnings that plain text can have too; they count only where the rest is no text."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, _Foreign], ...] = (
    ("__substg1.0_", _OUTLOOK),
    ("WordDocument", _OLD_WORD),
    ("PowerPoint Document", _OLD_SLIDES),
    ("Workbook", _OLD_EXCEL),
    ("Book", _OLD_EXCEL),
)
_OFFICE_BY_FOLDER: tuple[tuple[str, Format], ...] = (("word/", "word"), ("ppt/", "slides"), ("xl/", "sheets"))
_BY_ENDING: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".html": "webpage",
    ".htm": "webpage",
    ".xhtml": "webpage",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
    ".eml": "mail",
    ".mht": "mail",
    ".mhtml": "mail",
}
_CODE_ENDINGS = frozenset(
    ".json .jsonl .xml .yaml .yml .toml .ini .cfg .py .js .ts .css .java .c .h .cpp .cs .go .rs .rb .php .sh .ps1 .bat"
    " .sql .ipynb .svg .map .lock .tex .ics .vcf".split()
)
_BINARY_ENDINGS: dict[str, str] = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".pptx": "PowerPoint",
    ".xlsx": "Excel",
    ".epub": "EPUB",
    ".zip": "ZIP",
}
_HTML = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"^(?:(?:From |>From )[^\n]*\n)?(?:(?:From|To|Date|Subject|Received|Return-Path|Message-ID|MIME-Version|"
    rb"Delivered-To|X-[\w-]+|Content-Type|Reply-To|Cc|DKIM-Signature):[ \t][^\n]*\n(?:[ \t][^\n]*\n)*){3}",
    re.IGNORECASE,
)

# Where a mailbox (RFC 4155) goes on: behind an empty line, with sender and day, and with a field of the next mail.
_NEXT_MAIL = re.compile(rb"\n\r?\nFrom \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} [^\n]*\d\d:\d\d[^\n]*\n[A-Za-z-]{2,40}:")


def detect(path: Path, name: str) -> Format:
    """Return the format of a file.

    Args:
        path: The file.
        name: Its name; decides between text formats, which look alike.

    Raises:
        EmptyFile: It has no bytes.
        EncryptedFile: An office file or an archive behind a password.
        UnsupportedFormat: Not a document, or one of a kind that is not read.
        DamagedFile: Neither what its name says nor anything else known.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        if not head:
            raise EmptyFile(f"{name!r} is empty: it has 0 bytes.", hint="Check that the file was saved completely.")
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
            return _inside_zip(stream, name)
        if head.startswith(_OLE):
            raise _inside_ole(head + stream.read(), name)
    mark = head[:1024].find(b"%PDF-")
    # Some programs write before the mark; a page of text that speaks of it is no PDF.
    if mark == 0 or (mark > 0 and (name.lower().endswith(".pdf") or looks_binary(head))):
        return "pdf"
    _refuse_magic(head, name)
    format_ = _by_text(head, name)
    # What is behind the first mail would be lost, or read as its words.
    if format_ == "mail" and head.startswith(b"From ") and _NEXT_MAIL.search(path.read_bytes()):
        raise _refuse(name, _MAILBOX)
    return format_


def looks_binary(sample: bytes) -> bool:
    """Say whether bytes can hardly be text in any usual encoding, UTF-16 and UTF-32 included."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or not sample:
        return False
    if wide_encoding(sample):
        return False
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 or byte == 127 for byte in sample)
    return b"\x00" in sample or control > len(sample) / 50


def wide_encoding(sample: bytes) -> str | None:
    """Return UTF-16 in one byte order where every other byte is mostly zero, as in Western text without a mark."""
    even, odd = sample[0:4096:2], sample[1:4096:2]
    if len(odd) < 8:
        return None
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _by_text(head: bytes, name: str) -> Format:
    ending = PurePosixPath(name.lower()).suffix
    if _HTML.search(head):
        return "webpage"
    by_name = _BY_ENDING.get(ending)
    if by_name == "mail" or (by_name in {None, "plain"} and _MAIL.search(head.replace(b"\r\n", b"\n"))):
        return "mail"
    if looks_binary(head):
        if ending in _BINARY_ENDINGS:
            raise _not_as_named(name, ending)
        raise UnsupportedFormat(f"{name!r} is not a document: it holds binary data.", hint=_OTHER)
    if ending in _BINARY_ENDINGS:
        raise _not_as_named(name, ending)
    if head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml") and b"progid=" in head:
        raise UnsupportedFormat(f"{name!r} is an Office 2003 XML file.", hint=_OLD_WORD.hint)
    if ending in _CODE_ENDINGS:
        raise _refuse(name, _CODE)
    return by_name or "plain"


def _not_as_named(name: str, ending: str) -> DamagedFile:
    return DamagedFile(
        f"{name!r} is damaged: its name says {_BINARY_ENDINGS[ending]}, but its content is not.",
        hint="Open it in the program that made it and save it again.",
    )


def _refuse(name: str, foreign: _Foreign) -> UnsupportedFormat:
    return UnsupportedFormat(f"{name!r} is {foreign.what}, which is not read.", hint=foreign.hint)


def _refuse_magic(head: bytes, name: str) -> None:
    for magic, foreign in _MAGIC:
        if head.startswith(magic) and not (magic in _TEXT_MAGIC and not looks_binary(head)):
            raise _refuse(name, foreign)
    if head[4:8] == b"ftyp":
        raise _refuse(name, _IMAGE if head[8:11] in {b"hei", b"avi", b"mif"} else _MEDIA)
    if head[257:262] == b"ustar":
        raise _refuse(name, _PACKED)


def _inside_zip(stream: IO[bytes], name: str) -> Format:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = set(archive.namelist())
            kind = archive.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in members else ""
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as exc:
        raise DamagedFile(
            f"{name!r} is damaged: it begins like a ZIP or Office file, but its end is missing or broken.",
            hint="Copy or download it again.",
        ) from exc
    if "application/epub" in kind or "META-INF/container.xml" in members:
        return "epub"
    if "opendocument" in kind or "sun.xml" in kind:
        raise _refuse(name, _ODF)
    if "xl/workbook.bin" in members:
        raise UnsupportedFormat(f"{name!r} is a binary Excel workbook (.xlsb).", hint=_OLD_EXCEL.hint)
    if "[Content_Types].xml" in members or name.lower().endswith((".docx", ".pptx", ".xlsx")):
        for folder, format_ in _OFFICE_BY_FOLDER:
            if any(member.startswith(folder) for member in members):
                return format_
    pages_09 = {"index.xml", "buildVersionHistory.plist"} <= members
    if pages_09 or any(member.endswith(".iwa") or member == "index.apxl" for member in members):
        raise _refuse(name, _IWORK)
    return "archive"


def _inside_ole(content: bytes, name: str) -> UnsupportedFormat | EncryptedFile:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return EncryptedFile(
            f"{name!r} is encrypted: it needs a password.", hint="Save a copy without a password and add that."
        )
    for stream, foreign in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return _refuse(name, foreign)
    return UnsupportedFormat(f"{name!r} is an old Office file.", hint=_OLD_WORD.hint)
