"""Which questions a list may answer."""

from __future__ import annotations

import pytest

from rag.ask.quoting.asks_for_list import asks_for_list


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How do I reset it?", True),
        ("which documents do I need", True),
        ("what is not covered?", True),
        ("How do I reach support by phone?", False),
        ("What does it cost?", False),
        ("Which process is it?", False),
        ("Who resets it?", False),
        ("Was the chain to blame, as the papers said?", False),
        ("Is there a checklist for closing?", True),
        ("router hangs, steps", True),
        ("router hangs", True),
        ("swap the lens myself, in what order", True),
        ("He disputes it. What am I supposed to do?", True),
        ("what's included in the day price", True),
        ("what is covered by the policy and how much is the excess", False),
        ("duty leader tasks when a child is lost", True),
        ("duty leader when a child is lost", False),
        ("merchant wants it paid out today, can he", False),
    ],
)
def test_what_asks_for_a_list(question: str, *, asks: bool) -> None:
    assert asks_for_list(question) is asks
