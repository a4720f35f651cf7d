"""What all views share: the page's own style, messages, and what happens when a view fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec

import streamlit as st

from app import services, theme
from app.background import FAULT_HINT
from app.present import Json
from app.state import OpenSource, Session, session
from app.widgets.element import Act, element
from rag.errors import RagError

P = ParamSpec("P")
_LOG = logging.getLogger(__name__)

_PAGE_STYLE = Path(__file__).parent.parent / "static" / "page.css"
_BESIDE = """<style>
@media (min-width: 900px) { .stMain { padding-right: var(--fn-panel); } }
@media (max-width: 899px) { .stMain { overflow: hidden; } }
</style>"""
_ALONE = "<style></style>"


def guarded(view: Callable[P, None]) -> Callable[P, None]:
    """Show the message and the hint of a `RagError` in place of the rest of a view."""

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            view(*args, **kwargs)
        except RagError as exc:
            problem(exc.message, exc.hint, key=f"problem-{view.__module__}.{view.__name__}")

    return run


def acts(take: Callable[[Act], None]) -> Callable[[Act], None]:
    """Let an act put away what was said before it; what it cannot do is said instead.

    Who only comes back to the page does nothing: it is drawn anew, as things are now.
    """

    @wraps(take)
    def run(act: Act) -> None:
        if act == {"do": "look"}:
            return
        state = session()
        state.notice = None
        try:
            take(act)
        except RagError as exc:
            state.notice = (exc.message, exc.hint)

    return run


def problem(message: str, hint: str = "", *, key: str = "problem") -> None:
    """Show what went wrong and what the person can do; two at once need two keys."""
    element("notice", {"message": message, "hint": hint}, key=key, on_act=_ignore)


def fault(exc: Exception) -> None:
    """Show that Footnote itself failed, and put the reason into the log, never on the screen."""
    _LOG.error("a view failed", exc_info=exc)
    problem("This page could not be shown because of a fault in Footnote.", FAULT_HINT)


def notice(state: Session) -> None:
    """Show the message of the session; it stays until the person does something."""
    if state.notice is not None:
        problem(*state.notice, key="notice")


def judge(state: Session, act: Act) -> None:
    """Take what a person says of an answer; what cannot be stored is said at the next run."""
    match act:
        case {
            "receipt": str(receipt),
            "verdict": "right" | "wrong" | "withdrawn" as verdict,
            "answerable": bool() | None as answerable,
            "expected": str(expected),
            "passage": int(passage),
        }:
            question = act.get("question")
            try:
                services.current().judge(
                    receipt,
                    verdict,
                    answerable=answerable,
                    expected=expected,
                    passage=passage,
                    question=question if isinstance(question, str) else None,
                )
            except RagError as exc:
                state.notice = (exc.message, exc.hint)


def source(shown: OpenSource) -> Json:
    """Return what stands beside an answer or its receipt; one that cannot be shown says why."""
    try:
        return services.current().source(shown.receipt, shown.kind, shown.n)
    except RagError as exc:
        return {
            "kind": shown.kind,
            "n": shown.n,
            "numbers": [shown.n],
            "title": "This source cannot be shown",
            "message": exc.message,
            "hint": exc.hint,
        }


def dress() -> None:
    """Put the page's own style around Streamlit's elements."""
    st.html(f"<style>{theme.page_colours()}\n{_page_style()}</style>")


def wide() -> None:
    """Let the page use more of the width, for tables."""
    st.html("<style>:root { --fn-column: 64rem !important; }</style>")


def make_room(*, beside: bool) -> None:
    """Give the open source its place beside the conversation, or over it on a narrow screen."""
    st.html(_BESIDE if beside else _ALONE)


def _ignore(act: Act) -> None:
    """Take nothing: a message has no actions."""
    del act


@cache
def _page_style() -> str:
    return _PAGE_STYLE.read_text(encoding="utf-8")
