"""Finding files, and saying of a document whether it lies where they were looked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.ingest.find import Scope, find, find_files, holders, source_of


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text("x")


def test_folders_are_searched_in_a_stable_order_without_furniture(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.md", ".hidden/x.md", "__pycache__/x.md", "~$b.docx", ".DS_Store", "a/.x"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    files = find_files([tmp_path, tmp_path / "b.md"])
    assert [file.source for file in files] == [str(tmp_path / "a" / "c.md"), str(tmp_path / "b.md")]
    assert files[0].name == "c.md"


@pytest.mark.skipif(sys.platform == "darwin", reason="a path has at most 1,024 characters there")
def test_folders_however_deep_in_each_other_are_searched(tmp_path: Path) -> None:
    folders = [Path(f"{tmp_path}{'/d' * depth}") for depth in range(1, 1201)]
    for folder in folders:
        folder.mkdir()
    write(folders[-1], "a.md")
    write(tmp_path, "z.md")
    try:
        assert [file.name for file in find_files([tmp_path])] == ["a.md", "z.md"]
    finally:
        # Whoever clears up behind tests goes no deeper than functions can call each other.
        (folders[-1] / "a.md").unlink()
        for folder in reversed(folders):
            folder.rmdir()


def test_a_missing_path_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        find_files([tmp_path / "nothing"])


def test_a_folder_that_cannot_be_read_costs_only_itself(tmp_path: Path, monkeypatch, caplog) -> None:
    for name in ("a/x.md", "b.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    listed = Path.iterdir

    def closed(folder: Path):
        if folder.name == "a":
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", closed)
    files, scope = find([tmp_path])
    assert [file.name for file in files] == ["b.md"]
    assert "was left out" in caplog.text
    assert scope.unread == {str(tmp_path / "a")}
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        find_files([tmp_path / "a"])


def test_an_entry_that_cannot_be_looked_at_costs_only_itself(tmp_path: Path, monkeypatch, caplog) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("x")
    looked = Path.is_dir

    def is_dir(path: Path) -> bool:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied", str(path))
        return looked(path)

    monkeypatch.setattr(Path, "is_dir", is_dir)
    files, scope = find([tmp_path])
    assert [file.name for file in files] == ["b.md"]
    assert "was left out" in caplog.text
    assert scope.unread == {str(tmp_path / "a.md")}


def test_names_that_are_no_utf_8_stay_apart(tmp_path: Path) -> None:
    for name in (b"caf\xe9.md", b"caf\xe8.md"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    assert [file.name for file in find_files([tmp_path])] == ["caf\\xe8.md", "caf\\xe9.md"]


def test_a_link_that_leads_nowhere_costs_only_itself(tmp_path: Path, caplog) -> None:
    write(tmp_path, "b.md")
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    files, scope = find([tmp_path])
    assert [file.name for file in files] == ["b.md"]
    assert "leads nowhere" in caplog.text
    assert scope.unread == {str(tmp_path / "a")}


def test_a_source_lies_in_the_archives_and_mails_around_it() -> None:
    assert holders("/d/a.zip!/in.zip!/b.md") == ["/d/a.zip", "/d/a.zip!/in.zip"]
    assert holders("/d/a!b/c.md") == []
    assert holders("upload:a.zip!/b.md") == ["upload:a.zip"]


class TestScope:
    def test_covers_what_lies_below_a_named_folder(self, tmp_path: Path) -> None:
        write(tmp_path, "docs/sub/a.md", "docs-old/b.md")
        _, scope = find([tmp_path / "docs" / "sub" / ".."])
        below = [f"{tmp_path}/docs/{name}" for name in ("gone.md", "sub/gone.md", "gone.zip!/a.md", "gone/deep.md")]
        assert all(map(scope.covers, below))
        beside = [f"{tmp_path}/{name}" for name in ("docs-old/gone.md", "gone.md", "docs!/gone.md", "other/docs/a.md")]
        assert not any(map(scope.covers, [*beside, "upload:docs/gone.md"]))

    def test_covers_everything_below_the_root(self) -> None:
        scope = Scope(folders={"/"}, files=set(), unread=set(), empty=())
        assert scope.covers("/gone.md")
        assert scope.covers("/a/gone.md")

    def test_covers_the_members_of_a_named_file_and_nothing_beside_it(self, tmp_path: Path) -> None:
        write(tmp_path, "a.zip", "b.md")
        _, scope = find([tmp_path / "a.zip"])
        assert scope.covers(f"{tmp_path}/a.zip!/gone.md")
        assert not scope.covers(f"{tmp_path}/gone.md")
        assert not scope.covers(f"{tmp_path}/a.zip.old!/gone.md")

    def test_a_folder_with_the_name_of_a_member_is_not_named_with_the_file(self, tmp_path: Path) -> None:
        write(tmp_path, "a", "a!/b.md")
        _, scope = find([tmp_path / "a"])
        assert not scope.covers(f"{tmp_path}/a!/gone.md")

    def test_covers_nothing_that_could_not_be_looked_into(self, tmp_path: Path) -> None:
        write(tmp_path, "b.md")
        (tmp_path / "a").symlink_to(tmp_path / "nowhere")
        _, scope = find([tmp_path])
        assert not any(map(scope.covers, [f"{tmp_path}/a", f"{tmp_path}/a/gone.md", f"{tmp_path}/a!/gone.md"]))
        assert scope.covers(f"{tmp_path}/ab/gone.md")

    @pytest.mark.parametrize("content", [(), (".hidden.md",)])
    def test_a_named_folder_without_a_file_is_told_of_and_covers_nothing(self, tmp_path: Path, content) -> None:
        (tmp_path / "full").mkdir()
        (tmp_path / "bare").mkdir()
        write(tmp_path, "full/a.md", *(f"bare/{name}" for name in content))
        files, scope = find([tmp_path / "full", tmp_path / "bare"])
        assert [file.name for file in files] == ["a.md"]
        assert scope.empty == (str(tmp_path / "bare"),)
        assert scope.covers(f"{tmp_path}/full/gone.md")
        assert not scope.covers(f"{tmp_path}/bare/gone.md")

    def test_names_that_are_no_utf_8_are_covered_by_what_they_are_known_by(self, tmp_path: Path) -> None:
        folder = tmp_path / os.fsdecode(b"caf\xe9")
        write(folder, "a.md")
        _, scope = find([folder])
        assert scope.covers(source_of(folder / "gone.md"))
