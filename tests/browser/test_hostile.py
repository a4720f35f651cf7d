"""Nothing that comes from a document or a person is interpreted, loaded or run."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=alert(1)>"
HOSTILE = (
    f"{MARKUP} ![x](http://198.51.100.7/x.png) [a](javascript:alert(2)) :material/home: :red[alarm] $\\frac{{1}}{{2}}$"
)
FORBIDDEN = """() => {
  const found = [];
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot);
      const source = node.getAttribute("src") ?? "";
      const link = node.getAttribute("href") ?? "";
      const bad = source === "x" || `${source} ${link}`.includes("198.51.100.7") || link.startsWith("javascript:");
      if (bad || node.hasAttribute("onerror") || node.matches(".katex")) found.push(node.outerHTML);
    }
  };
  look(document);
  return found;
}"""


@pytest.fixture
def hostile(visitor, tmp_path):
    """A person who looks at a document whose title, file name and text are hostile."""
    path = tmp_path / f"{HOSTILE.replace('/', '⁄')[:100]}.html"
    text = HOSTILE.replace("&", "&amp;").replace("<", "&lt;")
    path.write_text(
        f"<html><head><title>{text}</title></head><body><h1>{text}</h1>"
        f"<p>The Bracken clock strikes at noon because {text} says so.</p></body></html>",
        encoding="utf-8",
    )
    visitor.upload(path)
    yield visitor
    visitor.remove("onerror")


def nothing_happened(visitor):
    return visitor.page.evaluate(FORBIDDEN) == []


def test_upload_list_and_document_page_show_it_as_text(hostile):
    hostile.show_files(hostile.page.locator(".batch.own"))
    expect(hostile.page.locator(".batch.own .name")).to_contain_text("onerror=alert(1)")
    assert nothing_happened(hostile)
    hostile.dismiss()
    expect(hostile.page.locator("td.title .name", has_text=MARKUP)).to_be_visible()
    assert nothing_happened(hostile)
    hostile.open_document("onerror")
    expect(hostile.page.locator("h1", has_text=MARKUP)).to_be_visible()
    hostile.page.get_by_role("button", name="Remove", exact=True).click()
    expect(hostile.page.locator(".confirm")).to_contain_text(MARKUP)
    assert nothing_happened(hostile)
    hostile.page.get_by_role("button", name="Keep it").click()


def test_question_answer_source_and_conversation_show_it_as_text(hostile):
    hostile.dismiss()
    turn = hostile.turn_to("Ask").ask(f"Why does the Bracken clock strike at noon? {HOSTILE}")
    expect(turn.locator(".question")).to_contain_text(MARKUP)
    expect(hostile.page.locator(".list li.current .title")).to_contain_text(MARKUP)
    shown = turn.locator(".answer .marker, .passage")
    expect(shown.first).to_be_visible()
    assert nothing_happened(hostile)
    shown.first.click()
    expect(hostile.page.locator(".panel")).to_contain_text(":material/home:")
    assert nothing_happened(hostile)


def test_the_check_can_see_what_it_forbids(visitor):
    visitor.go().page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('a'), {href: 'javascript:1'}))"
    )
    assert not nothing_happened(visitor)
