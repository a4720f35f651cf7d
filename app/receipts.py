"""Receipts, for the service: a readable page of one, and what makes the answers of a conversation stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from app.present import Json
from rag.receipts.export import page, read_receipt
from rag.receipts.staleness import change_in_words, changes
from rag.types import LOCAL_OWNER
from rag.wiring import Workspace


class _Opened(Protocol):
    def workspace(self) -> Workspace:
        """Return the workspace, opened at the first call."""


class Receipts:
    """What receipts tell; a part of `app.services.Service`."""

    def stale(self: _Opened, records: Iterable[Mapping[str, Any]]) -> dict[str, list[Json]]:
        """Return what happened to the documents that stored answers cite, by receipt; nothing for those that hold."""
        found = changes(records, self.workspace().catalog)
        return {
            receipt: [{"text": change_in_words(each), "stands": each.quotes_stand} for each in happened]
            for receipt, happened in found.items()
        }

    def receipt_page(self: _Opened, receipt: str) -> str:
        """Return a receipt as one readable HTML page.

        Raises:
            NotFound: There is no such receipt.
        """
        return page(read_receipt(receipt, self.workspace(), principal=LOCAL_OWNER))
