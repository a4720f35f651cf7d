"""An ingest that is killed at any point loses nothing: the next start repairs, and the end is the undisturbed one."""

import json
import random
import signal
import subprocess
import sys
import time
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


def start(home: Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(DRIVER), str(home), str(folder)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def finish(home: Path, folder: Path) -> float:
    """Run an ingest to its end; return the seconds from its beginning."""
    with start(home, folder) as running:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["agree"] is True
        assert running.stdout.readline() == "begin\n"
        began = time.perf_counter()
        running.stdout.read()
        assert running.wait() == 0
        return time.perf_counter() - began


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
def test_killed_ingests_end_like_an_undisturbed_one(tmp_path, n_kills):
    folder = tmp_path / "documents"
    folder.mkdir()
    undisturbed = tmp_path / "undisturbed"
    durations = []
    for edition in (1, 2):
        write_documents(folder, edition)
        durations.append(finish(undisturbed, folder))
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
                with start(home, folder) as running:
                    assert running.stdout is not None
                    # What the kill before left is repaired by now.
                    assert json.loads(running.stdout.readline())["agree"] is True
                    assert running.stdout.readline() == "begin\n"
                    time.sleep(chance.uniform(0.0, durations[edition - 1]))
                    running.send_signal(signal.SIGKILL)
            finish(home, folder)
        assert contents(home) == expected
