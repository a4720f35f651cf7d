"""Read a property of a thing off a table: "how much is the Drift Duo?", "size of the Kestrel 6 Pro".

A sentence that is nearest to such a question is often the row of another thing that names it: a plan that it belongs
to, a part that fits it. Here the row must be its own, and the column, or the label, that of the property.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag import lexis
from rag.ask.question.kinds import Kind, kind_of
from rag.ask.standing.sections import HOLDS
from rag.ask.tables.question import not_of_tables, of_kind, same_root
from rag.ask.texts.rows import CELLS, Cell, Row, name_column, words_of
from rag.dates import MONTHS, of_another_year, without_second_years
from rag.types import Hit, Query

_MUCH = re.compile(
    r"\bhow much (?=(?:is|are|was|were|does|do|did|for|per|would|will)\b|$)|\bhow much['’]s ", re.IGNORECASE
)
_SQUARE = re.compile(r"\b(?:square met(?:re|er)s?|sqm|sq\.? m)\b", re.IGNORECASE)
# Words for one property; "much" has been made "cost".
_GROUPS: tuple[frozenset[str], ...] = tuple(
    lexis.stems(words)
    for words in (
        "cost costs price prices pricing fee charge rate tariff eur euro usd gbp cheap cheaper expensive",
        "size dimensions measurements",
        "weight heavy weigh weighs mass",
        "noise loud loudness",
        "temperature hot cold warm",
        "power consumption watts wattage",
        "height tall",
        "width wide",
        "depth deep",
        "speed fast throughput bandwidth",
        "duration long term period length",
        "colour color",
        "guarantee warranty",
        "lead leader head manager chief boss",
        "deputy substitute",
        "phone telephone number extension",
        "mail email",
        "set setup installation",
    )
)
# Words of a question that name no property by themselves and may be left over.
_LEFT_OVER = lexis.stems(
    "draw consume use range limit maximum max minimum min highest lowest number total count value figure rating level "
    "kind type name who team department desk group guy person people exact exactly current currently official normal "
    "usual go stand support supported come take have buy new one single thing product model device unit wants asks "
    "quick per operating allowed included monthly yearly annual today now moment back then list show pls "
    "difference compare comparison order book pay"
)
# What a thing of a table about such things may be called: "the Care Plus plan" of "Plans 2026".
_SORTS = lexis.stems("plan tier package subscription tariff membership ticket")
# The day says which of several cells holds, and stands in none of them.
_DAYS = lexis.stems(f"last previous year month ago {' '.join(MONTHS)}")
# A thing may be called by the end of its name, "the 6 Pro", if that has so many words.
_LEAST_PART = 2
_MOST_NAME = 4
_PRICES = _GROUPS[0]
# A column of amounts, "Water £/m³", is one of prices.
_CURRENCIES = frozenset(("eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "pounds"))
_MONEY = re.compile(r"[€£$]")
_BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]")
# What stands behind a name in its cell: "Express shipping inside the EU".
_MORE = re.compile(r",|\s[(–-]|\s(?:inside|within|for|of|in|from|to|at|with|without|by|on|per)\s")
# What tells one of several apart that are called alike: "Interpreter, full day", "Ridge tent (four people)".
_VARIANT = re.compile(r",|\s[(–-]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# "5.2.1", "31.12.2025" and "192.168.0.1" are no amounts, and "1,5" is no 15.
_ONE_AMOUNT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A thing that is named whole goes before one of which only the beginning is.
_WHOLE = 0.5


@dataclass(frozen=True, slots=True)
class Property:
    """A cell that gives a property of a thing.

    Args:
        row: Where it stands.
        cell: What is asked for.
        share: How much of the question's words of meaning it accounts for, in 0..1.
    """

    row: Row
    cell: Cell
    share: float


def property_of(query: Query, rows: Sequence[Row], hits: Sequence[Hit]) -> Property | None:
    """Return the cell that gives the property of the thing that a question asks for; ``None`` where none surely does.

    The thing is what a row is about, or a column, or a table. Every other word of meaning is one of the property, for
    which other words may stand. Where cells differ, those of a section that says that it holds on the day go before
    others.

    Args:
        query: What is asked.
        rows: Of the tables of the passages, those of better ones first.
        hits: The passages.
    """
    years = frozenset(_YEAR.findall(query.text))
    rows = [row for row in rows if not (of_another_year(query.text, row.caption) or _is_of_other_years(row, years))]
    text = _SQUARE.sub("m²", _MUCH.sub("what cost ", without_second_years(query.text)))
    kind = kind_of(text)
    if not_of_tables(text) or kind == "place":
        return None
    asked = Asked(text, kind)
    found = [each for row in rows for each in _candidates(asked, row)]
    most = max((each.score for each in found), default=0.0)
    # Of one row's columns that are called alike the first is meant: what it costs, before what it cost once.
    best = list({id(each.row): each for each in reversed(found) if each.score == most}.values())[::-1]
    if len({_plain(each.cell) for each in best}) > 1:
        best = [each for each in best if HOLDS in hits[each.row.hit].features] or best
    if len({_plain(each.cell) for each in best}) != 1:
        return None
    content = asked.content - asked.days or asked.content
    return Property(best[0].row, best[0].cell, len(best[0].places & content) / len(content))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A cell with the places of the question's words that it accounts for; of better ones the score is higher."""

    row: Row
    cell: Cell
    places: frozenset[int]
    score: float


