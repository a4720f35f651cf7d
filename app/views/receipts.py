"""Receipts: what was asked and how it ended, and one receipt with all that explains its answer."""

from __future__ import annotations

import streamlit as st

from app import services
from app.present import Json
from app.state import STEP, OpenSource, Session, Sought, session
from app.views import frame
from app.widgets.element import Act, element
from rag.errors import RagError

PARAMETER = "receipt"
_POLL_S = 0.4


@frame.guarded
def show() -> None:
    """Show one receipt where the address names one, else the list."""
    frame.wide()
    going = services.current().runs.going()
    st.fragment(_receipts, run_every=_POLL_S if going else None)(going=going)


@frame.guarded
def _receipts(*, going: bool) -> None:
    """Draw the page; runs again by itself while a question is asked again or the ledger is checked."""
    state = session()
    wanted = st.query_params.get(PARAMETER)
    receipt = _receipt(state, wanted) if wanted else None
    if receipt is None or (state.beside and state.beside.receipt != wanted):
        state.beside = None
    beside = state.beside
    with st.container():
        frame.notice(state)
    if receipt is not None:
        shown = receipt
        opened = {"kind": beside.kind, "n": beside.n} if beside else None
        element("receipt", receipt | {"open": opened}, key=f"receipt-{wanted}", on_act=_act)
    else:
        st.title("Receipts", anchor=False)
        shown = services.current().receipts(state.sought)
        element("receipts", shown, key="receipts", on_act=_act)
    if beside is not None:
        element("source", frame.source(beside), key="source", on_act=_act)
    frame.make_room(beside=beside is not None)
    # What was drawn as going on may have ended since: where nothing draws the page again, it would stand there.
    if going != (_drawn_as_going(shown) or services.current().runs.going()):
        st.rerun()


def _drawn_as_going(shown: Json) -> bool:
    """Return whether the page says of anything that it goes on."""
    runs = (shown.get("replay"), shown["ledger"]["check"])
    return any(run["state"] in {"waiting", "running"} for run in runs if run)


def _receipt(state: Session, wanted: str) -> Json | None:
    """Return what the page of a receipt shows; one that cannot be shown is left for the list, which says why."""
    try:
        return services.current().receipt(wanted)
    except RagError as exc:
        st.query_params.clear()
        state.notice = (exc.message, exc.hint)
        return None


@frame.acts
def _act(act: Act) -> None:
    state, wanted = session(), st.query_params.get(PARAMETER, "")
    match act:
        case {"do": "show", "receipt": str(receipt)}:
            st.query_params[PARAMETER] = receipt
            state.beside = None
        case {"do": "back"}:
            st.query_params.clear()
        case {"do": "find", "text": str(text), "outcome": str(outcome), "stale": bool(stale)}:
            state.sought = Sought.of(text, outcome, stale=stale)
        case {"do": "more"}:
            state.sought = state.sought.further(STEP)
        case {"do": "open", "kind": "citation" | "passage" as kind, "n": int(n)}:
            state.beside = OpenSource(wanted, kind, n)
        case {"do": "go", "n": int(n)} if state.beside is not None:
            state.beside = OpenSource(state.beside.receipt, state.beside.kind, n)
        case {"do": "close"}:
            state.beside = None
        case {"do": "verify"}:
            services.current().verify_ledger()
        case {"do": "again"} if wanted:
            services.current().run_again(wanted)
