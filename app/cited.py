"""What is known today of the documents that a turn shows: which wait for a decision, and which are called alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from app import present
from app.names import place_of
from app.present import Json
from rag.types import DocumentInfo

Live = Callable[[str], DocumentInfo | None]
N_NEAREST = 3
"""So many of the nearest passages stand below a refusal."""


def as_of_now(record: Mapping[str, Any], live: Live) -> Json:
    """Return what a turn shows of its documents besides what its record says.

    That is, as ``undecided``, those in which passages are held back until somebody decides: what was asked may stand in
    them. And as ``files``, the file of each whose title another one has too.

    Args:
        record: A stored answer.
        live: Returns what is known of a document now, ``None`` where it is gone.
    """
    known = [info for info in map(live, _documents(record)) if info is not None]
    called = Counter(info.title for info in known)
    alike = [info for info in known if called[info.title] > 1]
    return {
        "undecided": [{"id": info.id, "title": info.title} for info in known if info.report.waiting],
        "files": {info.id: _file(info) for info in alike},
    }


def _documents(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the documents that are cited; where none is, of the nearest passages that are shown."""
    cited = present.citations(record).values() or record.get("passages", ())[:N_NEAREST]
    return tuple(dict.fromkeys(str(each["document"]) for each in cited))


def _file(info: DocumentInfo) -> str:
    place = place_of(info.source)
    return f"{info.name} in {place}" if place else info.name
