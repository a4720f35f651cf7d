"""The application over a real workspace: a few small documents, read by the real pipeline."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import app
from app import services, theme
from app.services import Service
from app.state import Session
from rag.settings import Settings

WAIT_S = 240
"""Models and stores share their cores with whatever else the machine does."""

KETTLE = """# Larkspur kettle

## Guarantee

The Larkspur kettle is guaranteed for 30 months from the date of purchase. The guarantee covers the heating plate.

## Cleaning

Descale the kettle every 6 weeks with citric acid.
"""
RETURNS = """# Returns

## How to send a parcel back

A parcel is returned within 21 days with the form RT-7.
"""


def read_in(service: Service, files: dict[str, bytes]) -> None:
    """Put files through the upload of the application, and wait for them."""
    service.upload([(name, io.BytesIO(content)) for name, content in files.items()])
    batch = service.intake.batches()[-1]
    assert batch.finished.wait(WAIT_S)
    assert batch.failure is None
    service.intake.dismiss(batch.id)


@pytest.fixture(name="read_in")
def _read_in():
    """Put files through the upload of the application, see `read_in`."""
    return read_in


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service of this test process, with two documents."""
    made = services.install(Settings(home=tmp_path_factory.mktemp("home")))
    read_in(made, {"kettle.md": KETTLE.encode(), "returns.md": RETURNS.encode()})
    yield made
    made.close()


@pytest.fixture(autouse=True, scope="session")
def _packages_are_looked_through_once() -> Iterator[None]:
    """Every page of a test looks for components in all installed packages, which takes longer than to draw it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True, scope="session")
def _garbage_is_collected_as_in_the_application() -> Iterator[None]:
    """A walk through all that is loaded after every page takes longer than to draw it; the application has none."""
    option = "runner.postScriptGC"
    before = config.get_option(option)
    config.set_option(option, theme.options(Settings())[option])
    yield
    config.set_option(option, before)


class Screen:
    """The whole page as one person sees it, without a browser.

    Args:
        service: What is behind it.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.page = AppTest.from_file(str(Path(app.__file__).parent / "screen.py"), default_timeout=WAIT_S)

    @property
    def state(self) -> Session:
        """The state of the session."""
        return self.page.session_state["_footnote"]

    def run(self) -> Screen:
        """Draw the page; nothing may fail."""
        self.page.run()
        assert not self.page.exception
        return self

    def ask(self, text: str) -> dict[str, Any]:
        """Ask, wait for the answer, and return the last turn."""
        self.page.chat_input[0].set_value(text)
        self.run()
        self.wait()
        return self.run().content("thread")["turns"][-1]

    def wait(self) -> None:
        """Wait until no question of the conversation runs or waits."""
        for asking in self.service.askings(self.state.conversation):
            assert asking.finished.wait(WAIT_S)

    def content(self, name: str) -> dict[str, Any]:
        """Return what an element of ours shows."""
        return self.contents(name)[0]

    def contents(self, name: str) -> list[dict[str, Any]]:
        """Return what all elements of that name show."""
        found = [entry.proto for entry in self.page.get("bidi_component")]
        return [json.loads(proto.json) for proto in found if proto.component_name == f"footnote.{name}"]


@pytest.fixture
def screen(service: Service) -> Screen:
    """A fresh session, drawn once."""
    return Screen(service).run()
