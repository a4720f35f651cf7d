"""The questions of a conversation: one runs, those behind it wait, and none is lost."""

from __future__ import annotations

import threading

import pytest

from app.askings import Askings
from rag.errors import StoreError

WAIT_S = 10


class Desk:
    """Answers a question when it is told to; those whose text begins with "no" fail."""

    def __init__(self):
        self.answered = []
        self.gates = {}
        self.askings = Askings(self.answer)

    def answer(self, conversation, asking, _report):
        assert self.gate(asking.text).wait(WAIT_S)
        self.answered.append((conversation, asking.text))
        if asking.text.startswith("no"):
            raise StoreError("The disk is full.", hint="Free some space.")
        return "a1"

    def gate(self, text):
        return self.gates.setdefault(text, threading.Event())

    def ask(self, *texts, conversation="c"):
        return [self.askings.ask(conversation, text) for text in texts]

    def let(self, *askings):
        for asking in askings:
            self.gate(asking.text).set()
            assert asking.finished.wait(WAIT_S)

    def states(self, conversation="c"):
        return [(asking.text, asking.state) for asking in self.askings.of(conversation)]


@pytest.fixture
def desk():
    made = Desk()
    yield made
    made.askings.close(0)
    for gate in made.gates.values():
        gate.set()


def test_what_is_asked_meanwhile_waits_and_begins_by_itself_in_order(desk):
    first, second, third = desk.ask("one", "two", "three")
    assert desk.states() == [("one", "running"), ("two", "waiting"), ("three", "waiting")]
    desk.let(first, second, third)
    assert desk.answered == [("c", "one"), ("c", "two"), ("c", "three")]
    assert desk.states()[-1] == ("three", "done")


def test_conversations_do_not_wait_for_each_other(desk):
    desk.ask("one")
    desk.let(*desk.ask("two", conversation="other"))
    assert desk.states() == [("one", "running")]


def test_a_question_that_fails_keeps_its_words_and_the_next_begins(desk):
    failing, then = desk.ask("no one", "two")
    desk.let(failing, then)
    assert desk.states() == [("no one", "failed"), ("two", "done")]
    assert failing.moment().failure.message == "The disk is full."


def test_asked_again_a_question_takes_the_place_of_its_failure_and_another_of_all(desk):
    desk.let(*desk.ask("no one", "no two"))
    desk.let(*desk.ask("no one"))
    assert desk.states() == [("no two", "failed"), ("no one", "failed")]
    desk.let(*desk.ask("three"))
    assert desk.states() == [("three", "done")]


def test_what_waits_in_a_deleted_conversation_is_not_asked(desk):
    first, second = desk.ask("one", "two")
    desk.askings.drop_waiting("c")
    desk.askings.forget("c")
    desk.let(first)
    assert not second.finished.is_set()
    assert (desk.answered, desk.states()) == ([("c", "one")], [])


def test_what_has_ended_is_forgotten_and_what_is_going_on_is_not(desk):
    desk.let(*desk.ask("one", conversation="other"))
    desk.ask("two", "three")
    desk.askings.forget_ended()
    assert (desk.states("other"), desk.states()) == ([], [("two", "running"), ("three", "waiting")])


def test_many_conversations_push_out_those_that_have_ended_alone(desk):
    desk.ask("one", "two", conversation="going")
    desk.gate("old").set()
    for n in range(250):
        (asking,) = desk.ask("old", conversation=str(n))
        assert asking.finished.wait(WAIT_S)
    assert desk.states("going") == [("one", "running"), ("two", "waiting")]
    assert (desk.states("0"), desk.states("249")) == ([], [("old", "done")])
