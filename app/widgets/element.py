"""Mounts one of our elements, written as a script and a style sheet beside this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

ElementName = Literal[
    "thread",
    "source",
    "conversations",
    "documents",
    "document",
    "uploads",
    "notice",
    "questions",
    "quality",
    "policy",
    "receipts",
    "receipt",
]
Act = Mapping[str, Any]

_HERE = Path(__file__).parent
# What an element is made of beside its own script and style, in order.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "thread": ("meter", "stages", "answer", "judge"),
    "questions": ("judge",),
    "receipts": ("meter", "ledger"),
    "receipt": ("stages", "answer", "ledger"),
    "document": ("standing", "flagged"),
}


def element(name: ElementName, content: Mapping[str, Any], *, key: str, on_act: Callable[[Act], None]) -> None:
    """Show an element with some content.

    Args:
        name: Which one.
        content: What it shows, as JSON.
        key: Its identity between runs; the same key keeps scroll position, focus and open details.
        on_act: Called before the page runs again, with what the person did: ``{"do": verb, …}``.
    """

    def act() -> None:
        done = getattr(st.session_state[key], "act", None)
        if isinstance(done, Mapping) and isinstance(done.get("do"), str):
            on_act(done)

    _renderer(name)(key=key, data=dict(content), on_act_change=act)


@cache
def _renderer(name: ElementName) -> ComponentRenderer:
    parts = ("base", *_PARTS.get(name, ()), name)
    return st.components.v2.component(
        f"footnote.{name}",
        html='<div class="fn"></div>',
        css="".join(_read(f"{part}.css") for part in parts),
        js="".join(_read(f"{part}.js") for part in parts),
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
