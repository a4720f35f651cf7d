"""Leave out the column that answers: a row that names the thing and says everything of it but what is asked.

Negatives that people and programs make are about another thing, or lack the sentence. A reader that learnt from these
took the cash rating of a safe for its price: the row is the right one, it holds an amount, and the question's words
stand in it.
"""

from __future__ import annotations

import random
from dataclasses import replace

from rag.ask.texts.rows import CELLS, cell_spans, cell_texts, is_row, names_columns
from rag.sentences import Span
from rag.training.examples.shapes import Group, Reading

# Beside the name a row goes on saying something.
_FEWEST = 3
# Share of the tables of which only the names of the columns and the row are read, as the product reads a row alone.
_ALONE = 0.5
# Share of the passages that keep their title then.
_TITLED = 0.9


def without_column(group: Group, chance: random.Random) -> Group | None:
    """Return a question with its table, and with the table that lacks the column of the answer.

    ``None`` where the answer stands in no cell behind the first of a table whose columns have names, or is said once
    more outside the column.

    Args:
        group: A question; the first reading answers it.
        chance: Of how much of the passage is read.
    """
    right = group.readings[0]
    if right.answer is None:
        return None
    lines = right.passage.split("\n")
    at, begin = _line_of(lines, right.answer.start)
    first = last = at
    while first > 0 and is_row(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and is_row(lines[last + 1]):
        last += 1
    n_columns = len(cell_spans(lines[first]))
    column = _column(lines[at], right.answer.start - begin, right.answer.end - begin)
    if first == at or n_columns < _FEWEST or not column or not names_columns(lines[first]):
        return None
    words = right.passage[right.answer.start : right.answer.end].casefold()
    row = _left(lines[at], column)
    around = "\n".join((*lines[:first], row, *lines[last + 1 :])).casefold()
    if words in around or len(cell_texts(row)) < _FEWEST - 1:
        return None
    # The first line is the title, if it is no row.
    title = lines[:1] if first > 0 and chance.random() < _TITLED else []
    if chance.random() < _ALONE:
        kept = [*title, lines[first]]
        moved = sum(len(line) + 1 for line in kept) - begin
        answer = Span(right.answer.start + moved, right.answer.end + moved)
        right = replace(right, passage="\n".join((*kept, lines[at])), answer=answer)
        rest = [*title, _left(lines[first], column), row]
    else:
        rest = [*lines[:first], *(_left(line, column) for line in lines[first : last + 1]), *lines[last + 1 :]]
    wrong = Reading("\n".join(rest), None, answers=False, relevant=False)
    return Group(f"{group.origin}, without the column", group.question, (right, wrong), group.article)


def _line_of(lines: list[str], place: int) -> tuple[int, int]:
    """Return the number of the line at a place of the text, and where that line begins."""
    begin = 0
    for number, line in enumerate(lines):
        if place <= begin + len(line):
            return number, begin
        begin += len(line) + 1
    return len(lines) - 1, begin


def _column(line: str, start: int, end: int) -> int:
    """Return the column whose cell holds a span of its row; 0 where none does."""
    spans = cell_spans(line) if is_row(line) else []
    return next((n for n, cell in enumerate(spans) if cell.start <= start and end <= cell.end), 0)


def _left(line: str, column: int) -> str:
    cells = cell_texts(line)
    return CELLS.join([*cells[:column], *cells[column + 1 :]]).lstrip()
