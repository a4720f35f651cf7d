"""Receipts, for the service: the list of them, one with its story, its export, and whether the ledger holds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from app import stories
from app.opened import Opened
from app.present import Json
from app.replays import told
from app.runs import Runs
from app.state import Sought
from rag.receipts.export import page, read_receipt
from rag.receipts.listing import list_receipts
from rag.receipts.outcomes import OUTCOMES
from rag.receipts.replay import replay
from rag.receipts.staleness import changes
from rag.receipts.verify import may_verify, verify
from rag.safety.personal import mask_record
from rag.safety.policy import Masking
from rag.types import DEFAULT_SPACE, LOCAL_OWNER

_LEDGER: Final = "ledger"


class Receipts(Opened):
    """What receipts tell; a part of `app.services.Service`."""

    runs: Runs

    @abstractmethod
    def masking(self) -> Masking:
        """Return what is masked in what is copied for a customer, as the policy says."""

    def stale(self, records: Iterable[Mapping[str, Any]]) -> dict[str, list[Json]]:
        """Return what happened to the documents that stored answers cite, by receipt; nothing for those that hold."""
        found = changes(records, self.workspace().catalog)
        return {receipt: stories.changes(happened) for receipt, happened in found.items()}

    def receipts(self, sought: Sought) -> Json:
        """Return the receipts that the person may read and looks for, newest first.

        Raises:
            AccessError: The person has no role in the space.
        """
        found = list_receipts(
            DEFAULT_SPACE,
            self.workspace(),
            text=sought.text,
            outcome=sought.outcome,
            stale=sought.stale,
            limit=sought.limit + 1,
            principal=LOCAL_OWNER,
        )
        return {
            "entries": [stories.entry(each) for each in found[: sought.limit]],
            "more": len(found) > sought.limit,
            "sought": asdict(sought),
            "outcomes": dict(OUTCOMES),
            "ledger": self.ledger(),
        }

    def receipt(self, receipt: str) -> Json:
        """Return what the page of a receipt shows: all that explains the answer, and its place in the ledger.

        Raises:
            NotFound: There is no such receipt.
            AccessError: The person may not read it.
        """
        shown = stories.story(read_receipt(receipt, self.workspace(), principal=LOCAL_OWNER))
        return shown | {"replay": self.runs.of(_replay_of(receipt)), "ledger": self.ledger()}

    def exported_receipt(self, receipt: str) -> str:
        """Return a receipt as one HTML file to take along, with personal data masked as the policy says.

        Raises:
            NotFound: There is no such receipt.
            AccessError: The person may not read it.
        """
        mask = partial(mask_record, kinds=self.masking().exports)
        return page(read_receipt(receipt, self.workspace(), principal=LOCAL_OWNER), mask=mask)

    def run_again(self, receipt: str) -> None:
        """Begin to ask the question of a receipt again; `receipt` tells how far that is, and what changed."""
        self.runs.begin(
            _replay_of(receipt),
            lambda report: told(replay(receipt, self.workspace(), principal=LOCAL_OWNER, on_progress=report)),
        )

    def ledger(self) -> Json:
        """Return whether the person may have the ledger checked, and what came of it last."""
        return {"may": may_verify(LOCAL_OWNER), "check": self.runs.of(_LEDGER)}

    def verify_ledger(self) -> None:
        """Begin to check the ledger; `ledger` tells what came of it."""
        self.runs.begin(_LEDGER, lambda _: stories.check(verify(self.workspace(), principal=LOCAL_OWNER)))


def _replay_of(receipt: str) -> str:
    return f"replay {receipt}"
