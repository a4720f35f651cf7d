"""An old answer says that its document has changed and opens its receipt; the receipts, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

QUESTION = "How long is the Larkspur kettle guaranteed?"
HEATER = "# Teasel heater\n\nThe Teasel heater draws 900 watts on its highest step.\n"


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_a_stale_answer_says_what_changed_is_asked_again_and_opens_its_receipt(visitor, tmp_path):
    heater = tmp_path / "heater.md"
    heater.write_text(HEATER, encoding="utf-8")
    visitor.upload(heater)
    visitor.dismiss()
    turn = visitor.turn_to("Ask").ask("How many watts does the Teasel heater draw?")
    expect(turn.locator(".answer")).to_contain_text("900 watts")
    expect(turn.locator(".stale")).to_have_count(0)
    conversation = visitor.page.url.removeprefix(visitor.address)

    heater.write_text(HEATER.replace("900", "1200"), encoding="utf-8")
    visitor.upload(heater)
    visitor.dismiss()
    visitor.go(conversation)
    old = visitor.page.locator(".turn").first
    expect(old.locator(".stale")).to_contain_text("“Teasel heater” has changed since")
    assert not visitor.scrolls_sideways()

    old.get_by_text("How this was found").click()
    old.get_by_role("link", name="Receipt").click()
    expect(visitor.page.locator(".of-since")).to_contain_text("no longer stands in it")
    expect(visitor.page.locator(".of-sources")).to_contain_text("900 watts")
    assert not visitor.scrolls_sideways()
    visitor.page.get_by_role("button", name="Run again").click()
    expect(visitor.page.locator(".replay")).to_contain_text("What changed first: documents.")
    expect(visitor.page.locator(".answered-now")).to_contain_text("1200 watts")
    assert not visitor.scrolls_sideways()
    visitor.page.go_back()

    old.locator(".stale").get_by_role("button", name="Ask again").click()
    expect(visitor.page.locator(".turn.done")).to_have_count(2)
    expect(visitor.page.locator(".turn").last.locator(".answer")).to_contain_text("1200 watts")
    expect(visitor.page.locator(".stale")).to_have_count(1)


def test_a_receipt_is_found_opened_and_left_with_the_browsers_own_ways(visitor):
    page = visitor.page
    visitor.go().ask(QUESTION)
    visitor.ask("Who composed the opera Tosca?")
    visitor.go("/receipts")
    rows = page.locator(".entry")
    page.get_by_role("button", name="Refused").click()
    expect(page.get_by_role("button", name="Refused")).to_have_attribute("aria-pressed", "true")
    expect(rows.filter(has_text=QUESTION)).to_have_count(0)
    for _ in range(2):
        page.get_by_role("button", name="All", exact=True).click()
        expect(page.get_by_role("button", name="All", exact=True)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[aria-busy]")).to_have_count(0)
    page.get_by_label("Search receipts").fill("larkspur guaranteed")
    expect(rows.filter(has_text="Tosca")).to_have_count(0)
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    address = page.url
    page.go_back()
    expect(page.get_by_label("Search receipts")).to_have_value("larkspur guaranteed")
    expect(rows.first.get_by_role("link")).to_be_focused()
    page.go_forward()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    page.get_by_role("link", name="← All receipts").click()
    expect(rows.first).to_be_visible()
    page.goto(address)
    expect(page.locator(".short")).to_contain_text("was answered with")


def test_a_receipt_opens_its_sources_runs_again_verifies_and_is_taken_along(visitor):
    page = visitor.page
    visitor.go().ask(QUESTION)
    visitor.go("/receipts")
    page.locator(".entry", has_text=QUESTION).first.get_by_role("link").click()
    page.get_by_role("button", name="Open source 1").click()
    expect(page.locator(".panel mark")).to_contain_text("30 months")
    expect(page.get_by_role("button", name="Open source 1")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Open source 1")).to_be_in_viewport()
    page.get_by_role("button", name="Close source").click()
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.get_by_role("button", name="Open source 1")).to_be_focused()
    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".replay .verdict")).to_contain_text("The same answer")
    page.get_by_role("button", name="Verify the ledger").click()
    expect(page.locator(".ledger-says")).to_contain_text("Intact.")
    expect(page.locator(".meta")).to_contain_text("intact")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Export").click()
    assert taken.value.suggested_filename.startswith("receipt-a")
    assert "30 months" in taken.value.path().read_text(encoding="utf-8")


def test_an_id_that_there_is_not_is_said(visitor):
    page = visitor.page
    visitor.go().ask(QUESTION)
    page.goto(f"{visitor.address}/receipts?receipt=a000000")
    expect(page.locator(".problem")).to_contain_text("There is no answer with the receipt 'a000000'.")
    page.get_by_label("Search receipts").fill("a000000")
    expect(page.locator(".empty")).to_contain_text("There is no receipt “a000000”.")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".entry").first).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)