class Asked:
    """The words of a question, where they stand, and what kind of thing it asks for."""

    def __init__(self, text: str, kind: Kind) -> None:
        self.kind = kind
        written = lexis.words(text)
        self.words = tuple(map(lexis.stem, written))
        self.content = frozenset(
            i for i, word in enumerate(written) if lexis.STOP_WORDS.isdisjoint((word, self.words[i]))
        )
        said = (i for i in self.content if self.words[i] in _DAYS or _YEAR.fullmatch(self.words[i]))
        self.days = frozenset(said)

    def places(self, name: str) -> frozenset[int]:
        """Return where a name stands; nothing where it does not."""
        return self._places(words_of(name))

    def called(self, name: str) -> frozenset[int]:
        """Return where a name stands, or its end where that holds a number: "the 6 Pro"."""
        stems = words_of(name)
        endings = (stems[first:] for first in range(1, len(stems) - _LEAST_PART + 1))
        return self.places(name) or next(
            (at for end in endings if any(map(str.isdigit, end)) and (at := self._places(end))), frozenset()
        )

    def among(self, name: str) -> frozenset[int]:
        """Return where words of meaning stand that a name has too, wherever they do."""
        stems = frozenset(words_of(name))
        return frozenset(i for i in self.content if self.words[i] in stems)

    def told(self, name: str, named: frozenset[int]) -> frozenset[int]:
        """Return where the words of meaning stand that the name of a column or a row has too, or another word for."""
        stems = frozenset(words_of(_MONEY.sub(" cost ", name.replace("_", " ")))) - {self.words[i] for i in named}
        return frozenset(i for i in self.content - named if _alike(self.words[i], stems))

    def accounted(self, named: frozenset[int], told: frozenset[int], beside: str, own: str = "") -> bool:
        """Tell whether no word of meaning is left over; the one behind a name may make it that of another thing.

        Args:
            named: Where the thing is named.
            told: Where the property is.
            beside: What the table stands below.
            own: What else the row says.
        """
        said = frozenset(words_of(own))
        left = frozenset(i for i in self.content - named - told - self.days if self.words[i] not in said)
        others = {self.words[i] for i in left}
        behind = {self.words[i] for i in left & {max(named) + 1}}
        about = frozenset(words_of(beside))
        return others <= _LEFT_OVER | about and behind <= _LEFT_OVER | (about & _SORTS)

    def fits(self, cell: Cell) -> bool:
        """Tell whether a cell says something of the kind; a price may be in words, "not offered"."""
        return of_kind(self.kind if self.kind in {"person", "day"} else "any", cell)

    def _places(self, stems: tuple[str, ...]) -> frozenset[int]:
        """Return where words stand beside each other, in their order or else in another: "9 kW power", "Power 9 kW"."""
        n = len(stems)
        windows = [(i, self.words[i : i + n]) for i in range(len(self.words) - n + 1) if n]
        at = next((i for i, window in windows if window == stems), None)
        if at is None:
            at = next((i for i, window in windows if sorted(window) == sorted(stems)), None)
        return frozenset() if at is None else frozenset(range(at, at + n))


def _is_of_other_years(row: Row, years: frozenset[str]) -> bool:
    """Tell whether a table is called by years, "Rates 2027", and neither that nor the row names one that is asked."""
    named = frozenset(_YEAR.findall(row.caption))
    told = frozenset(year for cell in row.cells for year in _YEAR.findall(f"{cell.header} {cell.text}"))
    return bool(years and named) and years.isdisjoint(named | told)


