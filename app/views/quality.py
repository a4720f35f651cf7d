"""Quality: how often answers are right, and the bar below which none is given."""

from __future__ import annotations

import streamlit as st

from app import services
from app.state import session
from app.views import frame
from app.widgets.element import Act, element


@frame.guarded
def show() -> None:
    """Show what a bar costs and saves, and how true the confidence is."""
    state = session()
    frame.wide()
    frame.notice(state)
    st.title("Quality", anchor=False)
    element("quality", services.current().quality(), key="quality", on_act=_act)


@frame.acts
def _act(act: Act) -> None:
    match act:
        case {"do": "set_bar", "bar": int() | float() as bar}:
            services.current().set_bar(float(bar))
