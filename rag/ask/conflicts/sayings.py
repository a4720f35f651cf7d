"""What a sentence says, one by one: a row of a table says something in each cell, below the name of its column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.ask.conflicts.alignment import Said
from rag.ask.texts.clock import clocks
from rag.ask.texts.days import weekdays
from rag.ask.texts.rows import is_row, name_column, rows_of, says_nothing

# Whom and where one reaches does not tell one row from another.
_REACHES = re.compile(
    r"\b(?:person|contact|lead|head|deputy|owner|manager|coordinator|in charge|responsible|e-?mail|address|room"
    r"|(?:tele)?phone|tel|ext(?:ension)?|number|fax|mobile|line|desk extension)\b",
    re.IGNORECASE,
)
# What is longer says too much for two of them to be held against each other.
_MOST_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Saying:
    """Something that a sentence says.

    Args:
        text: In words.
        kind: What the name of a row is called by its column.
    """

    text: str
    kind: str = ""


def sayings(said: Said) -> tuple[Saying, ...]:
    """Return a sentence part by part, and a row as lines: what it is about, the column, and what the cell says.

    ``Highfield | 8:30 to 17:30 | 9:00 to 12:30`` below ``Pharmacy | Weekdays | Saturday`` says ``Highfield, Weekdays:
    8:30 to 17:30`` and ``Highfield, Saturday: 9:00 to 12:30``. A cell with nothing but weekdays goes with every other
    one. A row whose columns have no name says nothing, unless it has only two cells, and so does what is too long.
    """
    if len(said.text) > _MOST_CHARACTERS:
        return ()
    if not is_row(said.text):
        return tuple(map(Saying, said.text.split("; ")))
    row = next((row for row in rows_of((said.hit,)) if row.span.start == said.span.start), None)
    if row is None or len(row.cells) < 2:
        return ()
    if len(row.cells) > 2 and not any(cell.header for cell in row.cells):
        return ()
    name = name_column(row.cells) if len(row.cells) > 2 else 0
    days = [n for n, cell in enumerate(row.cells) if n > name and _only_weekdays(cell.text)]
    lines = []
    for n, cell in enumerate(row.cells):
        if n <= name or says_nothing(cell.text):
            continue
        left = [other for other in row.cells[name + 1 : n] if not _REACHES.search(other.header)]
        names = [
            *(other.text for other in row.cells[: name + 1]),
            *(other.text for other in left if _names(other.text)),
        ]
        # The first row of two columns may be one like the others, and names nothing.
        header = "" if re.search(r"\d", cell.header) and len(row.cells) == 2 else cell.header
        on = [row.cells[day].text for day in days if day != n]
        line = f"{', '.join(filter(None, (*names, header)))}: {' '.join((*on, cell.text))}"
        lines.append(Saying(line, row.cells[name].header if header else ""))
    return tuple(lines)


def _only_weekdays(text: str) -> bool:
    found = weekdays(text)
    return len(found) == 1 and found[0].span == (0, len(text.rstrip()))


def _names(text: str) -> bool:
    """Tell whether a cell may tell what its row is about: it says something, and no hours or days."""
    return not says_nothing(text) and not clocks(text) and not weekdays(text)
