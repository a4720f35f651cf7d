"""An ingest that is killed at any point loses nothing: the next start repairs, and the end is the undisturbed one."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from rag.settings import load_settings
from rag.types import DEFAULT_SPACE, Float32Array
from rag.wiring import open_workspace

DRIVER = Path(__file__).with_name("ingest_killed.py")
SUBJECTS = ("router", "camera", "hub", "switch", "terminal", "adapter", "antenna", "gateway")


def write_documents(folder: Path, edition: int) -> None:
    for n in range(10):
        subject = SUBJECTS[n % len(SUBJECTS)]
        sections = [
            f"## Step {step}\n\nThe {subject} HX-{n}{step} needs {step + edition} minutes; ask Team {subject.title()}."
            for step in range(8)
        ]
        # Every third document changes from one edition to the next, and one file never parses.
        title = f"Guide {n} edition {edition if n % 3 == 0 else 1}"
        (folder / f"guide-{n:02}.md").write_text(f"# {title}\n\n" + "\n\n".join(sections), encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")


class Ingests:
    """Begins one ingest after the other, see `tests/rag/ingest_killed.py`."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        self._driver = driver

    def begin(self, home: Path, folder: Path) -> int:
        """Begin an ingest; return its process, which has repaired what the kill before left."""
        print(json.dumps([str(home), str(folder)]), file=self._driver.stdin, flush=True)
        told = json.loads(self._driver.stdout.readline())
        assert told["agree"] is True
        return told["pid"]

    def end(self) -> int:
        """Wait for the end of the ingest; return its exit status, or the signal that ended it below 0."""
        return int(self._driver.stdout.readline())

    def finish(self, home: Path, folder: Path) -> float:
        """Run an ingest to its end; return the seconds from its beginning."""
        self.begin(home, folder)
        began = time.perf_counter()
        assert self.end() == 0
        return time.perf_counter() - began


@pytest.fixture
def ingests():
    with subprocess.Popen(
        [sys.executable, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
        yield Ingests(driver)
    assert driver.returncode == 0


class SameDirection:
    """A vector that equals those of the same text: in which batch a text is embedded shows in its last digits."""

    def __init__(self, vector: Float32Array) -> None:
        self.vector = vector

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameDirection) and float(self.vector @ other.vector) > 0.99

    __hash__ = None  # type: ignore[assignment]


def contents(home: Path) -> dict[str, object]:
    """Return all that the stores hold, after a check that they agree."""
    with open_workspace(load_settings(home=home)) as workspace:
        assert workspace.status(DEFAULT_SPACE)["agree"] is True
        index = workspace.catalog.active_index()
        documents = workspace.catalog.documents(DEFAULT_SPACE)
        ids, vectors = workspace.catalog.chunk_vectors(DEFAULT_SPACE, index)
        return {
            "documents": [(d.id, d.title, d.version, d.n_versions, d.n_chunks) for d in documents],
            "vectors": {i: SameDirection(v) for i, v in zip(ids, vectors, strict=True)},
            "present": workspace.vectors.present(DEFAULT_SPACE, index),
            "graph": list(workspace.catalog.extractions(DEFAULT_SPACE, index)),
        }


@pytest.mark.timeout(3600)
def test_killed_ingests_end_like_an_undisturbed_one(ingests, tmp_path, n_kills):
    folder = tmp_path / "documents"
    folder.mkdir()
    undisturbed = tmp_path / "undisturbed"
    durations = []
    for edition in (1, 2):
        write_documents(folder, edition)
        durations.append(ingests.finish(undisturbed, folder))
    expected = contents(undisturbed)

    chance = random.Random(20261120)
    left, home_number = n_kills, 0
    while left > 0:
        home_number += 1
        home = tmp_path / f"home-{home_number}"
        for edition in (1, 2):
            write_documents(folder, edition)
            for _ in range(min(2, left)):
                left -= 1
                pid = ingests.begin(home, folder)
                time.sleep(chance.uniform(0.0, durations[edition - 1]))
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                assert ingests.end() in {-signal.SIGKILL, 0}
            ingests.finish(home, folder)
        assert contents(home) == expected
