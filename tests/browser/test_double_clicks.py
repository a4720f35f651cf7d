"""A double click does what one click does."""

from __future__ import annotations

import pytest

from tests.browser.test_elements import turn

pytestmark = pytest.mark.browser


def test_a_question_is_asked_once(mounted_with_clock):
    thread = mounted_with_clock("thread")
    thread.page.clock.install()
    thread.show({"conversation": "c", "turns": [], "open": None, "documents": 2, "samples": ["Why?"]})
    sample = thread.page.get_by_role("button", name="Why?")
    sample.dblclick()
    assert thread.acts == [{"do": "ask", "text": "Why?"}]
    thread.page.clock.fast_forward(1000)
    sample.click()
    assert len(thread.acts) == 2


def test_a_judgement_is_not_taken_back_at_once(mounted):
    thread = mounted("thread")
    thread.show({"conversation": "c", "turns": [turn()], "open": None})
    right = thread.page.get_by_role("button", name="Right")
    right.dblclick()
    assert [act["verdict"] for act in thread.acts] == ["right"]
    assert right.get_attribute("aria-pressed") == "true"
