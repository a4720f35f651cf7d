"""Which answers cite a document as it is no longer, and what has happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rag.errors import AccessError
from rag.protocols import Catalog
from rag.receipts.parts import ReceiptParts
from rag.types import EDITORS, LOCAL_OWNER, Principal, SourceChange, StaleAnswer

Record = Mapping[str, Any]

# As much as tells whether something else stands beside a list, also at the beginning and the end of a document.
_EDGE: Final = "\n\n"


def changes(records: Iterable[Record], catalog: Catalog) -> dict[str, tuple[SourceChange, ...]]:
    """Return what happened to the documents that answers cite, by receipt; answers that still hold are left out.

    One query for all documents together, and one for each that changed.
    """
    cited = {str(record["receipt"]): _cited(record) for record in records}
    asked = {str(record["receipt"]): record for record in records}
    live = catalog.live_versions({document for of_answer in cited.values() for document, _ in of_answer})
    found: dict[str, tuple[SourceChange, ...]] = {}
    for receipt, of_answer in cited.items():
        outdated = [
            _change(asked[receipt], document, version, citations, live, catalog)
            for (document, version), citations in of_answer.items()
            if live.get(document, ("",))[0] != version or _removed_at(asked[receipt], document)
        ]
        if outdated:
            found[receipt] = tuple(outdated)
    return found


def stale_answers(space: str, parts: ReceiptParts, *, principal: Principal = LOCAL_OWNER) -> tuple[StaleAnswer, ...]:
    """Return the answers of a space that cite a document which has changed or gone since, newest first.

    Raises:
        NotFound: There is no such space.
        AccessError: The person may not change the space.
    """
    if parts.catalog.role(principal, space) not in EDITORS:
        raise AccessError(f"{principal.id!r} may not see the answers of others in {space!r}.", hint="Ask its owner.")
    found: list[StaleAnswer] = []
    for record in parts.catalog.newest_answers(space, outdated=True):
        for receipt, happened in changes([record], parts.catalog).items():
            question, asked_at = str(record["question"]), str(record["asked_at"])
            found.append(StaleAnswer(receipt, question, asked_at, happened))
    return tuple(found)


def change_in_words(change: SourceChange) -> str:
    """Return one sentence that says what happened to a document, and what it means for what is quoted."""
    title = f"“{change.title}”" if change.title else "A cited document"
    if change.change == "removed":
        back = "; a file of the same name has come in its place" if change.live else ""
        return f"{title} has been removed since{back}."
    if change.quotes_stand:
        return f"{title} has changed since; what is quoted still stands in it."
    return f"{title} has changed since; what is quoted no longer stands in it."


def _cited(record: Record) -> dict[tuple[str, str], list[Record]]:
    """Return the citations of an answer by document and version."""
    cited: dict[tuple[str, str], list[Record]] = {}
    for statement in (*record.get("statements", ()), *record.get("sides", ())):
        for citation in statement.get("citations", ()):
            cited.setdefault((str(citation["document"]), str(citation["version"])), []).append(citation)
    return cited


def _change(
    record: Record,
    document: str,
    version: str,
    citations: list[Record],
    live: Mapping[str, tuple[str, str, str]],
    catalog: Catalog,
) -> SourceChange:
    numbers = tuple(sorted({int(citation["n"]) for citation in citations}))
    title = str(citations[0].get("title") or "")
    now, came_at, read_at = live.get(document, ("", "", ""))
    removed_at = _removed_at(record, document)
    if removed_at or not now:
        # What was quoted is known no longer, so a file of the same name that came since cannot hold it.
        return SourceChange(document, title, "removed", version, now, removed_at, numbers, quotes_stand=False)
    # A document that went back to an earlier version came before the answer.
    at = came_at if came_at > str(record["asked_at"]) else read_at
    quoted = {str(citation["quote"]) for citation in citations}
    stands = catalog.stands(document, quoted | _lists(record, document, version, catalog))
    return SourceChange(document, title, "changed", version, now, at, numbers, quotes_stand=stands)


def _lists(record: Record, document: str, version: str, catalog: Catalog) -> set[str]:
    """Return the lists of a document that an answer tells whole, each with what stands right before and behind it.

    Where an item has come to one, each of those that are quoted may still stand there, and one is missing.
    """
    items = (cited for each in record.get("statements", ()) if each.get("item") for cited in each["citations"])
    spans = {(c["start"], c["end"]) for c in items if c["document"] == document and c["version"] == version}
    if not spans:
        return set()
    text = f"{_EDGE}{catalog.text(document, version).text}{_EDGE}"
    lists: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if lists and text[lists[-1][1] + len(_EDGE) : start + len(_EDGE)].isspace():
            lists[-1] = (lists[-1][0], end)
        else:
            lists.append((start, end))
    return {text[start : end + 2 * len(_EDGE)] for start, end in lists}


def _removed_at(record: Record, document: str) -> str:
    """Return when the words of a document were last taken out of an answer; empty where they never were."""
    return max(
        (str(note["at"]) for note in record.get("redactions", ()) if note.get("document") == document), default=""
    )
