"""A receipt to take along: one file with everything in it, and with how to check it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.canonical import digest
from rag.errors import InputError
from rag.pages import render_page
from rag.receipts.page_words import page_words
from rag.receipts.parts import ReceiptParts, readable
from rag.receipts.staleness import changes
from rag.receipts.story import tell
from rag.receipts.summary import in_short
from rag.types import LOCAL_OWNER, LedgerEntry, LedgerFault, Principal, Receipt

FORMAT = "footnote-receipt/1"
HOW_TO_CHECK = (
    "Write `record` as canonical JSON (RFC 8785: keys sorted, no white space, numbers as JavaScript has them), UTF-8.",
    "The SHA-256 of that text is `record_sha256` of the last of `ledger.entries`.",
    "Write that entry without its `hash` as canonical JSON. Its SHA-256 is its `hash`.",
    "`footnote receipt verify --against FILE` says whether the ledger that this came from still holds these entries.",
)
Mask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_EMBEDDED = re.compile(r'<script type="application/json" id="receipt">(.*?)</script>', re.DOTALL)
_TEXTS = ("kind", "receipt", "record_sha256", "previous", "at", "hash")
# No ledger is longer than numbers of 18 digits count.
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


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
    words = page_words(record, parts.catalog.media_type, passages=True)
    return Receipt(record, parts.catalog.ledger(receipt), parts.catalog.ledger_head(), happened, words)


def exported(receipt: Receipt, *, mask: Mask = unmasked) -> dict[str, Any]:
    """Return a receipt as self-contained JSON.

    A record that a mask changes no longer has the digest of its entry; ``masked`` says so. It goes without its salt,
    with which what is masked could be tried out against that digest.
    """
    shown = mask(receipt.record)
    happened = [{**asdict(change), "numbers": list(change.numbers)} for change in receipt.changes]
    since = list(mask({"since": happened})["since"])
    masked = shown != receipt.record or since != happened
    if masked:
        shown = {name: value for name, value in shown.items() if name != "salt"}
    return {
        "format": FORMAT,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "masked": masked,
        "record": dict(shown),
        "since": since,
        "ledger": {
            "entries": [asdict(entry) for entry in receipt.entries],
            "head": asdict(receipt.head) if receipt.head else None,
        },
        "how_to_check": list(HOW_TO_CHECK),
    }


def page(receipt: Receipt, *, mask: Mask = unmasked) -> str:
    """Return a receipt as one readable HTML file, which holds the JSON of `exported` too."""
    content = exported(receipt, mask=mask)
    happened = tuple(
        replace(change, title=shown["title"]) for change, shown in zip(receipt.changes, content["since"], strict=True)
    )
    shown = replace(receipt, record=content["record"], changes=happened)
    # No text of a record may end the element that it stands in.
    written = json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
    return render_page(
        "rag.receipts",
        "receipt.html.jinja",
        content=content,
        short=in_short(shown),
        sections=tell(shown),
        written=written,
    )


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
        file = path.open("x", encoding="utf-8")
    except FileExistsError as exc:
        raise InputError(f"{str(path)!r} is there already.", hint="Name a new file.") from exc
    except OSError as exc:
        raise InputError(f"{str(path)!r} cannot be written: {exc.strerror}.", hint="Name another file.") from exc
    try:
        with file:
            file.write(text)
    except OSError as exc:
        # Half of a receipt proves nothing, and would be there already for the next try.
        path.unlink(missing_ok=True)
        raise InputError(f"{str(path)!r} cannot be written: {exc.strerror}.", hint="Name another file.") from exc


def anchors(noted: str) -> set[tuple[int, str]]:
    """Return the numbers and hashes of entries that an export holds, or those of a head as ``NUMBER:HASH``.

    Raises:
        InputError: It is neither.
    """
    if (head := _HEAD.fullmatch(noted.strip())) is not None:
        return {(int(head[1]), head[2])}
    _, entries = _read(noted)
    return {(entry.sequence, entry.hash) for entry in entries}


def export_faults(noted: str) -> tuple[LedgerFault, ...]:
    """Return what does not fit in an export itself; nothing for a head as ``NUMBER:HASH``.

    The record of a masked export cannot have the digest of its entry and is not compared.

    Raises:
        InputError: It is neither.
    """
    if _HEAD.fullmatch(noted.strip()):
        return ()
    content, entries = _read(noted)
    record = content["record"]
    receipt = str(record.get("receipt", ""))
    faults = [
        LedgerFault("anchor", receipt, f"Entry {entry.sequence} was changed in {noted!r}.")
        for entry in dict.fromkeys(entries)
        if _digest({name: value for name, value in asdict(entry).items() if name != "hash"}) != entry.hash
    ]
    # The last entry is the head of the whole chain.
    last = entries[-2]
    if last.receipt != receipt or (content.get("masked") is not True and _digest(record) != last.record_sha256):
        faults.append(LedgerFault("anchor", receipt, f"The record in {noted!r} is not the one of its entry."))
    return tuple(faults)


def what_holds(noted: str) -> str:
    """Return what was compared of an export, or of a head as ``NUMBER:HASH``, where no fault was found with it.

    Raises:
        InputError: It is neither.
    """
    if _HEAD.fullmatch(noted.strip()):
        return f"{noted} was checked and holds: the ledger still has this entry."
    content, entries = _read(noted)
    ledger = f"the ledger still has its entr{'ies' if len(entries) > 2 else 'y'} and the head noted with it"
    if content.get("masked") is True:
        return f"{noted} was checked and holds: {ledger}. Its record is masked, so it cannot be compared."
    return f"{noted} was checked and holds: its record is the one of its entry, and {ledger}."


def _digest(value: Mapping[str, Any]) -> str:
    try:
        return digest(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        # A file may hold what no record does, e.g. a number without an end, or lists in lists in lists.
        return ""


def _read(noted: str) -> tuple[Mapping[str, Any], tuple[LedgerEntry, ...]]:
    """Return the JSON of an export, and its entries with the head of its ledger behind them."""
    try:
        return _parsed(Path(noted).read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise InputError(
            f"There is no file {noted!r}, and it is no head.", hint="Give an exported receipt, or NUMBER:HASH."
        ) from exc
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        raise InputError(
            f"{noted!r} is neither an exported receipt nor a head.", hint="Give a file, or NUMBER:HASH."
        ) from exc


def _parsed(text: str) -> tuple[Mapping[str, Any], tuple[LedgerEntry, ...]]:
    embedded = _EMBEDDED.search(text)
    content = json.loads(embedded[1] if embedded else text)
    entries = tuple(_entry(entry) for entry in content["ledger"]["entries"])
    if not entries or not isinstance(content["record"], Mapping):
        raise ValueError("it holds no record with its entries")
    return content, (*entries, _entry(content["ledger"]["head"]))


def _entry(fields: Mapping[str, Any]) -> LedgerEntry:
    entry = LedgerEntry(**fields)
    if not isinstance(entry.sequence, int) or not all(isinstance(fields[name], str) for name in _TEXTS):
        raise ValueError("a field of an entry is of another type")
    return entry
