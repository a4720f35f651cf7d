"""Only questions that are answered well are offered, tried once for each state of the library, behind people's own."""

from __future__ import annotations

import threading

import pytest

from app.samples import N_TRIED, Samples, answers_well, mixed, sample_codes
from rag.errors import NotFound
from rag.types import Answer, Block, Citation, Confidence, Document, ParseReport, Question, Statement, Verdict

WAIT_S = 10


def answered(text="It is free.", *, level="high", outcome="answered", headings=("Help", "2. What it costs")):
    citation = Citation(1, "d1", "Help", "v1", "d1@v1:0-9", None, headings, 0, len(text), text)
    statements = (Statement(text, 1.0, (citation,)),) if outcome != "refused" else ()
    verdict = Verdict(outcome, None, "quoted", statements, (), Confidence(0.9, level, {}))
    return Answer("a", Question("?"), None, verdict, "", (), {}, "", None, {}, "")


@pytest.fixture
def opened():
    """Open samples that are closed after the test; returns them and what was asked."""
    made = []

    def _open(ask, *, busy=lambda: False, limit=2):
        made.append(Samples(ask, busy, limit=limit))
        return made[-1]

    yield _open
    for each in made:
        each.close()


def good(question):
    return answered(headings=("Help", question))


@pytest.mark.parametrize(
    ("question", "answer", "well"),
    [
        ("Help: what it costs?", answered(), True),
        ("Help: what it costs?", answered(level="medium"), False),
        ("Help: what it costs?", answered(outcome="partial"), False),
        ("Help: what it costs?", answered(outcome="refused"), False),
        # From elsewhere, or from the head of the document.
        ("Help: what it costs?", answered(headings=("Help", "Shipping")), False),
        ("Help: what it costs?", answered(headings=("Help",)), False),
        ("What does HX-1001 mean?", answered("HX-1001 | Boot image not found", headings=()), True),
        ("What does HX-1001 mean?", answered("The sheet is kept for agents.", headings=()), False),
    ],
)
def test_an_answer_is_good_where_it_is_sure_whole_and_from_the_place_asked_about(question, answer, well):
    assert answers_well(question, answer) is well


def test_those_that_are_answered_well_are_offered_in_their_order_and_no_more_than_wanted(opened):
    asked = []

    def ask(question):
        asked.append(question)
        return answered(outcome="refused") if question == "bad" else good(question)

    samples = opened(ask)
    assert samples.of(1, lambda: ["bad", "first", "second", "third"]) in ([], ["first"], ["first", "second"])
    samples.wait(WAIT_S)
    assert samples.of(1, lambda: pytest.fail("made again")) == ["first", "second"]
    assert asked == ["bad", "first", "second"]
    assert not samples.trying()


def test_another_state_of_the_library_is_tried_anew_and_forgetting_drops_the_words(opened):
    samples = opened(good)
    samples.of(1, lambda: ["old"])
    samples.wait(WAIT_S)
    samples.of(2, lambda: ["new"])
    samples.wait(WAIT_S)
    assert samples.of(2, list) == ["new"]
    samples.forget()
    assert samples.of(3, list) == []


def test_what_an_earlier_trial_of_the_same_library_still_finds_is_not_offered_twice(opened):
    begun, go_on = threading.Semaphore(0), threading.Event()

    def ask(question):
        begun.release()
        assert go_on.wait(WAIT_S)
        return good(question)

    samples = opened(ask, limit=4)
    samples.of(1, lambda: ["one", "two"])
    assert begun.acquire(timeout=WAIT_S)
    samples.forget()
    samples.of(1, lambda: ["one", "two"])
    assert begun.acquire(timeout=WAIT_S)
    go_on.set()
    samples.wait(WAIT_S)
    assert samples.of(1, list) == ["one", "two"]


def test_what_is_forgotten_while_it_is_tried_does_not_come_back(opened):
    begun, go_on = threading.Event(), threading.Event()

    def ask(question):
        begun.set()
        assert go_on.wait(WAIT_S)
        return good(question)

    samples = opened(ask)
    samples.of(1, lambda: ["old"])
    assert begun.wait(WAIT_S)
    samples.forget()
    go_on.set()
    samples.wait(WAIT_S)
    assert samples._good == []


def test_a_persons_question_goes_first(opened):
    waits = iter([True, True, False])
    asked_while = []
    samples = opened(lambda question: asked_while.append(question) or good(question), busy=lambda: next(waits, False))
    samples.of(1, lambda: ["one"])
    samples.wait(WAIT_S)
    assert asked_while == ["one"]
    assert next(waits, None) is None


def test_few_are_tried_and_a_failure_ends_it(opened):
    asked = []
    samples = opened(lambda question: asked.append(question) or answered(outcome="refused"))
    samples.of(1, lambda: list(map(str, range(100))))
    samples.wait(WAIT_S)
    assert len(asked) == N_TRIED

    def fail(_question):
        raise NotFound("It is gone.", hint="Ask for another.")

    failing = opened(fail)
    failing.of(1, lambda: ["one", "two"])
    failing.wait(WAIT_S)
    assert failing.of(1, list) == []


def test_codes_are_asked_of_tables_whose_first_row_begins_with_one():
    def table(row):
        text = f"Code | Meaning\n{row}"
        blocks = (Block("table_header", 0, 14), Block("table_row", 15, len(text)))
        report = ParseReport(None, len(text), 1)
        return Document("d1", "v1", "default", "/d.md", "d.md", "D", "text/markdown", "0", 1, text, blocks, (), report)

    assert sample_codes([table("HX-1001 | Boot"), table("Boot | HX-1"), table("Kestrel 2 (KR-200) | 2022")]) == [
        "What does HX-1001 mean?"
    ]


def test_kinds_are_mixed_in_turn():
    assert mixed(["a", "b", "c"], ["x"], ["a", "y"]) == ["a", "x", "b", "y", "c"]
