"""An old answer says that its document has changed, and opens its receipt, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HEATER = "# Teasel heater\n\nThe Teasel heater draws 900 watts on its highest step.\n"


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_a_stale_answer_says_what_changed_is_asked_again_and_opens_its_receipt(visitor, tmp_path):
    heater = tmp_path / "heater.md"
    heater.write_text(HEATER, encoding="utf-8")
    visitor.upload(heater)
    visitor.dismiss()
    turn = visitor.go().ask("How many watts does the Teasel heater draw?")
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
    with visitor.page.context.expect_page() as opened:
        old.get_by_role("link", name="Receipt").click()
    expect(opened.value.locator("section.since")).to_contain_text("no longer stands in it")
    expect(opened.value.locator("section.sources")).to_contain_text("900 watts")

    old.locator(".stale").get_by_role("button", name="Ask again").click()
    expect(visitor.page.locator(".turn.done")).to_have_count(2)
    expect(visitor.page.locator(".turn").last.locator(".answer")).to_contain_text("1200 watts")
    expect(visitor.page.locator(".stale")).to_have_count(1)
