"""Mounts one of our elements, written as a script and a style sheet beside this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

ElementName = Literal["thread", "source", "conversations", "documents", "document", "uploads", "notice"]
Act = Mapping[str, Any]

_HERE = Path(__file__).parent


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
    return st.components.v2.component(
        f"footnote.{name}",
        html='<div class="fn"></div>',
        css=_read("base.css") + _read(f"{name}.css"),
        js=_read("base.js") + _read(f"{name}.js"),
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
