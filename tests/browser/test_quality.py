"""The bar in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rag.settings import Settings

pytestmark = pytest.mark.browser


def test_the_bar_in_use_is_shown_as_it_is_and_only_another_one_can_be_set(visitor):
    page = visitor.go("/quality").page
    value, setting = page.locator(".dial .value"), page.get_by_role("button", name="Set this bar")
    bar = Settings().answer.min_confidence
    expect(value).to_have_text(f"{bar:.2f}")
    expect(setting).to_be_disabled()
    expect(page.get_by_text("This bar is in use.")).to_be_visible()
    page.get_by_role("slider").press("ArrowRight")
    expect(value).to_have_text(f"{bar + 0.01:.2f}")
    expect(setting).to_be_enabled()
    expect(page.get_by_text("This bar is in use.")).to_be_hidden()
    page.get_by_role("button", name="Back to the bar in use").click()
    expect(setting).to_be_disabled()


def test_a_bar_that_is_set_leaves_the_keyboard_where_it_was(visitor):
    page = visitor.go("/quality").page
    slider = page.get_by_role("slider")
    for key in ("ArrowRight", "ArrowLeft"):
        slider.press(key)
        page.get_by_role("button", name="Set this bar").press("Enter")
        expect(page.get_by_text("This bar is in use.")).to_be_visible()
        expect(slider).to_be_focused()


def test_numbers_are_grouped_and_what_an_axis_shows_stands_outside_of_the_plot(visitor):
    page = visitor.go("/quality").page
    told = page.locator(".effect .quiet")
    expect(told).to_contain_text("of them answerable")
    expect(told).not_to_contain_text(re.compile(r"\d{4}"))
    label = page.locator(".plot text", has_text="right, of the answers shown").bounding_box()
    assert label["y"] + label["height"] <= page.locator(".plot .curve").bounding_box()["y"]
