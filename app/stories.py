"""Receipts as plain JSON for the widgets: a line of the list, a story, a check of the ledger; pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from app.present import Json
from rag.receipts.staleness import change_in_words
from rag.receipts.story import Line, Section, tell
from rag.receipts.summary import in_short
from rag.types import LOCAL_OWNER, LedgerCheck, ListedAnswer, Receipt, SourceChange

MAX_FAULTS: Final = 50
"""So many faults of a ledger are shown; the command line lists all."""

# Lines of these sections are numbered as what they open beside them.
_OPENS: Final = {"Sources": "citation", "Passages": "passage"}


def entry(listed: ListedAnswer) -> Json:
    """Return a line of the list."""
    return {
        "receipt": listed.receipt,
        "asked_at": listed.asked_at,
        "who": _who(listed.asked_by),
        "question": listed.question,
        "outcome": listed.outcome,
        "why": listed.why,
        "level": listed.level,
        "stale": changes(listed.changes),
        "judged": "disputed" if len(set(listed.verdicts)) > 1 else next(iter(listed.verdicts), ""),
    }


def story(receipt: Receipt) -> Json:
    """Return a receipt in words, with its place in the ledger."""
    record = receipt.record
    return {
        "receipt": str(record["receipt"]),
        "question": str(record["question"]),
        "asked_at": str(record.get("asked_at") or ""),
        "who": _who(str(record.get("asked_by") or "")),
        "short": list(in_short(receipt)),
        "late": bool(receipt.changes),
        "sections": [_section(section) for section in tell(receipt)],
        "sequence": receipt.entries[-1].sequence if receipt.entries else 0,
    }


def changes(happened: Iterable[SourceChange]) -> list[Json]:
    """Return what happened to cited documents: a sentence for each, and whether what is quoted still stands."""
    return [{"text": change_in_words(each), "stands": each.quotes_stand} for each in happened]


def check(found: LedgerCheck) -> Json:
    """Return what a check of the ledger found, as of now."""
    faults = [asdict(fault) for fault in found.faults[:MAX_FAULTS]]
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return asdict(found) | {"faults": faults, "n_faults": len(found.faults), "at": at}


def _who(person: str) -> str:
    return "you" if person == LOCAL_OWNER.id else person


def _section(section: Section) -> Json:
    kind = _OPENS.get(section.title)
    return {"title": section.title, "lines": [_line(line, kind) for line in section.lines]}


def _line(line: Line, kind: str | None) -> Json:
    numbered = re.search(r"\d+", line.label) if kind else None
    opens = {"kind": kind, "n": int(numbered[0])} if numbered else None
    # The number stands on what opens it.
    label = line.label.partition(". ")[2] if opens else line.label
    return {"label": label, "text": line.text, "below": list(line.below), "opens": opens}
