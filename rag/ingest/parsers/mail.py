"""Mails (EML) through the standard library: headers, the body, and attachments as documents of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email import policy
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import cast

from rag.errors import LoadError, UnsupportedFormat
from rag.ingest.parsers.detect import detect
from rag.ingest.parsers.elements import blocks_of, parse_html
from rag.ingest.parsers.hidden import comments, hidden_warning, limited, take_hidden
from rag.ingest.parsers.parsed import MEGABYTE, Member, Parsed, ParserInput, pairs
from rag.ingest.parsers.plain import LATIN_NAMES, decode, paragraphs
from rag.ingest.parsers.webpage import decode_html
from rag.types import RawBlock

_SHOWN = (("from", "From"), ("to", "To"), ("cc", "Cc"), ("date", "Date"))
_BY_PROGRAMS = frozenset(
    "received message-id mime-version return-path delivered-to dkim-signature content-type".split()
)
"""Every mail that was sent has one of these; tickets that are exported as text have headers of their own instead."""
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_TEXTS = frozenset({"text/plain", "text/html"})
# What mail programs put in front of each line of the mail that is answered.
_QUOTED = re.compile(r"(?:>[ \t]?)+")
_WORD = re.compile(r"\w+")
_BROKEN = (ValueError, TypeError, AttributeError, IndexError, KeyError, LookupError)


class _Policy(EmailPolicy):
    """Reads headers whose letters stand there as they are, against the standard: UTF-8, or Windows-1252."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        content = value.encode("utf-8", "surrogateescape")
        try:
            value = content.decode("utf-8")
        except UnicodeDecodeError:
            value = content.decode("cp1252", "replace")
        return super().header_fetch_parse(name, value)  # type: ignore[no-any-return]  # the stubs say nothing


Reading = tuple[list[RawBlock], tuple[str, ...]]
"""What stands in a part of a mail, with warnings."""


