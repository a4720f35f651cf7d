"""Read questions with their passages from the forms in which they are published."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.sentences import Span
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet

_HEADING = re.compile(r"^(#{1,4})\s+(.+?)\s*#*$")
# A heading that asks for something, and a section that is more than a pointer and less than a page.
_LEAST_HEADING_WORDS, _LEAST_SECTION, _MOST_SECTION = 2, 200, 1200
_LONGEST_PASSAGE = 6000
_COLUMNS = frozenset({"instruction", "category", "intent", "response"})


def squad(path: Path) -> QuestionSet:
    """Return the questions of a file in SQuAD's layout, plain or gzipped; unanswerable ones are left out.

    Raises:
        InputError: The file cannot be read, or is not in that layout.
    """
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    try:
        for article in _json(path)["data"]:
            title = str(article["title"]).replace("_", " ")
            for paragraph in article["paragraphs"]:
                paragraphs.append(Paragraph(title, title, paragraph["context"]))
                answerable = [question for question in paragraph["qas"] if question["answers"]]
                place = len(paragraphs) - 1
                asked.extend(_squad_question(question, paragraph["context"], place) for question in answerable)
    except (KeyError, TypeError) as exc:
        raise InputError(
            f"The file {path.name!r} is not in SQuAD's layout: paragraph {len(paragraphs) + 1} lacks {exc}.",
            hint="Give a file in SQuAD's layout.",
        ) from exc
    return QuestionSet("squad1-train", "CC BY-SA 4.0", tuple(paragraphs), tuple(asked))


def _squad_question(question: dict[str, Any], text: str, paragraph: int) -> Asked:
    answers = tuple(dict.fromkeys(str(answer["text"]) for answer in question["answers"]))
    start = int(question["answers"][0]["answer_start"])
    span = Span(start, start + len(answers[0]))
    return Asked(
        question["question"].strip(),
        paragraph,
        answers,
        span if text[span.start : span.end] == answers[0] else found(answers[0], text),
    )


def passages(path: Path) -> QuestionSet:
    """Return questions with their passages from JSON lines of ``question, title, passage, answers, origin``.

    An answer that does not stand in its passage to the letter ("yes") leaves the question with the whole passage.

    Raises:
        InputError: The file cannot be read, or a line lacks a field.
    """
    places: dict[Paragraph, int] = {}
    asked: list[Asked] = []
    for line in json_lines(path, question=str, title=str, passage=str, answers=list, origin=str):
        if not line.get("answerable", True) or not line["passage"].strip():
            continue
        text = line["passage"][:_LONGEST_PASSAGE]
        paragraph = Paragraph(f"{line['origin']}: {line['title']}", line["title"].replace("_", " "), text)
        place = places.setdefault(paragraph, len(places))
        answers = tuple(line["answers"])
        span = found(answers[0], text) if answers else None
        asked.append(Asked(line["question"].strip(), place, answers if span else (), span))
    return QuestionSet("qa-mix", "CC BY-SA 3.0, MIT, Apache-2.0", tuple(places), tuple(asked))


def faq(path: Path) -> QuestionSet:
    """Return frequently asked questions from JSON lines of ``question, focus, answer``: the answer is the passage.

    Raises:
        InputError: The file cannot be read, or a line lacks a field.
    """
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    for line in json_lines(path, question=str, focus=str, answer=str):
        if len(line["answer"]) >= _LEAST_SECTION:
            paragraphs.append(Paragraph(line["focus"], "", line["answer"][:_MOST_SECTION]))
            asked.append(Asked(line["question"].replace(" (are)", "").replace(" ?", "?"), len(paragraphs) - 1))
    return QuestionSet("medquad", "CC BY 4.0", tuple(paragraphs), tuple(asked))


def requests(path: Path) -> QuestionSet:
    """Return customers' requests with the agents' answers from a table with the columns of `_COLUMNS`.

    Raises:
        InputError: The file cannot be read, or lacks a column.
    """
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    with io.StringIO(_read(path), newline="") as stream:
        table = csv.DictReader(stream)
        missing = sorted(_COLUMNS - set(table.fieldnames or ()))
        if missing:
            raise InputError(
                f"The table {path.name!r} has no column {', '.join(missing)}.",
                hint="Name the columns in its first line.",
            )
        for row in table:
            paragraphs.append(Paragraph(row["category"], "", row["response"][:_MOST_SECTION]))
            asked.append(Asked(row["instruction"], len(paragraphs) - 1, family=row["intent"]))
    return QuestionSet("bitext", "CDLA-Sharing-1.0", tuple(paragraphs), tuple(asked))


def headings(folder: Path) -> QuestionSet:
    """Return the headings of Markdown documents as questions for their sections.

    Args:
        folder: With Markdown files, or archives of them.

    Raises:
        InputError: There is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {str(folder)!r}.", hint="Name a folder with Markdown or archives of it.")
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    families: dict[str, int] = {}
    for page, text in markdown(folder):
        for title, heading, section in _sections(text):
            # Versions of one document stand side by side: the first of equal sections is enough.
            if families.setdefault(section[:_LEAST_SECTION], len(paragraphs)) < len(paragraphs):
                continue
            family = f"{title} {heading}".casefold()
            paragraphs.append(Paragraph(page, title, section))
            named = heading if title.casefold() in heading.casefold() else f"{heading} {title}".strip()
            asked.append(Asked(named, len(paragraphs) - 1, family=family))
    return QuestionSet("headings", "CC BY 4.0, Apache-2.0, CC0", tuple(paragraphs), tuple(asked))


