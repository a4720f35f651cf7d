"""From a judged answer to a labelled set, in a real browser."""

from __future__ import annotations

import json
import zipfile

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_an_answer_is_judged_from_the_keyboard_labelled_and_downloaded(visitor):
    page = visitor.page
    turn = visitor.go().ask("How long is the Larkspur kettle guaranteed?")
    turn.get_by_role("button", name="Right").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(turn.get_by_role("button", name="Wrong")).to_be_focused()
    page.keyboard.press("Enter")
    expect(turn.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "true")
    expect(turn.get_by_role("button", name="Wrong")).to_be_focused()
    turn.get_by_label("What would have been right?").fill("two years and a half")
    turn.locator(".choice", has_text="Larkspur kettle").first.click()
    turn.get_by_role("button", name="Save").click()
    expect(turn.locator(".told")).to_contain_text("two years and a half")
    page.reload()
    expect(turn.locator(".told")).to_contain_text("two years and a half")

    visitor.go("/questions")
    page.get_by_role("button", name="Wrong 1").click()
    page.locator(".head", has_text="How long is the Larkspur kettle guaranteed?").click()
    field = page.get_by_label("The question, standing alone")
    expect(field).to_be_focused()
    field.fill("How long does the guarantee of the Larkspur kettle last?")
    # Another filter draws the list anew, with what is typed.
    page.get_by_role("button", name="All 1").click()
    expect(field).to_have_value("How long does the guarantee of the Larkspur kettle last?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".head .words")).to_have_text("How long does the guarantee of the Larkspur kettle last?")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the set").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        (question,) = map(json.loads, archive.read("footnote-questions/queries.jsonl").splitlines())
    assert question["text"] == "How long does the guarantee of the Larkspur kettle last?"
    assert question["metadata"] == {"answers": ["two years and a half"], "answerable": True}


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_a_refusal_is_judged_on_a_narrow_screen_and_taken_back(visitor):
    turn = visitor.go().ask("Who painted the ceiling of the Sistine Chapel in Rome?")
    turn.get_by_role("button", name="Should have answered").click()
    expect(turn.locator(".noted")).to_have_text("Noted. To say what is right is optional.")
    expect(turn.locator(".judge-form").get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    # It would lie over the form.
    expect(visitor.page.get_by_test_id("stChatInput")).to_be_hidden()
    assert not visitor.scrolls_sideways()
    turn.get_by_role("button", name="Should have answered").click()
    expect(turn.locator(".judge-form")).to_have_count(0)
    expect(visitor.page.get_by_test_id("stChatInput")).to_be_visible()
    expect(turn.get_by_role("button", name="Should have answered")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("size", [(1280, 480)], indirect=True)
def test_save_stands_above_the_question_field_on_a_low_screen(visitor):
    turn = visitor.go().ask("How long is the Larkspur kettle guaranteed?")
    turn.get_by_role("button", name="Wrong").click()
    save = turn.get_by_role("button", name="Save")
    expect(save).to_be_in_viewport(ratio=1)
    stands = "(node, field) => node.getBoundingClientRect().bottom <= field.getBoundingClientRect().top"
    assert save.evaluate(stands, visitor.page.get_by_test_id("stChatInput").element_handle())
