"""Does the ledger still say what it said: the chain, the records, their rows, the quotes in them, the judgements.

What cannot be seen here: somebody who may write to the database and to its hash log, and who computes every later
hash again, leaves a chain that fits. Only a hash that was noted elsewhere (an export, a printed head) tells then. Nor
can entries at the end of the chain be told from real ones where they say what could have happened (docs/receipts.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, select

from rag.canonical import digest
from rag.stores import chain
from rag.stores.chain import ROOT, HashLog
from rag.stores.database import Database
from rag.stores.judgement_entries import FIRST, KINDS, answer_of, name_of, record_of
from rag.stores.redaction import sources
from rag.stores.schema import answer_sources, answers, documents, feedback, versions
from rag.types import LedgerCheck, LedgerEntry, LedgerFault

_BATCH = 500
_TEXTS = 64
_COLUMNS = ("receipt", "question", "space", "conversation", "outcome", "asked_at")


class _Walk:
    """What a walk has seen so far."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.faults: list[LedgerFault] = []
        self.digests: dict[str, str] = {}
        self.judgements: dict[str, str] = {}
        self.redactions: Counter[str] = Counter()
        self.adopted: set[str] = set()
        self.hashes: dict[int, tuple[str, str]] = {}
        self.head: LedgerEntry | None = None
        self.n_answers = self.n_judgements = self.n_quotes = self.n_gone = 0
        self.text = lru_cache(_TEXTS)(self._read_text)

    def fault(self, fault: Any, receipt: str, message: str) -> None:  # noqa: ANN401 - see `LedgerFault.fault`
        self.faults.append(LedgerFault(fault, _text(receipt), message))

    def _read_text(self, document_id: str, version: str) -> str | None:
        query = select(versions.c.text).where(versions.c.document_id == document_id, versions.c.version == version)
        text: str | None = self.connection.scalar(query)
        return text


def check_ledger(database: Database, log: HashLog | None, anchors: Iterable[tuple[int, str]]) -> LedgerCheck:
    """Return what a walk over the whole ledger finds.

    Args:
        database: Which holds it; the walk sees one state of it, whatever is stored meanwhile.
        log: The second copy of the chain's hashes, where there is one.
        anchors: Numbers and hashes of entries that were noted elsewhere.
    """
    # Before the walk begins: a line is written when its entry is stored, so that the walk sees all that it names.
    logged, unreadable = None, ""
    try:
        logged = log.lines() if log is not None and log.path.exists() else None
    except OSError as exc:
        unreadable = str(exc.strerror)
    with database.read() as connection:
        walk = _Walk(connection)
        _check_rows(walk)
    if log is not None and unreadable:
        walk.fault("log", "", f"{log.path.name}, the second copy of the hashes, cannot be read: {unreadable}.")
    elif log is not None:
        _check_log(walk, log.path.name, logged)
    for number, hashed in sorted(set(anchors)):
        if number not in walk.hashes:
            end = f"ends at entry {walk.head.sequence}" if walk.head else "is empty"
            walk.fault("anchor", "", f"There is no entry {number}, noted as {hashed[:12]}…; the ledger {end}.")
        elif walk.hashes[number][0] != hashed:
            receipt = walk.hashes[number][1]
            walk.fault("anchor", receipt, f"Entry {number} had another hash when it was noted ({hashed[:12]}…).")
    return LedgerCheck(
        n_answers=walk.n_answers,
        n_judgements=walk.n_judgements,
        n_entries=len(walk.hashes),
        n_quotes=walk.n_quotes,
        n_quotes_gone=walk.n_gone,
        head=walk.head and _readable(walk.head),
        faults=tuple(walk.faults),
    )


def _check_rows(walk: _Walk) -> None:
    _check_chain(walk)
    known = _check_answers(walk)
    for receipt in dict.fromkeys(receipt for receipt in walk.digests if receipt not in known):
        walk.fault("missing", receipt, "The ledger has an entry for this answer, but the answer is gone.")
    _check_judgements(walk)


def _check_chain(walk: _Walk) -> None:
    number, before = 0, ROOT
    for entry in chain.entries(walk.connection):
        if entry.sequence < 1:
            walk.fault("order", entry.receipt, f"Entry {entry.sequence} was put before the first.")
            continue
        if entry.sequence != number + 1:
            gone = (
                f"entry {number + 1}" if entry.sequence == number + 2 else f"entries {number + 1}-{entry.sequence - 1}"
            )
            walk.fault("order", entry.receipt, f"Before entry {entry.sequence}, {gone} of the ledger is missing.")
        elif entry.previous != before:
            walk.fault("order", entry.receipt, f"Entry {entry.sequence} does not follow the entry before it.")
        if not _fits(entry):
            walk.fault("entry", entry.receipt, f"Entry {entry.sequence} of the ledger was changed.")
        number, before = entry.sequence, entry.hash
        _note(walk, entry)
        walk.head = entry