def _sections(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield title, heading and text of the sections that are worth asking for."""
    title, heading, lines = "", "", list[str]()
    for line in [*text.splitlines(), "# "]:
        match = _HEADING.match(line)
        if match is None and line != "# ":
            lines.append(line)
            continue
        section = " ".join(" ".join(lines).split())
        if heading != title and len(heading.split()) >= _LEAST_HEADING_WORDS and len(section) >= _LEAST_SECTION:
            yield title, heading, section[:_MOST_SECTION]
        lines = []
        heading = match[2].replace("`", "").replace("*", "") if match else ""
        title = heading if match and len(match[1]) == 1 else title


def markdown(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of the Markdown files of a folder and of the archives in it."""
    for path in sorted(folder.rglob("*.md")):
        yield str(path.relative_to(folder)), path.read_text(encoding="utf-8", errors="replace")
    for path in sorted(folder.glob("*.tar.gz")):
        # In the order of the archive: going back in a compressed one begins it anew.
        with tarfile.open(path) as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isfile() and member.name.endswith(".md") else None
                if stream is not None:
                    yield member.name, stream.read().decode("utf-8", "replace")


def found(answer: str | None, text: str) -> Span | None:
    """Return where an answer first stands in a text to the letter; ``None`` where it does not, or there is none."""
    start = text.find(answer) if answer else -1
    return Span(start, start + len(answer)) if answer and start >= 0 else None


def _json(path: Path) -> Any:  # noqa: ANN401 - SQuAD's layout
    try:
        return json.loads(_read(path))
    except ValueError as exc:
        raise InputError(f"The file {path.name!r} is no JSON: {exc}.", hint="Give a file in SQuAD's layout.") from exc


def json_lines(path: Path, *others: Mapping[str, type], **fields: type) -> Iterable[dict[str, Any]]:
    """Yield the objects of a file of JSON lines, plain or gzipped.

    Args:
        path: The file.
        others: What a line may hold instead, by type.
        fields: What each other line must hold, by type.

    Raises:
        InputError: The file cannot be read, or a line is no such object; it is named.
    """
    # Not `splitlines`: texts hold characters that it takes for the end of a line and JSON does not.
    for n, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except ValueError as exc:
            raise InputError(f"Line {n} of {path.name!r} is no JSON: {exc}.", hint="Write one object a line.") from exc
        if isinstance(parsed, dict) and any(all(_is(parsed, *field) for field in form.items()) for form in others):
            yield parsed
            continue
        lacking = [name for name, kind in fields.items() if not isinstance(parsed, dict) or not _is(parsed, name, kind)]
        if lacking or not isinstance(parsed, dict):
            raise InputError(
                f"Line {n} of {path.name!r} is no object with {', '.join(lacking)} as it should be.",
                hint="Write one object a line with: " + ", ".join(f"{k} ({v.__name__})" for k, v in fields.items()),
            )
        yield parsed


def _is(parsed: dict[str, Any], name: str, kind: type) -> bool:
    return isinstance(parsed.get(name), kind)


def _read(path: Path) -> str:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"The file {str(path)!r} cannot be read: {exc}.", hint="Check the path and the file.") from exc
