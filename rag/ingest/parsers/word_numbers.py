"""The numbers of paragraphs as Word counts and writes them: Step 3:, 2.1, c).

Source: ECMA-376 part 1, 17.9 (numbering).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from rag.ingest.parsers.elements import NUMBER, Element
from rag.ingest.parsers.hidden_runs import WORD, is_on
from rag.ingest.parsers.numerals import letters, roman
from rag.ingest.parsers.package import safe_xml

_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_BOOKMARK = "number-of-list-"
_PLACE = re.compile(r"%([1-9])")
MAX_CHAIN = 20
"""Styles that are based on each other, and lists that are defined by styles; files may go round in circles."""
_LETTERS_IN_ALPHABET = 26
_MAX_REPEATED = 10


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    restarts_below: int = -1
    in_digits: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """A ``w:num``: what its levels are, which count it shares with others, and where it starts that anew."""

    count: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


class Numbering:
    """Knows the lists of a Word file."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._styles = {
            style.get(f"{WORD}styleId"): style for style in part_root(package, "styles").iter(f"{WORD}style")
        }
        numbering = part_root(package, "numbering")
        self._abstract = {one.get(f"{WORD}abstractNumId"): one for one in numbering.iter(f"{WORD}abstractNum")}
        self._nums = {one.get(f"{WORD}numId"): one for one in numbering.iter(f"{WORD}num")}
        self._lists: dict[str, _List | None] = {}

    def write(self, root: Element, numbers: dict[str, str]) -> None:
        """Mark the numbered paragraphs of a part of the file with bookmarks, and add their numbers by their bookmarks.

        Mammoth keeps bookmarks, and knows of lists no more than their levels. A level that a style gives is written
        into the paragraph, where mammoth finds it.
        """
        counts: dict[str, dict[int, int]] = {}
        started: set[tuple[str, int]] = set()
        for paragraph in root.iter(f"{WORD}p"):
            place = self._place(paragraph)
            if place is None:
                continue
            list_id, level = place
            found = self._list(list_id)
            if found is None or level not in found.levels:
                continue
            count = counts.setdefault(found.count, {})
            if level in found.starts and (list_id, level) not in started:
                count[level] = found.starts[level]
            else:
                count[level] = count[level] + 1 if level in count else found.levels[level].start
            started.add((list_id, level))
            for deeper in [one for one in count if one > level]:
                if _restarts(found.levels.get(deeper, _Level()), level, deeper):
                    del count[deeper]
            name = f"{_BOOKMARK}{len(numbers)}"
            _mark(paragraph, name, list_id, level)
            numbers[name] = _label(found.levels, count, level)

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """Return the list of a paragraph and its level there, from the paragraph or its style."""
        properties = paragraph.find(f"{WORD}pPr")
        if properties is None or any(True for _ in paragraph.iterancestors(_CHOICE)):
            # The other form of the same text is read.
            return None
        mark = properties.find(f"{WORD}rPr")
        if mark is not None and mark.find(f"{WORD}del") is not None:
            return None
        style = value_of(properties, "pStyle")
        own, inherited = _numbered(properties), self._numbered_by_style(style)
        list_id = own[0] or inherited[0]
        if not list_id or list_id == "0":
            return None
        level = own[1] or self._level_of_style(list_id, style) or inherited[1] or "0"
        return list_id, int(level) if level.isdecimal() else 0

    def _numbered_by_style(self, style: str) -> tuple[str, str]:
        list_id = level = ""
        for _ in range(MAX_CHAIN):
            element = self._styles.get(style)
            if element is None:
                break
            properties = element.find(f"{WORD}pPr")
            if properties is not None:
                found = _numbered(properties)
                list_id, level = list_id or found[0], level or found[1]
            style = value_of(element, "basedOn")
        return list_id, level

    def _level_of_style(self, list_id: str, style: str) -> str:
        found = self._list(list_id)
        levels = found.levels if found and style else {}
        return next((str(number) for number, level in levels.items() if level.style == style), "")

    def _list(self, list_id: str) -> _List | None:
        if list_id not in self._lists:
            self._lists[list_id] = self._read(list_id)
        return self._lists[list_id]

    def _read(self, list_id: str) -> _List | None:
        num = self._nums.get(list_id)
        overrides = [] if num is None else list(num.iterfind(f"{WORD}lvlOverride"))
        for _ in range(MAX_CHAIN):
            abstract = None if num is None else self._abstract.get(value_of(num, "abstractNumId"))
            if abstract is None:
                return None
            linked = value_of(abstract, "numStyleLink")
            if not linked:
                break
            num = self._nums.get(self._numbered_by_style(linked)[0])
        else:
            return None
        levels = {_number(level, "ilvl"): _level(level) for level in abstract.iterfind(f"{WORD}lvl")}
        starts: dict[int, int] = {}
        for override in overrides:
            at = _number(override, "ilvl")
            if (level := override.find(f"{WORD}lvl")) is not None:
                levels[at] = _level(level)
            if (start := override.find(f"{WORD}startOverride")) is not None:
                starts[at] = _number(start, "val")
        return _List(value_of(num, "abstractNumId"), levels, starts)


