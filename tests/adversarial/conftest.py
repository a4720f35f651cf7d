"""One workspace with the real models and stores for all cases of a module; each case has a space of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import Settings
from rag.types import DocumentInfo
from rag.wiring import Workspace, open_workspace

Put = Callable[[str, bytes], DocumentInfo]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with open_workspace(Settings(home=tmp_path_factory.mktemp("home"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def put(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Put:
    """Ingest one file into a new space and return its document."""
    numbers = count(1)

    def _put(name: str, content: bytes) -> DocumentInfo:
        path = Path(tmp_path_factory.mktemp("file")) / name
        path.write_bytes(content)
        space = f"case{next(numbers)}"
        workspace.catalog.create_space(space)
        summary = ingest(find_files([path]), workspace, space=space)
        assert [report.outcome for report in summary.files] == ["added"], summary.files
        return workspace.catalog.documents(space)[0]

    return _put
