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

from rag.dates import dates, days_of, span_of
from rag.errors import InputError
from rag.ingest.editions import read_edition
from rag.protocols import Catalog
from rag.sentences import sentence_spans
from rag.types import Document, Learnt, Standing, Status

# How far the first lines and the last ones go, in characters.
_HEAD, _TAIL = 1500, 500
_BATCH = 100
_LONGEST_SENTENCE = 400

_WORDS: Mapping[Status, str] = {
    "draft": "draft|working draft|work in progress|wip|proposal|proposed|in review|under review|for comment",
    "superseded": "superseded|replaced|obsolete|obsoleted|deprecated|outdated|old version|previous version",
    "expired": "expired|archived?|withdrawn|retired|revoked|cancell?ed|inactive|historic(?:al)?"
    "|no longer (?:in force|in effect|effective|valid|current|applicable)",
    "in force": "in force|in effect|effective|active|current|approved|valid|final|published|released|binding",
}
_STATUS = re.compile(
    "|".join(rf"(?P<{name.replace(' ', '_')}>\b(?:{words})\b)" for name, words in _WORDS.items()), re.IGNORECASE
)
# "Not yet approved", "un-approved"; "no longer in force" is a status of its own.
_DENIED = re.compile(
    r"\b(?:not|never|un|non)(?:[\s()-]+(?:yet|been|be|currently|formally|officially|legally|fully|an?|the)\b)*[\s()-]*$",
    re.IGNORECASE,
)
_OUT: tuple[Status, ...] = ("draft", "superseded", "expired")

_FROM_KEYS = ("effective", "effective_from", "effective_date", "valid_from", "in_force_since", "applies_from")
_TO_KEYS = ("effective_to", "effective_until", "valid_to", "valid_until", "expires", "expiry", "expiration_date")
_SUCCESSOR_KEYS = ("superseded_by", "replaced_by", "obsoleted_by", "successor")
_PREDECESSOR_KEYS = ("supersedes", "replaces", "obsoletes")

_ITSELF = (
    r"(?:th(?:is|e present)\s+(?:\w+\s+){0,2}?(?:document|edition|version|policy|notice|agreement|page|guide|guideline"
    r"|handbook|manual|procedure|standard|price list|list|sheet|memo|circular|directive|specification|text|terms)"
    r"|these\s+(?:\w+\s+){0,2}?(?:terms|conditions|rules|guidelines|prices))"
)
# "Version 3.2, effective …", "Status: in force. Effective …", "*Effective …".
_OPENING = r"^(?:[\W\d_]*(?:(?:version|edition|revision|rev\.?|v)\s?[\w.]+\s*[,;:|·–-]\s*)?)"
_HAS = r"(?:has|have|had|is|are|was|were|been|will be|shall be)"
_BEGINS = (
    r"(?:effective(?:\s+date)?(?:\s+(?:as\s+)?(?:of|from|on|since))?"
    r"|(?:in\s+(?:force|effect)|valid|applicable|applies|applied)\s+(?:as\s+)?(?:since|from|of|on|starting)"
    r"|(?:takes?|took|comes?|came|enters?|entered)\s+(?:in)?to\s+(?:effect|force)(?:\s+(?:on|from|as\s+of))?"
    r"|(?:takes?|took)\s+effect(?:\s+(?:on|from|as\s+of))?|with\s+effect\s+from)\s*[:\-–]?\s*"
)
_ENDS = (
    r"(?:(?:valid|effective|in\s+(?:force|effect)|applicable|applies|applied)\b[^.;]{0,40}?\b(?:until|till|through|to)"
    r"|expire[sd]?(?:\s+on)?|expiry(?:\s+date)?|expiration(?:\s+date)?|withdrawn\s+on|retired\s+on)\s*[:\-–]?\s*"
)
_SUBJECT = rf"(?:{_OPENING}|\b{_ITSELF}\s+(?:{_HAS}\s+)*)"
_FROM = re.compile(rf"{_SUBJECT}{_BEGINS}(?=[\dA-Z])(?P<date>.{{4,24}})", re.IGNORECASE)
_TO = re.compile(rf"{_SUBJECT}{_ENDS}(?=[\dA-Z])(?P<date>.{{4,24}})", re.IGNORECASE)
_LABEL = re.compile(r"^\W*(?:document\s+)?status\W{1,4}(?P<said>.{3,40})", re.IGNORECASE)
_SAYS_STATUS = re.compile(
    rf"(?:^\W*(?P<alone>DRAFT|Draft(?=\W*$|\s*[-–—:,.]|\s+(?:version|for|of\s+\d))|SUPERSEDED|Superseded(?=\W|$)"
    r"|OBSOLETE|Obsolete(?=\W*$|\.)|ARCHIVED?|Archived?(?=\W*$|\.|\s+note|\s+on|\s+in)|EXPIRED|WITHDRAWN|Withdrawn(?=\W*$|\.))"
    rf"|\b(?i:(?:{_ITSELF}|this)\s+{_HAS}\s+(?:been\s+|now\s+|an?\s+|only\s+an?\s+|still\s+an?\s+)*(?P<itself>draft"
    r"|superseded|replaced\s+by|obsolete|outdated|(?:old|previous|outdated|archived)\s+(?:version|edition|copy)"
    r"|archived|withdrawn|expired|no\s+longer\s+(?:in\s+force|valid)))\b)"
)
_SUCCEEDED = re.compile(
    rf"(?:^\W*|\b{_ITSELF}\s+(?:{_HAS}\s+)+)(?:superseded|replaced|obsoleted)\s+by\s+(?:the\s+)?(?P<name>[^.;\n]{{3,80}})",
    re.IGNORECASE,
)
_SAID = r"(?:draft|superseded|obsolete|archived|withdrawn|expired|outdated|old version)"
_TITLE_SAYS = re.compile(
    rf"[(\[][^)\]]*\b{_SAID}\b[^)\]]*[)\]]|(?:[,:]|\s[-–—])\s*{_SAID}$|^{_SAID}\s*[-–—:]", re.IGNORECASE
)
_NAME_SAYS = re.compile(rf"(?:^|[\s._(-]){_SAID}(?:[\s._)-]|$)", re.IGNORECASE)
_NAMED_EDITION = re.compile(r"\b(?:version|edition)\s+of\s+(?P<date>.{4,24})", re.IGNORECASE)


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
    return Standing(
        status=_status(values.get("status", "")) or "unknown",
        effective_from=values.get("effective_from"),
        effective_to=values.get("effective_to"),
        successor=values.get("successor", ""),
        predecessor=values.get("predecessor", ""),
        family=edition.family if edition.certain or known else "",
        edition=edition.name if edition.certain or known else "",
        reports=edition.reports,
        learnt=tuple(sorted((name, how) for name, (_, how) in found.items())),
    )


