"""What one browser session remembers, typed; everything lasting lies in the catalog."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast
from uuid import uuid4

import streamlit as st

_KEY = "_footnote"


@dataclass(frozen=True, slots=True)
class OpenSource:
    """The source that stands beside the conversation.

    Args:
        receipt: The answer it belongs to.
        kind: ``citation`` for a numbered one, ``passage`` for one of the nearest passages.
        n: Number of the citation, or position of the passage, from 1.
    """

    receipt: str
    kind: Literal["citation", "passage"]
    n: int


def new_conversation() -> str:
    """Return the id of a conversation that has no answers yet."""
    return uuid4().hex


@dataclass(slots=True)
class Session:
    """The state of one session; views change it and run again.

    Args:
        conversation: Id of the conversation on the screen; a new one has no answers yet.
        source: The open source, if any.
        document: Id of the document on the screen of the library, if any.
        version: Version of it that is shown; ``None`` for the live one.
        removal: The shown check of the last removal.
        uploader: Grows to give an emptied file chooser.
        folder: Whether the file chooser takes a whole folder.
        part: Part of the document that the reading view shows.
        judged: Receipt of the judged answer whose label is open, if any.
        id: Whose uploads are its own.
        put_away: Ids of uploads of others that it does not want to see.
        notice: A sentence to show until the person does something, with a hint.
        page: Title of the view on the screen.
        destination: View to go to at the next run of the whole page.
    """

    conversation: str = field(default_factory=new_conversation)
    source: OpenSource | None = None
    document: str | None = None
    version: str | None = None
    removal: dict[str, object] | None = None
    uploader: int = 0
    folder: bool = False
    part: int = 1
    judged: str | None = None
    id: str = field(default_factory=lambda: uuid4().hex)
    put_away: set[str] = field(default_factory=set)
    notice: tuple[str, str] | None = None
    page: str = ""
    destination: Literal["ask", "library"] | None = None


def session() -> Session:
    """Return the state of this browser session, made at its first use."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
    return cast("Session", st.session_state[_KEY])
