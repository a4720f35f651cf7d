"""The receipts of a space, newest first: what was asked when, how it ended, and under which id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from rag.dates import span_of
from rag.errors import AccessError, InputError
from rag.receipts.parts import ReceiptParts
from rag.receipts.staleness import changes
from rag.receipts.summary import why_none
from rag.types import EDITORS, LOCAL_OWNER, Judgement, ListedAnswer, Outcome, Principal, SourceChange

_BATCH = 50
# So much of an id is no word that questions are asked in.
_MIN_ID = 6


def list_receipts(
    space: str,
    parts: ReceiptParts,
    *,
    text: str = "",
    day: str = "",
    outcome: Outcome | Literal[""] = "",
    stale: bool = False,
    limit: int | None = None,
    principal: Principal = LOCAL_OWNER,
) -> tuple[ListedAnswer, ...]:
    """Return the answers and refusals of a space, newest first.

    Whoever may read a receipt (`rag.receipts.parts.readable`) finds it here: editors all, others what they asked.

    Args:
        space: The space.
        parts: The stores behind receipts.
        text: Words that must all stand in question or answer, in any order and case, or the beginning of an id; empty
            for any.
        day: A day, month or year in UTC, as ``2026-11-28``, ``2026-11`` or ``2026``; empty for any.
        outcome: Only those that ended so; empty for any.
        stale: Only those that cite a document which has changed or gone since.
        limit: How many at most; ``None`` for all.
        principal: On whose behalf.

    Raises:
        NotFound: There is no such space.
        AccessError: The person may not read in the space.
        InputError: The day is none.
    """
    role = parts.catalog.role(principal, space)
    if role is None:
        raise AccessError(f"{principal.id!r} may not read in {space!r}.", hint="Ask its owner for access.")
    span = span_of(day.strip()) if day.strip() else None
    if day.strip() and span is None:
        raise InputError(f"{day!r} is no day, month or year.", hint="Write 2026-11-28, 2026-11 or 2026.")
    asked_by = "" if role in EDITORS else principal.id
    records = parts.catalog.newest_answers(space, span, asked_by=asked_by, outcome=outcome, outdated=stale)
    return tuple(islice(_found(records, parts, text.strip().casefold(), stale=stale), limit))


def _found(
    records: Iterator[Mapping[str, Any]], parts: ReceiptParts, text: str, *, stale: bool
) -> Iterator[ListedAnswer]:
    fitting = (record for record in records if _fits(record, text))
    while batch := tuple(islice(fitting, _BATCH)):
        happened = changes(batch, parts.catalog)
        said = parts.feedback.judgements_on(str(record["receipt"]) for record in batch)
        for record in batch:
            receipt = str(record["receipt"])
            if not stale or receipt in happened:
                yield _listed(record, happened.get(receipt, ()), said.get(receipt, ()))


def _fits(record: Mapping[str, Any], text: str) -> bool:
    if len(text) >= _MIN_ID and str(record["receipt"]).startswith(text):
        return True
    said = f"{record['question']}\n{record.get('answer') or ''}".casefold()
    return all(word in said for word in text.split())


def _listed(record: Mapping[str, Any], happened: tuple[SourceChange, ...], said: Sequence[Judgement]) -> ListedAnswer:
    # Nothing was answered, so there is nothing to be sure of.
    answered = record["outcome"] in {"answered", "partial"}
    return ListedAnswer(
        receipt=str(record["receipt"]),
        asked_at=str(record["asked_at"]),
        asked_by=str(record.get("asked_by") or ""),
        question=str(record["question"]),
        outcome=record["outcome"],
        reason=record.get("reason"),
        probability=float(record["confidence"]["probability"]) if answered else None,
        level=record["confidence"]["level"] if answered else None,
        why=why_none(record),
        changes=happened,
        verdicts=tuple(each.verdict for each in said),
    )
