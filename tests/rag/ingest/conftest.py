"""One parsing process for all tests, one workspace for those of a module, and files made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from rag.ingest.find import find_files
from rag.ingest.load import LoadedDocument, LoadLimits, load
from rag.ingest.parsers.parsed import ParserInput
from rag.ingest.sandbox import Sandbox
from rag.settings import Settings
from rag.types import FileReport
from rag.wiring import Workspace, open_workspace

Outcome = LoadedDocument | FileReport


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(timeout_s=60, memory_mb=2048) as process:
        yield process


@pytest.fixture
def read(tmp_path: Path, sandbox: Sandbox) -> Callable[..., list[Outcome]]:
    """Write bytes under a name and load them."""

    def _read(name: str, content: bytes | str, **limits: object) -> list[Outcome]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(load(find_files([path])[0], limits=LoadLimits(**limits), sandbox=sandbox))

    return _read


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., ParserInput]:
    """Write bytes under a name for a parser that is called directly."""

    def _given(name: str, content: bytes | str, **limits: object) -> ParserInput:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        folder = tmp_path / "members"
        folder.mkdir()
        return ParserInput(path, name, LoadLimits(**limits), folder)

    return _given


@pytest.fixture
def zipped() -> Callable[[Mapping[str, bytes | str]], bytes]:
    def _zipped(members: Mapping[str, bytes | str]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return stream.getvalue()

    return _zipped


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    settings = Settings(home=tmp_path_factory.mktemp("ingest") / "home", models={"runtime": "torch-float32"})
    with open_workspace(settings) as opened:
        yield opened


@pytest.fixture
def space(workspace: Workspace, tmp_path: Path) -> str:
    name = tmp_path.name
    workspace.catalog.create_space(name)
    return name
