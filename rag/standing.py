"""What the standing of one document means for another: later editions take the place of earlier ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.dates import day_beside
from rag.types import DocumentStanding, Standing

UPLOADED = "upload:"
"""Begins the source of a file that came through the browser; it is no part of its name."""

_NUMBERS = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def key_of(named: str) -> str:
    """Return how a document is called by others: its file name without folder and ending, or the words themselves."""
    last = re.split(r"[/\\]", named.strip().removeprefix(UPLOADED))[-1]
    return re.sub(r"\.[a-z]{2,5}$", "", last.casefold()).strip()


def resolve(documents: Sequence[DocumentStanding], *, on: str) -> dict[str, Standing]:
    """Return the standing of each document as the others leave it.

    A document is superseded by one that it names as its successor, by one that names it as its predecessor, and by the
    later of two editions of one text, from the first day of that on. A person's word is never changed, and who puts off
    a successor keeps what it would replace in force, whatever that says of itself. A text whose last day is over is
    expired.

    Args:
        documents: With all editions of each, as `rag.protocols.Standings` gives them.
        on: The day, ISO 8601.
    """
    near = _near(documents)
    return {each.document_id: _resolved(each, near[each.document_id], on) for each in documents}


def lines(documents: Sequence[DocumentStanding]) -> dict[str, int]:
    """Return the number of the text that each document is an edition of; those that follow each other share it."""
    near = _near(documents)
    number: dict[str, int] = {}
    for n, each in enumerate(documents):
        waiting = [each]
        while waiting:
            mine = waiting.pop()
            if mine.document_id not in number:
                number[mine.document_id] = n
                waiting += [o for o in near[mine.document_id] if _follows(o, mine) or _follows(mine, o)]
    return number


def _near(documents: Sequence[DocumentStanding]) -> dict[str, list[DocumentStanding]]:
    """Return for each document those that may follow it or be followed by it: few, also of many documents."""
    called: dict[str, list[DocumentStanding]] = defaultdict(list)
    for each in documents:
        standing = each.standing
        named = {key_of(name) for name in (standing.successor, standing.predecessor)}
        family = {f"family {standing.family}"} if standing.family and standing.edition else set()
        for name in ({each.key, each.title.casefold()} | named | family) - {""}:
            called[name].append(each)
    near: dict[str, dict[str, DocumentStanding]] = {each.document_id: {} for each in documents}
    for group in called.values():
        for each in group:
            near[each.document_id].update({other.document_id: other for other in group if other is not each})
    return {document_id: list(others.values()) for document_id, others in near.items()}


def _resolved(mine: DocumentStanding, near: Sequence[DocumentStanding], on: str) -> Standing:
    standing = mine.standing
    known = dict(standing.learnt)
    if known.get("status") == "person":
        return standing
    later = [other for other in near if _follows(other, mine)]
    begun = [other for other in later if other.standing.status != "draft"]
    starts = sorted(day for other in begun if (day := _begins(other)))
    if (
        (later or any(_follows(mine, other) for other in near))
        and not standing.effective_from
        and (day := _begins(mine))
    ):
        standing = _with(standing, "effective_from", day)
    if starts and standing.effective_to is None and known.get("effective_to") != "person":
        standing = _with(standing, "effective_to", day_beside(starts[0], -1))
    if standing.status == "superseded" and later and all(_is_put_off(other, on) for other in later):
        standing = _with(standing, "status", "in force")
    takes_over = [other for other in begun if _begins(other) <= on]
    if takes_over and standing.status in {"in force", "unknown"}:
        standing = _with(standing, "status", "superseded")
    if later and not standing.successor:
        standing = replace(standing, successor=min(later, key=_order).title)
    if standing.status in {"in force", "unknown"} and (standing.effective_to or on) < on:
        standing = replace(standing, status="expired")
    return standing


def _is_put_off(document: DocumentStanding, on: str) -> bool:
    """Tell whether a person said that a document is a draft, or begins later than a day: what it replaces holds on."""
    said = {name for name, by in document.standing.learnt if by == "person"}
    begins_later = "effective_from" in said and (document.standing.effective_from or "") > on
    return begins_later or ("status" in said and document.standing.status == "draft")


def _follows(other: DocumentStanding, mine: DocumentStanding) -> bool:
    """Tell whether another document takes the place of mine."""
    if names(mine.standing.successor, other) or names(other.standing.predecessor, mine):
        return True
    ours, theirs = mine.standing, other.standing
    same_text = bool(ours.family) and ours.family == theirs.family and ours.edition != theirs.edition
    if not (same_text and ours.edition and theirs.edition):
        return False
    if names(ours.predecessor, other) or names(theirs.successor, mine):
        return False
    return _order(other) > _order(mine)


def names(named: str, document: DocumentStanding) -> bool:
    """Tell whether a document is called by a file name or title; nothing is called by an empty one."""
    return bool(named) and key_of(named) in {document.key, document.title.casefold()}


def _order(document: DocumentStanding) -> tuple[str, tuple[int, ...], str]:
    """Return what puts editions in the order of time: the first day, or the year, then the numbers of the version."""
    numbers = tuple(int(number) for number in _NUMBERS.findall(document.standing.edition))
    return _begins(document), numbers, document.document_id


def _begins(document: DocumentStanding) -> str:
    """Return the first day of a document, of an edition that is called by its year that of the year; else nothing."""
    standing = document.standing
    year = standing.edition if _YEAR.fullmatch(standing.edition) else ""
    return standing.effective_from or (f"{year}-01-01" if year else "")


def _with(standing: Standing, name: str, value: str) -> Standing:
    learnt = {**dict(standing.learnt), name: "editions"}
    changed: dict[str, object] = {name: value, "learnt": tuple(sorted(learnt.items()))}
    return replace(standing, **changed)  # type: ignore[arg-type] # names and values of its own fields


def told(standing: Standing, *, on: str) -> str:
    """Return the standing in a few words for a person; empty where there is nothing to tell.

    Args:
        standing: As `resolve` gives it.
        on: The day, ISO 8601.
    """
    if standing.status == "draft":
        return "draft"
    if (standing.effective_from or "") > on:
        return f"in force from {spoken(standing.effective_from)}"
    if standing.status == "superseded":
        since = f" since {spoken(day_beside(standing.effective_to, 1))}" if standing.effective_to else ""
        return f"superseded{since}"
    if standing.status == "expired":
        return f"expired on {spoken(standing.effective_to)}" if standing.effective_to else "no longer in force"
    return ""


def in_words(documents: Sequence[DocumentStanding], *, on: str) -> dict[str, str]:
    """Return the standing of each document of which there is something to tell, in a few words.

    Args:
        documents: As `resolve` takes them.
        on: The day, ISO 8601.
    """
    resolved = resolve(documents, on=on)
    return {document_id: words for document_id, each in resolved.items() if (words := told(each, on=on))}


def spoken(day: str | None) -> str:
    """Return a day as people write it."""
    if not day:
        return "an unknown day"
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B %Y}"
