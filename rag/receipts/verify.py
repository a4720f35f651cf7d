"""Does the ledger still say what it said; who may ask is decided here, by principal."""

from __future__ import annotations

from collections.abc import Iterable

from rag.errors import AccessError
from rag.receipts.parts import ReceiptParts
from rag.types import LOCAL_OWNER, LedgerCheck, Principal


def may_verify(principal: Principal) -> bool:
    """Return whether the person may have the ledger checked: its owner, since it is one for all spaces."""
    return principal.owner


def verify(
    parts: ReceiptParts, *, noted: Iterable[tuple[int, str]] = (), principal: Principal = LOCAL_OWNER
) -> LedgerCheck:
    """Compare answers and judgements with the ledger, and quotes with their documents.

    Args:
        parts: The stores behind receipts.
        noted: Numbers and hashes of entries that were noted elsewhere, see `rag.receipts.export.anchors`.
        principal: On whose behalf.

    Raises:
        AccessError: The person does not own the home directory.
    """
    if not may_verify(principal):
        raise AccessError(f"{principal.id!r} may not have the ledger checked.", hint="Ask the owner of Footnote.")
    return parts.catalog.check_ledger(noted)
