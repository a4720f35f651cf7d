"""Library: uploads with their progress, the documents, and the page of one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app import services
from app.flagged import flagged, parse_report, summary
from app.names import place_of
from app.present import Json, Span
from app.state import Session, session
from app.views import frame
from app.widgets.element import Act, element
from rag.errors import NotFound, RagError
from rag.receipts.page_words import page_word
from rag.types import Document, DocumentInfo

PARAMETER = "document"
_VERSION, _PART, _MARK = "version", "part", "mark"
_MAX_DIGITS = 12
_POLL_S = 0.4
_MILLION = 1_000_000
_EMPTY = "There are no documents yet."
_FORMATS = "PDF, Word, PowerPoint, Excel, Markdown, text, web pages, CSV, e-mail and EPUB, and zip archives of them"


@frame.guarded
def show() -> None:
    """Show one document where one is open, else uploads and the list."""
    state = session()
    frame.wide()
    wanted = st.query_params.get(PARAMETER)
    document = _document(state, wanted) if wanted else None
    frame.notice(state)
    if document is not None:
        element("document", document, key=f"document-{wanted}", on_act=_act)
        return
    st.title("Library", anchor=False)
    if state.removal is not None:
        element("notice", {"removal": state.removal}, key="removal", on_act=_act)
    _chooser(state)
    polling = services.current().intake.running()
    st.fragment(_uploads, run_every=_POLL_S if polling else None)(polling=polling)
    standings = services.current().standings()
    known = services.current().documents()
    n_called = Counter((info.title, info.name) for info in known)
    rows = (
        _row(info, standings.get(info.id), place_of(info.source) if n_called[info.title, info.name] > 1 else "")
        for info in known
    )
    if documents := [row for row in rows if row is not None]:
        element("documents", {"documents": documents}, key="documents", on_act=_act)
    elif not polling:
        st.caption(_EMPTY)


def _document(state: Session, wanted: str) -> Json | None:
    """Return what the page of a document shows; one that cannot be shown is left for the list, which says why."""
    service = services.current()
    try:
        content = service.document(wanted)
        version = st.query_params.get(_VERSION) or str(content["info"]["version"])
        content |= {"version": version, "shown": _shown(service.text(wanted, version), content)}
        content["flagged"] = flagged(service.text(wanted, version))
        content["reading"] = service.reading(wanted, version, _part(), _mark())
    except RagError as exc:
        _leave()
        state.notice = (exc.message, exc.hint)
        return None
    return content


def _shown(document: Document, content: Json) -> Json:
    """Return what is known of the version on the screen, which may be an earlier one."""
    return {
        "live": document.version == content["info"]["version"],
        "media_type": document.media_type,
        "n_bytes": document.n_bytes,
        "n_chunks": next(each["n_chunks"] for each in content["versions"] if each["version"] == document.version),
        "metadata": document.metadata,
        "report": parse_report(document),
    }


def _chooser(state: Session) -> None:
    """Offer to drop files or a whole folder; what is dropped is taken at once."""
    n = state.uploader
    key = f"files-{n}"

    def take() -> None:
        files: list[UploadedFile] = st.session_state[key]
        # An interrupted run calls this again for the same files.
        if files and n == state.uploader:
            state.notice = None
            try:
                services.current().upload([(file.name, file) for file in files], session=state.id)
            except RagError as exc:
                state.notice = (exc.message, exc.hint)
            state.uploader += 1  # an emptied chooser gives the memory of the files back

    with st.container(key="chooser"):
        st.file_uploader(
            "Drop a whole folder here, or choose one" if state.folder else "Drop documents here, or choose them",
            accept_multiple_files="directory" if state.folder else True,
            key=key,
            on_change=take,
        )
        limits = services.current().settings.ingest
        most = f"{limits.max_file_mb:,g}\N{NO-BREAK SPACE}MB and {_spoken(limits.max_characters)} characters of text"
        st.caption(f"{_FORMATS}. At most {most} a file.")
        st.toggle("Whole folder", key="folder", on_change=_switch, value=state.folder)


def _spoken(n: int) -> str:
    """Return a number as people say it: 20 million."""
    return f"{n / _MILLION:,g} million" if n >= _MILLION else f"{n:,}"


def _switch() -> None:
    state = session()
    state.folder, state.notice = bool(st.session_state["folder"]), None


@frame.guarded
def _uploads(*, polling: bool) -> None:
    """Draw the batches; runs again by itself while one is not finished."""
    state = session()
    batches = services.current().uploads(state.id)
    if batches:
        element("uploads", {"batches": batches}, key="uploads", on_act=_act)
    if PARAMETER in st.query_params or polling != services.current().intake.running():
        st.rerun()


def _row(info: DocumentInfo, standing: str | None, within: str) -> Json | None:
    word = page_word(info.media_type)
    try:
        empty, held = _without_text(info), _held(info) if info.report.waiting else None
    except NotFound:
        # Somebody has removed it since it was listed.
        return None
    return {
        "id": info.id,
        "title": info.title,
        "name": info.name,
        "within": within,
        "media_type": info.media_type,
        "pages": info.report.pages,
        "n_chunks": info.n_chunks,
        "updated_at": info.updated_at,
        "standing": standing,
        "held": held,
        "warning": f"No text on {len(empty)} of {info.report.pages} {word}s" if empty else None,
    }


def _without_text(info: DocumentInfo) -> Sequence[int]:
    """Return the pages of a document without text; those that hold hidden text are none of them."""
    empty = info.report.pages_without_text
    if not empty or all(flag.kind != "hidden" for flag in info.report.flags):
        return empty
    seen: Sequence[int] = parse_report(services.current().text(info.id, info.version))["pages_without_text"]
    return seen


def _held(info: DocumentInfo) -> str:
    return summary(services.current().text(info.id, info.version), info.report)


@frame.acts
def _act(act: Act) -> None:
    service, state = services.current(), session()
    match act:
        case {"do": "open", "id": str(document)}:
            st.query_params.from_dict({PARAMETER: document})
            state.removal = None
        case {"do": "back"}:
            _leave()
        case {"do": "version", "version": str(version)} if PARAMETER in st.query_params:
            st.query_params.from_dict({PARAMETER: st.query_params[PARAMETER], _VERSION: version})
        case {"do": "part", "part": int(part)} if PARAMETER in st.query_params:
            st.query_params[_PART] = str(part)
        case {"do": "remove", "id": str(document)}:
            _remove(state, document)
            _leave()
        case {"do": "decide" | "restate", "id": str(document)}:
            _decide(document, act)
        case {"do": "cancel", "id": str(batch)}:
            service.intake.cancel(batch)
        case {"do": "dismiss"}:
            _dismiss(act)


def _remove(state: Session, document: str) -> None:
    """Remove a document; who pressed once more while that took its time is told once."""
    try:
        state.removal = services.current().remove(document)
    except NotFound:
        if state.removal is None or state.removal["document_id"] != document:
            raise


def _decide(document: str, act: Act) -> None:
    """Take what a person decides of a document: of what is flagged in it, or of whether it is in force."""
    match act:
        case {"do": "decide", "choice": ("released" | "kept_out") as choice, "seen": str(seen)}:
            services.current().decide(document, choice, seen=seen)
        case {"do": "restate", "said": dict() | None as said}:
            services.current().restate(document, said)


def _part() -> int | None:
    """Return the part that the address names; without one, the part of the mark is shown, or the first."""
    return _number(st.query_params.get(_PART, ""))


def _mark() -> Span:
    """Return the stretch of the text that the address asks to mark, as ``START-END``; an empty one without it."""
    start, end = map(_number, st.query_params.get(_MARK, "").partition("-")[::2])
    return (0, 0) if start is None or end is None else (start, end)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < _MAX_DIGITS else None


def _dismiss(act: Act) -> None:
    """Forget what was told of uploads of the person, or of a removal."""
    match act:
        case {"ids": [*batches]}:
            for batch in batches:
                services.current().dismiss(str(batch), session().id)
        case _:
            session().removal = None


def _leave() -> None:
    st.query_params.clear()
