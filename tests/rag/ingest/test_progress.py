"""How far a running ingest is, while its files are screened and embedded."""

from __future__ import annotations

import pytest

from rag.ingest.progress import IngestRun
from rag.types import FileReport, SourceFile


@pytest.fixture
def moments():
    return []


@pytest.fixture
def run(tmp_path, moments):
    files = [SourceFile(tmp_path / name, f"/{name}", name) for name in ("a.txt", "b.txt")]
    for file in files:
        file.path.write_bytes(b"x" * 100)
    return IngestRun(files, moments.append)


def test_one_large_file_moves_the_share_while_it_is_screened_and_embedded(run, moments):
    state = run.begin(run.files[0])
    run.tell("screening", "a.txt", share=0.5)
    place = run.place(state)
    run.read(state)
    run.tell("embedding", "a.txt", chunks=4, waiting=4, share=0.5)
    run.end(state, place, FileReport("/a.txt", "a.txt", "added", n_chunks=8))
    assert [round(moment.share, 3) for moment in moments] == [0, 0.075, 0.325, 0.5]
    assert (moments[2].chunks_done, moments[2].chunks_known) == (4, 8)


def test_the_share_never_falls_and_no_time_is_guessed_from_little(run, moments):
    state = run.begin(run.files[0])
    run.tell("screening", "a.txt", share=0.5)
    run.tell("screening", "a.txt", share=1.0)
    run.tell("screening", "a.txt")
    assert [round(moment.share, 3) for moment in moments] == [0, 0.075, 0.15, 0.15]
    assert [moment.remaining_s is None for moment in moments] == [True, True, False, False]
    assert state.n_open == 1
