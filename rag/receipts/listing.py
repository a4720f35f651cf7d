"""The receipts of a space, newest first: what was asked when, how it ended, and under which id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from rag.dates import span_of
from rag.errors import AccessError, InputError
from rag.receipts.parts import EDITORS, ReceiptParts
from rag.types import LOCAL_OWNER, ListedAnswer, Principal


def list_receipts(
    space: str,
    parts: ReceiptParts,
    *,
    text: str = "",
    day: str = "",
    limit: int | None = None,
    principal: Principal = LOCAL_OWNER,
) -> tuple[ListedAnswer, ...]:
    """Return the answers and refusals of a space, newest first.

    Args:
        space: The space.
        parts: The stores behind receipts.
        text: Words that must all stand in question or answer, in any order and case; empty for any.
        day: A day, month or year in UTC, as ``2026-11-28``, ``2026-11`` or ``2026``; empty for any.
        limit: How many at most; ``None`` for all.
        principal: On whose behalf.

    Raises:
        NotFound: There is no such space.
        AccessError: The person may not change the space.
        InputError: The day is none.
    """
    if parts.catalog.role(principal, space) not in EDITORS:
        raise AccessError(f"{principal.id!r} may not see the answers of others in {space!r}.", hint="Ask its owner.")
    span = span_of(day.strip()) if day.strip() else None
    if day.strip() and span is None:
        raise InputError(f"{day!r} is no day, month or year.", hint="Write 2026-11-28, 2026-11 or 2026.")
    return tuple(islice(_found(parts.catalog.newest_answers(space, span), text.casefold().split()), limit))


def _found(records: Iterator[Mapping[str, Any]], words: list[str]) -> Iterator[ListedAnswer]:
    for record in records:
        said = f"{record['question']}\n{record.get('answer') or ''}".casefold()
        if all(word in said for word in words):
            yield _listed(record)


def _listed(record: Mapping[str, Any]) -> ListedAnswer:
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
    )
