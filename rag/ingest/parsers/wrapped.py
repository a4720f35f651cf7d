"""Lines that were broken to fit a width, as mails and text files have them, put together again.

A sentence that is torn at a line's end says half of what it means: "so it is" and "not affected".
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

# Text is wrapped where its longest line has about so many characters: shorter lines are verse or addresses, longer ones
# were not broken at all.
_LEAST_WIDTH, _MOST_WIDTH = 50, 130
_USUAL = 0.95
# What was taken off a line's beginning: the indent and the mark of a list.
_INDENT = 4
# So full a line is at least, behind which a small letter goes on.
_FULL = 0.6
_QUOTED = re.compile(r"^(?:>[ \t]?)*")
_ENDS = (".", "!", "?", ":", ";")
_STARTS = re.compile(r"[^\W_]|[\"'“‘(\[€$£]")
# A line of a log or of a list of days.
_DATED = re.compile(r"\[?\d{1,4}[-/:.]\d")
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


def joins(lines: Sequence[str], width: int) -> list[bool]:
    """Return for each line but the first whether the one before goes on in it; nowhere, where most breaks are meant.

    Args:
        lines: Of one paragraph, without white space around them.
        width: What `width_of` says of the whole text.
    """
    found: list[bool] = []
    for alike in _alike(lines):
        own = [bool(width) and _goes_on(one, other, width) for one, other in itertools.pairwise(alike)]
        meant = 2 * sum(own) < len(own)
        found += [False, *(joined and not meant for joined in own)]
    return found[1:]


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


def _goes_on(line: str, following: str, width: int) -> bool:
    """Tell whether a line was broken because the first word of the one that follows did not fit."""
    rest = _QUOTED.sub("", following)
    if not _STARTS.match(rest) or _DATED.match(rest) or _COLUMNS.search(line) or _COLUMNS.search(rest):
        return False
    if rest[0].islower() and len(line) >= _FULL * width and not line.endswith(_ENDS):
        return True
    return len(line) + 1 + len(rest.split(None, 1)[0]) > width - _INDENT