def _note(walk: _Walk, entry: LedgerEntry) -> None:
    """Remember what an entry says, as the latest about its answer or judgement."""
    if entry.kind not in KINDS:
        walk.hashes[entry.sequence] = (entry.hash, entry.receipt)
        if entry.kind != "redaction" and entry.receipt in walk.digests:
            # It does not count: whoever put it in wants its record to.
            walk.fault("order", entry.receipt, f"Entry {entry.sequence} stores this answer once more; it was put in.")
            return
        walk.digests[entry.receipt] = entry.record_sha256
        walk.redactions[entry.receipt] += entry.kind == "redaction"
        if entry.kind == "adopted":
            walk.adopted.add(entry.receipt)
        return
    answer = answer_of(_text(entry.receipt))
    if entry.kind in FIRST and entry.receipt in walk.judgements:
        # A database gives the key of its last row to the next one when that row is deleted.
        walk.fault("judgement", answer, f"The first judgement {entry.receipt} was deleted, and another has its place.")
    walk.judgements[entry.receipt] = entry.record_sha256
    walk.redactions[entry.receipt] += entry.kind == "judgement_redaction"
    walk.hashes[entry.sequence] = (entry.hash, answer)


def _text(value: object) -> str:
    """Return a value of a column of text as text: SQLite stores bytes and numbers in one too."""
    return value if isinstance(value, str) else repr(value)


def _readable(entry: LedgerEntry) -> LedgerEntry:
    fields: dict[str, Any] = {name: _text(value) for name, value in asdict(entry).items()}
    return LedgerEntry(**fields | {"sequence": entry.sequence})


def _fits(entry: LedgerEntry) -> bool:
    try:
        return chain.entry_hash(entry) == entry.hash
    except (TypeError, ValueError):
        # SQLite stores bytes in a column of text too.
        return False


def _check_answers(walk: _Walk) -> set[str]:
    """Compare every stored answer with the ledger; return their receipts."""
    known: set[str] = set()
    for row in _rows(walk.connection):
        known.add(row.receipt)
        walk.n_answers += 1
        expected = walk.digests.get(row.receipt)
        if expected is None:
            walk.fault("unknown", row.receipt, "The ledger has no entry for this answer; it was put in from outside.")
        record, found = _parsed(row.record)
        if not found or (expected is not None and found != expected):
            walk.fault("record", row.receipt, "The record of this answer was changed after it was stored.")
        elif expected is not None:
            # Only a record that is as it was has the shape that these rely on.
            _check_row(walk, row, record)
            _check_redactions(walk, row.receipt, record)
            _check_quotes(walk, row.receipt, record)
    return known


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    query = select(answers).order_by(answers.c.key).limit(_BATCH)
    rows = connection.execute(query).all()
    while rows:
        yield from rows
        rows = connection.execute(query.where(answers.c.key > rows[-1].key)).all()


def _parsed(written: str) -> tuple[dict[str, Any], str]:
    """Return a record and its digest; an empty one for text that is no JSON object, or that says one thing twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands there twice")
        return dict(pairs)

    try:
        record = json.loads(written, object_pairs_hook=once)
        found = digest(record)
    except (TypeError, ValueError, RecursionError):
        return {}, ""
    return (record, found) if isinstance(record, dict) else ({}, "")


def _check_row(walk: _Walk, row: Row[Any], record: Mapping[str, Any]) -> None:
    columns = {name: getattr(row, name) for name in _COLUMNS} | {"asked_by": row.principal}
    for name, value in columns.items():
        if name in record and record[name] != value:
            walk.fault("columns", row.receipt, f"Its row says {name} {value!r}, its record {record[name]!r}.")
    if bool(record.get("redactions")) != (row.redacted_at is not None):
        walk.fault("columns", row.receipt, "Its row and its record do not agree on whether words of it were removed.")
    query = select(answer_sources.c.document_id).where(answer_sources.c.receipt == row.receipt)
    lacking = sources(record) - set(walk.connection.scalars(query))
    if lacking:
        walk.fault("sources", row.receipt, f"The list of its documents lacks {', '.join(sorted(lacking))}.")


def _check_redactions(walk: _Walk, receipt: str, record: Mapping[str, Any]) -> None:
    """Compare the notes of a record on removed documents with the entries about them, and with the documents."""
    notes, n_entries = _redactions(record), walk.redactions[receipt]
    # One that was adopted may have lost words before there was a ledger.
    if n_entries != len(notes) and not (receipt in walk.adopted and n_entries < len(notes)):
        message = f"Its record tells of {len(notes)} removed documents, the ledger of {n_entries}."
        walk.fault("record", receipt, message)
    for document, at in notes:
        # The same file may have come back since, under the same id, even before the answer was stored.
        asked = select(answers.c.asked_at).where(answers.c.receipt == receipt).scalar_subquery()
        query = select(documents.c.id).where(documents.c.id == document, documents.c.added_at < asked)
        if walk.connection.scalar(query) is not None:
            message = (
                f"Its record says that {document} was removed at {at}, but the document has been there since before "
                "the question."
            )
            walk.fault("record", receipt, message)


def _redactions(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return document and time of each note on words that were removed."""
    notes = record.get("redactions")
    if not isinstance(notes, list):
        return []
    return [(str(note.get("document")), str(note.get("at"))) for note in notes if isinstance(note, Mapping)]


