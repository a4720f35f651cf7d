"""Labelled sets in the BEIR layout of `rag.questions.layout`: documents, questions, and what answers them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from rag.errors import InputError
from rag.evaluation.squad import normalized
from rag.ingest.find import find_files, source_of
from rag.ingest.load import hash_file
from rag.questions.layout import CORPUS, DOCUMENTS, QRELS, QUERIES
from rag.types import SourceFile

# Between a file and what lies inside it, as in `rag.types.SourceFile.source`.
MEMBER = "!/"

_LAYOUT = f"A set holds {CORPUS} or {DOCUMENTS}/, {QUERIES} and {QRELS}."


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A line of ``corpus.jsonl``."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """A question with what is known about its answer.

    Args:
        id: Its id in the set.
        text: The words.
        relevant: Grade above 0 of each relevant document; empty where none is labelled.
        type: Kind of question, from ``metadata.type``; empty where it is not given.
        metadata: Everything else that the set says about it.
    """

    id: str
    text: str
    relevant: Mapping[str, int]
    type: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """What the question is about, so that a set can be halved: ``metadata.passage``, its documents, or itself."""
        return str(self.metadata.get("passage") or " ".join(sorted(self.relevant)) or self.id)

    @property
    def has_words(self) -> bool:
        """Whether words of its answer are known: accepted answers, or the items of a list."""
        return bool(self.metadata.get("answers") or self.metadata.get("items"))

    @property
    def is_labelled(self) -> bool:
        """Whether anything is known of its answer: a document, the words, or that there is none."""
        return bool(self.relevant) or self.has_words or self.metadata.get("answerable") is False

    @property
    def hops(self) -> int | None:
        """How many documents must be joined: ``metadata.hops`` as a number, as ``2hop``, or as a list of the hops."""
        given = self.metadata.get("hops")
        if isinstance(given, list):
            return len(given) or None
        number = re.match(r"\d+", str(given)) if isinstance(given, str | int) else None
        return int(number[0]) if number else None


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A labelled set; one of ``corpus`` and ``files`` is empty.

    Args:
        name: Name of its folder.
        sha256: Hash of all documents, hexadecimal; the labels do not count.
        corpus: Documents as lines.
        files: Documents as files, by their id.
        queries: All questions in the order of the file.
    """

    name: str
    sha256: str
    corpus: tuple[CorpusDocument, ...]
    files: Mapping[str, SourceFile]
    queries: tuple[LabelledQuery, ...]

    @property
    def n_documents(self) -> int:
        """Number of documents."""
        return len(self.corpus) or len(self.files)

    @property
    def labelled(self) -> tuple[LabelledQuery, ...]:
        """The questions that count for retrieval: those with a relevant document."""
        return tuple(query for query in self.queries if query.relevant)


def read_dataset(path: Path) -> LabelledSet:
    """Return the labelled set in a folder.

    Raises:
        InputError: A part is missing; a line is malformed, repeats an id, or names a question or a document
            that is not there; nothing is labelled. The message names file and line.
    """
    try:
        folder = path.expanduser().absolute()
    except RuntimeError as exc:
        raise InputError(f"There is no folder {str(path)!r}: nobody has that name.", hint=_LAYOUT) from exc
    if not folder.is_dir():
        raise InputError(f"There is no folder {str(path)!r}.", hint=_LAYOUT)
    corpus, files, sha256 = _documents(folder)
    questions = list(_questions(folder / QUERIES))
    ids = {document.id for document in corpus} or set(files)
    relevant = _judgements(folder / QRELS, {query.id for query in questions}, ids)
    queries = tuple(
        LabelledQuery(query.id, query.text, relevant.get(query.id, {}), query.type, query.metadata)
        for query in questions
    )
    if not any(query.relevant for query in queries):
        raise InputError(f"{str(folder / QRELS)!r} holds no relevant document.", hint="Label one with a grade above 0.")
    return LabelledSet(folder.name, sha256, corpus, files, queries)


def _documents(folder: Path) -> tuple[tuple[CorpusDocument, ...], dict[str, SourceFile], str]:
    corpus, documents = folder / CORPUS, folder / DOCUMENTS
    if corpus.is_file() and documents.is_dir():
        raise InputError(f"{str(folder)!r} holds both {CORPUS} and {DOCUMENTS}/.", hint="Keep one of them.")
    if corpus.is_file():
        lines = tuple(_corpus(corpus))
        if not lines:
            raise InputError(f"{str(corpus)!r} holds no document.", hint=_LAYOUT)
        return lines, {}, hash_file(corpus)
    if not documents.is_dir():
        raise InputError(f"{str(folder)!r} holds neither {CORPUS} nor {DOCUMENTS}/.", hint=_LAYOUT)
    # By source, not by path: a name that is no UTF-8 must be printed, saved and counted like any other.
    root = source_of(documents)
    files = {PurePath(file.source).relative_to(root).as_posix(): file for file in find_files([documents])}
    if not files:
        raise InputError(f"{str(documents)!r} holds no file.", hint=_LAYOUT)
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(f"{name}\n{hash_file(file.path)}\n".encode())
    return (), files, digest.hexdigest()


def _corpus(path: Path) -> Iterator[CorpusDocument]:
    seen: set[str] = set()
    for place, line in _json_lines(path):
        name = _id(line, place, seen)
        yield CorpusDocument(name, _text(line, "title", place, required=False), _text(line, "text", place))


