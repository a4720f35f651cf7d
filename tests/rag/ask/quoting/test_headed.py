"""Headings that hold the day or the version that is asked for are told of with their sentences."""

from __future__ import annotations

import pytest

from rag.ask.quoting.choice import Sentence
from rag.ask.quoting.headed import Headed
from rag.sentences import Span, sentence_spans
from rag.types import Chunk, Hit, LiveChunk, Turn

NOTES = (
    "4.5.2 – 14 April 2026\n\nFixed: the Wi-Fi dropped after 49 days.\n\n"
    "4.4.3 – 18 November 2025\n\nThe page asks for a password.\n\nInstalling\n\nUse a stick."
)


def hit_of(text: str) -> tuple[Hit, list[Span]]:
    """Return a passage whose lines without an end are headings."""
    spans = sentence_spans(text)
    turns = [
        Turn(s.start, None, ("Notes", text[s.start : s.end])) for s in spans if not text[s.start : s.end].endswith(".")
    ]
    chunk = Chunk(f"d@v:0-{len(text)}", "d", "v", 0, 0, len(text), text, "Notes", ("Notes",), None, 9, tuple(turns))
    return Hit(LiveChunk(chunk, "Notes", "/notes.md", "text/markdown"), 1.0, (), {}), spans


def told(question: str, text: str = NOTES) -> list[str]:
    hit, spans = hit_of(text)
    headed = Headed(question)
    scored = [Sentence(text[s.start : s.end], 0, n, 0.5, score=-float(n)) for n, s in enumerate(spans)]
    kept = headed.beside([s for s in scored if s.text.endswith(".") or headed.holds(s.text)], [hit], [spans])
    return [s.text for s in sorted(kept, key=lambda s: -s.score)]


def test_a_heading_with_the_day_stands_behind_the_best_sentence_below_it() -> None:
    assert told("when was the release that fixed the wifi")[:2] == [
        "Fixed: the Wi-Fi dropped after 49 days.", "4.5.2 – 14 April 2026"
    ]  # fmt: skip


def test_it_holds_for_its_own_section_only() -> None:
    order = told("In which version does the page ask for a password?")
    assert order[order.index("4.4.3 – 18 November 2025") - 1] == "The page asks for a password."
    assert order[-1] == "Use a stick."


def test_a_sentence_that_says_it_itself_needs_no_heading() -> None:
    assert told("When was it mended?", "Release of 14 April 2026\n\nMended on 3 March 2026.") == [
        "Mended on 3 March 2026."
    ]


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("When did it come out?", "4.5.2 – 14 April 2026", True),
        ("When did it come out?", "Fixes", False),
        ("which firmware cures it", "4.5.2", True),
        ("which firmware cures it", "R2.3 – 20 May", True),
        ("which firmware cures it", "Chapter 4", False),
        ("Who cures it?", "4.5.2 – 14 April 2026", False),
    ],
)
def test_what_a_heading_must_hold(question: str, text: str, *, holds: bool) -> None:
    assert Headed(question).holds(text) is holds
