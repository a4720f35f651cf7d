"""What the document page shows of hidden text and orders: each with its surroundings, and what was decided."""

from __future__ import annotations

from dataclasses import asdict, replace

from app.present import Json
from rag.safety.documents import held_at, held_spans
from rag.types import Document, Flag, ParseReport

MAX_SHOWN = 100
_AROUND = 120


def flagged(document: Document) -> Json:
    """Return the flags of a version, severe ones first, and the latest decision."""
    report = document.report
    held = held_spans(document)
    order = sorted(report.flags, key=lambda flag: (not flag.severe, flag.start))
    return {
        "waiting": report.waiting,
        "flags": [_flag(document, flag, held=held_at(held, flag.start) is not None) for flag in order[:MAX_SHOWN]],
        "n_flags": len(order),
        "decision": asdict(report.decisions[-1]) if report.decisions else None,
    }


def summary(document: Document, report: ParseReport) -> str:
    """Return the line that the list shows of a document that waits: how many passages a decision is wanted of.

    Args:
        document: The live version.
        report: What is known of it now.
    """
    undecided = [flag for flag in report.flags if flag.severe and (flag.since_decision or not report.decisions)]
    held = held_spans(replace(document, report=report))
    n = len({held_at(held, flag.start) for flag in undecided} - {None})
    return f"Held back: {n} {'passage needs' if n == 1 else 'passages need'} your decision"


def _flag(document: Document, flag: Flag, *, held: bool) -> Json:
    block = next(block for block in document.blocks if block.start <= flag.start < block.end)
    before = document.text[max(block.start, flag.start - _AROUND) : flag.start]
    behind = document.text[flag.end : min(block.end, flag.end + _AROUND)]
    return {
        "reason": f"This text {flag.reason}.",
        "severe": flag.severe,
        "hidden": flag.kind == "hidden",
        "held": held,
        "page": block.page,
        "before": before,
        "text": document.text[flag.start : flag.end],
        "behind": behind,
    }