def checked(changes: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return what a person says of a document, after a check that it can be meant.

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
    first, last = said.get("effective_from"), said.get("effective_to")
    if first and last and last < first:
        raise InputError(f"The last day, {last}, comes before the first, {first}.", hint="Exchange them.")
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
    if status := _status(metadata.get("status", "")):
        yield "status", status
    yield from (("effective_from", day) for key in _FROM_KEYS if (day := _day(metadata.get(key, ""), last=False)))
    yield from (("effective_to", day) for key in _TO_KEYS if (day := _day(metadata.get(key, ""), last=True)))
    yield from (("successor", metadata[key]) for key in _SUCCESSOR_KEYS if metadata.get(key))
    yield from (("predecessor", metadata[key]) for key in _PREDECESSOR_KEYS if metadata.get(key))


def _from_title(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what title and file name say in brackets or at their ends: "(superseded)", "- DRAFT", "policy-draft"."""
    for match in (*_TITLE_SAYS.finditer(document.title), *_NAME_SAYS.finditer(PurePosixPath(document.name).stem)):
        yield "status", _status(match.group()) or "unknown"


def _from_text(document: Document) -> Iterator[tuple[str, str]]:
    for sentence, top in _sentences(document):
        if (match := _LABEL.search(sentence)) and (status := _status(match["said"])):
            yield "status", status
        if (match := _FROM.search(sentence)) and (day := _day_at(match["date"], last=False)):
            yield "effective_from", day
        if top and (match := _TO.search(sentence)) and (day := _day_at(match["date"], last=True)):
            yield "effective_to", day
        if match := _SUCCEEDED.search(sentence):
            yield "successor", match["name"].strip(" *_\"'”’")
            yield "status", "superseded"
        if match := _SAYS_STATUS.search(sentence):
            yield "status", _status(match["alone"] or match["itself"]) or "superseded"
    if (match := _NAMED_EDITION.search(document.title)) and (day := _day_at(match["date"], last=False)):
        yield "effective_from", day


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


def _status(said: str) -> Status | None:
    """Return the status that the first telling words name; unknown where they deny it, whatever a day says."""
    match = _STATUS.search(said)
    if match is None:
        return None
    if _DENIED.search(said, 0, match.start()):
        return "unknown"
    for name in _WORDS:
        if match.group(name.replace(" ", "_")):
            return name
    return None


def _day_at(written: str, *, last: bool) -> str | None:
    """Return the day of a date that a text begins with."""
    found = re.match(r"(?:the\s+)?(?:\d{1,4}[-.\s]|\d{4}\b|[A-Za-z]{3,9}\.?\s+\d)", written)
    return _day(written, last=last) if found else None


def _day(written: str, *, last: bool) -> str | None:
    spans = [span for day in dates(f"in {written.strip()}") if (span := span_of(day))]
    return spans[0][last] if spans else None
