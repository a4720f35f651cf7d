"""Where the lines between two blank ones are more than a list: a name above it, remarks around it, several sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rag import lexis
from rag.ask.texts.rows import is_row
from rag.ask.texts.steps import Line, is_called_step, is_order
from rag.sentences import sentence_spans

_MARK = re.compile(r"(?:[-–•*·▪○●☐]|\[[ xX]?\]|\(?[a-z][.)]|\([a-z]\))\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;,]['\"”’)]*$")
_MOST_NAME = 12


def joined(blocks: Sequence[list[Line]]) -> list[list[Line]]:
    """Return blocks with those next to each other as one that are a marked item each: "a) …", a blank line, "b) …"."""
    found: list[list[Line]] = []
    for block in blocks:
        is_item = len(block) == 1 and _MARK.match(block[0].text) is not None
        if is_item and found and all(_MARK.match(line.text) for line in found[-1]):
            found[-1] = [*found[-1], *block]
        else:
            found.append(block)
    return found


def divided(block: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the parts of a block: each section of a numbered agenda, what leads to marked items and stands behind them.

    What names a part is a part of its own, of one line.

    Args:
        block: Lines without a blank one between them.
    """
    for section in _sections(block):
        for part in _around_items(section):
            name = _is_name_of(part)
            yield from filter(None, (part[:name], part[name:]))


def _sections(block: Sequence[Line]) -> list[list[Line]]:
    """Return the sections of an agenda, "2. Drone hand-out", each name without its number; else the block."""
    begins = [n for n, line in enumerate(block) if line.number]
    if not begins or begins[0] or not all(_is_short(block[n]) for n in begins):
        return [list(block)]
    parts = [list(block[n:end]) for n, end in zip(begins, [*begins[1:], len(block)], strict=True)]
    if not all(sum(len(sentence_spans(line.text)) for line in part[1:]) > 1 for part in parts):
        return [list(block)]
    return [each for part in parts for each in ([_unnumbered(part[0])], part[1:])]


def _is_short(line: Line) -> bool:
    """Tell whether a numbered line is a name rather than a step."""
    text = lexis.unnumbered(line.text)
    # "Drone hand-out" begins with what may be a verb, and has no small word as "Take out the tray" has.
    is_step = is_order(text) and not lexis.STOP_WORDS.isdisjoint(text.casefold().split())
    is_step = is_step or is_called_step(line.text) or is_row(text)
    return not is_step and not _ENDS.search(text) and lexis.n_words(text) <= _MOST_NAME


def _unnumbered(line: Line) -> Line:
    text = lexis.unnumbered(line.text)
    return Line(line.end - len(text), line.end, text)


def _around_items(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines in parts where some lead to marked items, or stand behind them."""
    if any(line.number or is_row(line.text) for line in lines):
        return [list(lines)]
    runs = [(marked, list(run)) for marked, run in groupby(lines, lambda line: bool(_MARK.match(line.text)))]
    led = any(
        marked and len(run) > 1 and runs[n - 1][1][-1].text.endswith(":") for n, (marked, run) in enumerate(runs) if n
    )
    if not led:
        return [list(lines)]
    return [part for marked, run in runs for part in ([run] if marked else [[line] for line in run])]


def _is_name_of(lines: Sequence[Line]) -> int:
    """Return 1 where the first of some lines names the others: a heading that is not set as one; else 0."""
    first, others = lines[0].text, [line.text for line in lines[1:]]
    if not others or is_row(first) or _MARK.match(first) or _ENDS.search(first):
        return 0
    if lexis.n_words(first) > _MOST_NAME or any(line.number for line in lines):
        return 0
    marked = len(others) > 1 and all(map(_MARK.match, others))
    ended = len(others) > 1 and all(text.endswith((".", "!")) for text in others)
    told = len(others) == 1 and len(sentence_spans(others[0])) > 1
    return int(marked or ended or told)
