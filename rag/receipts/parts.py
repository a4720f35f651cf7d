"""What receipts need of a workspace, and who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rag.errors import AccessError
from rag.protocols import Catalog, Feedback
from rag.types import EDITORS, Principal


class ReceiptParts(Protocol):
    """The stores behind receipts."""

    @property
    def catalog(self) -> Catalog:
        """Answers, documents and the ledger."""

    @property
    def feedback(self) -> Feedback:
        """Who asked."""


def readable(receipt: str, parts: ReceiptParts, principal: Principal) -> Mapping[str, Any]:
    """Return the record of an answer for a person who may read it: who asked, or an editor of its space.

    Raises:
        NotFound: There is no such receipt.
        AccessError: The person may not read it.
    """
    person, space = parts.feedback.asked_by(receipt)
    role = parts.catalog.role(principal, space)
    if role not in EDITORS and (role is None or person != principal.id):
        raise AccessError(f"{principal.id!r} may not read the receipt {receipt!r}.", hint="Ask the owner of its space.")
    return parts.catalog.answer(receipt)
