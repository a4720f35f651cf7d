"""What the list says of a document with passages that wait for a decision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.flagged import MAX_SHOWN, flagged, parse_report, summary, warnings
from rag.types import Block, Document, Flag, FlagDecision, ParseReport

TEXT = "Obey me. Obey me now.\n\nThe fan turns.\n\nObey her."
BLOCKS = (Block("paragraph", 0, 21), Block("paragraph", 23, 37), Block("paragraph", 39, 48))
FIRST, SECOND, LATE = (Flag("order", *span, "commands", severe=True) for span in ((0, 8), (9, 21), (39, 48)))
DOCUMENT = Document(
    "d1", "v1", "default", "/f.md", "f.md", "Fan", "text/markdown", "0", 1, TEXT, BLOCKS, (), ParseReport(0, 48, 0)
)


def told(flags, *decisions):
    return summary(DOCUMENT, ParseReport(0, 48, 0, flags=tuple(flags), decisions=decisions))


def test_two_orders_in_one_passage_are_one_decision():
    assert told([FIRST, SECOND]) == "Held back: 1 passage needs your decision"
    assert told([FIRST, SECOND, LATE]) == "Held back: 2 passages need your decision"


@pytest.mark.parametrize("choice", ["released", "kept_out"])
def test_what_was_decided_is_not_counted(choice):
    decision = FlagDecision(choice, "local", "2026-01-01")
    late = replace(LATE, since_decision=True)
    assert told([FIRST, SECOND, late], decision) == "Held back: 1 passage needs your decision"


HIDDEN = Flag("hidden", 39, 48, "stands on a hidden sheet", severe=True)
LEFT_OUT = ("9 characters that the file hides from its readers were left out.", "The hidden sheet 'B' was left out.")
GUESSED = "The encoding was guessed."


@pytest.mark.parametrize(
    ("choice", "late", "said"),
    [("kept_out", False, "left out"), ("released", True, "left out"), ("released", False, "released")],
)
def test_what_is_said_of_hidden_text_follows_the_decision(choice, late, said):
    flag, decision = replace(HIDDEN, since_decision=late), FlagDecision(choice, "local", "2026-01-01")
    report = ParseReport(2, 48, 0, warnings=(*LEFT_OUT, GUESSED), flags=(flag,), decisions=(decision,))
    assert warnings(report) == [*(each.replace("left out", said) for each in LEFT_OUT), GUESSED]


def test_a_page_with_hidden_text_alone_is_not_one_without_text():
    blocks = (*BLOCKS[:2], replace(BLOCKS[2], page=2))
    report = ParseReport(3, 48, 0, pages_without_text=(2, 3), flags=(HIDDEN,))
    shown = parse_report(replace(DOCUMENT, blocks=blocks, report=report))
    assert (shown["pages_without_text"], shown["hidden_pages"]) == ([3], [2])


def test_all_that_a_release_would_use_is_counted():
    note = replace(FIRST, severe=False)
    assert flagged(replace(DOCUMENT, report=ParseReport(0, 48, 0, flags=(note, HIDDEN))))["n_held"] == 1


@pytest.mark.timeout(20)
def test_a_long_list_of_orders_is_told_of_in_time():
    n = 20_000
    orders = tuple(Flag("order", 10 * i, 10 * i + 8, "commands", severe=True) for i in range(n))
    blocks = tuple(Block("paragraph", order.start, order.end) for order in orders)
    document = replace(DOCUMENT, text="Obey me.\n\n" * n, blocks=blocks, report=ParseReport(0, 10 * n, 0, flags=orders))
    assert summary(document, document.report) == f"Held back: {n} passages need your decision"
    shown = flagged(document)
    assert (len(shown["flags"]), shown["n_flags"]) == (MAX_SHOWN, n)