def take_numbers(root: Element, numbers: Mapping[str, str]) -> None:
    """Put the numbers where the bookmarks of mammoth's HTML stand; no other item of its lists has one.

    Headings stay without theirs. In cells, which have no lists, numbers are text.
    """
    for item in root.iter("li"):
        item.set(NUMBER, "")
    for mark in list(root.iter("a")):
        label = numbers.get(mark.get("id") or "")
        if label is None:
            continue
        block = next(mark.iterancestors("li", "p", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"), None)
        in_cell = next(mark.iterancestors("td", "th"), None) is not None
        if label and block is not None and (block.tag == "p" or (in_cell and block.tag in {"li", "td", "th"})):
            mark.text = f"{label} "
        elif label and block is not None and block.tag == "li":
            block.set(NUMBER, label)
        mark.drop_tag()


def part_root(package: zipfile.ZipFile, name: str) -> Element:
    """Return the root of a part of a Word file, as its styles; an empty one where it has no such part."""
    found = next((one for one in package.namelist() if re.fullmatch(rf"word/{name}\d*\.xml", one)), "")
    return safe_xml(package.read(found)) if found else etree.Element(name)


def value_of(element: Element, name: str) -> str:
    """Return the value of a property that stands in an element; empty where none does."""
    found = element.find(f"{WORD}{name}")
    return "" if found is None else found.get(f"{WORD}val") or ""


def _number(element: Element, name: str) -> int:
    value = element.get(f"{WORD}{name}") or ""
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else 0


def _numbered(properties: Element) -> tuple[str, str]:
    found = properties.find(f"{WORD}numPr")
    return ("", "") if found is None else (value_of(found, "numId"), value_of(found, "ilvl"))


def _level(element: Element) -> _Level:
    start, restart = element.find(f"{WORD}start"), element.find(f"{WORD}lvlRestart")
    return _Level(
        start=0 if start is None else _number(start, "val"),
        form=value_of(element, "numFmt") or "decimal",
        text=value_of(element, "lvlText"),
        style=value_of(element, "pStyle"),
        restarts_below=-1 if restart is None else _number(restart, "val"),
        in_digits=is_on(element, "isLgl"),
    )


def _restarts(level: _Level, used: int, own: int) -> bool:
    """Say whether a level begins anew behind a paragraph of a higher one; its own rule names the lowest that counts."""
    return used < (own if level.restarts_below < 0 else level.restarts_below)


def _label(levels: Mapping[int, _Level], count: Mapping[int, int], level: int) -> str:
    own = levels[level]
    if own.form == "bullet":
        return ""

    def number(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        there = levels.get(at, _Level())
        return _written(count.get(at, there.start), "decimal" if own.in_digits else there.form)

    return _PLACE.sub(number, own.text).strip()


def _written(number: int, form: str) -> str:
    if form in {"bullet", "none"}:
        return ""
    if form == "decimalZero":
        return f"{number:02d}"
    if form.endswith("Roman"):
        written = roman(number)
    elif form.endswith("Letter"):
        # Behind z Word goes on with aa, bb, cc.
        times, place = divmod(number - 1, _LETTERS_IN_ALPHABET)
        written = letters(place + 1) * (times + 1) if 0 <= times < _MAX_REPEATED else str(number)
    else:
        return str(number)
    return written.upper() if form.startswith("upper") else written


def _mark(paragraph: Element, name: str, list_id: str, level: int) -> None:
    properties = paragraph.find(f"{WORD}pPr")
    for old in properties.findall(f"{WORD}numPr"):
        properties.remove(old)
    place = etree.SubElement(properties, f"{WORD}numPr")
    etree.SubElement(place, f"{WORD}ilvl").set(f"{WORD}val", str(level))
    etree.SubElement(place, f"{WORD}numId").set(f"{WORD}val", list_id)
    bookmark = etree.Element(f"{WORD}bookmarkStart")
    bookmark.set(f"{WORD}name", name)
    properties.addnext(bookmark)