def _check_quotes(walk: _Walk, receipt: str, record: Mapping[str, Any]) -> None:
    redacted = {document for document, _ in _redactions(record)}
    for statement in (*record.get("statements", ()), *record.get("sides", ())):
        for cited in statement.get("citations", ()):
            document, version = str(cited.get("document")), str(cited.get("version"))
            if document in redacted or not cited.get("quote"):
                walk.n_gone += 1
                continue
            text = walk.text(document, version)
            if text is None:
                walk.n_gone += 1
                # One that was adopted may have outlived a document before there was a ledger.
                if receipt not in walk.adopted:
                    message = f"Quote {cited.get('n')} is of {document}@{version}, which is gone without a removal."
                    walk.fault("quote", receipt, message)
                continue
            walk.n_quotes += 1
            if text[int(cited["start"]) : int(cited["end"])] != cited["quote"]:
                place = f"{document}@{version}:{cited['start']}-{cited['end']}"
                walk.fault("quote", receipt, f"Quote {cited.get('n')} is not what stands at {place}.")


def _check_judgements(walk: _Walk) -> None:
    """Compare what people said of answers with the ledger."""
    known: set[str] = set()
    for row in walk.connection.execute(select(feedback).order_by(feedback.c.key)).mappings():
        name = name_of(row)
        known.add(name)
        walk.n_judgements += 1
        expected = walk.judgements.get(name)
        if expected is None:
            walk.fault("judgement", row["receipt"], f"The ledger has no entry for judgement {name}: it was put in.")
        elif not _is_digest(expected, record_of(row)):
            walk.fault("judgement", row["receipt"], f"The judgement {name} was changed after it was given.")
        elif walk.redactions[name] and not row["redacted_at"]:
            message = f"The ledger says that words of judgement {name} were removed, the judgement does not."
            walk.fault("judgement", row["receipt"], message)
    for name in walk.judgements:
        if name not in known:
            walk.fault(
                "judgement", answer_of(_text(name)), f"The ledger has an entry for judgement {name}, which is gone."
            )


def _is_digest(expected: str, record: Mapping[str, Any]) -> bool:
    try:
        return digest(record) == expected
    except (TypeError, ValueError):
        # SQLite stores bytes and numbers in a column of text too.
        return False


def _check_log(walk: _Walk, name: str, logged: tuple[dict[int, str], list[str]] | None) -> None:
    """Compare the chain with the lines of its second copy; ``None`` where that is gone."""
    if logged is None:
        if walk.hashes:
            walk.fault("log", "", f"{name}, the second copy of the ledger's hashes, is gone.")
        return
    written, broken = logged
    # Lines are only added, each behind that of the entry before.
    for number in range(1, max(written, default=0)):
        if number not in written and number in walk.hashes:
            walk.fault("log", walk.hashes[number][1], f"{name} lacks entry {number} and names later ones.")
    for number, hashed in sorted(written.items()):
        found, receipt = walk.hashes.get(number, ("", ""))
        if not found:
            walk.fault("log", "", f"{name} names entry {number}, which the ledger no longer has.")
        elif found != hashed:
            walk.fault("log", receipt, f"Entry {number} has another hash in {name}.")
    for line in broken:
        walk.fault("log", "", f"{name} holds a line that is none of an entry: {line[:40]!r}.")
