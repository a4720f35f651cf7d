"""One server process and one real Chromium for all browser tests; every test has a person of its own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect, sync_playwright

from app.widgets import element
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import Settings
from rag.wiring import open_workspace

WAIT_MS = 60_000
"""Models and stores share their cores with whatever else the machine does."""
FEATURES = (
    "WebUIOmniboxPopup WebUIOmniboxAimPopup AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose "
    "HttpsUpgrades HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning "
    "AvoidCorsURLLoaderRestartOnRedirect OptimizationHints NetworkTimeServiceQuerying AimEnabled PreconnectToSearch"
).split()
"""Left out: two pages for suggestions below the address bar, which Chromium would load for each person unseen, and what
Playwright leaves out, as one list replaces another."""
FLAGS = [
    *"--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update".split(),
    "--disable-sync",
    f"--disable-features={','.join(FEATURES)}",
    "--renderer-process-limit=1",
]
"""Pages of one profile share a process: each of its own would compile the same scripts again."""
NARROW = 768
"""Up to this width, in pixels, the menu lies folded over the page."""
OWNER = "owner.json"
"""Stands in the home directory while a process has it open."""
NAMES = ("chromium", "chromium-browser", "google-chrome")

DESK = "http://desk.test/library"
PAGE = "<!doctype html><html><body><input id='elsewhere'><main></main></body></html>"
MOUNT = """async ([script, style]) => {
  const host = document.querySelector("main");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>${style}</style><div class="fn"></div>`;
  const { default: draw } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  window.acts = [];
  window.show = (data) => draw({ data, parentElement: shadow, setTriggerValue: (_, act) => window.acts.push(act) });
}"""

KETTLE = """# Larkspur kettle

## Guarantee

The Larkspur kettle is guaranteed for 30 months from the date of purchase.

## Cleaning

Descale the Larkspur kettle every 6 weeks with citric acid.

## Prices

| Part | Price |
| --- | --- |
| Lid | 4 euros |
| Heating plate | 19 euros |
"""
TOASTER = """# Bracken toaster

## Crumbs

The crumb tray of the Bracken toaster is emptied every 4 weeks. The kettle is not part of the set.

## How many slices does the toaster take?

The Bracken toaster takes 4 slices of bread at once.
"""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with two documents."""
    documents, home = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("home")
    (documents / "kettle.md").write_text(KETTLE, encoding="utf-8")
    (documents / "toaster.md").write_text(TOASTER, encoding="utf-8")
    with open_workspace(Settings(home=home)) as workspace:
        ingest(find_files([documents]), workspace)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [sys.executable, "-m", "rag", "serve", "--home", str(home), "--port", str(port)]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        assert server.stderr is not None
        announced = server.stderr.readline().decode()
        said = [announced]
        listening = threading.Thread(target=lambda: said.extend(line.decode() for line in server.stderr))
        listening.start()
        try:
            assert f"http://127.0.0.1:{port}" in announced, announced
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)
            listening.join()
    assert "Traceback" not in "".join(said), "".join(said)
    assert not (home / OWNER).exists(), "The server did not close its stores when it was told to terminate."


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "These tests need Chromium; leave them out with -m 'not browser'."
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


class Visitor:
    """A person before the application.

    Args:
        page: The page that the person sees.
        address: Where the application is.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def go(self, place: str = "/") -> Visitor:
        """Load a view and wait until it is drawn."""
        self.page.goto(self.address + place)
        return self._drawn(place)

    def turn_to(self, view: str) -> Visitor:
        """Choose a view in the menu, which a narrow screen unfolds first; load it where nothing is loaded yet.

        To load the application takes a browser longer than most of what is done in it.
        """
        place = "/" if view == "Ask" else f"/{view.lower()}"
        if not self.page.url.startswith(self.address):
            return self.go(place)
        if self.page.viewport_size["width"] <= NARROW:
            self.page.get_by_test_id("stExpandSidebarButton").click()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=view, exact=True).click()
        return self._drawn(place)

    def _drawn(self, place: str) -> Visitor:
        signs = {
            "/library": ".tools, .reading",
            "/questions": ".entries, .empty",
            "/quality": ".card",
            "/receipts": ".tools",
        }
        expect(self.page.locator(signs.get(place, ".empty, .turn")).first).to_be_visible()
        return self

    def ask(self, text: str) -> Locator:
        """Ask, wait for the answer, and return its turn."""
        done = self.page.locator(".turn.done, .turn.failed")
        before = done.count()
        self.page.get_by_test_id("stChatInputTextArea").fill(text)
        self.page.keyboard.press("Enter")
        expect(done).to_have_count(before + 1)
        return done.last

    def upload(self, *paths: Path) -> Locator:
        """Choose files in the library, wait until they are read, and return what is said of them."""
        self.turn_to("Library")
        self.page.locator("input[type=file]").set_input_files(list(paths))
        # What others uploaded, as who loads the page anew has become, stays until they dismiss it.
        batch = self.page.locator(".batch.own.finished")
        expect(batch).to_have_count(1)
        return batch

    def show_files(self, batch: Locator) -> None:
        """Unfold the report of an upload that went well, which takes one line."""
        batch.get_by_role("button", name="Show").click()

    def dismiss(self) -> None:
        """Put the reports of uploads away; for others too only before the page is loaded anew."""
        batches = self.page.locator(".batch")
        for left in reversed(range(batches.count())):
            batches.first.get_by_role("button", name="Dismiss").click()
            expect(batches).to_have_count(left)

    def open_document(self, name: str) -> None:
        """Open a document from the list."""
        listed = self.page.locator("td.title button", has_text=name)
        if not listed.count():
            self.turn_to("Library")
        listed.click()
        expect(self.page.locator(".reading")).to_be_visible()

    def remove(self, name: str) -> Locator:
        """Remove a document, and return the check that is shown."""
        self.open_document(name)
        self.page.get_by_role("button", name="Remove", exact=True).click()
        self.page.get_by_role("button", name="Remove it").click()
        # The check on another document would be shown until this one is open.
        expect(self.page.locator(".reading")).to_have_count(0)
        check = self.page.locator(".check")
        expect(check).to_be_visible()
        return check

    def scrolls_sideways(self) -> bool:
        """Return whether the page is wider than the window."""
        wide: bool = self.page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
                .some((node) => node.scrollWidth > node.clientWidth)"""
        )
        return wide


@pytest.fixture
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Size of the window; a test may give another one as an indirect parameter."""
    return getattr(request, "param", (1280, 800))


@pytest.fixture(scope="session")
def profile(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """The profile of the browser for all persons: what it has fetched and compiled for one serves the next."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(WAIT_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    # Stays open, and with it the process that all pages of the application share.
    context.new_page().goto(f"{address}/healthz")
    yield context
    context.close()


@pytest.fixture
def visitor(profile: BrowserContext, address: str, size: tuple[int, int]) -> Iterator[Visitor]:
    """A new person, whom no request may leave the server for and no script may surprise."""
    elsewhere: list[str] = []
    surprises: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", f"blob:{address}/")):
            elsewhere.append(request.url)

    profile.on("request", watch)
    page = profile.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.on("dialog", lambda dialog: (surprises.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: surprises.append(str(error)))
    yield Visitor(page, address)
    first, *others = profile.pages
    for other in others:
        other.close()
    profile.remove_listener("request", watch)
    # What a person leaves in the browser.
    profile.clear_cookies()
    first.evaluate("() => localStorage.clear()")
    assert elsewhere == []
    assert surprises == []


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


def desk(browser: Browser) -> BrowserContext:
    """Return a profile in which every page is an empty one of the same site."""
    context = browser.new_context(timezone_id="Europe/Berlin")
    context.set_default_timeout(10_000)
    context.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    return context


def mount(context: BrowserContext) -> Iterator[Callable[[str], Mounted]]:
    """Put an element on a page of its own."""
    page = context.new_page()
    page.goto(DESK)
    yield lambda name: Mounted(page, name)
    page.close()


@pytest.fixture(scope="session")
def desks(browser):
    """The profile for all elements, with a page that keeps their process."""
    context = desk(browser)
    context.new_page().goto(DESK)
    yield context
    context.close()


@pytest.fixture
def mounted(desks):
    """Put an element on a page of its own."""
    yield from mount(desks)


@pytest.fixture
def mounted_with_clock(browser):
    """Put an element on a page of its own, whose clock the test may set: a profile has one for all its pages."""
    context = desk(browser)
    yield from mount(context)
    context.close()
