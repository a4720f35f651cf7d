"""Cells of a workbook whose format shows nothing: in the colour of what lies behind them, or written as nothing."""

from __future__ import annotations

import re
from typing import Any

COLOURED = "has the colour of its background"
NOT_WRITTEN = "is formatted as nothing"

# Nothing for numbers above, below and at zero, and nothing for text.
_NOTHING = re.compile(r"\s*;\s*;\s*;\s*")
_WHITE = "FFFFFF"
_WHITE_THEME, _WHITE_INDEXES = 0, frozenset({1, 9})


class HiddenLooks:
    """Tells how the format of a cell hides it; formats are few, so each is looked at once.

    Args:
        is_painted: Whether a sheet may lay colours behind its cells, by a table's style or by conditions: then none is
            said to have the colour of its background.
    """

    def __init__(self, *, is_painted: bool) -> None:
        self._is_painted = is_painted
        self._known: dict[int, str] = {}

    def how(self, cell: Any) -> str:  # noqa: ANN401 - openpyxl ships no types
        """Return how a cell is hidden; empty where it is not, or has no format."""
        style = getattr(cell, "_style_id", None)
        if not style:
            return ""
        if style not in self._known:
            self._known[style] = self._read(cell)
        return self._known[style]

    def _read(self, cell: Any) -> str:  # noqa: ANN401
        if _NOTHING.fullmatch(cell.number_format or ""):
            return NOT_WRITTEN
        ink = _rgb(cell.font.color)
        if not ink or self._is_painted:
            return ""
        fill = cell.fill
        pattern = getattr(fill, "patternType", None) if fill.tagname == "patternFill" else "gradient"
        ground = _WHITE if pattern in {None, "none"} else _rgb(fill.fgColor) if pattern == "solid" else ""
        return COLOURED if ink == ground else ""


def _rgb(colour: Any) -> str:  # noqa: ANN401
    """Return a colour in six digits; empty where the file alone does not tell it."""
    if colour is None or colour.tint:
        return ""
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        return colour.rgb[-6:].upper()
    if (colour.type == "theme" and colour.theme == _WHITE_THEME) or (
        colour.type == "indexed" and colour.indexed in _WHITE_INDEXES
    ):
        return _WHITE
    return ""
