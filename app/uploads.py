"""What the library shows of uploads: whose they are, how far each is, and what still needs a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from app.background import Batch
from app.flagged import warnings
from app.names import place_of
from app.present import Json
from rag.types import DocumentInfo, FileReport

TOLD_OTHERS = timedelta(minutes=30)
"""So long the end of an upload is shown to others too; whoever reloads the page is another to it."""

_SETTING = re.compile(r",? or raise ingest\.\w+\.")
_ASK = ", or ask whoever runs Footnote for a higher limit."

Live = Callable[[str], DocumentInfo | None]


def shown(batches: Iterable[Batch], live: Live, *, session: str, now: datetime | None = None) -> list[Json]:
    """Return what one session sees of the uploads of all, oldest first.

    What waits or runs is shown to everyone, since others wait behind it; what has ended to whom it belongs, until they
    dismiss it, and for a while to the others. Their browser keeps which of those they have put away.

    Args:
        batches: As `app.background.Intake` gives them.
        live: Returns what is known of a document now, ``None`` where it is gone.
        session: Who looks.
        now: The time.
    """
    latest = (now or datetime.now(UTC)) - TOLD_OTHERS
    return [
        _batch(batch, live, own=batch.owner == session)
        for batch in batches
        if batch.owner == session or (batch.ended_at or latest) >= latest
    ]


def for_browser(hint: str) -> str:
    """Return a hint without the name of a setting, which nobody can change in a browser."""
    return _SETTING.sub(_ASK, hint)


def _batch(batch: Batch, live: Live, *, own: bool) -> Json:
    progress = batch.progress
    ended = batch.finished.is_set()
    state = "failed" if batch.failure else "finished" if ended else "running" if batch.started_at else "waiting"
    return {
        "id": batch.id,
        "own": own,
        "state": state,
        "stopped": batch.stopped,
        "stage": progress.stage if progress else "scanning",
        "name": progress.name if progress else "",
        "done": progress.files_done if progress else 0,
        "total": progress.files_total if progress else len(batch.files),
        "chunks": progress.chunks_done if progress else 0,
        "chunks_known": progress.chunks_known if progress else 0,
        "share": round(progress.share, 3) if progress else 0.0,
        "rate": progress.chunks_per_s if progress else 0.0,
        "remaining": progress.remaining_s if progress else None,
        "elapsed": round(batch.elapsed_s, 1),
        "ended_at": batch.ended_at.isoformat() if batch.ended_at else None,
        "files": [_file(report, live) for report in batch.reports],
        "failure": asdict(batch.failure) if batch.failure else None,
    }


def _file(report: FileReport, live: Live) -> Json:
    seen = report.report
    document = report.document_id or ""
    held = seen is not None and seen.waiting
    info = live(document) if held else None
    if info is not None and info.version == report.version:
        # Somebody may have decided since.
        seen = info.report
    return {
        "name": report.name,
        "within": place_of(report.source),
        "outcome": report.outcome,
        "reason": report.reason,
        "hint": for_browser(report.hint or ""),
        "n_chunks": report.n_chunks,
        "document": report.document_id,
        "held": held and info is not None and info.report.waiting,
        "warnings": [*(_told(info) if held else ()), *(warnings(seen) if seen else ())],
    }


def _told(info: DocumentInfo | None) -> Iterator[str]:
    """Yield what there is to say of a file with passages that were held back when it was read."""
    if info is None:
        yield "It has been removed since."
    elif info.report.waiting:
        yield "Some passages wait for your decision; the rest is searched."
    elif info.report.decisions:
        yield "Decided: used." if info.report.decisions[-1].choice == "released" else "Decided: left out."
