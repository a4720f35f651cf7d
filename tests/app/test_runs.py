"""Work for the receipts in the background: once at a time, kept until told, and forgotten with a document."""

from __future__ import annotations

import threading

import pytest

from app.runs import Runs
from rag.errors import InputError
from rag.types import AskProgress

WAIT_S = 10


@pytest.fixture
def runs():
    return Runs()


class Held:
    """Work that goes on until it is let go, and counts how often it began."""

    def __init__(self):
        self.go, self.begun, self.n = threading.Event(), threading.Event(), 0

    def __call__(self, report):
        self.n += 1
        report(AskProgress("rerank"))
        self.begun.set()
        assert self.go.wait(WAIT_S)
        return {"words": "done"}


def test_what_came_of_it_is_told_beside_its_state(runs):
    held = Held()
    assert runs.of("a") is None
    runs.begin("a", held)
    assert held.begun.wait(WAIT_S)
    assert (runs.of("a")["state"], runs.of("a")["stage"], runs.going()) == ("running", "rerank", True)
    held.go.set()
    runs.wait(WAIT_S)
    assert (runs.of("a")["state"], runs.of("a")["words"], runs.going()) == ("done", "done", False)


def test_what_goes_on_is_not_begun_again_but_what_has_ended_is(runs):
    held = Held()
    runs.begin("a", held)
    runs.begin("a", held)
    held.go.set()
    runs.wait(WAIT_S)
    assert held.n == 1
    runs.begin("a", held)
    runs.wait(WAIT_S)
    assert held.n == 2


def test_why_it_failed_is_told(runs):
    def refuse(_):
        raise InputError("No question.", hint="Ask one.")

    runs.begin("a", refuse)
    runs.wait(WAIT_S)
    assert runs.of("a") == {
        "state": "failed",
        "stage": "understand",
        "failure": {"message": "No question.", "hint": "Ask one."},
    }


def test_nothing_is_kept_of_before_a_removal_and_what_runs_over_it_gives_no_words(runs):
    held, other = Held(), Held()
    other.go.set()
    runs.begin("ended", other)
    runs.wait(WAIT_S)
    runs.begin("running", held)
    assert held.begun.wait(WAIT_S)
    runs.forget()
    assert runs.of("ended") is None
    held.go.set()
    runs.wait(WAIT_S)
    assert runs.of("running")["state"] == "failed"
    assert "words" not in runs.of("running")
