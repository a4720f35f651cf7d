"""Ask: the conversation, and the source that stands beside it."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from app import present, services
from app.background import Asking, AskState
from app.present import Json
from app.state import STEP, OpenSource, Session, Sought, is_conversation, new_conversation, session
from app.views import frame
from app.widgets.element import Act, element
from rag.errors import RagError
from rag.receipts.columns import columns_of

PARAMETER = "conversation"
_FIELD = "question"
_POLL_S = 0.2
# Sample questions that are being tried come one by one.
_SAMPLES_S = 1.0


@frame.guarded
def show() -> None:
    """Show the conversation of this session, and take the next question."""
    state = session()
    _restore(state)
    _sidebar(state)
    place = st.container(key="place")
    # Inside a container, so that Streamlit does not follow the end of the page while an answer grows.
    with st.container(key="composer"):
        text = _field(state)
    if text and text.strip():
        _submit(state, text)
    going = _going(state.conversation)
    trying = not _begun(state.conversation) and services.current().trying_samples()
    with place:
        poll_s = _POLL_S if going else _SAMPLES_S if trying else None
        st.fragment(_conversation, run_every=poll_s)(going=going, trying=trying)


def _field(state: Session) -> str | None:
    """Show the field for the next question, and above it why the last one was not asked; return what was sent."""
    if state.unasked is not None:
        frame.problem(*state.unasked, key="unasked")
    if state.draft:
        st.session_state[_FIELD], state.draft = state.draft, ""
    # No `max_chars`: the field would drop a longer paste without a word.
    return st.chat_input("Ask your documents", key=_FIELD)


def _submit(state: Session, text: str) -> None:
    """Ask what was typed; what cannot be asked goes back into the field."""
    state.notice = state.unasked = None
    try:
        _ask(text)
    except RagError as exc:
        state.draft, state.unasked = text, (exc.message, exc.hint)
        st.rerun()


def _ask(text: str, *, alone: bool = False) -> None:
    """Ask a question; one that has to wait leaves what the person is looking at open."""
    state = session()
    asking = services.current().ask(state.conversation, text.strip(), alone=alone)
    if asking.state != "waiting":
        state.source = None


def _going(conversation: str) -> tuple[str, ...]:
    """Return the ids of the questions of a conversation that run or wait."""
    return tuple(asking.id for asking in services.current().askings(conversation) if asking.going)


def _restore(state: Session) -> None:
    """Take the conversation from the address, so that a reload, a bookmark and the Back button come to it.

    An address without one is that of the conversation of this session; the page then names it (`thread.js`), without
    a step of its own in the browser's history.
    """
    wanted = st.query_params.get(PARAMETER)
    if not wanted or wanted == state.conversation:
        return
    service = services.current()
    if service.is_listed(wanted) or service.askings(wanted) or _is_free(wanted):
        state.conversation, state.source, state.unasked = wanted, None, None
    else:
        _go_to(new_conversation())


def _is_free(conversation: str) -> bool:
    """Return whether it is the id of a conversation in which nothing was ever asked, not even before a deletion."""
    return is_conversation(conversation) and not services.current().records(conversation)


def _begun(conversation: str) -> bool:
    return bool(services.current().askings(conversation) or services.current().records(conversation))


def _sidebar(state: Session) -> None:
    content = services.current().conversations(state.threads) | {"current": state.conversation}
    with st.sidebar:
        element("conversations", content, key="conversations", on_act=_choose)


@frame.acts
def _choose(act: Act) -> None:
    service, state = services.current(), session()
    match act:
        case {"do": "new"}:
            state.threads = Sought()
            if _begun(state.conversation):
                _go_to(new_conversation())
        case {"do": "find", "text": str(text)}:
            state.threads = Sought(text)
        case {"do": "more"}:
            state.threads = state.threads.further(STEP)
        case {"do": "open", "id": str(wanted)}:
            _go_to(wanted)
        case {"do": "rename", "id": str(wanted), "title": str(title)}:
            service.rename_conversation(wanted, title)
        case {"do": "delete", "id": str(wanted)}:
            service.delete_conversation(wanted)
            if wanted == state.conversation:
                _go_to(new_conversation())


def _go_to(conversation: str) -> None:
    state = session()
    state.conversation, state.source, state.unasked = conversation, None, None
    st.query_params[PARAMETER] = conversation


@frame.guarded
def _conversation(*, going: tuple[str, ...], trying: bool) -> None:
    """Draw the turns and the open source; runs again by itself while questions are going on or samples are tried."""
    state = session()
    with st.container():
        frame.notice(state)
    turns = _turns(state.conversation)
    content: Json = {"conversation": state.conversation, "turns": turns, "open": _opened(state.source)}
    # Draws the rows below the answers again, which show a judgement before it is stored.
    content["failed"] = state.notice is not None
    if not turns:
        content["documents"] = len(services.current().documents())
        content["samples"] = services.current().sample_questions()
    element("thread", content, key="thread", on_act=_act)
    if state.source is not None:
        element("source", frame.source(state.source), key="source", on_act=_act)
    frame.make_room(beside=state.source is not None)
    if not turns and trying != services.current().trying_samples():
        st.rerun()
    # What was drawn as going on may have ended since: where nothing draws the page again, it would stand there.
    drawn = tuple(turn["key"] for turn in turns if turn["state"] in {"running", "waiting"})
    if not going == drawn == _going(state.conversation):
        st.rerun()


def _turns(conversation: str) -> list[Json]:
    """Return the turns of a conversation: the stored answers, failed questions between them, what runs and waits."""
    # Before the records are read: what is stored since is shown as running, at the place that it knows then.
    asked = [(asking, asking.state) for asking in services.current().askings(conversation)]
    records = services.current().records(conversation)
    said, stale = services.current().judgements(records), services.current().stale(records)
    cited = services.current().cited_now(records)
    columns = columns_of(records, services.current().text)
    masking = services.current().masking()
    turns = [present.turn(record, masking, columns, services.current().page_words(record)) for record in records]
    for turn in turns:
        receipt = turn["id"]
        turn |= {"key": receipt, "judgement": said.get(receipt), "stale": stale.get(receipt, []), **cited[receipt]}
    for asking, state in asked:
        if state == "running":
            turns = turns[: asking.n_before]
    n_answers = len(turns)
    for n, asking in enumerate(asking for asking, state in asked if state == "failed"):
        before = n_answers if asking.n_before is None else asking.n_before
        turns.insert(min(before, n_answers) + n, _turn(asking, "failed") | _failure(asking))
    for asking, state in asked:
        if state == "running":
            turns.append(_turn(asking, state) | present.moment(asking.moment()))
        elif state == "waiting":
            turns.append(_turn(asking, state))
    return turns


def _failure(asking: Asking) -> Json:
    failure = asking.moment().failure
    return {"failure": asdict(failure)} if failure is not None else {}


def _turn(asking: Asking, state: AskState) -> Json:
    return {
        "id": "",
        "key": asking.id,
        "state": state,
        "question": asking.text,
        "alone": asking.alone,
        "statements": [],
    }


def _opened(source: OpenSource | None) -> Json | None:
    return None if source is None else {"receipt": source.receipt, "kind": source.kind, "n": source.n}


@frame.acts
def _act(act: Act) -> None:
    state = session()
    match act:
        case {"do": "open", "receipt": str(receipt), "kind": "citation" | "passage" as kind, "n": int(n)}:
            state.source = OpenSource(receipt, kind, n)
        case {"do": "go", "n": int(n)} if state.source is not None:
            state.source = OpenSource(state.source.receipt, state.source.kind, n)
        case {"do": "close"}:
            state.source = None
        case {"do": "ask", "text": str(text)}:
            _ask(text, alone=act.get("alone") is True)
        case {"do": "judge"}:
            frame.judge(state, act)
