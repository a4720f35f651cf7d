"""The beginning of a receipt: what was answered from where, how sure that is, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rag.ask.texts.rows import cell_texts, is_row
from rag.confidence import in_hundredths, in_words
from rag.receipts.outcomes import refusal
from rag.receipts.staleness import change_in_words
from rag.sentences import in_one_line
from rag.standing import spoken
from rag.types import Receipt

Record = Mapping[str, Any]
_MOST_SAID = 300
_MOST_SOURCES = 3
_LEVELS = {"high": "High confidence", "medium": "Medium confidence", "low": "Low confidence"}


def in_short(receipt: Receipt) -> tuple[str, str]:
    """Return what a reader needs first: what was answered from where, then how sure that is and whether it holds."""
    record = receipt.record
    cited = [c for each in (*record.get("statements", ()), *record.get("sides", ())) for c in each["citations"]]
    return f"On {_day(record)} {_outcome(record)}.", _standing(receipt, cited=bool(cited))


def why_none(record: Record) -> str:
    """Return why there is no answer, as the end of a sentence; empty where there is one."""
    if record["outcome"] == "failed":
        return str(record.get("message") or "no reason is recorded").rstrip(".")
    return _refused(record) if record["outcome"] == "refused" else ""


def _day(record: Record) -> str:
    asked_at = str(record.get("asked_at") or "")
    return f"{spoken(asked_at[:10])}, at {asked_at[11:16]} UTC," if asked_at else "a day that is not recorded,"


def _outcome(record: Record) -> str:
    if record["outcome"] == "failed":
        return f"the question could not be worked on: {why_none(record)}"
    if record["outcome"] == "refused":
        return f"no answer was given: {why_none(record)}"
    said = _said(record)
    partly = " in part" if record["outcome"] == "partial" else ""
    if not said:
        return f"the question was answered{partly}, with words that have been removed since with their document"
    return f"the question was answered{partly} with “{said}”, from {_sources(record)}"


def _refused(record: Record) -> str:
    if record.get("held_back"):
        bar = record.get("settings", {}).get("min_confidence")
        told = f" of {bar:g}" if isinstance(bar, int | float) else ""
        return f"what was found was less sure ({in_hundredths(record['confidence']['probability'])}) than the bar{told}"
    return refusal(record).clause


def _said(record: Record) -> str:
    texts = (str(each["text"]) for each in record.get("statements", ()))
    said = in_one_line(" – ".join(filter(None, cell_texts(text))) if is_row(text) else text for text in texts)
    return said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID].rsplit(' ', 1)[0]} …"


def _sources(record: Record) -> str:
    named = list(dict.fromkeys(_editions(record)))
    told = named[:_MOST_SOURCES]
    if len(named) > _MOST_SOURCES:
        told.append(f"{len(named) - _MOST_SOURCES} more")
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else "".join(told)


def _editions(record: Record) -> Iterator[str]:
    """Yield each cited document with its edition, as far as it says when it holds, and its version."""
    began = {each["document"]: str(each.get("from") or "") for each in record.get("standings", ())}
    for statement in record.get("statements", ()):
        for cited in statement["citations"]:
            title = f"“{cited['title']}”" if cited["title"] else "a document that has been removed"
            since = f"in force from {spoken(began[cited['document']])}, " if began.get(cited["document"]) else ""
            yield f"{title} ({since}version {str(cited['version'])[:8]})"


def _standing(receipt: Receipt, *, cited: bool) -> str:
    record = receipt.record
    if not cited:
        return "It cites no document, so nothing that it rests on can have changed."
    holds = " ".join(map(change_in_words, receipt.changes)) or "The documents that it cites have not changed since."
    if record["outcome"] == "refused":
        return holds
    confidence = record["confidence"]
    alike = confidence.get("alike") or {}
    told = in_words(int(alike["n"]), int(alike["right"])) if alike else ""
    often = f": {told[:1].lower()}{told[1:].rstrip('.')}" if told else ""
    return f"{_LEVELS.get(confidence['level'], 'Confidence unknown')}{often}. {holds}"
