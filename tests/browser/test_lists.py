"""Answers whose statements are items of a list, in a real browser."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.test_elements import turn

pytestmark = pytest.mark.browser


def test_the_items_of_a_list_stand_below_each_other(mounted):
    thread = mounted("thread")
    texts = ("To reset it:", "1. Unplug it.", "Mind the cable.", "2. Wait.", "It restarts.")
    said = [{**turn()["statements"][0], "text": text, "item": n in (1, 2, 3)} for n, text in enumerate(texts)]
    thread.show({"conversation": "c", "turns": [turn(statements=said)], "open": None})
    answer = thread.page.locator(".answer")
    expect(answer.locator("p")).to_have_text(["To reset it:1", "It restarts.1"])
    expect(answer.locator("ul > li")).to_have_text(["1. Unplug it.1", "Mind the cable.1", "2. Wait.1"])
    tops = [each.bounding_box()["y"] for each in answer.locator("p, li").all()]
    assert all(above + 10 < below for above, below in pairwise(tops))


def steps(n):
    """A list of steps of one document, each with a source of its own."""
    cited = {"document": "d1", "title": "Osprey router manual", "page": None, "headings": ["Resetting the router"]}
    return [{"text": f"{k}. Press it.", "item": True, "citations": [cited | {"n": k}]} for k in range(1, n + 1)]


def test_the_document_of_a_long_list_is_named_in_sight_on_a_narrow_screen(mounted):
    thread = mounted("thread")
    thread.page.set_viewport_size({"width": 390, "height": 844})
    thread.show({"conversation": "c", "turns": [turn(statements=steps(20))], "open": None})
    title = thread.page.locator(".footnote .title")
    title.scroll_into_view_if_needed()
    expect(title).to_be_in_viewport(ratio=1)
    assert title.bounding_box()["height"] < 60
    assert thread.page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_the_items_of_another_answer_stand_in_its_frame_alone(mounted):
    thread = mounted("thread")
    other = {"answer": "1. Press it.", "probability": 0.5, "why": "Another one says so.", "statements": steps(2)}
    thread.show({"conversation": "c", "turns": [turn(others=[other])], "open": None})
    thread.page.get_by_text("1 other answer").click()
    paddings = "(nodes) => nodes.map((node) => getComputedStyle(node).paddingTop !== '0px')"
    assert thread.page.locator(".others li").evaluate_all(paddings) == [True, False, False]
