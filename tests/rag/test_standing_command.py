"""``footnote documents status`` shows how a standing is known, and keeps what a person says."""

import json

import pytest
from typer.testing import CliRunner

from rag.cli import app
from rag.errors import InputError

OLD = """---
title: Returns (2023)
status: superseded
effective: 2023-04-01
superseded_by: returns-2025.md
---

# Returns

Orders can be sent back within 14 days.
"""
NEW = OLD.replace("2023", "2025").replace("superseded\n", "in force\n").replace("superseded_by: returns-2025.md\n", "")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "returns-2023.md").write_text(OLD, encoding="utf-8")
    (folder / "returns-2025.md").write_text(NEW, encoding="utf-8")
    home = str(tmp_path_factory.mktemp("home"))
    _run("ingest", str(folder), "--home", home)
    return home


def _run(*arguments):
    answer = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert answer.exit_code == 0
    return answer.stdout


def _status(home, *options, name="returns-2023.md"):
    return json.loads(_run("documents", "status", name, "--home", home, "--json", *options))


def test_the_last_day_comes_from_the_later_edition(home):
    shown = _status(home)
    assert (shown["status"], shown["effective_from"], shown["effective_to"]) == (
        "superseded",
        "2023-04-01",
        "2025-03-31",
    )
    assert shown["learnt"] == {"effective_from": "metadata", "effective_to": "editions"} | {
        "status": "metadata",
        "successor": "metadata",
    }


def test_what_is_said_adds_up_and_is_taken_back(home):
    _status(home, "--set", "draft", name="returns-2025.md")
    shown = _status(home, "--until", "31 December 2027", name="returns-2025.md")
    assert (shown["status"], shown["effective_to"], shown["in_force"]) == ("draft", "2027-12-31", False)
    assert shown["edited"]["by"] == "local"
    shown = _status(home, "--reset", name="returns-2025.md")
    assert (shown["status"], shown["effective_to"], shown["edited"]) == ("in force", None, None)


@pytest.mark.parametrize(
    ("named", "told"),
    [("nosuch.md", True), ("returns-2023.md", True), ("returns-2025.md", False), ("Returns (2025)", False)],
)
def test_a_successor_that_is_not_there_yet_is_told_of(home, named, told):
    arguments = ["documents", "status", "returns-2023.md", "--home", home, "--set", "superseded", "--by", named]
    answer = CliRunner().invoke(app, arguments, catch_exceptions=False)
    _status(home, "--reset")
    assert answer.exit_code == 0
    assert (f"is called {named!r}" in answer.stderr) is told


def test_the_list_tells_what_is_not_in_force(home):
    listed = {
        entry["name"]: entry["standing"] for entry in json.loads(_run("documents", "list", "--home", home, "--json"))
    }
    assert listed == {"returns-2023.md": "superseded since 1 April 2025", "returns-2025.md": ""}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--set", "approved"], "'approved' is no status"),
        (["--from", "soon"], "'soon' is no day"),
        (["--until", "2026/06"], "'2026/06' is no day"),
        (["--from", "2026-01-02", "--until", "2026-01-01"], "comes before the first"),
        # The first day was read of it.
        (["--until", "2022-12-31"], "2022-12-31, comes before the first, 2023-04-01"),
        (["--reset", "--set", "draft"], "takes back"),
    ],
)
def test_what_cannot_be_meant_is_an_error(home, options, problem):
    with pytest.raises(InputError, match=problem):
        CliRunner().invoke(
            app, ["documents", "status", "returns-2023.md", "--home", home, *options], catch_exceptions=False
        )
