"""What one browser session remembers, typed; everything lasting lies in the catalog.

Which document or receipt is open is not here: the address says it, so that the browser's Back and Forward lead through
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast, get_args
from uuid import uuid4

import streamlit as st

from rag.types import Outcome

STEP: Final = 50
"""So many receipts or conversations are listed at first, and with every step further."""

_KEY = "_footnote"
_CONVERSATION = re.compile(r"[0-9a-f]{32}")


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


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for among the receipts, or among the conversations, of which only words are asked.

    Args:
        text: Words, or the beginning of the id of a receipt; empty for any.
        outcome: How the answer ended; empty for any.
        stale: Only what cites a document that has changed or gone.
        limit: How many are listed at most.
    """

    text: str = ""
    outcome: Outcome | Literal[""] = ""
    stale: bool = False
    limit: int = STEP

    @classmethod
    def of(cls, text: str, outcome: str, *, stale: bool) -> Sought:
        """Return what a person looks for; an outcome that there is not stands for any."""
        known = {str(each): each for each in get_args(Outcome)}
        return cls(text, known.get(outcome, ""), stale)

    def further(self, n: int) -> Sought:
        """Return the same with more of it listed."""
        return replace(self, limit=self.limit + n)


def new_conversation() -> str:
    """Return the id of a conversation that has no answers yet."""
    return uuid4().hex


def is_conversation(name: str) -> bool:
    """Return whether a name has the form that `new_conversation` gives."""
    return _CONVERSATION.fullmatch(name) is not None


@dataclass(slots=True)
class Session:
    """The state of one session; views change it and run again.

    Args:
        conversation: Id of the conversation on the screen; a new one has no answers yet.
        threads: What is looked for among the conversations.
        source: The open source, if any.
        beside: The source that stands beside the open receipt, if any.
        sought: What is looked for among the receipts.
        removal: The shown check of the last removal.
        uploader: Grows to give an emptied file chooser.
        folder: Whether the file chooser takes a whole folder.
        judged: Receipt of the judged answer whose label is open, if any.
        id: Whose uploads are its own.
        notice: A sentence to show until the person does something, with a hint.
        draft: A question to put back into its field at the next run.
        unasked: Why it was not asked, with a hint.
        page: Title of the view on the screen.
        destination: View to go to at the next run of the whole page.
    """

    conversation: str = field(default_factory=new_conversation)
    threads: Sought = field(default_factory=Sought)
    source: OpenSource | None = None
    beside: OpenSource | None = None
    sought: Sought = field(default_factory=Sought)
    removal: dict[str, object] | None = None
    uploader: int = 0
    folder: bool = False
    judged: str | None = None
    id: str = field(default_factory=lambda: uuid4().hex)
    notice: tuple[str, str] | None = None
    draft: str = ""
    unasked: tuple[str, str] | None = None
    page: str = ""
    destination: Literal["ask", "library", "receipts"] | None = None


def session() -> Session:
    """Return the state of this browser session, made at its first use."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
    return cast("Session", st.session_state[_KEY])
