"""Whether a document is in force, since when and until when, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Status = Literal["draft", "in force", "superseded", "expired", "unknown"]
Learnt = Literal["metadata", "text", "editions", "person"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a document's standing; days are inclusive and in ISO 8601.

    Args:
        status: As the document or a person says it.
        effective_from: First day in force.
        effective_to: Last day in force.
        successor: File, title or edition that takes its place, as written; empty where none is named.
        predecessor: File, title or edition whose place it takes, as written.
        family: What the titles of all editions of one text share; empty for a text that has none.
        edition: What tells this edition from the others: a year or a version.
        reports: Whether it tells what happened (release notes, minutes, mail), which no later text unsays.
        learnt: How each of the first five is known; sorted pairs.
    """

    status: Status = "unknown"
    effective_from: str | None = None
    effective_to: str | None = None
    successor: str = ""
    predecessor: str = ""
    family: str = ""
    edition: str = ""
    reports: bool = False
    learnt: tuple[tuple[str, Learnt], ...] = ()

    def in_force(self, on: str) -> bool | None:
        """Return whether it is in force on a day; ``None`` where nothing says so."""
        if self.status == "draft" or (self.effective_from or "") > on:
            return False
        if self.effective_to is not None:
            # What is superseded or expired today was in force until then, also where its first day is not known.
            return on <= self.effective_to
        if self.status in {"superseded", "expired"}:
            return False
        return True if self.status == "in force" else None


NO_STANDING = Standing()
"""Of a document that says nothing of it."""


@dataclass(frozen=True, slots=True)
class DocumentStanding:
    """The standing of one document of a space.

    Args:
        key: Name of its file without folder and ending, lower case: what other documents call it by.
        standing: What holds: what a person said, else what was read.
        edited: What a person said, by the names of `Standing`; empty for nothing.
        edited_by: Id of that person.
        edited_at: When, ISO 8601 in UTC.
    """

    document_id: str
    title: str
    key: str
    standing: Standing
    edited: Mapping[str, str | None]
    edited_by: str = ""
    edited_at: str = ""


@dataclass(frozen=True, slots=True)
class Bearing:
    """How the standing of a document bore on an answer.

    Args:
        standing: On the day of the question.
        in_force: Whether it was in force on that day; ``None`` for unknown.
        set_back: Why its passages stand behind others; empty where they stay in their place.
    """

    document_id: str
    title: str
    standing: Standing
    in_force: bool | None
    set_back: str = ""
