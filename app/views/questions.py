"""Questions: the judged answers, their labels, and the set that they make."""

from __future__ import annotations

import streamlit as st

from app import services
from app.present import Json
from app.state import Session, session
from app.views import frame
from app.widgets.element import Act, element
from rag.errors import RagError


@frame.guarded
def show() -> None:
    """Show the judged answers, with the label of one of them where it is open."""
    state = session()
    frame.wide()
    frame.notice(state)
    st.title("Questions", anchor=False)
    content = {"entries": services.current().questions(), "open": _open(state)}
    element("questions", content, key="questions", on_act=_act)


def _open(state: Session) -> Json | None:
    if state.judged is None:
        return None
    try:
        return services.current().judged_question(state.judged)
    except RagError:
        # Withdrawn meanwhile.
        state.judged = None
        return None


@frame.acts
def _act(act: Act) -> None:
    state = session()
    match act:
        case {"do": "open", "receipt": str(receipt)}:
            state.judged = receipt
        case {"do": "close"}:
            state.judged = None
        case {"do": "judge"}:
            frame.judge(state, act)
            # What could not be stored stays open, with what was typed.
            if state.notice is None:
                state.judged = None
        case {"do": "ask"}:
            state.destination = "ask"
