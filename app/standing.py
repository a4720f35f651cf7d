"""Whether documents are in force, for the service and for what the conversation shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.opened import Opened
from app.present import Json
from rag.dates import today
from rag.errors import NotFound
from rag.ingest.flow import restate
from rag.standing import in_words, names, resolve, told
from rag.types import DEFAULT_SPACE, LOCAL_OWNER, DocumentStanding


class Standings(Opened):
    """What is in force and what is not; a part of `app.services.Service`."""

    def standings(self) -> dict[str, str]:
        """Return what there is to tell of the standing of each document, in a few words."""
        return in_words(self.workspace().standings.of(DEFAULT_SPACE), on=today())

    def standing(self, document_id: str) -> Json:
        """Return what the document page shows of the standing of a document, and what a person can change."""
        on = today()
        listed = self.workspace().standings.of(DEFAULT_SPACE, [document_id])
        mine = _of(listed, document_id)
        if mine is None:
            return {}
        standing = resolve(listed, on=on)[document_id]
        return {
            "status": standing.status,
            "from": standing.effective_from or "",
            "until": standing.effective_to or "",
            "successor": standing.successor,
            "found": any(names(standing.successor, each) for each in listed if each.document_id != document_id),
            "told": told(standing, on=on),
            "learnt": dict(standing.learnt),
            "reports": standing.reports,
            "edited_by": mine.edited_by,
            "edited_at": mine.edited_at,
        }

    def restate(self, document_id: str, said: Mapping[str, Any] | None) -> None:
        """Keep what a person says of a document; ``None`` takes it back.

        Only what differs from what the page showed is said, so that the rest goes on following the document.

        Raises:
            NotFound: There is no such document.
        """
        if said is None:
            restate(document_id, {}, self.workspace(), principal=LOCAL_OWNER)
            return
        mine = _of(self.workspace().standings.of(DEFAULT_SPACE, [document_id]), document_id)
        if mine is None:
            raise NotFound(f"There is no document {document_id!r}.", hint="It may have been removed meanwhile.")
        changes = {name: str(value).strip() or None for name, value in said.items()}
        restate(document_id, {**mine.edited, **changes}, self.workspace(), principal=LOCAL_OWNER)


def _of(listed: Iterable[DocumentStanding], document_id: str) -> DocumentStanding | None:
    return next((each for each in listed if each.document_id == document_id), None)