def parse(file: ParserInput) -> Parsed:
    """Return a mail: its headers first, then its text with quoted replies; readable attachments as members."""
    with file.path.open("rb") as stream:
        message = cast("EmailMessage", BytesParser(policy=_Policy()).parse(stream))
    subject = _header(message, "subject")
    blocks = [RawBlock("heading", subject, level=1)] if subject else []
    shown = (*_SHOWN, *_written_by_hand(message))
    lines = [f"{label}: {value}" for name, label in shown if (value := _header(message, name))]
    if lines:
        blocks.append(RawBlock("paragraph", "\n".join(lines)))
    body, warnings = _body(message, file.name)
    members, told = _attachments(message, file)
    metadata = {
        "subject": subject,
        "author": _header(message, "from"),
        "to": _header(message, "to"),
        "created": _date(message),
    }
    return Parsed(
        media_type="message/rfc822",
        title=subject,
        blocks=(*blocks, *body),
        metadata=pairs(metadata),
        warnings=warnings + told,
        members=members,
        whole=not told,
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except _BROKEN:
        # The library gives up on some malformed headers; the raw one is better than none.
        raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
        return " ".join(str(raw).split())


def _written_by_hand(message: EmailMessage) -> list[tuple[str, str]]:
    """Return the names of all other headers, as status and priority, of a text that no mail program has written."""
    names = list(dict.fromkeys(name for name, _ in message.raw_items()))
    if any(name.lower() in _BY_PROGRAMS for name in names):
        return []
    known = {"subject", *(name for name, _ in _SHOWN)}
    return [(name.lower(), name) for name in names if name.lower() not in known]


def _date(message: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(_header(message, "date")).isoformat()
    except _BROKEN:
        return ""


def _body(message: EmailMessage, name: str) -> Reading:
    try:
        if message.is_multipart() and message.get_content_maintype() == "multipart":
            return _read(message, name)
        return _leaf(message, name) if _is_body(message) else ([], ())
    except _BROKEN:
        # Raised for broken structures.
        part = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
        return _leaf(part, name) if isinstance(part, MIMEPart) else ([], ())


def _read(parts: MIMEPart, name: str) -> Reading:
    """Return the texts of parts one after the other; of those that stand for each other the one that says more."""
    found: list[tuple[bool, Reading]] = []
    for part in parts.iter_parts():
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart":
            found.append((False, _read(part, name)))
        elif kind in _TEXTS and _belongs(part, parts):
            found.append((kind == "text/plain", _leaf(part, name)))
    if parts.get_content_subtype() != "alternative":
        blocks = [block for _, (blocks, _) in found for block in blocks]
        return blocks, tuple(warning for _, (_, warnings) in found for warning in warnings)
    plain = next((reading for is_plain, reading in found if is_plain and reading[0]), None)
    # The last form is the richest (RFC 2046, 5.1.4).
    rich = next((reading for is_plain, reading in reversed(found) if not is_plain and reading[0]), None)
    if plain and rich:
        return rich if _says_more(rich[0], plain[0]) else plain
    return rich or plain or ([], ())


def _says_more(rich: Sequence[RawBlock], plain: Sequence[RawBlock]) -> bool:
    """Say whether HTML has a table, or words that the plain text lacks: more than half as many as that has."""
    if any(block.kind in {"table_header", "table_row"} for block in rich):
        return True
    said = _words(plain)
    return 2 * len(_words(rich) - said) > len(said)


def _words(blocks: Sequence[RawBlock]) -> set[str]:
    return {word for block in blocks if not block.hidden for word in _WORD.findall(block.text.casefold())}


def _leaf(part: MIMEPart, name: str) -> Reading:
    html = part.get_content_type() == "text/html"
    text, warnings = _text(part, name, html=html)
    root = parse_html(text) if html else None
    if root is None:
        return paragraphs(_unquoted(text)), warnings
    hidden = [*take_hidden(root), *comments(text)]
    return [*blocks_of(root), *limited(hidden)], (*warnings, *hidden_warning(hidden))


def _unquoted(text: str) -> str:
    """Return a text without the signs in front of the lines of earlier mails; each of these begins a paragraph."""
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        signs = _QUOTED.match(line)
        before, depth = depth, signs[0].count(">") if signs else 0
        lines += ["", line] if depth != before else [line]
        lines[-1] = line[signs.end() :] if signs else line
    return "\n".join(lines)


def _content(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: MIMEPart, name: str, *, html: bool) -> tuple[str, tuple[str, ...]]:
    content = _content(part)
    declared = str(part.get_content_charset() or "")
    for encoding in ("utf-8", "cp1252") if declared in LATIN_NAMES else (declared,):
        # Some names, as "undefined" or one with a zero in it, are known and of no use.
        with suppress(LookupError, ValueError):
            return content.decode(encoding), ()
    return decode_html(content, name) if html else decode(content, name)


def _attachments(message: EmailMessage, file: ParserInput) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """Write the attachments that are documents; of others (signatures, pictures) only tell."""
    members: list[Member] = []
    told: list[str] = []
    left = file.limits.max_unpacked_mb * MEGABYTE
    for number, part in enumerate(_attached(message)):
        name = _name(part, number)
        content = _attached_bytes(part)
        left -= len(content)
        if left < 0 or number >= file.limits.max_archive_files:
            told.append(f"The attachment {name!r} and those after it were not read: they are too many or too large.")
            break
        path = file.folder / str(number)
        path.write_bytes(content)
        try:
            _refuse_signature(part, name)
            detect(path, name)
        except LoadError as exc:
            told.append(f"The attachment was not read: {exc.message}")
            path.unlink()
        else:
            members.append(Member(name, len(content), file=number))
    return tuple(members), tuple(told)


def _refuse_signature(part: MIMEPart, name: str) -> None:
    """Raise for the signature of a mail, which may be text and says nothing."""
    if part.get_content_type() in _SIGNATURES:
        raise UnsupportedFormat(f"{name!r} is the signature of the mail.", hint="It holds no words.")


def _attached_bytes(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            # The plain policy writes headers as they came; the other reads them for it, and gives up on malformed ones.
            return inner[0].as_bytes(policy=policy.compat32)
    return _content(part)


def _attached(message: EmailMessage) -> list[MIMEPart]:
    """Return the attachments, also those of parts inside parts: a signed mail holds all it has in one.

    A mail that is nothing but a file is its own attachment.
    """
    try:
        if message.get_content_maintype() == "multipart":
            return list(_within(message))
        return [] if _is_body(message) else [message]
    except _BROKEN:
        # Raised for broken structures.
        return []


def _within(parts: MIMEPart) -> Iterator[MIMEPart]:
    for part in parts.iter_parts():
        if part.get_content_maintype() == "multipart":
            yield from _within(part)
        elif not _belongs(part, parts):
            yield part


def _is_body(message: EmailMessage) -> bool:
    kind = message.get_content_type()
    # What says that it has parts, and not where they begin, is one text.
    return (
        kind == "text/plain"
        or message.get_content_maintype() == "multipart"
        or (kind == "text/html" and not message.is_attachment())
    )


def _belongs(part: MIMEPart, around: MIMEPart) -> bool:
    """Say whether a part is of the text of a mail: text without a name, another form of it, or a picture in it."""
    if part.is_attachment():
        return False
    if around.get_content_subtype() == "related":
        return part.get_content_maintype() in {"text", "image"}
    is_text = part.get_content_type() in _TEXTS and not part.get_filename()
    return is_text or around.get_content_subtype() == "alternative"


def _name(part: MIMEPart, number: int) -> str:
    try:
        name = part.get_filename() or ""
    except _BROKEN:
        name = ""
    if not name:
        ending = {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt"}.get(part.get_content_type(), "")
        name = f"attachment-{number + 1}{ending}"
    clean = "".join(char if char.isprintable() else "_" for char in name.replace("\\", "/"))
    return PurePosixPath(clean).name or f"attachment-{number + 1}"
