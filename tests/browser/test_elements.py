"""One element by itself in a real Chromium, with content that a view would give it; no server is needed."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from app.widgets import element

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><html><body><input id='elsewhere'><main></main></body></html>"
MOUNT = """async ([script, style]) => {
  const host = document.querySelector("main");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>${style}</style><div class="fn"></div>`;
  const { default: draw } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  window.acts = [];
  window.show = (data) => draw({ data, parentElement: shadow, setTriggerValue: (_, act) => window.acts.push(act) });
}"""


class Mounted:
    """An element on a page.

    Args:
        page: The page.
        name: Of the element.
    """

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        parts = ("base", *element._PARTS.get(name, ()), name)
        page.evaluate(MOUNT, ["".join(element._read(f"{part}.{kind}") for part in parts) for kind in ("js", "css")])

    def show(self, content: dict[str, object]) -> None:
        """Give it content, as a run of the page does."""
        self.page.evaluate("(data) => { window.show(data); }", json.loads(json.dumps(content)))

    @property
    def acts(self) -> list[dict[str, object]]:
        """What the person did."""
        return self.page.evaluate("() => window.acts")


@pytest.fixture
def mounted(browser):
    """Put an element on a page of its own."""
    context = browser.new_context(timezone_id="Europe/Berlin")
    context.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("http://desk.test/library")
    yield lambda name: Mounted(page, name)
    context.close()


def passage(n):
    return {"title": f"Guide {n}", "gone": False, "badge": "", "place": "", "text": f"Words {n}."}


def turn(**more):
    citation = {"n": 1, "document": "d1", "title": "Guide", "page": None}
    shown = {
        "id": "a1", "key": "a1", "state": "done", "question": "Why?", "read_as": "", "outcome": "answered",
        "refused_as": "", "refusal": "", "message": "", "failure": None, "removed": False, "sides": [], "notes": [],
        "missing": [], "statements": [{"text": "It blinks.", "citations": [citation]}],
        "copies": {"sources": "It blinks. [1]", "customer": "It blinks.", "masked": "", "listable": "", "unsaid": ""},
        "confidence": {"level": "high", "probability": 0.9, "words": "", "signals": []},
        "passages": [passage(n) for n in range(1, 9)], "timings_ms": {}, "judgement": None, "stale": [],
    }  # fmt: skip
    return shown | more


def test_a_passage_that_is_not_among_the_first_stays_chosen(mounted):
    thread = mounted("thread")
    judged = {"verdict": "wrong", "answerable": True, "expected": "It glows.", "passage": 8}
    thread.show({"conversation": "c", "turns": [turn(judgement=judged)], "open": None})
    thread.page.get_by_role("button", name="Change", exact=True).click()
    thread.page.get_by_role("button", name="Save").click()
    (act,) = thread.acts
    assert (act["do"], act["expected"], act["passage"]) == ("judge", "It glows.", 8)


def source(n, **more):
    shown = {
        "kind": "citation", "n": n, "numbers": [1, 2, 3], "title": f"Guide {n}", "name": "guide.pdf", "document": "d1",
        "version": "v1", "headings": [], "page": n, "media_type": "application/pdf", "superseded": False,
        "picture": False, "mark": [0, 5], "why": None,
        "blocks": [{"kind": "paragraph", "level": 0, "cells": [[[f"Words {n}.", True]]]}],
    }  # fmt: skip
    return shown | more


def test_a_page_that_cannot_be_drawn_leaves_the_next_source_its_own(mounted):
    panel = mounted("source")
    held = []

    def hold(route):
        held.append(route)

    panel.page.route("**/pages/**", hold)
    with panel.page.expect_request("**/pages/d1/v1/1?*"):
        panel.show(source(1, picture=True))
    with panel.page.expect_request("**/pages/d1/v1/2?*"):
        panel.show(source(2, picture=True))
    with panel.page.expect_response("**/pages/d1/v1/1?*"):
        held[0].fulfill(status=422, json={"message": "It is broken."})
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    held[1].fulfill(json={"png": png, "width": 1, "height": 1, "boxes": []})
    panel.page.get_by_role("button", name="Text").click()
    panel.page.get_by_role("button", name="Page").click()
    expect(panel.page.get_by_role("img", name="Page 2 of the document")).to_be_visible()
    expect(panel.page.locator(".problem")).to_be_empty()


def conversations(*titles, **more):
    entries = [{"id": f"c{n}", "title": title, "question": ""} for n, title in enumerate(titles)]
    return {"entries": entries, "n": len(entries), "text": "", "current": "c0"} | more


def rename(listed):
    listed.page.locator(".more").first.click()
    listed.page.get_by_role("button", name="Rename", exact=True).click()
    return listed.page.locator(".field")


def document(n):
    return {
        "id": f"d{n}", "title": f"Guide {n}", "name": f"{n}.md", "within": "", "media_type": "text/markdown",
        "pages": None, "n_chunks": n, "updated_at": "2026-03-01T10:00:00+00:00", "standing": None, "held": None,
        "warning": None,
    }  # fmt: skip
