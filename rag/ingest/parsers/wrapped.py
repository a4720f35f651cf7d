"""Lines that were broken to fit a width, as mails and text files have them, put together again.

A sentence that is torn at a line's end says half of what it means: "so it is" and "not affected".
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

from rag.lexis import STOP_WORDS

# Text is wrapped where its longest line has about so many characters: shorter lines are verse or addresses, longer ones
# were not broken at all.
_LEAST_WIDTH, _MOST_WIDTH = 50, 160
_USUAL = 0.95
# What was taken off a line's beginning: the indent and the mark of a list.
_INDENT = 4
# So full a line is at least, behind which a small letter goes on.
_FULL = 0.6
_QUOTED = re.compile(r"^(?:>[ \t]?)*")
_ENDS = (".", "!", "?", ":", ";")
_STARTS = re.compile(r"[^\W_]|[\"'“‘(\[€$£]")
# "All prices are doubled. Children under": a sentence ends, and the next one has begun.
_BEGUN = re.compile(r"\b[a-z]+[.!?]\s[^.!?:;]*[^.!?:;\s]$")
LEAST_HANGING = 30
"""What hangs below the first word of an item may be this narrow; shorter lines are those of a list without marks."""
# A line of a log or of a list of days.
_DATED = re.compile(r"\[?\d{1,4}[-/:.]\d")
# "b) wipe it with a dry cloth".
_MARKED = re.compile(r"(?:[a-z]|[ivx]{2,4})[.)]\s")
_LABELLED = re.compile(r"[A-Z][\w -]{1,24}:\s")
_COLUMNS = re.compile(r" {3,}|\t|\|")


def width_of(text: str) -> int:
    """Return the width that a text was wrapped to, 0 where it was not; a few longer lines change nothing."""
    lengths = sorted(length for line in text.split("\n") if (length := len(line.rstrip())) >= _LEAST_WIDTH)
    usual = lengths[math.ceil(_USUAL * len(lengths)) - 1] if lengths else 0
    return usual if usual <= _MOST_WIDTH else 0


def unwrapped(lines: Sequence[str], width: int) -> list[str]:
    """Return the lines of a paragraph with those joined that were one.

    What a mail quotes is joined to itself, and its marks stand once.

    Args:
        lines: Without white space around them.
        width: What `width_of` says of the whole text.
    """
    parts = [[lines[0]]] if lines else []
    for line, joined in zip(lines[1:], joins(lines, width), strict=True):
        if joined:
            parts[-1].append(_QUOTED.sub("", line))
        else:
            parts.append([line])
    return [" ".join(part) for part in parts]


def joins(lines: Sequence[str], width: int, *, least: float = math.inf) -> list[bool]:
    """Return for each line but the first whether the one before goes on in it; nowhere, where most breaks are meant.

    Args:
        lines: Of one paragraph, without white space around them.
        width: What `width_of` says of the whole text.
        least: So many characters has a line at least behind which a small letter goes on, whatever the width.
    """
    found: list[bool] = []
    least = min(least, _FULL * width if width else least)
    for alike in _alike(lines):
        pairs = list(itertools.pairwise(alike))
        own = [_goes_on(one, other, width, least) for one, other in pairs]
        meant = 2 * sum(own) < len(own)
        found.append(False)
        found += [joined and not (meant and not _is_begun(*pair)) for joined, pair in zip(own, pairs, strict=True)]
    return found[1:]


def hanging(lines: Sequence[str]) -> list[str]:
    """Return the lines of an item that hang below its first word, with those joined that are one sentence.

    However narrow they are, one goes on in the next where that begins small, or where it ends with "to", "the" and the
    like. Short lines in between are those of a list without marks.

    Args:
        lines: Without white space around them.
    """
    parts = [[line] for line in lines[:1]]
    for place, (line, following) in enumerate(itertools.pairwise(lines), 2):
        small = following[0].islower() or line.split()[-1].casefold() in STOP_WORDS
        narrow = len(line) if place == len(lines) else min(len(line), len(following))
        if small and narrow >= LEAST_HANGING and not line.endswith(_ENDS):
            parts[-1].append(following)
        else:
            parts.append([following])
    return [" ".join(part) for part in parts]


def _alike(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines by the marks of what is quoted; an empty quoted line stands by itself."""
    runs: list[tuple[str, list[str]]] = []
    for line in lines:
        marks = "".join(_QUOTED.match(line)[0].split())  # type: ignore[index] # it matches nothing too
        if runs and runs[-1][0] == marks and len(line) > len(marks) and len(runs[-1][1][-1]) > len(marks):
            runs[-1][1].append(line)
        else:
            runs.append((marks, [line]))
    return [run for _, run in runs]


def _goes_on(line: str, following: str, width: int, least: float) -> bool:
    """Tell whether a line was broken because the first word of the one that follows did not fit."""
    rest = _QUOTED.sub("", following)
    if not _STARTS.match(rest) or _DATED.match(rest) or _COLUMNS.search(line) or _COLUMNS.search(rest):
        return False
    if _MARKED.match(rest) or (_LABELLED.match(line) and _LABELLED.match(rest)):
        return False
    if rest[0].islower() and len(line) >= least and not line.endswith(_ENDS):
        return True
    if rest[0].isdigit() and len(line) >= least and _BEGUN.search(line):
        return True
    return bool(width) and len(line) + 1 + len(rest.split(None, 1)[0]) > width - _INDENT


def _is_begun(line: str, following: str) -> bool:
    """Tell whether a line begins a sentence that it does not end, and what follows does not look like another one."""
    return not _QUOTED.sub("", following)[0].isupper() and _BEGUN.search(line) is not None