def _questions(path: Path) -> Iterator[LabelledQuery]:
    seen: set[str] = set()
    for place, line in _json_lines(path):
        name = _id(line, place, seen)
        text = _text(line, "text", place)
        if not text.strip():
            raise InputError(f"{place}: the question {name!r} is empty.", hint="Write it or drop the line.")
        metadata = line.get("metadata") or {}
        if not isinstance(metadata, dict):
            raise InputError(f"{place}: 'metadata' is {_kind(metadata)}, not an object.", hint="Write it as {...}.")
        # What is null is not given: whoever asks for it with a default gets the default.
        metadata = {key: value for key, value in metadata.items() if value is not None}
        _check_metadata(metadata, place)
        yield LabelledQuery(name, text, {}, str(metadata.get("type") or ""), metadata)


def _check_metadata(metadata: dict[str, Any], place: str) -> None:
    answers, answerable = metadata.get("answers"), metadata.get("answerable")
    if answers is not None and not (isinstance(answers, list) and all(isinstance(text, str) for text in answers)):
        raise InputError(f"{place}: 'answers' is no list of texts.", hint='Write it as ["30 months"].')
    items = metadata.get("items")
    if items is not None and not (isinstance(items, list) and all(_is_item(each) for each in items)):
        raise InputError(
            f"{place}: 'items' is no list of lists of texts with words.",
            hint='Write it as [["30 months", "2.5 years"], ["free repair"]], for each item what is accepted.',
        )
    if answerable is not None and not isinstance(answerable, bool):
        raise InputError(f"{place}: 'answerable' is {_kind(answerable)}.", hint="Write true or false.")
    history, as_of = metadata.get("history"), metadata.get("as_of")
    if history is not None and not (isinstance(history, list) and all(isinstance(text, str) for text in history)):
        raise InputError(f"{place}: 'history' is no list of texts.", hint='Write it as ["Which plans are there?"].')
    if as_of and not _is_day(as_of):
        raise InputError(f"{place}: 'as_of' is {as_of!r}, not a day.", hint="Write it as 2026-05-01.")
    if answerable is False and (answers or items):
        raise InputError(f"{place}: the question has answers, but is not answerable.", hint="Drop one of the two.")


def _is_item(given: object) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(text, str) and normalized(text) for text in given)


def _is_day(given: object) -> bool:
    try:
        return isinstance(given, str) and date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False


def _judgements(path: Path, queries: set[str], documents: set[str]) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, line in lines_of(path):
        place = f"{str(path)!r}, line {number}"
        fields = line.split("\t")
        if number == 1 and fields[-1].strip().casefold() == "score":
            continue
        query, document, grade = _judgement(fields, place)
        if query not in queries:
            raise InputError(f"{place}: there is no question {query!r} in {QUERIES}.", hint="Mend the id.")
        if document not in documents and document.partition(MEMBER)[0] not in documents:
            raise InputError(f"{place}: there is no document {document!r} in the set.", hint="Mend the id.")
        if seen.setdefault((query, document), grade) != grade:
            raise InputError(f"{place}: {document!r} has two grades for {query!r}.", hint="Keep one of the lines.")
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    return relevant


def _judgement(fields: list[str], place: str) -> tuple[str, str, int]:
    if len(fields) != 3:
        raise InputError(
            f"{place}: {len(fields)} columns, not 3.", hint="Write query id, document id and grade, with tabs between."
        )
    query, document, grade = (part.strip() for part in fields)
    try:
        return query, document, int(grade)
    except ValueError as exc:
        raise InputError(f"{place}: the grade is {grade!r}, not a whole number.", hint="Write 1 or 0.") from exc


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place of each line, in words, and its object."""
    for number, line in lines_of(path):
        place = f"{str(path)!r}, line {number}"
        try:
            parsed = json.loads(line)
            # Only an escape can be half of a character: lines are UTF-8.
            parsed = _whole(parsed) if "\\u" in line else parsed
        except (ValueError, RecursionError) as exc:
            raise InputError(f"{place}: no JSON: {exc}.", hint="Write one JSON object a line.") from exc
        if not isinstance(parsed, dict):
            raise InputError(f"{place}: {_kind(parsed)}, not an object.", hint="Write one JSON object a line.")
        yield place, parsed


def _whole(parsed: object) -> object:
    """Return JSON with U+FFFD for halves of characters, which other programs cut off and nothing can store."""
    written = json.dumps(parsed, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return parsed


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, with their numbers from 1.

    Raises:
        InputError: There is no such file, or it is not UTF-8.
    """
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.", hint=_LAYOUT)
    try:
        with path.open(encoding="utf-8-sig") as stream:
            yield from ((number, line) for number, line in enumerate(stream, 1) if line.strip())
    except UnicodeDecodeError as exc:
        raise InputError(f"{str(path)!r} is not UTF-8: {exc.reason}.", hint="Save it as UTF-8.") from exc


def _id(line: dict[str, Any], place: str, seen: set[str]) -> str:
    given = line.get("_id")
    name = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if not name.strip():
        raise InputError(f"{place}: '_id' is {_kind(given)}, not a name.", hint="Give each line its own '_id'.")
    if name in seen:
        raise InputError(f"{place}: the id {name!r} stands in an earlier line.", hint="Give each line its own '_id'.")
    seen.add(name)
    return name


def _text(line: dict[str, Any], key: str, place: str, *, required: bool = True) -> str:
    text = line.get(key)
    if text is None and not required:
        return ""
    if not isinstance(text, str):
        raise InputError(f"{place}: {key!r} is {_kind(text)}, not text.", hint=f"Write {key!r} as a string.")
    return text


def _kind(found: object) -> str:
    if found is None:
        return "missing"
    if found == "":
        return "empty"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return names.get(type(found), type(found).__name__)
