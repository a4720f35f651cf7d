"""Questions for an empty conversation, made from the documents and shown only once they have been answered well."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, islice, zip_longest

from rag import lexis
from rag.ask.texts.rows import cell_texts
from rag.errors import RagError
from rag.safety.documents import held_at, held_spans
from rag.types import Answer, Document

_LOG = logging.getLogger(__name__)
N_TRIED = 20
"""So many questions are tried at most: each costs what a question costs."""
_PAUSE_S = 0.2
# "What does HX-2104 mean?"
_CODE_WORDS = 4


class Samples:
    """The sample questions of the documents as they are, tried in a thread, once for each state of the library.

    Nothing that is tried is stored, and a person's question goes first.

    Args:
        ask: Answers a question, without a receipt.
        busy: Whether a person waits for an answer.
        limit: Most questions that are shown.
    """

    def __init__(self, ask: Callable[[str], Answer], busy: Callable[[], bool], *, limit: int) -> None:
        self._ask, self._busy, self._limit = ask, busy, limit
        self._lock = threading.Lock()
        self._key: Hashable = None
        # Stands for one trial: what an earlier one of the same library still finds counts no longer.
        self._trial = object()
        self._good: list[str] = []
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def of(self, key: Hashable, made: Callable[[], Sequence[str]]) -> list[str]:
        """Return the questions that were answered well so far; the first call with a key begins to try them.

        Args:
            key: Of the state of the library; with another one all are tried anew.
            made: Makes the questions.
        """
        with self._lock:
            if key != self._key and not self._closed.is_set():
                self._key, self._trial, self._good = key, object(), []
                self._thread = threading.Thread(target=self._try, args=(self._trial, made), name="samples", daemon=True)
                self._thread.start()
            return list(self._good)

    def trying(self) -> bool:
        """Return whether some are still to be tried."""
        with self._lock:
            return self._thread is not None and self._thread.is_alive()

    def wait(self, timeout_s: float) -> None:
        """Wait until all are tried."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def forget(self) -> None:
        """Drop all, with the words of documents in them."""
        with self._lock:
            self._key, self._trial, self._good = None, object(), []

    def close(self, timeout_s: float = 10.0) -> None:
        """Stop trying."""
        self._closed.set()
        self.forget()
        self.wait(timeout_s)

    def _try(self, trial: object, made: Callable[[], Sequence[str]]) -> None:
        try:
            for question in islice(made(), N_TRIED):
                while self._busy() and not self._closed.wait(_PAUSE_S):
                    pass
                if not self._wanted(trial):
                    return
                if answers_well(question, self._ask(question)):
                    self._add(trial, question)
        except RagError as exc:
            # A removal beside it, or a model that fails: there are fewer to show.
            _LOG.info("sample questions could not be tried: %s", exc)

    def _wanted(self, trial: object) -> bool:
        with self._lock:
            return trial is self._trial and len(self._good) < self._limit and not self._closed.is_set()

    def _add(self, trial: object, question: str) -> None:
        with self._lock:
            if trial is self._trial:
                self._good.append(question)


def sample_codes(documents: Iterable[Document]) -> list[str]:
    """Return questions for what codes mean, one of each document with a table whose first row begins with one."""
    return [f"What does {code} mean?" for code in map(_first_code, documents) if code]


def _first_code(document: Document) -> str:
    held = held_spans(document)
    rows = (b for b in document.blocks if b.kind == "table_row" and held_at(held, b.start) is None)
    first = next(rows, None)
    cells = cell_texts(document.text[first.start : first.end]) if first else []
    codes = lexis.codes(cells[0]) if cells else ()
    return codes[0] if codes and codes[0] == cells[0].strip() and codes[0].isupper() else ""


def mixed(*kinds: Sequence[str]) -> list[str]:
    """Return questions of several kinds in turn."""
    turns = chain.from_iterable(zip_longest(*kinds))
    return list(dict.fromkeys(question for question in turns if question is not None))


def answers_well(question: str, answer: Answer) -> bool:
    """Tell whether an answer shows what Footnote does.

    It is sure and whole, and all of it stands below the heading that is asked about, or names the code.
    """
    verdict, asked, codes = answer.verdict, lexis.squeezed(question), lexis.codes(question)
    if verdict.outcome != "answered" or verdict.confidence.level != "high":
        return False
    if codes and len(asked.split()) == _CODE_WORDS:
        return all(lexis.holds(statement.text, code) for statement in verdict.statements for code in codes)
    cited = [citation for statement in verdict.statements for citation in statement.citations]
    return all(any(_asks_of(asked, heading) for heading in citation.headings[1:]) for citation in cited)


def _asks_of(asked: str, heading: str) -> bool:
    named = lexis.squeezed(lexis.unnumbered(heading))
    return bool(named) and named in asked
