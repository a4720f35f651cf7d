"""What the buttons below an answer copy, and what they say of it, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DESK = "# Sorrel desk\n\nThe phone number of the Sorrel desk is +353 21 555 0142.\n"


def test_a_copy_says_what_it_lacks_and_is_not_for_customers_once_it_is_out_of_date(visitor, tmp_path):
    desk = tmp_path / "desk.md"
    desk.write_text(DESK, encoding="utf-8")
    visitor.upload(desk)
    visitor.dismiss()
    turn = visitor.turn_to("Ask").ask("What is the phone number of the Sorrel desk?")
    turn.get_by_role("button", name="Copy for customer").click()
    expect(turn.locator(".copied")).to_contain_text("Copied with 1 phone number masked.")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == (
        "The phone number of the Sorrel desk is [phone number]."
    )
    turn.get_by_role("button", name="Copy with sources").click()
    expect(turn.locator(".copied")).to_have_text("")
    assert "+353 21 555 0142" in visitor.page.evaluate("navigator.clipboard.readText()")

    conversation = visitor.page.url
    turn.get_by_role("button", name="Copy for customer").click()
    turn.get_by_role("link", name="See how").click()
    masking = visitor.page.locator(".masking")
    expect(masking).to_contain_text("Masked in copies for a customer")
    expect(masking).to_contain_text("None are listed")
    expect(visitor.page.locator(".card.bar")).to_be_visible()
    expect(masking).to_be_in_viewport(ratio=1)

    desk.write_text(DESK.replace("0142", "0199"), encoding="utf-8")
    batch = visitor.upload(desk)
    visitor.show_files(batch)
    expect(batch.locator("li .note")).to_contain_text("In place of the file of this name")
    visitor.dismiss()
    visitor.page.goto(conversation)
    turn = visitor.page.locator(".turn.done")
    expect(turn.locator(".confidence")).to_contain_text("Out of date")
    expect(turn.get_by_role("button", name="Copy with sources")).to_be_visible()
    expect(turn.get_by_role("button", name="Copy for customer")).to_have_count(0)
    turn.get_by_role("button", name="Copy with sources").click()
    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()").startswith("“Sorrel desk” has changed since;")
    visitor.remove("Sorrel desk")
