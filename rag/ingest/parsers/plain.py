"""Plain text: its encoding, and its paragraphs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from itertools import zip_longest

import charset_normalizer

from rag.errors import UnsupportedFormat
from rag.ingest.parsers.columns import Columns, cut
from rag.ingest.parsers.detect import looks_binary, wide_encoding
from rag.ingest.parsers.parsed import Parsed, ParserInput
from rag.ingest.parsers.tables import table_blocks
from rag.ingest.parsers.wrapped import hanging, unwrapped, width_of
from rag.types import BlockKind, RawBlock

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LATIN_NAMES = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"})
"""What says so on the web and in mails is Windows-1252 (WHATWG Encoding Standard)."""

_SAMPLE_BYTES = 65_536
_LATIN = re.compile(r"cp125[02]|latin_1|iso8859_(?:1|2|9|10|13|14|15|16)|mac_.*|cp437|cp8\d\d|cp858|hp_roman8|cp1257")
# Letters and signs outside the Latin script, and accents by themselves, as Vietnamese has them; what lies between the
# two ranges are quotes, dashes, € and the like.
_FOREIGN = re.compile("[\u0300-\u1dff\u2300-\U0010ffff]")
_HIGH = re.compile(rb"[\x80-\xff]+")
# Accented letters, and the signs that Western text is full of; one or two in a row.
_WESTERN = re.compile(rb"[\x80\x85\x91-\x97\x9a\x9e\xa0\xa1\xa3\xa7\xa9-\xab\xae\xb0\xb4\xb7\xba\xbb\xbf-\xff]{1,2}")
_FEW, _MOST = 0.5, 0.95
# Accented letters of Polish; of Czech, Slovak and their neighbours in the south; of Hungarian. Then those of them that
# Western languages lack, at least one, and what stands in no Western text twice.
_CENTRAL = (
    ("ąćęłńóśźż", "ąłśźż", re.compile("(?<=[a-z])[ąłśźż](?=[a-zóćęń])")),
    ("áäčćďđéěíĺľňóôŕřšťúůýž", "ćčďđěľňřťů", re.compile("[šž]")),
    ("áéíóöőúüű", "öü", re.compile("[őű]")),
)
_EBCDIC = ("cp500", "cp037", "cp1026", "cp1140", "cp273")
_LIST_MARK = re.compile(r"^\s{0,8}(?:[-*•‣◦–]|\[[ xX]?\]|[☐□]|\d{1,3}[.)]|(?:Step|STEP)\s\d{1,2}\s?[:.)])\s+\S")
# An empty box to tick says no more than a bullet does.
_BULLET = re.compile(r"^(?:[-*•‣◦–]\s+)?(?:(?:\[ ?\]|[☐□])\s+)?")
_NUMBER = re.compile(r"\s*(?:step\s)?(\d{1,3})\s?[:.)]\s", re.IGNORECASE)
_ENDS = (".", ":", ";", "!", "?", ",")
_IN_CAPITALS = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})[.)]?\s+(?=.*[A-Z]{4})\S.{2,78}[^.:;!?]")
_MOST_WORDS = 12
# "WHEN IT HAS SNOWED (early shift)": what is said beside a heading.
_ASIDE = re.compile(r"\s\([^()]{1,50}\)$")
_RULE = re.compile(r"={3,}|-{3,}|~{3,}|\*{3,}|#{3,}|_{3,}")
_UNDERLINE = re.compile(r"^(={3,}|-{3,}|~{3,})$")


def parse(file: ParserInput) -> Parsed:
    """Return the paragraphs of a text file; blank lines divide them, list marks and underlined headings count."""
    text, warnings = decode(file.path.read_bytes(), file.name)
    file.limits.check_characters(file.name, len(text))
    blocks = tuple(paragraphs(text))
    title = blocks[0].text if blocks and blocks[0].kind == "heading" else ""
    return Parsed(media_type="text/plain", title=title, blocks=blocks, warnings=warnings)


def decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return bytes as text, with a warning where the encoding had to be guessed.

    The order is: byte order mark, UTF-16 by its zero bytes, UTF-8, UTF-8 in which some bytes are of Windows-1252, then
    what charset-normalizer finds; where that is any Western single-byte table, or where it reads foreign letters
    in text that is nearly all ASCII, Windows-1252, which is by far the most frequent. A table of Central Europe counts
    where nothing but letters of one of its languages stands in the text.

    Raises:
        UnsupportedFormat: The bytes are no text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ()
    sample = content[:_SAMPLE_BYTES]
    if wide := wide_encoding(sample):
        return content.decode(wide, "replace"), ()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
        if (ebcdic := _ebcdic(content)) is not None:
            return ebcdic, ("The encoding was guessed: EBCDIC.",)
    if looks_binary(sample):
        raise UnsupportedFormat(
            f"{name!r} is not a document: it holds binary data.", hint="Save it as text, DOCX or PDF."
        )
    if text:
        return text, ()
    text, n_stray = _mixed(content)
    if n_stray:
        return text, (f"The encoding was guessed: utf-8, {n_stray:,} bytes of it cp1252.",)
    encoding = _guess(_telling(content))
    return content.decode(encoding, "replace"), (f"The encoding was guessed: {encoding}.",)


def paragraphs(text: str) -> list[RawBlock]:
    """Return the blocks of plain text; lines that were broken to fit a width are joined."""
    blocks: list[RawBlock] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    parts: list[list[str] | Columns] = []
    for piece in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text):
        parts += cut([line.rstrip() for line in piece.split("\n") if line.strip()])
    # A table may be wider than the text around it.
    width = width_of("\n".join(line for part in parts if not isinstance(part, Columns) for line in part))
    for part, behind in zip_longest(parts, parts[1:]):
        if isinstance(part, Columns):
            blocks.extend(table_blocks(part.rows, header=part.header))
            continue
        heading, n = _heading(part, behind)
        blocks.extend(heading)
        blocks.extend(_lines(part[n:], width))
    return blocks


def _heading(lines: Sequence[str], behind: Sequence[str] | Columns | None) -> tuple[list[RawBlock], int]:
    """Return the heading that lines begin with, and how many of them it takes.

    It stands above a rule or between two, or is in capitals: numbered, between blank lines, or above a text.

    Args:
        lines: Of a paragraph.
        behind: Lines of the next one; ``None`` where it is the last.
    """
    first = lines[0].strip()
    if len(lines) >= 3 and _RULE.fullmatch(first) and _RULE.fullmatch(lines[2].strip()) and first[0] in lines[2]:
        framed = lines[1].strip(f"{first[0]} \t")
        return ([RawBlock("heading", framed, level=1 if first[0] == "=" else 2)], 3) if framed else ([], 0)
    if len(lines) >= 2 and _UNDERLINE.match(lines[1].strip()):
        return [RawBlock("heading", first, level=1 if lines[1].strip()[0] == "=" else 2)], 2
    bare = _ASIDE.sub("", first)
    if (number := _IN_CAPITALS.fullmatch(bare)) and bare.isupper():
        return [RawBlock("heading", first, level=2 + number[1].count("."))], 1
    if (
        len(lines) > 1
        and _is_in_capitals(first)
        and not _is_in_capitals(lines[1].strip())
        and _says_something(lines[1:])
    ):
        return [RawBlock("heading", first, level=2)], 1
    follows = isinstance(behind, Columns) or (behind is not None and not _is_in_capitals(behind[0].strip()))
    if len(lines) == 1 and _is_in_capitals(first) and follows:
        return [RawBlock("heading", first, level=2)], 1
    return [], 0


def _says_something(lines: Sequence[str]) -> bool:
    """Tell whether lines are items or sentences, rather than those of an address."""
    return any(_LIST_MARK.match(line) or line.rstrip().endswith((".", ":")) for line in lines)


def _is_in_capitals(line: str) -> bool:
    """Tell whether a line is in capitals, but for an aside, and no sentence, item, code or address."""
    line = _ASIDE.sub("", line)
    n_letters = sum(map(str.isalpha, line))
    return (
        line.isupper()
        and re.search(r"[^\W\d_]{3}", line) is not None
        and not _LIST_MARK.match(line)
        and not line.endswith(_ENDS)
        and len(line.split()) <= _MOST_WORDS
        and n_letters > sum(map(str.isdigit, line))
    )


def _lines(lines: list[str], width: int) -> list[RawBlock]:
    blocks: list[tuple[BlockKind, int, list[str]]] = []
    number = 0
    for line in lines:
        if _LIST_MARK.match(line) and (not blocks or _follows(line, blocks[-1][2][-1], number)):
            number = int(mark[1]) if (mark := _NUMBER.match(line)) else number
            depth = 1 + (len(line) - len(line.lstrip())) // 4
            blocks.append(("list_item", depth, [line]))
        elif blocks:
            blocks[-1][2].append(line)
        else:
            blocks.append(("paragraph", 0, [line]))
    # Joined once: a log of a hundred thousand lines is one paragraph.
    return [
        RawBlock(kind, "\n".join(_joined(own, width, item=bool(level))), level=level) for kind, level, own in blocks
    ]


def _joined(lines: Sequence[str], width: int, *, item: bool) -> list[str]:
    """Return the lines of a paragraph or an item without a mark, those joined that were broken to fit a width."""
    indents = [len(line) - len(line.lstrip()) for line in lines]
    n = next((place for place, indent in enumerate(indents) if place and indent <= indents[0]), len(lines))
    texts = [line.strip() for line in lines]
    if not item:
        return unwrapped(texts, width)
    texts[0] = _BULLET.sub("", texts[0])
    if n == 1:
        return unwrapped(texts, width)
    return hanging(unwrapped(texts[:n], width)) + unwrapped(texts[n:], width)


def _follows(line: str, before: str, number: int) -> bool:
    """Tell whether a line begins an item: "call extension / 280. From July on" does not.

    Args:
        line: It begins with a mark.
        before: The line above it.
        number: Of the item before, 0 where there is none.
    """
    mark = _NUMBER.match(line)
    return mark is None or int(mark[1]) in {1, number + 1} or before.endswith(_ENDS)


def _ebcdic(content: bytes) -> str | None:
    # EBCDIC has its space at 0x40 and its letters above 0x80, so that it looks like binary data.
    if content[:_SAMPLE_BYTES].count(0x40) < len(content[:_SAMPLE_BYTES]) / 20:
        return None
    text = content.decode("cp500").replace("\x85", "\n")
    letters = sum(char.isascii() and (char.isalnum() or char.isspace()) for char in text)
    return text if letters > 0.85 * len(text) else None


def _mixed(content: bytes) -> tuple[str, int]:
    """Return text that is UTF-8 but for some bytes of Windows-1252, and how many those are; 0 for other text.

    It is that where more characters of several bytes stand in it than bytes that are none.
    """
    text = content.decode("utf-8", "surrogateescape")
    strays = re.findall("[\udc80-\udcff]", text)
    if len(re.findall("[^\x00-\x7f\udc80-\udcff]", text)) <= len(strays):
        return "", 0
    western = {ord(stray): _western(ord(stray) - 0xDC00) for stray in set(strays)}
    return text.translate(western), len(strays)


def _western(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "replace")


def _telling(content: bytes) -> bytes:
    """Return a sample around the first byte that is not ASCII: only from there on do encodings differ."""
    first = _HIGH.search(content)
    start = max(0, first.start() - _SAMPLE_BYTES // 2) if first else 0
    sample = content[start : start + _SAMPLE_BYTES]
    # Cut between lines: half a character at the end would speak against its encoding.
    return sample if start + len(sample) == len(content) else sample[: sample.rfind(b"\n") + 1] or sample


def _guess(sample: bytes) -> str:
    best = charset_normalizer.from_bytes(sample, cp_exclusion=list(_EBCDIC)).best()
    if (
        best is not None
        and best.encoding in {"cp1250", "iso8859_2"}
        and _is_central(sample.decode(best.encoding, "ignore"))
    ):
        return best.encoding
    if best is None or best.encoding in {"ascii", "utf_8"} or _LATIN.fullmatch(best.encoding):
        return "cp1252"
    foreign = _FOREIGN.search(sample.decode(best.encoding, "ignore"))
    return "cp1252" if foreign and _is_western(sample) else best.encoding


def _is_central(text: str) -> bool:
    """Tell whether text is of Central Europe, whose table differs from the Western one in some letters alone."""
    low = text.lower()
    letters = {char for char in low if not char.isascii() and char.isalpha()}
    return any(
        letters <= set(own) and letters & set(must) and len(tell.findall(low)) > 1 for own, must, tell in _CENTRAL
    )


def _is_western(sample: bytes) -> bool:
    """Tell whether few bytes are not ASCII, and nearly all of those as accents and signs stand in Western text."""
    runs = _HIGH.findall(sample)
    n_high = sum(map(len, runs))
    n_western = sum(len(run) for run in runs if _WESTERN.fullmatch(run))
    return n_high <= _FEW * len(sample) and n_western >= _MOST * n_high
