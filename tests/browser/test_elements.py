"""One element by itself in a real Chromium, with content that a view would give it; no server is needed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


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


def test_copying_takes_no_focus_where_the_page_is_not_secure(mounted):
    thread = mounted("thread")
    thread.show({"conversation": "c", "turns": [turn()], "open": None})
    assert not thread.page.evaluate("() => window.isSecureContext")
    button = thread.page.locator(".copy-buttons button").first
    button.focus()
    thread.page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    thread.page.locator("#elsewhere").focus()
    thread.page.keyboard.press("Control+V")
    expect(thread.page.locator("#elsewhere")).to_have_value("It blinks. [1]")


def test_what_was_not_copied_is_not_said_to_be(mounted):
    thread = mounted("thread")
    thread.show({"conversation": "c", "turns": [turn()], "open": None})
    thread.page.evaluate("() => { document.execCommand = () => false; }")
    button = thread.page.locator(".copy-buttons button").first
    button.click()
    expect(button).to_have_text("Not copied: select the text")


def test_a_judgement_that_could_not_be_stored_is_not_said_to_be(mounted):
    thread = mounted("thread")
    content = {"conversation": "c", "turns": [turn()], "open": None}
    thread.show(content | {"failed": False})
    right = thread.page.get_by_role("button", name="Right")
    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    thread.show(content | {"failed": True})
    expect(right).to_have_attribute("aria-pressed", "false")
    expect(thread.page.locator(".judge [role=status]")).to_be_empty()


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


def test_stepping_through_the_sources_keeps_the_focus(mounted):
    panel = mounted("source")
    panel.show(source(1))
    following, before = (panel.page.get_by_role("button", name=f"{word} source") for word in ("Next", "Previous"))
    following.focus()
    panel.show(source(2))
    expect(following).to_be_focused()
    panel.show(source(3))
    # There is no next one.
    expect(before).to_be_focused()


def conversations(*titles, **more):
    entries = [{"id": f"c{n}", "title": title, "question": ""} for n, title in enumerate(titles)]
    return {"entries": entries, "n": len(entries), "text": "", "current": "c0"} | more


def rename(listed):
    listed.page.locator(".more").first.click()
    listed.page.get_by_role("button", name="Rename", exact=True).click()
    return listed.page.locator(".field")


def test_a_title_that_is_saved_gives_the_focus_back(mounted):
    listed = mounted("conversations")
    listed.show(conversations("Kettle"))
    rename(listed).fill("Larkspur")
    listed.page.keyboard.press("Enter")
    expect(listed.page.locator(".more")).to_be_focused()
    listed.show(conversations("Larkspur"))
    expect(listed.page.locator(".more")).to_be_focused()
    assert listed.acts == [{"do": "rename", "id": "c0", "title": "Larkspur"}]


def test_the_key_that_ends_a_composed_word_does_not_save_the_title(mounted):
    listed = mounted("conversations")
    listed.show(conversations("Kettle"))
    field = rename(listed)
    field.fill("やかん")
    for key in ("Enter", "Escape"):
        field.dispatch_event("keydown", {"key": key, "isComposing": True})
    expect(field).to_have_value("やかん")
    assert listed.acts == []


def test_leaving_the_menu_of_a_conversation_leaves_nothing_else(mounted):
    listed = mounted("conversations")
    listed.show(conversations("Kettle"))
    listed.page.evaluate("() => document.addEventListener('keydown', ({ key }) => window.acts.push({ do: key }))")
    listed.page.locator(".more").click()
    listed.page.keyboard.press("Escape")
    expect(listed.page.locator(".edit")).to_have_count(0)
    assert listed.acts == []


def test_what_was_looked_for_before_a_new_conversation_can_be_looked_for_again(mounted):
    listed = mounted("conversations")
    listed.show(conversations("Kettle", n=9))
    search = listed.page.locator(".search")
    for _ in range(2):
        search.fill("lid")
        search.press("Enter")
        listed.page.get_by_role("button", name="New conversation").click()
        listed.show(conversations("Kettle", "Toaster", n=9))
    assert [act["do"] for act in listed.acts] == ["find", "new"] * 2


def document(n):
    return {
        "id": f"d{n}", "title": f"Guide {n}", "name": f"{n}.md", "within": "", "media_type": "text/markdown",
        "pages": None, "n_chunks": n, "updated_at": "2026-03-01T10:00:00+00:00", "standing": None, "held": None,
        "warning": None,
    }  # fmt: skip


def test_a_list_that_is_sorted_or_grows_keeps_the_focus(mounted):
    listed = mounted("documents")
    listed.show({"documents": [document(1), document(2)]})
    for _ in range(2):
        listed.page.locator("th.passages button").press("Enter")
        expect(listed.page.locator("th.passages button")).to_be_focused()
    opened = listed.page.locator("[data-document=d1]")
    opened.focus()
    listed.show({"documents": [document(n) for n in range(4)]})
    expect(opened).to_be_focused()


def guide():
    day = "2026-03-01T10:00:00+00:00"
    info = {
        "id": "d1", "title": "Guide", "name": "guide.md", "source": "/guide.md", "added_at": day, "updated_at": day,
        "n_versions": 1, "n_chunks": 1,
    }  # fmt: skip
    report = {
        "pages": None, "characters": 9, "tables": 0, "ocr_pages": [], "pages_without_text": [], "hidden_pages": [],
        "warnings": [],
    }  # fmt: skip
    shown = {
        "live": True, "media_type": "text/markdown", "n_bytes": 9, "n_chunks": 1, "metadata": [], "report": report,
    }  # fmt: skip
    standing = {"status": "draft", "from": "", "until": "", "successor": "", "found": False, "told": "", "learnt": {}}
    return {
        "info": info, "standing": standing, "versions": [], "version": "v1", "shown": shown, "flagged": {"n_flags": 0},
    }  # fmt: skip


def test_another_part_of_a_document_keeps_the_focus(mounted):
    page_of, content = mounted("document"), guide()
    later, earlier = (page_of.page.get_by_role("button", name=name).last for name in ("Later part", "Earlier part"))
    page_of.show(content | {"reading": {"rows": [], "part": 1, "parts": 3}})
    later.focus()
    page_of.show(content | {"reading": {"rows": [], "part": 2, "parts": 3}})
    expect(later).to_be_focused()
    page_of.show(content | {"reading": {"rows": [], "part": 3, "parts": 3}})
    expect(earlier).to_be_focused()


def test_what_is_typed_of_a_document_stays_when_its_removal_is_thought_over(mounted):
    page_of = mounted("document")
    page_of.show(guide() | {"reading": {"rows": [], "part": 1, "parts": 1}})
    page_of.page.get_by_role("button", name="Change").click()
    page_of.page.get_by_label("Followed by").fill("Guide 2027")
    page_of.page.get_by_role("button", name="Remove", exact=True).click()
    page_of.page.get_by_role("button", name="Keep it").click()
    expect(page_of.page.get_by_label("Followed by")).to_have_value("Guide 2027")


def test_yesterday_is_the_day_before_where_a_day_had_23_hours(mounted_with_clock):
    listed = mounted_with_clock("receipts")
    listed.page.clock.set_fixed_time("2026-03-30T00:30:00+02:00")
    entry = {
        "receipt": "a1", "asked_at": "2026-03-29T10:00:00+00:00", "who": "you", "question": "Why?",
        "outcome": "answered", "why": "", "level": "high", "stale": [], "judged": "",
    }  # fmt: skip
    sought = {"text": "", "outcome": "", "stale": False, "limit": 50}
    ledger = {"may": True, "check": None}
    outcomes = {"answered": "Answered"}
    listed.show({"entries": [entry], "more": True, "sought": sought, "outcomes": outcomes, "ledger": ledger})
    expect(listed.page.locator(".day h2")).to_have_text("Yesterday")
    older = listed.page.get_by_role("button", name="Show older ones")
    older.focus()
    listed.show({"entries": [entry] * 2, "more": True, "sought": sought, "outcomes": outcomes, "ledger": ledger})
    expect(older).to_be_focused()


def test_a_receipt_that_is_asked_again_keeps_the_focus_and_the_whole_question(mounted):
    page_of = mounted("receipt")
    content = {
        "receipt": "a1", "question": "Why is that so? " * 40, "asked_at": "2026-03-29T10:00:00+00:00", "who": "you",
        "short": [], "late": False, "sections": [], "sequence": 1, "ledger": {"may": True, "check": None}, "open": None,
    }  # fmt: skip
    page_of.show(content | {"replay": None})
    page_of.page.get_by_role("button", name="Show the whole question").click()
    export = page_of.page.get_by_role("link", name="Export")
    export.focus()
    for stage in ("retrieve", "rerank"):
        page_of.show(content | {"replay": {"state": "running", "stage": stage, "failure": None}})
        expect(export).to_be_focused()
    expect(page_of.page.get_by_role("button", name="Show less")).to_be_visible()


def test_a_message_that_comes_above_what_is_read_is_brought_into_sight(mounted):
    notice = mounted("notice")
    notice.page.evaluate("() => { document.body.style.paddingBottom = '300vh'; }")
    notice.page.evaluate("() => window.scrollTo(0, 9999)")
    notice.show({"message": "It could not be stored.", "hint": "Free some space."})
    message = notice.page.get_by_text("It could not be stored.")
    expect(message).to_be_in_viewport()
    # It comes once, and holds nobody there.
    notice.page.evaluate("() => window.scrollTo(0, 9999)")
    notice.show({"message": "It could not be stored.", "hint": "Free some space."})
    expect(message).not_to_be_in_viewport()


def test_what_is_typed_below_one_answer_keeps_the_focus_when_the_next_one_comes(mounted):
    thread = mounted("thread")
    running = turn(id="", key="q2", state="running", statements=[], stage="guard", checking=None, fallbacks=[])
    thread.show({"conversation": "c", "turns": [turn(), running], "open": None})
    thread.page.get_by_role("button", name="Wrong").click()
    field = thread.page.get_by_label("What would have been right?")
    field.press_sequentially("It gl")
    thread.show({"conversation": "c", "turns": [turn(), turn(id="a2", key="a2")], "open": None})
    expect(field).to_be_focused()
    thread.page.keyboard.type("ows.")
    expect(field).to_have_value("It glows.")


def test_a_sample_question_keeps_the_focus_when_another_one_comes(mounted):
    thread = mounted("thread")
    empty = {"conversation": "c", "turns": [], "open": None, "documents": 2}
    thread.show(empty | {"samples": ["Why?"]})
    thread.page.get_by_role("button", name="Why?").focus()
    thread.show(empty | {"samples": ["Why?", "When?"]})
    expect(thread.page.get_by_role("button", name="Why?")).to_be_focused()


@pytest.mark.parametrize("help_key", ["{ctrlKey: true, altKey: true, modifierAltGraph: true}", "{altKey: true}", "{}"])
def test_brackets_step_through_the_sources_where_they_are_typed_with_a_second_key(mounted, help_key):
    panel = mounted("source")
    panel.show(source(1))
    press = f"(key) => document.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true, ...{help_key} }}))"
    for key in ("]", "1"):
        panel.page.locator(".panel").evaluate(press.replace("(key)", "(_, key)"), key)
    assert panel.acts == [{"do": "go", "n": 2}]


def test_what_is_typed_below_an_answer_stays_when_its_document_changes(mounted):
    thread = mounted("thread")
    thread.show({"conversation": "c", "turns": [turn()], "open": None})
    thread.page.get_by_role("button", name="Wrong").click()
    field = thread.page.get_by_label("What would have been right?")
    field.press_sequentially("It gl")
    changed = turn(stale=[{"text": "“Guide” has changed since.", "stands": True}])
    thread.show({"conversation": "c", "turns": [changed], "open": None})
    expect(thread.page.get_by_text("“Guide” has changed since.")).to_be_visible()
    thread.page.keyboard.type("ows.")
    expect(field).to_have_value("It glows.")
    # It is of the answer as it is now.
    thread.show({"conversation": "c", "turns": [changed | {"removed": True}], "open": None})
    expect(field).to_have_count(0)


def test_what_is_changed_of_what_was_looked_up_stays_when_more_is_told_of_the_answer(mounted):
    thread = mounted("thread")
    asked = turn(read_as="Why does it blink?")
    thread.show({"conversation": "c", "turns": [asked], "open": None})
    thread.page.get_by_role("button", name="Change what is looked up").click()
    field = thread.page.get_by_label("What to look up")
    field.fill("Why does it gl")
    thread.show(
        {"conversation": "c", "turns": [asked | {"stale": [{"text": "It changed.", "stands": True}]}], "open": None}
    )
    expect(thread.page.get_by_text("It changed.")).to_be_visible()
    thread.page.keyboard.type("ow?")
    expect(field).to_have_value("Why does it glow?")


def test_escape_leaves_a_field_but_not_in_the_middle_of_a_composed_word(mounted):
    thread = mounted("thread")
    thread.show({"conversation": "c", "turns": [turn(read_as="Why does it blink?")], "open": None})
    change = thread.page.get_by_role("button", name="Change what is looked up")
    change.click()
    thread.page.get_by_role("button", name="Wrong").click()
    for label in ("What to look up", "What would have been right?"):
        field = thread.page.get_by_label(label)
        field.dispatch_event("keydown", {"key": "Escape", "isComposing": True})
        expect(field).to_be_visible()
    thread.page.get_by_label("What to look up").press("Escape")
    expect(change).to_be_focused()
