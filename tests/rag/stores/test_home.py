"""One process owns a home directory, and a second one is told who it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from rag.errors import HomeInUse, StoreError
from rag.stores.database import Database
from rag.stores.home import Home

HOLDER = """
import sys, time
from pathlib import Path
from rag.stores.home import Home
home = Home(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that owns the home until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "home")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_layout_is_made(tmp_path):
    names = {"chroma", "files", "logs", "models", "uploads"}
    with Home(tmp_path / "deep" / "home") as home:
        assert {path.name for path in home.path.iterdir() if path.is_dir()} == names


def test_the_catalog_lies_in_the_home_whatever_that_is_called(tmp_path):
    homes = [tmp_path / "Q?A #1" / "100 %41", tmp_path / "Q?B"]
    for path in homes:
        with Home(path) as home:
            database = Database(home.database_url)
            with database.write() as connection:
                connection.execute(text("INSERT INTO spaces VALUES (:name, '', '')"), {"name": path.name})
            with database.read() as connection:
                assert connection.scalars(text("SELECT id FROM spaces")).all() == [path.name]
            database.close()
            assert home.catalog.stat().st_size > 0

    assert {path.name for path in tmp_path.iterdir()} == {"Q?A #1", "Q?B"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_may_read_it(tmp_path):
    with Home(tmp_path / "home") as home:
        modes = {path.name: path.stat().st_mode & 0o777 for path in (home.path, *home.path.iterdir())}

    assert all(mode == (0o600 if "." in name else 0o700) for name, mode in modes.items()), modes


def test_a_second_process_is_told_who_holds_it(tmp_path, holder):
    with pytest.raises(HomeInUse) as error:
        Home(tmp_path / "home").acquire()

    assert f"process {holder.pid} " in error.value.message
    assert "--home" in error.value.hint


def test_a_killed_holder_leaves_no_lock(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()

    with Home(tmp_path / "home") as home:
        assert home.path.is_dir()


def test_uploads_that_a_killed_process_left_are_removed_by_the_next_owner_alone(tmp_path, holder):
    left = tmp_path / "home" / "uploads" / "some" / "000000.md"
    left.parent.mkdir()
    left.write_text("Words.", encoding="utf-8")
    with pytest.raises(HomeInUse):
        Home(tmp_path / "home").acquire()
    assert left.exists()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with Home(tmp_path / "home") as home:
        assert list(home.uploads.iterdir()) == []


def test_one_process_cannot_own_it_twice(tmp_path):
    with Home(tmp_path / "home"), pytest.raises(HomeInUse, match=str(os.getpid())):
        Home(tmp_path / "home").acquire()


def test_released_it_can_be_owned_again(tmp_path):
    home = Home(tmp_path / "home").acquire()
    home.release()
    home.release()

    with Home(tmp_path / "home") as again:
        assert again.path == home.path


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_path_that_cannot_be_a_directory_is_an_error(tmp_path, name):
    (tmp_path / "file").write_text("not a directory")

    with pytest.raises(StoreError, match="cannot be used") as error:
        Home(tmp_path / name).acquire()

    assert error.value.hint
