"""Ask: the conversation, and the source that stands beside it."""

from __future__ import annotations

import streamlit as st

from app import present, services
from app.background import Asking
from app.columns import columns_of
from app.present import Json
from app.state import OpenSource, Session, new_conversation, session
from app.views import frame
from app.widgets.element import Act, element
from rag.errors import RagError

PARAMETER = "conversation"
_POLL_S = 0.2


@frame.guarded
def show() -> None:
    """Show the conversation of this session, and take the next question."""
    state = session()
    _restore(state)
    _sidebar(state)
    place = st.container(key="place")
    # Inside a container, so that Streamlit does not follow the end of the page while an answer grows.
    with st.container(key="composer"):
        text = st.chat_input(
            "Ask your documents",
            key="question",
            max_chars=services.current().settings.answer.max_question_characters,
        )
    if text and text.strip():
        state.notice = None
        _ask(text)
    _ask_waiting(state)
    polling = _running(state.conversation) is not None
    with place:
        st.fragment(_conversation, run_every=_POLL_S if polling else None)(polling=polling)


def _ask(text: str) -> None:
    """Put a question behind those that wait: one that came before is asked before, even where nothing runs."""
    state = session()
    state.waiting.append((state.conversation, text.strip()))
    _ask_waiting(state)


def _ask_waiting(state: Session) -> None:
    """Ask the first waiting question of each conversation in which nothing runs."""
    for conversation in dict.fromkeys(conversation for conversation, _ in state.waiting):
        if _running(conversation) is None:
            first = next(each for each in state.waiting if each[0] == conversation)
            state.waiting.remove(first)
            services.current().ask(*first)
            if conversation == state.conversation:
                state.source = None
                st.query_params[PARAMETER] = conversation


def _running(conversation: str) -> Asking | None:
    asking = services.current().asking(conversation)
    return None if asking is None or asking.finished.is_set() else asking


def _restore(state: Session) -> None:
    """Take the conversation from the address, so that a reload and a bookmark come back to it."""
    wanted = st.query_params.get(PARAMETER)
    if wanted and wanted != state.conversation:
        known = {entry["id"] for entry in services.current().conversations()}
        if wanted in known or services.current().asking(wanted) is not None:
            state.conversation, state.source = wanted, None
    elif not wanted and _begun(state.conversation):
        st.query_params[PARAMETER] = state.conversation


def _begun(conversation: str) -> bool:
    service = services.current()
    return service.asking(conversation) is not None or bool(service.records(conversation))


def _sidebar(state: Session) -> None:
    entries = [{"id": entry["id"], "title": entry["title"]} for entry in services.current().conversations()]
    with st.sidebar:
        element(
            "conversations",
            {"entries": entries, "current": state.conversation},
            key="conversations",
            on_act=_choose,
        )


@frame.acts
def _choose(act: Act) -> None:
    service, state = services.current(), session()
    match act:
        case {"do": "new"}:
            _go_to(new_conversation())
        case {"do": "open", "id": str(wanted)}:
            _go_to(wanted)
        case {"do": "rename", "id": str(wanted), "title": str(title)}:
            service.rename_conversation(wanted, title)
        case {"do": "delete", "id": str(wanted)}:
            # What still waits to be asked in it is not asked any more.
            state.waiting = [each for each in state.waiting if each[0] != wanted]
            service.delete_conversation(wanted)
            if wanted == state.conversation:
                _go_to(new_conversation())


def _go_to(conversation: str) -> None:
    state = session()
    state.conversation, state.source = conversation, None
    st.query_params[PARAMETER] = conversation


@frame.guarded
def _conversation(*, polling: bool) -> None:
    """Draw the turns and the open source; runs again by itself while a question is running."""
    state = session()
    with st.container():
        frame.notice(state)
    turns = _turns(state.conversation)
    turns += [
        {"key": f"waiting-{n}", "state": "waiting", "question": text, "statements": []}
        for n, (conversation, text) in enumerate(state.waiting)
        if conversation == state.conversation
    ]
    content: Json = {"turns": turns, "open": _opened(state.source)}
    if not turns:
        content["documents"] = len(services.current().documents())
        content["samples"] = services.current().sample_questions()
    element("thread", content, key="thread", on_act=_act)
    if state.source is not None:
        element("source", _source(state.source), key="source", on_act=_act)
    frame.make_room(beside=state.source is not None)
    if state.destination is not None or polling != (_running(state.conversation) is not None):
        st.rerun()


def _turns(conversation: str) -> list[Json]:
    """Return the turns of a conversation: the stored answers, then a running or failed question."""
    asking = services.current().asking(conversation)
    running = asking is not None and not asking.finished.is_set()
    records = services.current().records(conversation)
    said, stale = services.current().judgements(records), services.current().stale(records)
    masked = services.current().masked_in_copies() if records else frozenset()
    columns = columns_of(records, services.current().text)
    turns = [present.turn(record, masked, columns) for record in records]
    for turn in turns:
        turn |= {"key": turn["id"], "judgement": said.get(turn["id"]), "stale": stale.get(turn["id"], [])}
    if asking is None:
        return turns
    moment = asking.moment()
    if running:
        turns = turns[: asking.n_before]
        turns.append(_turn(asking, "running") | present.moment(moment))
    elif moment.failure is not None:
        failure = {"message": moment.failure.message, "hint": moment.failure.hint}
        turns.append(_turn(asking, "failed") | {"failure": failure})
    return turns


def _turn(asking: Asking, state: str) -> Json:
    return {"id": "", "key": asking.id, "state": state, "question": asking.text, "statements": []}


def _opened(source: OpenSource | None) -> Json | None:
    return None if source is None else {"receipt": source.receipt, "kind": source.kind, "n": source.n}


def _source(source: OpenSource) -> Json:
    try:
        return services.current().source(source.receipt, source.kind, source.n)
    except RagError as exc:
        return {
            "kind": source.kind,
            "n": source.n,
            "numbers": [source.n],
            "title": "This source cannot be shown",
            "message": exc.message,
            "hint": exc.hint,
        }


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
            _ask(text)
        case {"do": "again"}:
            _ask_again()
        case {"do": "document", "document": str(document)}:
            state.document, state.version, state.part, state.destination = document, None, 1, "library"
        case {"do": "judge"}:
            frame.judge(state, act)
        case {"do": "library"}:
            state.document, state.destination = None, "library"


def _ask_again() -> None:
    asking = services.current().asking(session().conversation)
    if asking is not None:
        _ask(asking.text)
