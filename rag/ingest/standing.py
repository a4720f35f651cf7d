"""Read off a document whether it is in force: its metadata, its title and name, and what its first lines say of it.

Precision comes first: "effective" and "archived" are everyday words, so that a sentence counts only where it begins
with them or speaks of the document itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Protocol, get_args

from rag.dates import days_of
from rag.errors import InputError
from rag.ingest.editions import read_edition
from rag.protocols import Catalog
from rag.sentences import sentence_spans
from rag.types import NO_STANDING, Document, Learnt, Standing, Status
from rag.validity import day_of, said_by_edition, said_by_name, said_by_sentence, said_by_title, status_of

# How far the first lines and the last ones go, in characters.
_HEAD, _TAIL = 1500, 500
_BATCH = 100
_LONGEST_SENTENCE = 400

_FROM_KEYS = ("effective", "effective_from", "effective_date", "valid_from", "in_force_since", "applies_from")
_TO_KEYS = ("effective_to", "effective_until", "valid_to", "valid_until", "expires", "expiry", "expiration_date")
_SUCCESSOR_KEYS = ("superseded_by", "replaced_by", "obsoleted_by", "successor")
_PREDECESSOR_KEYS = ("supersedes", "replaces", "obsoletes")


def read_standing(document: Document) -> Standing:
    """Return the standing of a document, as far as it says so itself.

    Metadata goes before text, and the text that a reader sees first before the rest.
    """
    metadata = {re.sub(r"[\s-]+", "_", key.casefold()): value for key, value in document.metadata}
    edition = read_edition(document, metadata)
    found: dict[str, tuple[str, Learnt]] = {}
    for name, value in _from_metadata(metadata):
        found.setdefault(name, (value, "metadata"))
    for name, value in (*_from_title(document), *_from_text(document)):
        found.setdefault(name, (value, "text"))
    if "status" not in found and "effective_from" in found:
        found["status"] = ("in force", found["effective_from"][1])
    values = {name: value for name, (value, _) in found.items()}
    # A sentence that was read wrongly must not put the end before the beginning.
    if values.get("effective_to", "9") < values.get("effective_from", ""):
        del found["effective_to"], values["effective_to"]
    known = bool(values) and not edition.reports
    # "Edition of 1 September 2026" is called by its first day, where nothing else tells it from that of before.
    name = edition.name or (values.get("effective_from", "") if edition.governs else "")
    return Standing(
        status=status_of(values.get("status", "")) or "unknown",
        effective_from=values.get("effective_from"),
        effective_to=values.get("effective_to"),
        successor=values.get("successor", ""),
        predecessor=values.get("predecessor", ""),
        family=edition.family if edition.certain or known else "",
        edition=name if edition.certain or known else "",
        reports=edition.reports,
        learnt=tuple(sorted((name, how) for name, (_, how) in found.items())),
    )


def checked(changes: Mapping[str, str | None], read: Standing = NO_STANDING) -> dict[str, str | None]:
    """Return what a person says of a document, after a check that it can be meant.

    Args:
        changes: What is said.
        read: What was read of it, which holds where nothing is said.

    Raises:
        InputError: A status is none, a day is none, or the last day comes before the first.
    """
    said = {name: value.strip() if value else value for name, value in changes.items()}
    if "status" in said and said["status"] not in get_args(Status):
        known = ", ".join(get_args(Status))
        raise InputError(f"{said['status']!r} is no status of a document.", hint=f"It is one of: {known}.")
    for name in ("effective_from", "effective_to"):
        if written := said.get(name):
            days = days_of(written)
            if days is None:
                raise InputError(f"{written!r} is no day.", hint="Write it as 2026-05-01.")
            said[name] = days[name == "effective_to"]
    first = said.get("effective_from", read.effective_from)
    last = said.get("effective_to", read.effective_to)
    if first and last and last < first and {"effective_from", "effective_to"} & said.keys():
        both = {"effective_from", "effective_to"} <= said.keys()
        hint = "Exchange them." if both else "The other one was read of the document: say it as well, or none."
        raise InputError(f"The last day, {last}, comes before the first, {first}.", hint=hint)
    return {**said, **({"successor": said["successor"] or ""} if "successor" in said else {})}


class Unread(Protocol):
    """Where documents wait whose standing was never read."""

    def unread(self) -> tuple[tuple[str, str], ...]:
        """Return (document, version) of each."""

    def add(self, read: Sequence[Document]) -> None:
        """Store what was read of some."""


def adopt(catalog: Catalog, standings: Unread) -> None:
    """Read the standing of documents that came before standings were kept; a home directory needs this once."""
    waiting = standings.unread()
    for start in range(0, len(waiting), _BATCH):
        some = (catalog.text(*version) for version in waiting[start : start + _BATCH])
        standings.add([replace(document, standing=read_standing(document)) for document in some])


def _from_metadata(metadata: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if metadata.get("draft", "").casefold() in {"true", "yes"}:
        yield "status", "draft"
    if status := status_of(metadata.get("status", "")):
        yield "status", status
    yield from (("effective_from", day) for key in _FROM_KEYS if (day := day_of(metadata.get(key, ""), last=False)))
    yield from (("effective_to", day) for key in _TO_KEYS if (day := day_of(metadata.get(key, ""), last=True)))
    yield from (("successor", metadata[key]) for key in _SUCCESSOR_KEYS if metadata.get(key))
    yield from (("predecessor", metadata[key]) for key in _PREDECESSOR_KEYS if metadata.get(key))


def _from_title(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what title and file name say: "(superseded)", "- DRAFT", "policy-draft"."""
    yield from said_by_title(document.title)
    yield from said_by_name(PurePosixPath(document.name).stem)


def _from_text(document: Document) -> Iterator[tuple[str, str]]:
    for sentence, first in _sentences(document):
        yield from said_by_sentence(sentence, first=first)
    yield from said_by_edition(document.title)


def _sentences(document: Document) -> Iterator[tuple[str, bool]]:
    """Yield the sentences of the first lines, then of the last ones, and whether they are of the first.

    Code and tables say nothing of the document, and neither do the sheets and slides behind the first.
    """
    ends = max(len(document.text) - _TAIL, _HEAD)
    paged = document.media_type.endswith(("sheet", "presentation"))
    for block in document.blocks:
        near = block.start < _HEAD or block.start >= ends
        if near and block.kind not in {"code", "table_row", "table_header"} and not (paged and (block.page or 1) > 1):
            text = document.text[block.start : min(block.end, block.start + _HEAD)]
            spans = sentence_spans(text)
            yield from ((text[s.start : s.end][:_LONGEST_SENTENCE], block.start < _HEAD) for s in spans)
