"""Write the judged answers of a space as a labelled set that ``footnote eval`` reads as it is.

The documents go along as the files that they were read from, so that a measurement reads, cuts and embeds them as
the product does.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from rag.errors import InputError
from rag.protocols import Originals
from rag.questions.feedback import FeedbackParts, judged
from rag.questions.labels import LabelledQuestion, Lack, labels, standing_alone
from rag.questions.layout import DOCUMENTS, QRELS, QRELS_HEAD, QUERIES
from rag.types import LOCAL_OWNER, DocumentInfo, Principal

# Between a file and what lies inside it, as in `rag.types.SourceFile.source`.
_MEMBER = "!/"
# In bytes of UTF-8; file systems take 255.
_MAX_NAME, _MAX_SUFFIX = 200, 20

Write = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A judged answer that makes no labelled question, and what it lacks."""

    question: str
    lack: Lack


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A labelled set that can be written.

    Args:
        questions: The latest judgement first.
        left_out: Judged answers that are not among them.
        names: Id in the set of each live document of the space.
        files: Hash of each file of the set, by its path in ``documents/``.
    """

    questions: tuple[LabelledQuestion, ...]
    left_out: tuple[LeftOut, ...]
    names: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def n_found(self) -> int:
        """Number of questions that name a document, which is what retrieval is measured by."""
        return sum(1 for question in self.questions if question.documents)


def question_set(space: str, parts: FeedbackParts, *, principal: Principal = LOCAL_OWNER) -> QuestionSet:
    """Return the labelled set that the judged answers of a space make.

    Raises:
        NotFound: There is no such space.
        AccessError: The person may not change the space.
        InputError: No judged answer names a document, so that nothing could be measured.
    """
    answers = judged(space, parts, principal=principal)
    documents = parts.catalog.documents(space)
    live = {info.id for info in documents}
    questions: list[LabelledQuestion] = []
    left_out: list[LeftOut] = []
    for answer, made in zip(answers, labels(answers, live), strict=True):
        if isinstance(made, LabelledQuestion):
            questions.append(made)
        else:
            left_out.append(LeftOut(standing_alone(answer), made))
    if not any(question.documents for question in questions):
        raise InputError(
            "No judged answer names a document that is still there, so there is nothing to measure.",
            hint="Judge an answer right, or choose the passage that answers its question.",
        )
    known = names(documents)
    files = {
        known[info.id]: next(each.file_sha256 for each in parts.catalog.versions(info.id) if each.state == "live")
        for info in documents
        if _MEMBER not in known[info.id]
    }
    return QuestionSet(tuple(questions), tuple(left_out), known, files)


def write_set(made: QuestionSet, folder: Path, originals: Originals) -> None:
    """Write a set into a folder that is new or empty.

    Raises:
        InputError: There is something in it, or it cannot be written.
        NotFound: An original is missing.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"The folder {str(folder)!r} is not empty.", hint="Name a new one.")

        def write(name: str, content: bytes) -> None:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

        _write(made, originals, write)
    except OSError as exc:
        raise InputError(f"{str(folder)!r} cannot be written: {exc.strerror}.", hint="Name another folder.") from exc


@contextmanager
def zipped_set(made: QuestionSet, originals: Originals, *, name: str) -> Iterator[IO[bytes]]:
    """Give a set as a zip with one folder in it, at its beginning; the file has no name and leaves nothing behind.

    Raises:
        NotFound: An original is missing.
    """
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(made, originals, lambda inside, content: archive.writestr(f"{name}/{inside}", content))
        file.seek(0)
        yield file


def names(documents: Sequence[DocumentInfo]) -> dict[str, str]:
    """Return the id in a set of each document: the path of its file in it.

    Two files of one name lie in folders of their own. What came out of a mail that is a document itself is named
    inside it, since reading the mail again gives it again; what came out of an archive is a file of its own.
    """
    sources = {info.source for info in documents}
    taken: dict[str, str] = {}
    used: set[str] = set()
    for info in documents:
        if not _inside(info, sources):
            name = _file_name(info.name)
            taken[info.source] = f"{info.id}/{name}" if name.casefold() in used else name
            used.add(name.casefold())
    for info in documents:
        container = _inside(info, sources)
        if container:
            taken[info.source] = taken.get(container, container) + info.source[len(container) :]
    return {info.id: taken[info.source] for info in documents}


def _inside(info: DocumentInfo, sources: set[str]) -> str:
    """Return the source of the outermost live document that holds this one; empty for none."""
    parts = info.source.split(_MEMBER)
    outer = (_MEMBER.join(parts[:n]) for n in range(1, len(parts)))
    return next((source for source in outer if source in sources), "")


def _file_name(name: str) -> str:
    """Return a name that every file system takes and no reader of folders skips."""
    plain = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name)
    plain = _stripped(re.sub(r'[\x00-\x1f\x7f<>:"|?*\t]', "_", plain))
    if len(plain.encode()) > _MAX_NAME:
        suffix = PurePosixPath(plain).suffix
        suffix = suffix if len(suffix.encode()) <= _MAX_SUFFIX else ""
        stem = plain.encode()[: _MAX_NAME - len(suffix.encode())].decode(errors="ignore")
        plain = _stripped(stem) + suffix
    return plain or "document"


def _stripped(name: str) -> str:
    """Return a name without what hides a file at its ends, and without the white space that is lost in qrels there."""
    kept = [n for n, char in enumerate(name) if not (char.isspace() or char in ".~$")]
    return name[kept[0] : kept[-1] + 1] if kept else ""


def _write(made: QuestionSet, originals: Originals, write: Write) -> None:
    write(QUERIES, "".join(_line(question) for question in made.questions).encode())
    rows = [QRELS_HEAD] + [
        (question.receipt, made.names[document], "1") for question in made.questions for document in question.documents
    ]
    write(QRELS, "".join("\t".join(row) + "\n" for row in rows).encode())
    for name, sha256 in made.files.items():
        with originals.open(sha256) as content:
            write(f"{DOCUMENTS}/{name}", content)


def _line(question: LabelledQuestion) -> str:
    metadata = {"answers": list(question.answers), "answerable": question.answerable}
    line = {"_id": question.receipt, "text": question.text, "metadata": metadata}
    return json.dumps(line, ensure_ascii=False) + "\n"
