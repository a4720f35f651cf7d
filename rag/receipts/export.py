"""A receipt to take along: one file with everything in it, and with how to check it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.pages import render_page
from rag.receipts.parts import ReceiptParts, readable
from rag.receipts.staleness import changes
from rag.receipts.story import tell
from rag.types import LOCAL_OWNER, LedgerEntry, Principal, Receipt

FORMAT = "footnote-receipt/1"
HOW_TO_CHECK = (
    "Write `record` as canonical JSON (RFC 8785: keys sorted, no white space, numbers as JavaScript has them), UTF-8.",
    "The SHA-256 of that text is `record_sha256` of the last of `ledger.entries`.",
    "Write that entry without its `hash` as canonical JSON. Its SHA-256 is its `hash`.",
    "`footnote receipt verify --against FILE` says whether the ledger that this came from still holds these entries.",
)
Mask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_EMBEDDED = re.compile(r'<script type="application/json" id="receipt">(.*?)</script>', re.DOTALL)
_HEAD = re.compile(r"(\d+):([0-9a-f]{64})")


def unmasked(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record as it is; the place where personal data is taken out of what leaves the house."""
    return record


def read_receipt(receipt: str, parts: ReceiptParts, *, principal: Principal = LOCAL_OWNER) -> Receipt:
    """Return everything that explains an answer.

    Raises:
        NotFound: There is no such receipt.
        AccessError: The person may not read it.
    """
    record = readable(receipt, parts, principal)
    happened = changes([record], parts.catalog).get(receipt, ())
    return Receipt(record, parts.catalog.ledger(receipt), parts.catalog.ledger_head(), happened)


def exported(receipt: Receipt, *, mask: Mask = unmasked) -> dict[str, Any]:
    """Return a receipt as self-contained JSON.

    A record that a mask changes no longer has the digest of its entry; ``masked`` says so.
    """
    shown = mask(receipt.record)
    return {
        "format": FORMAT,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "masked": shown != receipt.record,
        "record": dict(shown),
        "since": [asdict(change) for change in receipt.changes],
        "ledger": {
            "entries": [asdict(entry) for entry in receipt.entries],
            "head": asdict(receipt.head) if receipt.head else None,
        },
        "how_to_check": list(HOW_TO_CHECK),
    }


def page(receipt: Receipt, *, mask: Mask = unmasked) -> str:
    """Return a receipt as one readable HTML file, which holds the JSON of `exported` too."""
    content = exported(receipt, mask=mask)
    told = tell(Receipt(content["record"], receipt.entries, receipt.head, receipt.changes))
    # No text of a record may end the element that it stands in.
    written = json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
    return render_page("rag.receipts", "receipt.html.jinja", content=content, sections=told, written=written)


def write_export(receipt: Receipt, path: Path, *, mask: Mask = unmasked) -> None:
    """Write a receipt to a new file: HTML where its name says so, else JSON.

    Raises:
        InputError: The file is there already, or cannot be written.
    """
    if path.suffix.casefold() in {".html", ".htm"}:
        text = page(receipt, mask=mask)
    else:
        text = json.dumps(exported(receipt, mask=mask), ensure_ascii=False, indent=2) + "\n"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as exc:
        raise InputError(f"{str(path)!r} is there already.", hint="Name a new file.") from exc
    except OSError as exc:
        raise InputError(f"{str(path)!r} cannot be written: {exc.strerror}.", hint="Name another file.") from exc


def anchors(noted: str) -> set[tuple[int, str]]:
    """Return the numbers and hashes of entries that an export holds, or those of a head as ``NUMBER:HASH``.

    Raises:
        InputError: It is neither.
    """
    if (head := _HEAD.fullmatch(noted.strip())) is not None:
        return {(int(head[1]), head[2])}
    try:
        text = Path(noted).read_text(encoding="utf-8")
        embedded = _EMBEDDED.search(text)
        ledger = json.loads(embedded[1] if embedded else text)["ledger"]
        noted_entries = [LedgerEntry(**entry) for entry in (*ledger["entries"], ledger["head"])]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise InputError(
            f"{noted!r} is neither an exported receipt nor a head.", hint="Give a file, or NUMBER:HASH."
        ) from exc
    return {(entry.sequence, entry.hash) for entry in noted_entries}
