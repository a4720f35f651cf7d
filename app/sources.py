"""Find in a stored answer what a click on a citation or on a nearest passage points at; pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app import present
from app.present import Json, Span
from rag.errors import NotFound


class Located(NamedTuple):
    """A place in a document version, and how it came into the answer.

    Args:
        known: Document, version and title.
        span: The cited sentence, or the whole passage.
        numbers: Numbers of all of its kind in the answer, to step through.
        why: Rank, searches and path that found it; ``None`` where no passage of the answer holds it.
    """

    known: Mapping[str, Any]
    span: Span
    numbers: tuple[int, ...]
    why: Json | None


def locate(record: Mapping[str, Any], kind: str, n: int) -> Located:
    """Return where a citation or a nearest passage of an answer stands.

    Raises:
        NotFound: The answer has no such citation or passage.
    """
    if kind == "citation":
        cited = present.citations(record)
        citation = _at(cited, n, f"The answer has no source {n}.")
        span = (int(citation["start"]), int(citation["end"]))
        return Located(citation, span, _numbers(record, n, tuple(cited)), present.origin_of(record, citation))
    passages = dict(enumerate(record["passages"], start=1))
    passage = _at(passages, n, f"The answer has no passage {n}.")
    version, start, end = present.chunk_span(str(passage["chunk"]))
    why = {"rank": n, "origin": list(passage["origin"]), "path": list(passage["path"])}
    known = {"document": passage["document"], "version": version, "title": passage["title"]}
    return Located(known, (start, end), tuple(passages), why)


def _numbers(record: Mapping[str, Any], n: int, every: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sources to step through: those of what is shown, unless one of another answer is open."""
    said = (*record.get("statements", ()), *record.get("sides", ()))
    shown = {int(citation["n"]) for spoken in said for citation in spoken["citations"]}
    return tuple(each for each in every if each in shown) if n in shown else every


def _at(entries: Mapping[int, Any], n: int, problem: str) -> Mapping[str, Any]:
    if n not in entries:
        raise NotFound(problem, hint="Open another one, or ask again.")
    found: Mapping[str, Any] = entries[n]
    return found
