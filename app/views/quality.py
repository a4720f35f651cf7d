"""Quality: how often answers are right, the bar below which none is given, and the policy in force."""

from __future__ import annotations

import streamlit as st

from app import services
from app.state import session
from app.views import frame
from app.widgets.element import Act, element

_FIRST = "first"


@frame.guarded
def show() -> None:
    """Show what a bar costs and saves, how true the confidence is, and the policy, alone where it has a mistake.

    Who comes for the policy finds it first.
    """
    state = session()
    frame.wide()
    frame.notice(state)
    st.title("Quality", anchor=False)
    policy = services.current().policy()
    for_policy = st.query_params.get(_FIRST) == "policy"
    above, below = st.container(), st.container()
    if not policy["mistake"]:
        with below if for_policy else above:
            _quality()
    with above if for_policy else below:
        element("policy", policy, key="policy", on_act=_act)


@frame.guarded
def _quality() -> None:
    """Show the bar and the calibration."""
    element("quality", services.current().quality(), key="quality", on_act=_act)


@frame.acts
def _act(act: Act) -> None:
    match act:
        case {"do": "set_bar", "bar": int() | float() as bar}:
            services.current().set_bar(float(bar))
