"""What the views may ask for: with its parts all of the application that works with stores and models.

The parts are judging, quality, receipts and standing.

One process has one workspace, opened once and shared by all sessions; everything here runs on behalf of the
local owner until there are users.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any, BinaryIO

from app import present, uploads
from app.askings import Askings
from app.background import Asking, Intake
from app.cited import as_of_now
from app.flagged import is_decided, seal
from app.judging import Judging
from app.present import Json
from app.quality import Quality
from app.receipts import Receipts
from app.runs import Runs
from app.samples import N_TRIED, Samples, mixed, sample_codes
from app.sources import locate
from app.staging import stage
from app.standing import Standings
from app.state import Sought
from rag.ask.conversation.earlier import grounds, refused
from rag.ask.flow import ask as answer_question
from rag.ask.flow import preview
from rag.caching import Kept
from rag.errors import InputError, NotFound, RagError, SettingsError
from rag.ingest.flow import decide, ingest, remove
from rag.ingest.render import render_page
from rag.ingest.sandbox import Sandbox
from rag.receipts.page_words import page_words
from rag.safety.personal import MASKED
from rag.safety.policy import Masking
from rag.settings import Settings, load_settings
from rag.types import (
    DEFAULT_SPACE,
    LOCAL_OWNER,
    Answer,
    AskProgress,
    Document,
    DocumentInfo,
    FlagChoice,
    IngestProgress,
    IngestSummary,
    Question,
    SourceFile,
)
from rag.wiring import Workspace, open_workspace

_CACHED_DOCUMENTS = 32
_CACHED_TYPES = 4096
_SAMPLED = 60
_CLOSING_S = 10.0


class Service(Judging, Receipts, Quality, Standings):
    """The application of one process: settings, workspace, running questions and uploads.

    Args:
        settings: Of this process.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.intake = Intake(self._ingest)
        self._workspace: Workspace | None = None
        self._opening = threading.Lock()
        # Its own process, so that no page waits for a file that is being read.
        self._drawing = Sandbox(timeout_s=settings.ingest.parse_timeout_s, memory_mb=settings.ingest.parse_memory_mb)
        self._askings = Askings(self._answer)
        self._texts = Kept[Document](_CACHED_DOCUMENTS)
        self._media_type = lru_cache(_CACHED_TYPES)(self._read_media_type)
        self.runs = Runs()
        self.samples = Samples(self._preview, self._askings.busy, limit=present.N_SAMPLES)

    # --- life -----------------------------------------------------------------------------------

    def workspace(self) -> Workspace:
        """Return the workspace, opened at the first call.

        Raises:
            RagError: The home directory is in use or damaged, or a model is missing.
        """
        with self._opening:
            if self._workspace is None:
                self._workspace = open_workspace(self.settings)
            return self._workspace

    def warm_up(self) -> None:
        """Load the models, so that the first question does not wait for them."""
        workspace = self.workspace()
        _ = workspace.reranker, workspace.verifier
        workspace.embedder.embed(["ready"])
        # What is loaded now stays: no later collection needs to walk through it.
        gc.collect()
        gc.freeze()

    @property
    def models_loaded(self) -> bool:
        """Whether the models that every question needs are in memory."""
        return self._workspace is not None and self._workspace.models_loaded

    def close(self) -> None:
        """Stop uploads, wait for running questions, and give the home directory back."""
        self.intake.close()
        self.samples.close()
        self._askings.close()
        self.runs.wait(_CLOSING_S)
        self._drawing.close()
        with self._opening:
            if self._workspace is not None:
                self._workspace.close()
                self._workspace = None

    # --- ask ------------------------------------------------------------------------------------

    def ask(self, conversation: str, text: str, *, alone: bool = False) -> Asking:
        """Begin to answer a question in a thread, or once those before it in the conversation are answered.

        One that is asked alone is looked up as it stands, whatever was asked before.

        Raises:
            InputError: It is too long, and stands nowhere yet.
        """
        most = self.settings.answer.max_question_characters
        if len(text) > most:
            message = f"The question has {len(text):,} characters; at most {most:,} are read."
            raise InputError(message, hint="Shorten it, or put long text into a document.")
        return self._askings.ask(conversation, text, alone=alone)

    def askings(self, conversation: str) -> tuple[Asking, ...]:
        """Return the questions of a conversation that failed, run or wait, and the latest; oldest first."""
        return self._askings.of(conversation)

    def _answer(self, conversation: str, asking: Asking, report: Callable[[AskProgress], None]) -> str:
        records = self.records(conversation)
        asking.n_before = len(records)
        earlier = () if asking.alone else records
        history = tuple(str(record["question"]) for record in earlier)
        question = Question(
            asking.text, DEFAULT_SPACE, history, conversation, grounds=grounds(earlier), refused=refused(earlier)
        )
        return answer_question(question, self.workspace(), principal=LOCAL_OWNER, on_progress=report).receipt

    def records(self, conversation: str) -> tuple[Mapping[str, Any], ...]:
        """Return the stored answers of a conversation, oldest first."""
        return self.workspace().catalog.answers(conversation)

    def conversations(self, sought: Sought) -> Json:
        """Return the conversations of the person that hold the words looked for, newest first, as far as listed."""
        catalog, who = self.workspace().catalog, (LOCAL_OWNER, DEFAULT_SPACE)
        found = catalog.find_conversations(*who, sought.text) if sought.text else catalog.conversations(*who)
        entries = [present.found_conversation(each, sought.text) for each in found[: sought.limit]]
        return {"entries": entries, "n": len(found), "text": sought.text}

    def is_listed(self, conversation: str) -> bool:
        """Return whether it is a conversation of the person that has not been deleted."""
        known = self.workspace().catalog.conversations(LOCAL_OWNER, DEFAULT_SPACE)
        return any(each["id"] == conversation for each in known)

    def rename_conversation(self, conversation: str, title: str) -> None:
        """Give a conversation another title; an empty one is an error."""
        title = " ".join(title.split())
        if not title:
            raise InputError("A conversation needs a title.", hint="Type at least one letter.")
        self.workspace().catalog.rename_conversation(conversation, title[:200])

    def delete_conversation(self, conversation: str) -> None:
        """Remove a conversation from the list; what still waits to be asked in it is not asked any more."""
        # Asked after the deletion, it would open the conversation again.
        self._askings.drop_waiting(conversation)
        self.workspace().catalog.delete_conversation(conversation)
        self._askings.forget(conversation)

    def source(self, receipt: str, kind: str, n: int) -> Json:
        """Return what the source panel shows of a citation or of a nearest passage.

        Raises:
            NotFound: The answer, the citation or the document is gone.
        """
        found = locate(self.workspace().catalog.answer(receipt), kind, n)
        try:
            shown = self._view(found.known, found.span, found.span)
        except NotFound as exc:
            message = "Its document has been removed since, and its words went with it."
            raise NotFound(message, hint="Ask again to search the documents of today.") from exc
        return shown | {"kind": kind, "n": n, "numbers": list(found.numbers), "why": found.why}

    def _view(self, known: Mapping[str, Any], span: present.Span, mark: present.Span) -> Json:
        document = self.text(str(known["document"]), str(known["version"]))
        page = present.page_at(document, mark[0])
        return {
            "document": document.id,
            "version": document.version,
            "title": document.title,
            "name": document.name,
            "headings": present.headings_at(document, mark[0]),
            "page": page,
            "blocks": present.surroundings(document, span, mark),
            "media_type": document.media_type,
            "superseded": self._live_version(document.id) != document.version,
            "picture": page is not None and document.media_type == "application/pdf",
            "mark": list(mark),
        }

    def page_words(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Return how the pages of the documents that an answer cites are called, of those that are no pages."""
        return page_words(record, self._media_type)

    def cited_now(self, records: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
        """Return what there is to say today of the documents that stored answers show, by receipt."""
        live = cache(self._live)
        return {str(record["receipt"]): as_of_now(record, live) for record in records}

    def masking(self) -> Masking:
        """Return what is masked in what is copied for a customer, as the policy says."""
        try:
            return self.workspace().policy.masking
        except SettingsError:
            # A policy that cannot be read asks for all that can be masked; asking a question says what is wrong.
            return Masking(copies=MASKED)

    # --- library --------------------------------------------------------------------------------

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Return the live documents, by title."""
        return self.workspace().catalog.documents(DEFAULT_SPACE)

    def text(self, document_id: str, version: str) -> Document:
        """Return one version of a document whole."""
        return self._texts.all([(document_id, version)], lambda _: [self._read_document(document_id, version)])[0]

    def document(self, document_id: str) -> Json:
        """Return what the document page shows: the live version, its history and its parse report."""
        catalog = self.workspace().catalog
        return {
            "info": asdict(catalog.document(document_id)),
            "standing": self.standing(document_id),
            "versions": [asdict(version) for version in catalog.versions(document_id)],
        }

    def reading(self, document_id: str, version: str, part: int | None, mark: present.Span = (0, 0)) -> Json:
        """Return one screen of a document as the system reads it, with what is asked for marked."""
        catalog = self.workspace().catalog
        live = catalog.document_chunks(document_id, catalog.active_index() or "")
        chunks = [chunk for chunk in live if chunk.version == version]
        return present.reading(self.text(document_id, version), chunks, part, mark)

    def page_picture(self, document_id: str, version: str, page: int, mark: present.Span) -> Json:
        """Return a page of a PDF as a PNG in base64, with the marked lines in per cent of its size."""
        document, content = self.original(document_id, version)
        quote = document.text[mark[0] : mark[1]]
        picture = render_page(content, page, quote, sandbox=self._drawing, name=document.name)
        return present.picture(picture.png, (picture.width, picture.height), picture.boxes)

    def original(self, document_id: str, version: str) -> tuple[Document, bytes]:
        """Return a version and the bytes of the file that it was read from, as the catalog knows it now.

        The same words may have come in another file since.
        """
        document = self._read_document(document_id, version)
        with self.workspace().originals.open(document.file_sha256) as content:
            return document, content

    def decide(self, document_id: str, choice: FlagChoice, *, seen: str) -> None:
        """Release the flagged passages of a document, or keep them out; where that is so already, do nothing.

        Raises:
            InputError: The `app.flagged.seal` of what the person saw is that of the document no longer.
        """
        info = self.workspace().catalog.document(document_id)
        if is_decided(info.report, choice):
            return
        if seal(info.version, info.report) != seen:
            message = f"Nothing was decided: {info.title!r} has changed since it was shown, or somebody else decided."
            raise InputError(message, hint="Look at it as it is now.")
        decide(document_id, choice, self.workspace(), principal=LOCAL_OWNER)
        self._forget_texts()

    def remove(self, document_id: str) -> Json:
        """Remove a document with all versions; return the check of what is left of it."""
        try:
            check = remove(document_id, self.workspace(), principal=LOCAL_OWNER)
        finally:
            self._forget_texts()
        return asdict(check) | {"left": dict(check.left)}

    def _forget_texts(self) -> None:
        """Drop every copy of a document's words that this process keeps."""
        self._forget_versions()
        self._askings.forget_ended()
        self.runs.forget()

    def _forget_versions(self) -> None:
        """Read documents from the catalog again: a version may have other flags than before, or another file."""
        self._texts.clear()
        self.samples.forget()

    def upload(self, files: Sequence[tuple[str, BinaryIO]], *, session: str = "") -> None:
        """Save uploaded files of a session below the home directory and queue their ingest.

        Raises:
            RagError: They cannot be saved, or the home directory cannot be used.
        """
        self.intake.add(*stage(files, self.workspace().home.uploads), owner=session)

    def uploads(self, session: str) -> list[Json]:
        """Return what a session sees of the uploads of all, see `app.uploads.shown`."""
        return uploads.shown(self.intake.batches(), self._live, session=session)

    def dismiss(self, batch_id: str, session: str) -> None:
        """Forget an upload that has ended, where it is of the session."""
        if any(batch.id == batch_id and batch.owner == session for batch in self.intake.batches()):
            self.intake.dismiss(batch_id)

    def _ingest(self, files: Sequence[SourceFile], report: Callable[[IngestProgress], None]) -> IngestSummary:
        try:
            return ingest(files, self.workspace(), space=DEFAULT_SPACE, principal=LOCAL_OWNER, on_progress=report)
        finally:
            # Questions that have ended stay: a failed one waits to be asked again.
            self._forget_versions()
            with suppress(RagError):
                self.sample_questions()

    def sample_questions(self) -> list[str]:
        """Return a few questions made from the documents' own titles and headings, each tried and answered well.

        They are tried in the background after every change of the library: `trying_samples` says whether more may come.
        """
        documents = self.documents()
        step = -(-len(documents) // _SAMPLED) or 1
        versions = tuple((info.id, info.version) for info in documents[::step])
        return self.samples.of((self.workspace().index, versions), lambda: self._made_samples(versions))

    def trying_samples(self) -> bool:
        """Return whether sample questions are still being tried."""
        return self.samples.trying()

    def _made_samples(self, versions: tuple[tuple[str, str], ...]) -> list[str]:
        texts = [self._read_document(*version) for version in versions]
        headed = present.sample_questions(texts, N_TRIED)
        half = (len(headed) + 1) // 2
        return mixed(headed[:half], sample_codes(texts), headed[half:])

    def _preview(self, text: str) -> Answer:
        return preview(Question(text, DEFAULT_SPACE), self.workspace(), principal=LOCAL_OWNER)

    def _read_media_type(self, document_id: str, version: str) -> str:
        return self.workspace().catalog.media_type(document_id, version)

    def _live(self, document_id: str) -> DocumentInfo | None:
        with suppress(NotFound):
            return self.workspace().catalog.document(document_id)
        return None

    def _live_version(self, document_id: str) -> str | None:
        live = self._live(document_id)
        return live.version if live else None

    def _read_document(self, document_id: str, version: str) -> Document:
        return self.workspace().catalog.text(document_id, version)


class _Holder:
    service: Service | None = None
    lock = threading.Lock()


def install(settings: Settings) -> Service:
    """Make the service of this process, closing the one before."""
    with _Holder.lock:
        if _Holder.service is not None:
            _Holder.service.close()
        _Holder.service = Service(settings)
        return _Holder.service


def current() -> Service:
    """Return the service of this process, made from the default settings where none was installed."""
    with _Holder.lock:
        if _Holder.service is None:
            _Holder.service = Service(load_settings())
        return _Holder.service
