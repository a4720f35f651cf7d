"""The script that Streamlit runs for every session and every action: the frame around one view."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import services
from app.state import session
from app.views import ask, frame, library, quality, questions, receipts

_ICON = Path(__file__).parent / "static" / "icon.svg"


def main() -> None:
    """Show the view that the address names."""
    st.set_page_config(page_title="Footnote", page_icon=str(_ICON), layout="wide", initial_sidebar_state="auto")
    frame.dress()
    pages = {
        "ask": st.Page(ask.show, title="Ask", url_path="ask", icon=":material/forum:", default=True),
        "library": st.Page(library.show, title="Library", url_path="library", icon=":material/folder_open:"),
    }
    pages["receipts"] = st.Page(receipts.show, title="Receipts", url_path="receipts", icon=":material/receipt_long:")
    if services.current().may_label():
        pages["questions"] = st.Page(
            questions.show, title="Questions", url_path="questions", icon=":material/checklist:"
        )
    if services.current().may_set_bar():
        pages["quality"] = st.Page(quality.show, title="Quality", url_path="quality", icon=":material/verified:")
    page = st.navigation(list(pages.values()), position="sidebar")
    # A tab, a step in the history and a screen reader tell the views apart by it.
    st.set_page_config(page_title=f"{page.title} · Footnote")
    state = session()
    if state.destination is not None:
        destination, state.destination = state.destination, None
        st.switch_page(pages[destination])
    if page.title != state.page:
        # Going to another view is an act too: what was said on the one before stays there.
        state.page, state.notice, state.unasked = page.title, None, None
    page.run()


main()
