"""The ways between the views in a real browser: Back, Forward, the menu, and from a source into its document."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

QUESTION = "How long is the Larkspur kettle guaranteed?"
OTHER = "How often is the Larkspur kettle descaled?"


def test_back_and_forward_lead_through_the_conversations(visitor):
    page = visitor.go().page
    question = page.locator(".turn .question")
    visitor.ask(QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".empty")).to_be_visible()
    visitor.ask(OTHER)
    page.go_back()
    expect(question).to_have_text(QUESTION)
    page.go_forward()
    expect(question).to_have_text(OTHER)
    page.go_back()
    expect(question).to_have_text(QUESTION)
    # The first question added no step: what lies before is what was there before Footnote.
    page.go_back()
    assert not page.url.startswith(visitor.address)


def test_back_leads_from_a_document_to_the_list_with_what_was_searched_for(visitor):
    page = visitor.go("/library").page
    page.get_by_label("Search documents").fill("kettle")
    page.locator("td.title button").click()
    expect(page.locator(".reading")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Search documents")).to_have_value("kettle")
    expect(page.locator("td.title button")).to_have_count(1)
    expect(page.locator("td.title button")).to_be_focused()
    page.go_forward()
    expect(page.locator(".reading")).to_be_visible()


def test_the_menu_leads_from_a_document_to_the_list_and_back_to_the_conversation(visitor):
    page = visitor.go().page
    visitor.ask(QUESTION)
    document = page.locator("td.title button", has_text="kettle.md")
    visitor.turn_to("Library")
    document.click()
    expect(page.locator(".reading")).to_be_visible()
    visitor.turn_to("Library")
    expect(document).to_be_visible()
    document.click()
    expect(page.locator(".reading")).to_be_visible()
    visitor.turn_to("Ask")
    expect(page.locator(".turn .question")).to_have_text(QUESTION)
    visitor.turn_to("Library")
    expect(document).to_be_visible()


def test_a_source_opens_its_document_at_its_sentence_and_back_leads_to_the_answer(visitor):
    page = visitor.page
    visitor.go().ask(QUESTION).locator(".answer .marker").first.click()
    page.locator(".panel").get_by_role("link", name="Open document").click()
    mark = page.locator(".reading mark")
    expect(mark).to_contain_text("30 months")
    expect(mark).to_be_in_viewport()
    page.reload()
    expect(mark).to_contain_text("30 months")
    page.go_back()
    expect(page.locator(".turn .question")).to_have_text(QUESTION)


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_the_menu_leaves_a_narrow_screen_once_a_view_is_chosen(visitor):
    page = visitor.go("/quality").page
    for title in ("Library", "Quality"):
        visitor.turn_to(title)
        expect(page.get_by_test_id("stSidebarNav")).not_to_be_in_viewport()


def test_who_comes_with_the_tab_key_sees_where(visitor):
    page = visitor.go("/library").page
    ringed = (
        "(node) => getComputedStyle(node).outlineStyle === 'solid' && getComputedStyle(node).outlineWidth === '2px'"
    )
    link = page.get_by_role("link", name="Questions")
    switch = page.get_by_text("Whole folder").locator("xpath=ancestor::label")
    for node, place in ((link, link), (switch, switch.locator("input"))):
        assert not node.evaluate(ringed)
        page.keyboard.press("Tab")
        place.focus()
        assert node.evaluate(ringed)


def test_the_title_of_the_page_names_the_view(visitor):
    for place, title in {"/": "Ask", "/library": "Library", "/receipts": "Receipts", "/quality": "Quality"}.items():
        expect(visitor.go(place).page).to_have_title(f"{title} · Footnote")
