"""The bar in a real browser."""

from __future__ import annotations

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
    page.get_by_role("slider").press("ArrowRight")
    expect(value).to_have_text(f"{bar + 0.01:.2f}")
    expect(setting).to_be_enabled()
    page.get_by_role("button", name="Back to the bar in use").click()
    expect(setting).to_be_disabled()
