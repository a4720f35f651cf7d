"""What the document page shows of hidden text and orders: each with its surroundings, and what was decided."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import asdict, replace

from app.present import Json
from rag.canonical import digest
from rag.safety.documents import held_at, held_spans
from rag.types import Block, Document, Flag, FlagChoice, ParseReport

MAX_SHOWN = 100
_AROUND = 120
# What parsers say of text that they keep apart, see `rag.ingest.parsers.hidden` and `rag.ingest.parsers.sheets`.
_LEFT_OUT = re.compile(r"((?:hides from its readers|struck out|hidden sheet .*) (?:was|were)) left out\.$", re.DOTALL)


def flagged(document: Document) -> Json:
    """Return the flags of a version, severe ones first, and the latest decision."""
    report = document.report
    held = held_spans(document)
    order = sorted(report.flags, key=lambda flag: (not flag.severe, flag.start))
    return {
        "waiting": report.waiting,
        "flags": [_flag(document, flag, held=held_at(held, flag.start) is not None) for flag in order[:MAX_SHOWN]],
        "n_flags": len(order),
        "n_held": sum(held_at(held, flag.start) is not None for flag in order),
        "decision": asdict(report.decisions[-1]) if report.decisions else None,
        "seen": seal(document.version, report),
    }


def seal(version: str, report: ParseReport) -> str:
    """Return what is another one once a document has other words or flags, or somebody has decided on them."""
    return digest((version, [asdict(flag) for flag in report.flags], [asdict(each) for each in report.decisions]))


def is_decided(report: ParseReport, choice: FlagChoice) -> bool:
    """Return whether that is what was decided last, and nothing waits."""
    return not report.waiting and bool(report.decisions) and report.decisions[-1].choice == choice


def parse_report(document: Document) -> Json:
    """Return what was seen in the file of a version, as the latest decision on its hidden text leaves it.

    A page that holds nothing but hidden text is not called one without text.
    """
    report = document.report
    hidden = {_block(document, flag).page for flag in report.flags if flag.kind == "hidden"}
    return asdict(report) | {
        "warnings": warnings(report),
        "pages_without_text": [page for page in report.pages_without_text if page not in hidden],
        "hidden_pages": [page for page in report.pages_without_text if page in hidden],
    }


def warnings(report: ParseReport) -> list[str]:
    """Return what the parser warned of; of hidden text that was released since, that it was."""
    released = bool(report.decisions) and report.decisions[-1].choice == "released"
    if not released or any(flag.kind == "hidden" and flag.since_decision for flag in report.flags):
        return list(report.warnings)
    return [_LEFT_OUT.sub(r"\1 released.", warning) for warning in report.warnings]


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
    block = _block(document, flag)
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


def _block(document: Document, flag: Flag) -> Block:
    return document.blocks[bisect_right(document.blocks, flag.start, key=lambda block: block.start) - 1]