def _candidates(asked: Asked, row: Row) -> list[_Candidate]:
    if row.table[1] == CELLS.join(cell.text for cell in row.cells) and not any(map(str.isdigit, row.table[1])):
        # The header of a table of two columns.
        return []
    return list(_of_its_label(asked, row)) or list(_of_its_row(asked, row)) or list(_at_crossing(asked, row))


def names_of(row: Row) -> tuple[str, ...]:
    """Return what a row may be called by: its first cell, its name, and that without what stands behind it."""
    name = row.cells[name_column(row.cells)].text
    return tuple(dict.fromkeys((row.cells[0].text, name, _MORE.split(name)[0])))


def _of_its_row(asked: Asked, row: Row) -> Iterator[_Candidate]:
    """Yield the cells of a row that is about a thing of the question, in columns called like the property."""
    key = 0 if asked.places(row.cells[0].text) else name_column(row.cells)
    name = row.cells[key].text
    whole = asked.places(name)
    named = whole or asked.places(_VARIANT.split(name)[0]) or asked.places(_MORE.split(name)[0])
    if not named or not any(map(str.isalpha, name)):
        return
    for other in row.cells[key + 1 :]:
        told = asked.told(other.header, named)
        called = named | (asked.among(name) - told)
        if told and asked.fits(other) and asked.accounted(called, told, row.caption):
            yield _Candidate(row, other, called | told, len(called | told) + _WHOLE * bool(whole))


def _of_its_label(asked: Asked, row: Row) -> Iterator[_Candidate]:
    """Yield the cells of a row that is called like the property, in the column or the table of the thing."""
    label, *cells = row.cells
    if any(map(str.isdigit, label.text)):
        return
    for cell in cells:
        named = asked.called(_BRACKETED.sub("", cell.header))
        if len(cells) == 1 and not named:
            named = max((asked.places(name) for name in _captions(row.caption)), key=len, default=frozenset())
        told = asked.told(label.text, named)
        if named and told and asked.fits(cell) and asked.accounted(named, told, row.caption):
            yield _Candidate(row, cell, named | told, len(named | told) + _WHOLE)


def _at_crossing(asked: Asked, row: Row) -> Iterator[_Candidate]:
    """Yield the cells of a row that is named, in a column that is named too: "P1" and "Premier" of one table.

    What is left of the question is what the table is about: one of several with the same rows and columns.
    """
    key = 0 if asked.places(row.cells[0].text) else name_column(row.cells)
    label, cells = row.cells[key], row.cells[key + 1 :]
    whole = asked.places(label.text)
    of_row = whole or asked.places(_BRACKETED.sub("", label.text))
    if not of_row:
        return
    about = words_of(f"{row.caption} {label.header}")
    for cell in cells:
        named = asked.called(_BRACKETED.sub("", cell.header)) - of_row
        both = named | of_row
        told = frozenset(i for i in asked.content - both if any(same_root(asked.words[i], word) for word in about))
        if _MONEY.search(cell.text) or not _PRICES.isdisjoint(about):
            told |= asked.told("cost", both)
        own = " ".join(each.text for each in row.cells if each is not cell)
        if named and asked.fits(cell) and asked.accounted(both, told, row.caption, own):
            yield _Candidate(row, cell, both | told, len(both | told) + _WHOLE * bool(whole))


def _captions(caption: str) -> Iterator[str]:
    """Yield the runs of words of a title with its headings that could name what a table is about."""
    words = caption.split()
    for size in range(1, min(len(words), _MOST_NAME) + 1):
        yield from (" ".join(words[at : at + size]) for at in range(len(words) - size + 1) if words[at][:1].isupper())


def _alike(word: str, stems: frozenset[str]) -> bool:
    return word in stems or any(word in group and not group.isdisjoint(stems) for group in _GROUPS)


def _plain(cell: Cell) -> str:
    """Return what a cell says, so that "€21.90" and "21.9 EUR" are alike, and "1 hour" and "1 day" are not."""
    numbers = _NUMBER.findall(cell.text)
    if len(numbers) != 1 or not _ONE_AMOUNT.fullmatch(numbers[0]):
        return lexis.squeezed(cell.text)
    unit = " ".join(word for word in lexis.words(_NUMBER.sub(" ", cell.text)) if word not in _CURRENCIES)
    return f"{float(numbers[0].replace(',', '')):g} {unit}"
