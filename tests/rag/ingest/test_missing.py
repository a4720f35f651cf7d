"""Which documents have lost their file: by the disk and by what a run reported, and never where there is a doubt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.ingest.find import find, source_of
from rag.ingest.missing import missing
from rag.types import FileReport

Gone = Callable[..., list[str]]


@pytest.fixture
def gone(tmp_path: Path) -> Gone:
    """Return which of some documents below a folder are missing, after its files were read."""
    (tmp_path / "here.md").write_text("x")

    def _gone(*known: str, held: tuple[str, ...] = (), failed: tuple[str, ...] = (), in_part: tuple[str, ...] = ()):
        files, scope = find([tmp_path])
        reports = [FileReport(f"{tmp_path}/{name}", name, "unchanged") for name in ("here.md", *held)]
        reports += [FileReport(f"{tmp_path}/{name}", name, "failed") for name in failed]
        found = missing(
            [f"{tmp_path}/{name}" for name in known],
            scope,
            files={file.source for file in files},
            reports=reports,
            in_part={f"{tmp_path}/{name}" for name in in_part},
        )
        return [source.removeprefix(f"{tmp_path}/") for source in found]

    return _gone


def test_what_has_no_file_is_missing(gone: Gone) -> None:
    known = ("gone.md", "sub/gone.md", "here.md/gone.md", f"{'long' * 80}.md")
    assert gone(*known, "here.md") == [*known]


def test_a_folder_in_its_place_is_no_file(gone: Gone, tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    (tmp_path / "a.zip").mkdir()
    assert gone("a.md", "a.zip!/b.md") == ["a.md", "a.zip!/b.md"]


def test_what_is_there_and_not_looked_for_stays(gone: Gone, tmp_path: Path) -> None:
    for name in (".hidden.md", "folder!/.hidden.md", ".hidden.zip"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert gone(".hidden.md", "folder!/.hidden.md", ".hidden.zip!/a.md") == []
    assert gone("folder!/gone.md") == ["folder!/gone.md"]


def test_a_folder_that_is_entered_by_another_way_keeps_what_is_in_it(gone: Gone, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.md").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert gone("link/b.md", "link/gone.md") == ["link/gone.md"]


def test_a_link_that_leads_nowhere_keeps_what_it_led_to(gone: Gone, tmp_path: Path) -> None:
    for name in ("a.md", "mount", ".hidden.md"):
        (tmp_path / name).symlink_to(tmp_path / "nowhere")
    assert gone("a.md", "mount/b.md", "mount/sub/c.md", ".hidden.md") == []


@pytest.mark.parametrize("name", [b"caf\xe9.md", b".caf\xe9.md", rb".lit\xe9ral.md", ".Übersicht – neu.md".encode()])
def test_a_name_is_looked_for_as_it_is_written(gone: Gone, tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text("x")
    source = source_of(path).removeprefix(f"{tmp_path}/")
    held = () if name.startswith(b".") else (source,)
    assert gone(source, held=held) == []
    path.unlink()
    assert gone(source) == [source]


def test_a_path_that_cannot_be_looked_at_stays(gone: Gone, monkeypatch) -> None:
    look = os.stat

    def closed(path, *arguments, **choices):
        if b"closed" in os.fsencode(path):
            raise PermissionError(13, "Permission denied", path)
        return look(path, *arguments, **choices)

    monkeypatch.setattr(os, "stat", closed)
    assert gone("closed/a.md", "open/a.md") == ["open/a.md"]


def test_a_member_that_its_archive_no_longer_holds_is_missing(gone: Gone, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("x")
    known = ("a.zip!/b.md", "a.zip!/gone.md", "a.zip!/in.zip!/gone.md", f"a.zip!/{'long' * 80}.md")
    assert gone(*known, held=("a.zip!/b.md",)) == [*known[1:]]


def test_members_of_an_archive_that_is_gone_are_missing(gone: Gone) -> None:
    assert gone("a.zip!/b.md", "a.zip!/in.zip!/c.md") == ["a.zip!/b.md", "a.zip!/in.zip!/c.md"]


@pytest.mark.parametrize("doubt", ["failed", "in_part"])
def test_what_was_not_read_whole_keeps_all_that_it_held(gone: Gone, tmp_path: Path, doubt: str) -> None:
    (tmp_path / "a.zip").write_text("x")
    inner = {doubt: ("a.zip!/in.zip",)}
    assert gone("a.zip!/b.md", "a.zip!/in.zip!/c.md", **inner) == ["a.zip!/b.md"]
    assert gone("a.zip!/b.md", "a.zip!/in.zip!/c.md", **{doubt: ("a.zip",)}) == []


def test_what_failed_keeps_its_last_good_version(gone: Gone, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("x")
    assert gone("b.md", "a.zip!/c.md", failed=("b.md", "a.zip!/c.md")) == []


def test_a_file_that_has_become_an_archive_is_no_document(gone: Gone, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert gone("a", held=("a!/b.md",)) == ["a"]
